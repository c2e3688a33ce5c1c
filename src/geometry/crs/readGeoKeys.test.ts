import { describe, expect, it } from 'vitest';
import { geoKeysOf } from './geoKeys.ts';
import { srsOfGeoKeys } from './readGeoKeys.ts';
import { crsOf } from './registry.ts';

function numeric(id: string): Map<number, number> {
  return new Map(geoKeysOf(crsOf(id)).flatMap(({ id: key, value }) => (typeof value === 'number' ? [[key, value] as const] : [])));
}

describe('srsOfGeoKeys', () => {
  it.each([
    'IAU_2015:30100', 'IAU_2015:30110', 'IAU_2015:30115', 'IAU_2015:49900', 'IAU_2015:49910', 'IAU_2015:49920', 'IAU_2015:49930', 'IAU_2015:49935', 'IAU_2015:49965',
    'IAU_2015:49990', 'IAU_2015:50200', 'EPSG:4326', 'EPSG:3857', 'EPSG:32631',
  ])('reads back what is written for %s', (id) => {
    expect(srsOfGeoKeys(numeric(id))).toBe(id);
  });

  it('takes a radius of another report, and parameters that are left out for 0', () => {
    const keys = numeric('IAU_2015:49910');
    keys.set(2057, 3396000).set(2058, 3396000);
    for (const key of [3078, 3082, 3083, 3088, 3089]) keys.delete(key);
    expect(srsOfGeoKeys(keys)).toBe('IAU_2015:49910');
  });

  it('knows that another meridian, parallel, false origin or unit is another system', () => {
    for (const [key, value] of [[3088, 30], [3078, 40], [3082, 1000], [3076, 9036]] as const) {
      expect(srsOfGeoKeys(numeric('IAU_2015:49910').set(key, value)), `${key} = ${value}`).toBeNull();
    }
  });

  it('says nothing of spheroids, of bodies that are as large as others, and of no keys', () => {
    expect(srsOfGeoKeys(numeric('IAU_2015:49900').set(2058, 3376200))).toBeNull();
    expect(srsOfGeoKeys(numeric('IAU_2015:50900'))).toBeNull(); // Sinope and Pan: 14 km
    expect(srsOfGeoKeys(new Map())).toBeNull();
  });
});
