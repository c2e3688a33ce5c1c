import { describe, expect, it } from 'vitest';
import { geographicBbox } from './geographicBbox.ts';

describe('geographicBbox', () => {
  it.each([
    ['0..360 becomes the whole circle', [0, -90, 360, 90], [-180, -90, 180, 90]],
    ['280..290 becomes -80..-70', [280, 10, 290, 20], [-80, 10, -70, 20]],
    ['the antimeridian makes it the whole circle', [170, 0, 190, 5], [-180, 0, 180, 5]],
    ['180 stays the east edge', [-180, -90, 180, 90], [-180, -90, 180, 90]],
    ['170..180 stays', [170, 0, 180, 5], [170, 0, 180, 5]],
    ['latitudes end at the poles', [0, -100, 10, 100], [0, -90, 10, 90]],
    ['-180..360 of USGS is the whole circle', [-180, -90, 360, 90], [-180, -90, 180, 90]],
  ] as const)('%s', (_what, bbox, expected) => {
    expect(geographicBbox(bbox)).toEqual(expected);
  });
});
