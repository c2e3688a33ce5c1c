import { describe, expect, it } from 'vitest';
import { pathOfKey } from './keyPath.ts';
import { keyOfTile, type DirectoryLayout } from './layout.ts';

/** Danger: a data centre's warm MapProxy cache is not found, or tiles of one number overwrite another's. Paths: MapProxy 7. */
describe('paths of tiles in a cache directory', () => {
  const tile = { level: 2, col: 3, row: 4 };
  const expected: readonly (readonly [DirectoryLayout, string])[] = [
    ['tc', '02/000/000/003/000/000/004.png'],
    ['mp', '02/0000/0003/0000/0004.png'],
    ['tms', '2/3/4.png'],
    ['reverse_tms', '4/3/2.png'],
    ['arcgis', 'L02/R00000004/C00000003.png'],
  ];
  for (const [layout, path] of expected) {
    it(`${layout}: ${path}`, () => expect(pathOfKey(keyOfTile(layout, tile, 'png', 'cache'))).toBe(path));
  }
  it('quadkey: 11.png of level 2, column 3, row 0, in the directory itself', () => {
    expect(pathOfKey(keyOfTile('quadkey', { level: 2, col: 3, row: 0 }, 'png', 'cache'))).toBe('cache/11.png');
    expect(pathOfKey(keyOfTile('quadkey', { level: 3, col: 3, row: 5 }, 'png', 'cache'))).toBe('cache/213.png');
  });
  it('large numbers keep all of their digits', () => {
    expect(pathOfKey(keyOfTile('tc', { level: 22, col: 4_194_303, row: 1_234_567 }, 'jpeg', 'cache'))).toBe('22/004/194/303/001/234/567.jpeg');
    expect(pathOfKey(keyOfTile('mp', { level: 22, col: 4_194_303, row: 7 }, 'jpeg', 'cache'))).toBe('22/0419/4303/0000/0007.jpeg');
  });
});
