import { describe, expect, it } from 'vitest';
import { crsOf } from '../geometry/crs/registry.ts';
import { bodyFrame, SKY_FRAMES } from '../geometry/frame/frame.ts';
import { crsLatticeOfBbox } from '../geometry/lattice/crsLattice.ts';
import type { RasterSource } from '../io/source/types.ts';
import type { Raster } from '../raster/raster.ts';
import { cropPatch, plainTiling } from '../../test/support/memorySource.ts';
import { createMapLayer, type MapLayerOptions } from './map.ts';

const DEGREE = Math.PI / 180;
const SIGNAL = new AbortController().signal;

/** A world of 36 x 18 pixels, premultiplied: red = column, green = row, alpha as given. */
function world(alpha: (col: number, row: number) => number): Raster {
  const data = new Uint8Array(36 * 18 * 4);
  for (let i = 0; i < 36 * 18; i++) {
    const [col, row] = [i % 36, Math.floor(i / 36)];
    const a = alpha(col, row);
    data.set([Math.round((col * a) / 255), Math.round((row * a) / 255), 0, a], i * 4);
  }
  return { width: 36, height: 18, data, opaque: false };
}

function source(id: string, crs: string, picture: Raster): RasterSource {
  const tiling = plainTiling([crsLatticeOfBbox(crsOf(crs), [-180, -90, 180, 90], 36, 18)], 18);
  return { id, tiling, fetch: async (patch) => cropPatch(picture, patch) };
}

function mapOf(changes: Partial<MapLayerOptions>): ReturnType<typeof createMapLayer> {
  return createMapLayer({
    name: 'm', title: '', abstract: '', frame: bodyFrame('moon'), parts: [], bbox: [-180, -90, 180, 90], queryable: true, modified: new Date(0),
    hipsOrder: () => 2, ...changes,
  });
}

const NEAREST = { kernel: 'bicubic', maxError: 0, maxPatches: 100 } as const;
const solid = { source: source('a', 'IAU_2015:30100', world(() => 255)), reproject: NEAREST, opacity: 1 };
const thin = { source: source('b', 'IAU_2015:30100', world((col) => (col < 18 ? 0 : 128))), reproject: NEAREST, opacity: 1 };

/** Danger: a value of the pixel beside, of another hemisphere, or of the premultiplied colours inside. */
describe('what lies under a place', () => {
  it.each([[-175, 85, 0, 0], [5, -5, 18, 9], [175, -85, 35, 17], [-365, 45, 17, 4]])('%d, %d: the pixel there', async (lon, lat, col, row) => {
    const info = await mapOf({ parts: [solid] }).info(lon * DEGREE, lat * DEGREE, 1e-4, SIGNAL);
    expect(info.value).toEqual([col, row, 0, 255]);
    expect([info.lon, info.lat].map((degrees) => Math.round(degrees * 1e9) / 1e9)).toEqual([lon === -365 ? -5 : lon, lat]);
  });

  it('colours are those of the picture, not multiplied by its alpha', async () => {
    const { value } = await mapOf({ parts: [thin] }).info(95 * DEGREE, 5 * DEGREE, 1e-4, SIGNAL);
    expect(value[3]).toBe(128);
    expect(Math.abs(value[0]! - 27)).toBeLessThanOrEqual(1);
  });

  it('nothing where there is nothing, or where there is no place', async () => {
    const map = mapOf({ parts: [thin] });
    expect((await map.info(-95 * DEGREE, 5 * DEGREE, 1e-4, SIGNAL)).value).toEqual([]);
    expect(await map.info(NaN, NaN, 1e-4, SIGNAL)).toMatchObject({ value: [], hips: null });
  });

  it('the poles and any size of pixel have values', async () => {
    const map = mapOf({ parts: [solid] });
    for (const [lat, angle] of [[90, 1e-9], [-90, 1e-3], [0, 10]] as const) {
      expect((await map.info(0, lat * DEGREE, angle, SIGNAL)).value, `${lat} ${angle}`).toHaveLength(4);
    }
  });

  it.each([[1, 0, 4], [89.9, 0, 4], [45, 89.999, 0], [-45, -89.999, 11]])('%d, %d lies in base cell %d', async (lon, lat, face) => {
    const { hips } = await mapOf({ parts: [solid], hipsOrder: () => 3 }).info(lon * DEGREE, lat * DEGREE, 1e-4, SIGNAL);
    expect(hips?.order).toBe(3);
    expect([face, 5]).toContain(Math.floor(hips!.npix / 64));
  });

  it('on the sky, the HiPS tile is one of the layer, whatever frame the source has', async () => {
    const galactic = { ...solid, source: source('g', 'HIPS:GAL', world(() => 255)) };
    const map = mapOf({ parts: [galactic], frame: SKY_FRAMES.icrs, hipsOrder: () => 0 });
    const info = await map.info(266.40499 * DEGREE, -28.93617 * DEGREE, 1e-4, SIGNAL); // the galactic centre
    expect(info.hips).toEqual({ order: 0, npix: 7 });
    expect([17, 18]).toContain(info.value[0]);
    expect([8, 9]).toContain(info.value[1]);
  });
});

describe('sources laid over each other', () => {
  it('the last on top, faded as it says', async () => {
    const grid = { lattice: solid.source.tiling.levels[0]!.lattice, chart: 0, col: 20, row: 3, width: 1, height: 1 };
    const over = await mapOf({ parts: [solid, { ...thin, opacity: 0.5 }] }).render(grid, SIGNAL);
    expect([...over.data]).toEqual([20, 3, 0, 255].map((value, i) => (i < 2 ? expect.closeTo(value, -0.5) : value)));
    const alone = await mapOf({ parts: [{ ...thin, opacity: 0.5 }] }).render(grid, SIGNAL);
    expect(alone.data[3]).toBe(64);
  });

  it('no sources: an empty picture', async () => {
    const grid = { lattice: solid.source.tiling.levels[0]!.lattice, chart: 0, col: 0, row: 0, width: 3, height: 2 };
    expect([...(await mapOf({}).render(grid, SIGNAL)).data]).toEqual(Array.from({ length: 24 }, () => 0));
  });
});
