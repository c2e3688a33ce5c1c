import { describe, expect, it } from 'vitest';
import { GEODETIC, MOON_DEGREES, MOON_METRES, WEBMERCATOR } from '../../../test/conformance/services.ts';
import { resolveLayerSpec } from './layerSpec.ts';

const SETS = new Map([
  ['blue', [GEODETIC, WEBMERCATOR]],
  ['moon', [MOON_METRES, MOON_DEGREES]],
  ['moon_dark', [MOON_DEGREES]],
]);

function resolve(layer: string, spec: string | null): string | null {
  const found = resolveLayerSpec({ layer, spec }, (name) => SETS.get(name));
  return found === null ? null : `${found.layer}:${found.set.id}`;
}

describe('resolveLayerSpec', () => {
  it.each([
    ['moon', 'MOON_GEOGRAPHIC', 'moon:MOON_GEOGRAPHIC'],
    ['moon', 'IAU_201530110', 'moon:MOON_EQUIRECTANGULAR'],
    ['moon', null, 'moon:MOON_EQUIRECTANGULAR'],
    ['blue', null, 'blue:GLOBAL_WEBMERCATOR'],
    ['blue', 'EPSG900913', 'blue:GLOBAL_WEBMERCATOR'],
    ['blue_EPSG4326', null, 'blue:GLOBAL_GEODETIC'],
    ['moon_dark_IAU_201530100', null, 'moon_dark:MOON_GEOGRAPHIC'],
    ['moon_dark', null, 'moon_dark:MOON_GEOGRAPHIC'],
    ['moon', 'EPSG4326', null],
    ['venus', null, null],
    ['venus', 'EPSG4326', null],
  ])('%s with %s is %s', (layer, spec, expected) => {
    expect(resolve(layer, spec)).toBe(expected);
  });
});
