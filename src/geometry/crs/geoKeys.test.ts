import { describe, expect, it } from 'vitest';
import { degreesOnBody } from './alias.ts';
import { bodyFrame } from '../frame/frame.ts';
import { geoKeysOf } from './geoKeys.ts';
import { iauCodes } from './iau.ts';
import { crsOf } from './registry.ts';
import type { Crs } from './types.ts';

function keys(crs: Crs): ReadonlyMap<number, number | string> {
  return new Map(geoKeysOf(crs).map(({ id, value }) => [id, value]));
}

/** Danger: a GeoTIFF of another planet that lands on the Earth, or in another projection than it was drawn in. */
describe('the keys of a GeoTIFF', () => {
  it('on the Earth: the EPSG number', () => {
    expect([...keys(crsOf('EPSG:4326'))]).toEqual([[1024, 2], [1025, 1], [2048, 4326], [2054, 9102]]);
    expect([...keys(crsOf('CRS:84'))]).toEqual([...keys(crsOf('EPSG:4326'))]);
    expect([...keys(crsOf('EPSG:3857'))]).toEqual([[1024, 1], [1025, 1], [3072, 3857], [3076, 9001]]);
  });

  it('degrees of a body: its own sphere, never a number of the Earth', () => {
    const found = keys(crsOf('IAU_2015:30100'));
    expect([1024, 2048, 2054, 2057, 2058].map((id) => found.get(id))).toEqual([2, 32767, 9102, 1737400, 1737400]);
    expect(found.get(2049)).toMatch(/^GCS Name = Moon \(2015\) - Sphere \/ Ocentric\|/);
    const alias = keys(degreesOnBody(bodyFrame('moon'), 'EPSG:4326'));
    expect([2048, 2057].map((id) => alias.get(id))).toEqual([32767, 1737400]);
  });

  it('a spheroid: both axes', () => {
    const found = keys(crsOf('IAU_2015:39901'));
    expect([found.get(2057), found.get(2058)]).toEqual([6378136.6, 6356751.9]);
  });

  it.each([
    ['IAU_2015:49910', 17, { 3088: 0, 3089: 0, 3078: 0 }],
    ['IAU_2015:49915', 17, { 3088: 180 }],
    ['IAU_2015:49930', 15, { 3081: 90, 3095: 0, 3092: 1 }],
    ['IAU_2015:49935', 15, { 3081: -90 }],
    ['IAU_2015:49965', 21, { 3088: 0, 3089: 0 }],
    ['IAU:2015:49965,100,45', 21, { 3088: 100, 3089: 45 }],
    ['IAU_2015:49975', 8, { 3078: 20, 3079: 60, 3084: 0, 3085: 40 }],
    ['IAU_2015:49990', 7, { 3080: 0, 3092: 1 }],
  ])('%s: method %d with its parameters', (id, method, parameters) => {
    const found = keys(crsOf(id));
    expect([1024, 3072, 3074, 3075, 3076].map((key) => found.get(key))).toEqual([1, 32767, 32767, method, 9001]);
    for (const [key, value] of Object.entries(parameters)) expect(found.get(Number(key)), key).toBe(value);
  });

  it('Mollweide, which GeoTIFF does not know: the words of Esri, short enough for GDAL', () => {
    const found = keys(crsOf('IAU_2015:30145'));
    expect([found.get(1024), found.get(3073)]).toEqual([32767, expect.stringMatching(/^ESRI PE String = PROJCS\[.*PROJECTION\["Mollweide"\].*"Central_Meridian",180\.0/)]);
  });

  it('what cannot be said is said in words alone: longitudes to the west, planetocentric latitudes on a spheroid', () => {
    for (const id of ['IAU_2015:49901', 'IAU_2015:49902', 'IAU_2015:49911']) {
      const found = keys(crsOf(id));
      expect([[...found.keys()], found.get(1024)]).toEqual([[1024, 1025, 1026], 32767]);
      expect(found.get(1026)).toContain(id);
    }
  });

  it('every code of the IAU has keys, ascending, and texts that GDAL reads whole', () => {
    for (const code of iauCodes()) {
      const all = geoKeysOf(crsOf(`IAU_2015:${code}`));
      const ids = all.map(({ id }) => id);
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
      expect(new Set(ids).size).toBe(ids.length);
      for (const { value } of all) expect(String(value).length, `${code}: ${value}`).toBeLessThan(512);
    }
  });
});
