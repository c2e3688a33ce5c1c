import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crsOf } from '../../src/geometry/crs/registry.ts';
import { bodyFrame, SKY_FRAMES, type Frame } from '../../src/geometry/frame/frame.ts';
import { crsLatticeOfBbox } from '../../src/geometry/lattice/crsLattice.ts';
import type { PixelGrid } from '../../src/geometry/lattice/types.ts';
import { hipsGrid } from '../../src/geometry/pyramid/hips.ts';
import { createHttpClient, type HttpClient } from '../../src/io/net/http.ts';
import { createHipsSource, type HipsSource } from '../../src/io/source/hips.ts';
import { hipsOnTheWeb } from '../../src/io/source/hipsFiles.ts';
import { renderSource } from '../../src/layer/render.ts';
import { DEFAULT_MAX_ERROR, type Kernel } from '../../src/raster/reproject/types.ts';
import type { Upstream } from '../contract/upstreamServer.ts';
import { codec, compareToField, serveAnalyticHips } from '../support/analyticHips.ts';

/**
 * Danger: the picture is not where it belongs. A HiPS of a smooth field, fetched, decoded and drawn by the engine, against the
 * field itself. Its pixels are 0.057 degrees wide at order 2; windows lie on poles, antimeridian, base cell and tile borders.
 */
const ORDER = 2;
const WIDTH = 256;
const SOURCE_PIXEL = 58.6323 / 2 ** ORDER / WIDTH;
const FRAMES: readonly Frame[] = [SKY_FRAMES.icrs, SKY_FRAMES.galactic, SKY_FRAMES.ecliptic, bodyFrame('moon')];
const http: HttpClient = createHttpClient();
const upstreams: Upstream[] = [];
const sources = new Map<string, HipsSource>();

beforeAll(async () => {
  for (const frame of FRAMES) {
    const upstream = await serveAnalyticHips({ frame, order: ORDER, width: WIDTH, format: 'image/png' });
    upstreams.push(upstream);
    sources.set(frame.id, await open(upstream.url));
  }
});

afterAll(async () => {
  await http.close();
  for (const upstream of upstreams) await upstream.close();
});

function open(url: string): Promise<HipsSource> {
  return createHipsSource({
    hasty: null,
    id: 'waves', files: hipsOnTheWeb(http, [url]), frame: null, order: null, tileWidth: null, format: null, transparent: null,
    clip: null, usualFrame: null, store: null, keepTiles: false, cache: 'waves', codec, decodedCacheBytes: 1e9, report: () => {},
  });
}

function gridOf(crs: string, bbox: readonly [number, number, number, number], width: number, height: number): PixelGrid {
  return { lattice: crsLatticeOfBbox(crsOf(crs), bbox, width, height), chart: 0, col: 0, row: 0, width, height };
}

/** A square window of pixels as fine as `degrees`. */
function around(crs: string, x: number, y: number, cell: number, size = 192): PixelGrid {
  const half = (cell * size) / 2;
  return gridOf(crs, [x - half, y - half, x + half, y + half], size, size);
}

/**
 * What every picture must be. Neighbouring source pixels differ by up to 7: where polar base cells meet, HEALPix itself has a kink
 * and a few pixels are off by up to 3; elsewhere it is rounding.
 * @param read pixel size of the order that is read, degrees
 */
async function check(grid: PixelGrid, frame: Frame, kernel: Kernel, { samples = 1, read = SOURCE_PIXEL } = {}): Promise<void> {
  const source = sources.get(frame.id)!;
  const picture = await renderSource(grid, source, { kernel, maxError: DEFAULT_MAX_ERROR, maxPatches: 500 }, new AbortController().signal);
  const found = compareToField(picture, grid, { samples, beyond: 1.3 });
  expect(found.pixels).toBeGreaterThan(grid.width * grid.height * 0.7);
  expect(found.mean).toBeLessThanOrEqual(0.35);
  expect(found.max).toBeLessThanOrEqual(4);
  expect(found.beyond).toBeLessThanOrEqual(0.005);
  expect(found.shift).toBeLessThanOrEqual(0.02 * read * (Math.PI / 180));
}

const FINE = SOURCE_PIXEL * 0.8;
const METRES = (1737400 * Math.PI) / 180;

