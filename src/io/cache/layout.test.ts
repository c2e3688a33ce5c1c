import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dimensionsPath } from './dimensions.ts';
import { gridKey, tileNumberOf } from './gridKey.ts';
import { DIRECTORY_LAYOUTS, layoutPath, levelPath, tileOfPath, tilePath, type DirectoryLayout } from './layout.ts';

type Paths = { readonly [layout in DirectoryLayout]: string };
interface Oracle {
  readonly tiles: readonly { readonly x: number; readonly y: number; readonly z: number; readonly paths: Paths }[];
  readonly levels: readonly { readonly z: number; readonly paths: { readonly [layout in DirectoryLayout]: string | null } }[];
  readonly dimensions: readonly { readonly values: Readonly<Record<string, string>>; readonly part: string; readonly paths: Paths }[];
  readonly refused: readonly string[];
  readonly accepted: readonly string[];
}

/** Written by MapProxy's own functions: test/oracle/cachePaths/generate.py. */
const ORACLE = JSON.parse(readFileSync(new URL('../../../test/oracle/cachePaths/paths.json', import.meta.url), 'utf8')) as Oracle;

/** Danger: a data centre's warm MapProxy cache is not found, or tiles of one number overwrite another's. */
describe('paths of tiles in a cache directory are those of MapProxy', () => {
  it('the table is there', () => expect(ORACLE.tiles.length).toBeGreaterThan(100));

  for (const layout of DIRECTORY_LAYOUTS) {
    it(`${layout}: every tile of the table, there and back`, () => {
      for (const { x, y, z, paths } of ORACLE.tiles) {
        const tile = { level: z, col: x, row: y };
        expect(`${tilePath(layout, tile)}.png`).toBe(paths[layout]);
        const bits = layout === 'quadkey' ? 2 ** z : Infinity; // a quadkey has no room for columns beyond its level
        if (x < bits && y < bits) expect(tileOfPath(layout, paths[layout].slice(0, -'.png'.length))).toEqual(tile);
      }
    });

    it(`${layout}: levels`, () => {
      // MapProxy writes the levels of 'tms' without zeros, and looks for them with zeros when it cleans up: not copied.
      for (const { z, paths } of ORACLE.levels) expect(levelPath(layout, z)).toBe(layout === 'tms' ? String(z) : paths[layout]);
    });

    it(`${layout}: what is none of its paths is no tile`, () => {
      const foreign = ['', '1/2', '1/2/x', 'x1/2/3', '01/02/03', 'L2/R4/C3', '4', '02/000/000/3/000/000/004', '1/2/3/4', '../1/2/3', '02/0000/3/0000/0004'];
      const tiles = foreign.filter((path) => tileOfPath(layout, path) !== null);
      expect(tiles).toEqual(layout === 'quadkey' ? [''] : []);
    });
  }

  it('keys of grid tiles lie there, any other key apart from them', () => {
    const path = layoutPath('tc', 'moon');
    expect(path(gridKey('moon', { level: 2, col: 3, row: 4 }, 'png'))).toBe('02/000/000/003/000/000/004.png');
    expect(path({ cache: 'moon', tile: 'Norder3/Dir0/Npix271', extension: 'png' })).toBe('other/moon/Norder3/Dir0/Npix271.png');
    expect(path(gridKey('mars', { level: 2, col: 3, row: 4 }, 'png'))).toBe('other/mars/2/3/4.png');
    expect(path({ cache: 'moon', tile: '02/3/4', extension: 'png' })).toBe('other/moon/02/3/4.png');
    expect(() => path({ cache: 'moon', tile: '../3/4', extension: 'png' })).toThrow('cannot be part of a cache key');
  });

  it('keys of grid tiles are read back', () => {
    const tile = { level: 20, col: 1_048_575, row: 0 };
    expect(tileNumberOf(gridKey('moon', tile, 'png'))).toEqual(tile);
    for (const other of ['01/2/3', '1/2', '-1/2/3', '1/2/3/4', 'Norder3/Dir0/Npix1']) {
      expect(tileNumberOf({ cache: 'moon', tile: other, extension: 'png' })).toBeNull();
    }
  });
});

/** Danger: the tiles of one time answer for another, or a value leads out of the cache. */
describe('folders of dimensions', () => {
  it.each(ORACLE.dimensions)('$values', ({ values, part, paths }) => {
    expect(dimensionsPath(values)).toBe(part);
    const path = `${tilePath('tc', { level: 2, col: 3, row: 4 })}.jpeg`;
    expect(part === '' ? path : `${part}/${path}`).toBe(paths.tc);
  });

  it.each([...ORACLE.refused, 'a\0b'])('refuses %j as MapProxy does', (time) => {
    expect(() => dimensionsPath({ time })).toThrow("cannot be a value of the dimension 'time'");
  });

  it.each(ORACLE.accepted)('takes %j', (time) => expect(dimensionsPath({ time })).toBe(`time-${time}`));
});
