import { beforeAll, describe, expect, it } from 'vitest';
import { crsOf } from '../../src/geometry/crs/registry.ts';
import { neighbourCell } from '../../src/geometry/healpix/edges.ts';
import { hipsAddressAt, hipsGrid } from '../../src/geometry/pyramid/hips.ts';
import { cellOf } from '../../src/geometry/healpix/morton.ts';
import type { Raster } from '../../src/raster/raster.ts';
import { planReprojection } from '../../src/raster/reproject/plan.ts';
import { resample } from '../../src/raster/reproject/resample.ts';
import { DEFAULT_MAX_ERROR, type Kernel } from '../../src/raster/reproject/types.ts';
import { globalSource, moonPicture, type PictureSource } from '../support/moon.ts';

/**
 * Danger: seams. Two tiles that meet are computed apart; the step from the last pixel of one to the first of the other must be
 * no larger than the steps between pixels inside them. A shift of half a pixel, a missing neighbour or a hole shows at once.
 * On the meridians between polar base cells the pixel across the edge is the next one of the same ring, so it is compared with
 * steps along rings inside (a plate carree is much sharper along parallels there than along meridians).
 */
const WIDTH = 256;
const ORDER = 3;
const SIDE = 2 ** ORDER * WIDTH;
const crs = crsOf('IAU_2015:30100');
let source: PictureSource;
const tiles = new Map<string, Raster>();

beforeAll(async () => {
  source = globalSource(await moonPicture(), crs, 512);
});

function tile(npix: number, kernel: Kernel): Raster {
  const key = `${npix} ${kernel}`;
  let found = tiles.get(key);
  if (found === undefined) {
    const plan = planReprojection(hipsGrid(crs.frame, { order: ORDER, npix }, WIDTH), source.tiling, {
      kernel,
      maxError: DEFAULT_MAX_ERROR,
      maxPatches: 500,
    });
    found = resample(plan, source.rasters(plan));
    tiles.set(key, found);
  }
  return found;
}

const cell = new Float64Array(3);

/** The pixel (x, y) of a face, or of the face beyond its edge. */
function pixel(face: number, x: number, y: number, kernel: Kernel): Uint8Array | null {
  if (!neighbourCell(face, x, y, SIDE, cell)) return null;
  const [f, a, b] = [cell[0]!, cell[1]!, cell[2]!];
  const { npix } = hipsAddressAt(ORDER, f, Math.floor(b / WIDTH), Math.floor(a / WIDTH));
  const at = ((a % WIDTH) * WIDTH + (b % WIDTH)) * 4;
  return tile(npix, kernel).data.subarray(at, at + 4);
}

function step(a: Uint8Array, b: Uint8Array): number {
  return Math.abs(a[0]! - b[0]!) + Math.abs(a[1]! - b[1]!) + Math.abs(a[2]! - b[2]!);
}

/** Pixels from one line of the lattice to the next: straight on, or along the ring. */
type Direction = 'straight' | 'ring';

/** Mean step between rows depth and depth + 1 of the lines that leave tile npix across its side; row 0 is the last before the edge. */
function meanStep(npix: number, side: 'x' | 'y', depth: number, kernel: Kernel, direction: Direction): number {
  const { face, x, y } = cellOf(ORDER, npix);
  let sum = 0;
  for (let i = 1; i < WIDTH; i++) {
    const along = (side === 'x' ? y : x) * WIDTH + i;
    const across = ((side === 'x' ? x : y) + 1) * WIDTH - 1 + depth;
    const at = (v: number, w: number): Uint8Array => (side === 'x' ? pixel(face, v, w, kernel) : pixel(face, w, v, kernel))!;
    const [p, q] = [at(across, along), at(across + 1, direction === 'ring' ? along - 1 : along)];
    expect([p[3], q[3]]).toEqual([255, 255]);
    sum += step(p, q);
  }
  return sum / (WIDTH - 1);
}

const EDGES: readonly { readonly name: string; readonly npix: number; readonly side: 'x' | 'y'; readonly polar?: true }[] = [
  { name: 'two tiles of a base cell', npix: 4 * 64 + 3, side: 'x' },
  { name: 'two tiles of a base cell, other axis', npix: 4 * 64 + 3, side: 'y' },
  { name: 'equatorial to polar base cell', npix: 4 * 64 + 21 + 20, side: 'x' },
  { name: 'equatorial to polar base cell, other axis', npix: 5 * 64 + 42, side: 'y' },
  { name: 'southern to equatorial base cell', npix: 8 * 64 + 41, side: 'x' },
  { name: 'polar base cells, quarter turn', npix: 42, side: 'y', polar: true },
  { name: 'polar base cells, quarter turn, lon 180', npix: 1 * 64 + 42 + 4, side: 'y', polar: true },
  { name: 'at the north pole', npix: 63, side: 'y', polar: true },
  { name: 'at the north pole, other side', npix: 63, side: 'x', polar: true },
  { name: 'across the antimeridian inside an equatorial cell', npix: 6 * 64 + 12, side: 'x' },
];

describe('the step across a tile edge is no larger than inside', () => {
  for (const kernel of ['bilinear', 'bicubic'] as const) {
    for (const { name, npix, side, polar } of EDGES) {
      it(`${kernel}: ${name}`, () => {
        // Rows of a real landscape vary: the largest of those near the edge, in front of it (and behind), is the yardstick.
        const depths = polar ? [-8, -7, -6, -5, -4, -3, -2, -1] : [-8, -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8];
        const inside = depths.map((depth) => meanStep(npix, side, depth, kernel, polar ? 'ring' : 'straight'));
        expect(meanStep(npix, side, 0, kernel, 'straight')).toBeLessThanOrEqual(Math.max(...inside) * 1.02);
      });
    }
  }
});

describe('poles', () => {
  it('have no hole: every pixel of the tiles around them is opaque', () => {
    for (const npix of [63, 127, 191, 255, 512, 576, 640, 704]) {
      const { data } = tile(npix, 'bilinear');
      for (let i = 3; i < data.length; i += 4) expect(data[i]).toBe(255);
    }
  });
});

describe('a picture of one colour', () => {
  it('stays that colour everywhere: kernel weights add up to one, seams bring nothing in', () => {
    const flat = globalSource({ width: 512, height: 256, data: new Uint8Array(512 * 256 * 4).fill(0).map((_, i) => [200, 100, 50, 255][i % 4]!), opaque: true }, crs, 128);
    for (const kernel of ['nearest', 'bilinear', 'bicubic'] as const) {
      for (const npix of [0, 3, 7, 20, 33, 47]) {
        const plan = planReprojection(hipsGrid(crs.frame, { order: 1, npix }, 128), flat.tiling, { kernel, maxError: DEFAULT_MAX_ERROR, maxPatches: 500 });
        const words = new Uint32Array(resample(plan, flat.rasters(plan)).data.buffer);
        expect(words.every((word) => word === words[0]), `${kernel} ${npix}`).toBe(true);
        expect(words[0]).toBe(200 + 100 * 256 + 50 * 65536 + 255 * 16777216);
      }
    }
  });
});
