import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gridKey, type TileNumber } from '../../src/io/cache/gridKey.ts';
import { layoutPath } from '../../src/io/cache/layout.ts';
import { createFileStore } from '../../src/io/cache/store/file.ts';
import { createGeopackageStore } from '../../src/io/cache/store/geopackage.ts';
import { createMbtilesStore } from '../../src/io/cache/store/mbtiles.ts';
import { createSqliteStore } from '../../src/io/cache/store/sqlite.ts';
import type { GeopackageDescription } from '../../src/io/cache/store/sqlite/geopackageSchema.ts';
import type { SqliteOptions } from '../../src/io/cache/store/sqlite/tileFile.ts';
import type { TileStore } from '../../src/io/cache/types.ts';

/** Files that MapProxy 7 wrote: test/oracle/cacheFiles/generate.py. Danger: a data centre's warm cache is not found, or read upside down. */

const ORACLE = fileURLToPath(new URL('../oracle/cacheFiles', import.meta.url));
interface Files {
  readonly tiles: readonly { readonly x: number; readonly y: number; readonly z: number; readonly png: string }[];
  readonly links: readonly { readonly mode: boolean | string; readonly image: string; readonly files: Readonly<Record<string, string | null>> }[];
}
const { tiles, links } = JSON.parse(readFileSync(path.join(ORACLE, 'files.json'), 'utf8')) as Files;

const OWN = { cache: 'tiles', extension: 'png' };
const SQLITE: SqliteOptions = { timeoutMs: 2000, wal: 'whileOpen', permissions: { directory: null, file: null } };
const flipped = ({ level, col, row }: TileNumber): TileNumber => ({ level, col, row: 2 ** level - 1 - row });
const HALF = 20_037_508.342789244;
const WORLD = [-HALF, -HALF, HALF, HALF] as const;
const described = (table: string): GeopackageDescription => ({
  table, rows: 'standard', isWebp: false, bbox: WORLD, extent: WORLD, fromTop: flipped,
  srs: { name: 'x', organization: 'EPSG', code: 3857, definition: 'undefined' },
  levels: [0, 1, 2, 3].map((z) => ({ columns: 2 ** z, rows: 2 ** z, tileWidth: 256, tileHeight: 256, cellSize: (2 * HALF) / 256 / 2 ** z })),
});

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'mapproxy-'));
  cpSync(ORACLE, directory, { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true }));
const at = (name: string): string => path.join(directory, name);

const STORES: readonly (readonly [string, string, () => TileStore])[] = [
  ['sqlite', 'sqlite/2.mbtiles', () => createSqliteStore({ directory: at('sqlite'), own: OWN, ttlSeconds: 0, ...SQLITE })],
  ['mbtiles', 'tiles.mbtiles', () => createMbtilesStore({ file: at('tiles.mbtiles'), own: OWN, rows: 'standard', metadata: {}, fromBottom: flipped, ...SQLITE })],
  ['geopackage, south-west', 'sw.gpkg', () => createGeopackageStore({ place: { file: at('sw.gpkg') }, own: OWN, ...described('moon_sw'), ...SQLITE })],
  ['geopackage, north-west', 'nw.gpkg', () => createGeopackageStore({ place: { file: at('nw.gpkg') }, own: OWN, ...described('moon_nw'), ...SQLITE })],
];

describe.each(STORES)("MapProxy's %s", (_, file, create) => {
  it('is read tile by tile, in the numbers of the grid', async () => {
    const store = create();
    for (const { x, y, z, png } of tiles) {
      const tile = await store.get(gridKey('tiles', { level: z, col: x, row: y }, 'png'));
      expect(Buffer.from(tile!.bytes).toString('hex'), `${z}/${x}/${y}`).toBe(png);
      expect(tile!.modified.getTime()).toBeGreaterThan(0);
    }
    expect(await store.get(gridKey('tiles', { level: 2, col: 0, row: 0 }, 'png'))).toBeUndefined();
    await store.close();
  });

  it('is not touched by reading', async () => {
    const before = readFileSync(at(file));
    const store = create();
    await store.get(gridKey('tiles', { level: 2, col: 3, row: 1 }, 'png'));
    await store.close();
    expect(readFileSync(at(file))).toEqual(before);
    expect(readdirSync(path.dirname(at(file))).filter((name) => /-(?:wal|shm|journal)$/.test(name))).toEqual([]);
  });

  it("is extended where MapProxy would look: its own rows, one file, its tiles as they were", async () => {
    const store = create();
    await store.put(gridKey('tiles', { level: 2, col: 1, row: 0 }, 'png'), Buffer.from('new'));
    await store.put(gridKey('tiles', { level: 2, col: 3, row: 1 }, 'png'), Buffer.from('changed'));
    const [old, fresh] = await Promise.all([[2, 3], [1, 0]].map(([col, row]) => store.get(gridKey('tiles', { level: 2, col: col!, row: row! }, 'png'))));
    await store.close();
    const db = new DatabaseSync(at(file), { readOnly: true });
    const table = file.endsWith('.gpkg') ? `moon_${path.basename(file, '.gpkg')}` : 'tiles';
    const rows = db.prepare(`SELECT tile_column AS x, tile_row AS y, CAST(tile_data AS text) AS text, length(tile_data) AS length FROM ${table} WHERE zoom_level = 2 ORDER BY x`).all();
    expect(rows.map(({ x, y, text, length }) => [x, y, Number(length) < 10 ? text : 'png'])).toEqual([[1, 0, 'new'], [2, 3, 'png'], [3, 1, 'changed']]);
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' });
    db.close();
    expect(fresh!.modified.getTime()).toBeGreaterThan(Date.now() - 5000);
    expect(old!.modified.getTime()).toBeLessThanOrEqual(fresh!.modified.getTime());
    expect(existsSync(`${at(file)}-wal`)).toBe(false);
  });
});