describe('plate carree of the sky from a HiPS in each frame of the sky', () => {
  const windows = [
    { name: 'anywhere', lon: 83.6, lat: 22 },
    { name: 'antimeridian', lon: 180, lat: -30 },
    { name: 'longitude 0, corner of four base cells', lon: 0, lat: 0 },
    { name: 'corner of three base cells', lon: 45, lat: 41.8103 },
    { name: 'meridian between polar base cells', lon: 90, lat: 60 },
    { name: 'north pole of the frame', lon: 33, lat: 90 - 12 },
    { name: 'south pole of the frame', lon: -120, lat: -90 + 12 },
    { name: 'north celestial pole seen in galactic coordinates', lon: 122.9, lat: 27.1 },
  ];
  for (const crs of ['HIPS:ICRS', 'HIPS:GAL', 'HIPS:ECL-M']) {
    for (const frame of FRAMES.filter(({ kind }) => kind === 'sky')) {
      for (const { name, lon, lat } of windows) {
        it(`${frame.id} -> ${crs}: ${name}`, () => check(around(crs, lon, lat, FINE), frame, lat > 0 ? 'bilinear' : 'bicubic'));
      }
    }
  }
});

describe('maps of a body', () => {
  const moon = bodyFrame('moon');
  const m = FINE * METRES;
  const cases: readonly { readonly name: string; readonly crs: string; readonly x: number; readonly y: number; readonly cell: number }[] = [
    { name: 'north polar stereographic, pole', crs: 'IAU_2015:30130', x: 0, y: 0, cell: m },
    { name: 'north polar stereographic, antimeridian', crs: 'IAU_2015:30130', x: 0, y: 600e3, cell: m },
    { name: 'south polar stereographic, pole', crs: 'IAU_2015:30135', x: 0, y: 0, cell: m },
    { name: 'equirectangular, antimeridian', crs: 'IAU_2015:30115', x: 0, y: 0, cell: m },
    { name: 'orthographic, centre', crs: 'IAU_2015:30165', x: 0, y: 0, cell: m },
    { name: 'orthographic, 45 degrees', crs: 'IAU_2015:30165', x: 900e3, y: -800e3, cell: m * 0.6 },
    { name: 'Mercator, equator', crs: 'IAU_2015:30190', x: 1000e3, y: 0, cell: m },
    { name: 'Mercator, 60 degrees', crs: 'IAU_2015:30190', x: -2000e3, y: 2280e3, cell: m * 2 },
    { name: 'Mollweide, centre', crs: 'IAU_2015:30140', x: 0, y: 0, cell: m },
    { name: 'Mollweide, far out', crs: 'IAU_2015:30140', x: 2500e3, y: 1200e3, cell: m * 0.8 },
    { name: 'sinusoidal, antimeridian', crs: 'IAU_2015:30125', x: 0, y: 900e3, cell: m },
  ];
  for (const { name, crs, x, y, cell } of cases) {
    for (const kernel of ['bilinear', 'bicubic'] as const) it(`${kernel}: ${name}`, () => check(around(crs, x, y, cell), moon, kernel));
  }
});

describe('where the map is coarser than the finest order', () => {
  it('a window of twice the pixel size reads the order above, one to one', () => check(around('HIPS:ICRS', 83.6, 22, FINE * 2), SKY_FRAMES.icrs, 'bilinear', { read: 2 * SOURCE_PIXEL }));
  it('a window half-way between two orders is the mean over each pixel', () => check(around('HIPS:ICRS', 83.6, 22, SOURCE_PIXEL * 1.5), SKY_FRAMES.galactic, 'bicubic', { samples: 8 }));
});

describe('HiPS from a HiPS', () => {
  for (const { name, order, npix } of [{ name: 'equator', order: 2, npix: 70 }, { name: 'pole', order: 2, npix: 15 }, { name: 'order 1', order: 1, npix: 33 }]) {
    it(`galactic to equatorial, tiles of 512: ${name}`, () => check(hipsGrid(SKY_FRAMES.icrs, { order: order - 1, npix: npix >> 2 }, 512), SKY_FRAMES.galactic, 'bicubic', order === 1 ? { samples: 4, read: 2 * SOURCE_PIXEL } : {}));
  }

  it('on its own grid every pixel is the upstream pixel (danger: a blur by resampling at exact positions)', async () => {
    const source = sources.get('galactic')!;
    const grid = hipsGrid(SKY_FRAMES.galactic, { order: 1, npix: 17 }, WIDTH);
    const picture = await renderSource(grid, source, { kernel: 'bicubic', maxError: DEFAULT_MAX_ERROR, maxPatches: 500 }, new AbortController().signal);
    const tile = await source.fetch(source.tiling.patchAt(1, grid.chart, grid.col / WIDTH, grid.row / WIDTH)!, new AbortController().signal);
    expect(Buffer.from(picture.data).equals(Buffer.from(tile!.data))).toBe(true);
  });
});
