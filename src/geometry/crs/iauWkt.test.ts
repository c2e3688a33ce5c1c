import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { iauCodes } from './iau.ts';
import { iauWkt } from './iauWkt.ts';

/** Written by GDAL: test/oracle/iauWkt/generate.py. */
const { wkt } = JSON.parse(readFileSync(new URL('../../../test/oracle/iauWkt/wkt.json', import.meta.url), 'utf8')) as { readonly wkt: Readonly<Record<string, string>> };

/** Danger: other programs place a map on another body, or mirror it. */
describe('the IAU_2015 authority as well-known text', () => {
  it('the table is there', () => expect(Object.keys(wkt).length).toBeGreaterThan(60));

  it.each(Object.entries(wkt))("%s is GDAL's, letter by letter", (code, text) => expect(iauWkt(Number(code))).toBe(text));

  it('has a text for every number but those of the Mercator projection, and for no other', () => {
    const without = iauCodes().filter((code) => iauWkt(code) === null);
    expect(without.every((code) => code % 100 >= 90)).toBe(true);
    for (const code of [4326, 49903, 49999, 12300]) expect(iauWkt(code)).toBeNull();
  });
});