function setTimes(local: string): void {
  const db = new DatabaseSync(at('sqlite/2.mbtiles'));
  db.prepare('UPDATE tiles SET last_modified = ?').run(local);
  db.close();
}

describe('what MapProxy left', () => {
  it('level files of MapProxy up to 4 (.mbtile) are found, and extended under their name', async () => {
    renameSync(at('sqlite/1.mbtiles'), at('sqlite/1.mbtile'));
    const store = createSqliteStore({ directory: at('sqlite'), own: OWN, ttlSeconds: 0, ...SQLITE });
    expect(await store.get(gridKey('tiles', { level: 1, col: 1, row: 0 }, 'png'))).toBeDefined();
    await store.put(gridKey('tiles', { level: 1, col: 1, row: 1 }, 'png'), Buffer.from('new'));
    await store.close();
    expect(readdirSync(at('sqlite')).sort()).toEqual(['0.mbtiles', '1.mbtile', '2.mbtiles']);
  });

  it('a level file that MapProxy removes while it is open is made anew (danger: tiles written into a file without a name)', async () => {
    const store = createSqliteStore({ directory: at('sqlite'), own: OWN, ttlSeconds: 0, ...SQLITE });
    const key = gridKey('tiles', { level: 2, col: 3, row: 1 }, 'png');
    expect(await store.get(key)).toBeDefined();
    rmSync(at('sqlite/2.mbtiles'));
    expect(await store.get(key)).toBeUndefined();
    await store.put(key, Buffer.from('new'));
    await store.close();
    expect(existsSync(at('sqlite/2.mbtiles'))).toBe(true);
    const again = createSqliteStore({ directory: at('sqlite'), own: OWN, ttlSeconds: 0, ...SQLITE });
    expect(Buffer.from((await again.get(key))!.bytes).toString()).toBe('new');
    await again.close();
  });

  it('times are local times to the second, as MapProxy writes them', async () => {
    setTimes('2020-07-01 12:00:30');
    const store = createSqliteStore({ directory: at('sqlite'), own: OWN, ttlSeconds: 0, ...SQLITE });
    expect((await store.get(gridKey('tiles', { level: 2, col: 3, row: 1 }, 'png')))!.modified).toEqual(new Date(2020, 6, 1, 12, 0, 30));
    await store.close();
  });

  it('a time to live counts from when a tile was stored', async () => {
    setTimes('2020-07-01 12:00:30');
    const store = createSqliteStore({ directory: at('sqlite'), own: OWN, ttlSeconds: 60, ...SQLITE });
    expect(await store.get(gridKey('tiles', { level: 2, col: 3, row: 1 }, 'png'))).toBeUndefined();
    await store.put(gridKey('tiles', { level: 2, col: 3, row: 1 }, 'png'), Buffer.from('new'));
    expect(await store.get(gridKey('tiles', { level: 2, col: 3, row: 1 }, 'png'))).toBeDefined();
    await store.close();
  });

  it('a table made for another grid is refused (danger: tiles of one place shown at another)', async () => {
    const [first, ...others] = described('moon_sw').levels;
    const store = createGeopackageStore({ place: { file: at('sw.gpkg') }, own: OWN, ...described('moon_sw'), levels: [{ ...first!, cellSize: 1 }, ...others], ...SQLITE });
    await expect(store.get(gridKey('tiles', { level: 0, col: 0, row: 0 }, 'png'))).rejects.toThrow("the table 'moon_sw' has tiles of 256x256 pixels of 156543.03");
    await store.close();
  });

  it.each(links.filter(({ image }) => image === 'RGB'))('links to tiles of one colour lie where MapProxy puts them: $mode', async ({ mode, files }) => {
    const link = mode === 'hardlink' ? 'hardlink' : 'symlink';
    const store = createFileStore(at('flat'), { pathOf: layoutPath('tc', 'tiles'), flat: { link, colourOf: async () => 'fe0004' } });
    await store.put(gridKey('tiles', { level: 2, col: 3, row: 4 }, 'png'), Buffer.from('red'));
    const made = readdirSync(at('flat'), { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
    expect(made.map((entry) => path.relative(at('flat'), path.join(entry.parentPath, entry.name))).sort()).toEqual(Object.keys(files).sort());
    expect(made.filter((entry) => entry.isSymbolicLink()).length).toBe(Object.values(files).filter((target) => target !== null).length);
  });
});
