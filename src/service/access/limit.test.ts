import { describe, expect, it } from 'vitest';
import { crsOf } from '../../geometry/crs/registry.ts';
import { polygonRegion } from '../../geometry/region/polygonRegion.ts';
import type { InfoQuestion, MapLayer, TileLayer } from '../../layer/types.ts';
import { GatewayError } from '../../errors.ts';
import { crsLatticeOfBbox } from '../../geometry/lattice/crsLattice.ts';
import { emptyRaster } from '../../raster/raster.ts';
import type { MapsNode } from '../types.ts';
import { limitedDraw, limitedInfo, limitedTiles } from './limit.ts';

/** Danger: somebody who may see a part of a layer learns from its upstream what is in the rest. */
const crs = crsOf('IAU_2015:30100');
const west = { key: 'west', regionOn: () => polygonRegion(crs, [[[[-180, -90], [0, -90], [0, 90], [-180, 90]]]]) };
const asked: InfoQuestion[] = [];
const layer = {
  frame: crs.frame,
  info: async () => ({ lon: 0, lat: 0, value: [1, 2, 3, 255], unit: null, hips: null }),
  askInfo: async (question: InfoQuestion) => {
    asked.push(question);
    return [{ contentType: 'text/plain', text: 'secret' }];
  },
};
const pixel = (col: number): InfoQuestion => ({ crs, bbox: [-90, -45, 90, 45], width: 180, height: 90, col, row: 10, format: 'text/plain', featureCount: 1 });

describe.each([
  ['of maps', limitedInfo(layer as unknown as MapLayer, west)],
  ['of tiles', limitedTiles(layer as unknown as TileLayer, west, {} as never)],
])('an upstream %s that is limited', (_, limited) => {
  it.each([[89, 1], [90, 0]])('column %i: asked %i times', async (col, times) => {
    asked.length = 0;
    expect(await limited.askInfo!(pixel(col), new AbortController().signal)).toHaveLength(times);
    expect(asked).toHaveLength(times);
  });
});

describe('a map of limited layers of which one fails', () => {
  const grid = { lattice: crsLatticeOfBbox(crs, [0, 0, 10, 10], 10, 10), chart: 0, col: 0, row: 0, width: 10, height: 10 };
  const drawn = (isTolerant: boolean, isMap: boolean, names: readonly string[]) => {
    const node = {
      dressOf: () => ({ isTolerant, window: null, attribution: null }),
      encode: async () => new Uint8Array(1),
      draw: async ([layer]: readonly MapLayer[]) => {
        if (layer!.name === 'bad') throw new GatewayError('UPSTREAM_FAILED', 'secret');
        return { bytes: new Uint8Array(1), contentType: 'image/png', etag: '', modified: new Date(0) };
      },
    } as unknown as MapsNode;
    const pictures = { decode: async () => emptyRaster(10, 10), clip: () => emptyRaster(10, 10), encode: async () => new Uint8Array(1) };
    const layers = names.map((name) => ({ name, modified: new Date(0) }) as MapLayer);
    return limitedDraw(node, () => west, pictures)(layers, grid, { format: 'image/png', transparent: true, background: 0, isMap }, new AbortController().signal);
  };

  it('is drawn without it where that is wanted, and kept by nobody', async () => expect((await drawn(true, true, ['good', 'bad'])).isPartial).toBe(true));
  it('is whole without failures', async () => expect((await drawn(true, true, ['good'])).isPartial).toBeUndefined());
  it.each([[false, true, ['good', 'bad']], [true, false, ['good', 'bad']], [true, true, ['bad']]])('else fails (%o, %o, %o)', async (isTolerant, isMap, names) => {
    await expect(drawn(isTolerant, isMap, names)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
  });
});
