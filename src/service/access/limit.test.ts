import { describe, expect, it } from 'vitest';
import { crsOf } from '../../geometry/crs/registry.ts';
import { polygonRegion } from '../../geometry/region/polygonRegion.ts';
import type { InfoQuestion, MapLayer, TileLayer } from '../../layer/types.ts';
import { limitedInfo, limitedTiles } from './limit.ts';

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
