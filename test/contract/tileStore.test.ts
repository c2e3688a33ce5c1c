import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIRECTORY_LAYOUTS, layoutPath, type DirectoryLayout } from '../../src/io/cache/layout.ts';
import { createFileStore } from '../../src/io/cache/store/file.ts';
import { createMemoryStore } from '../../src/io/cache/store/memory.ts';
import { createGeopackageStore } from '../../src/io/cache/store/geopackage.ts';
import { createMbtilesStore } from '../../src/io/cache/store/mbtiles.ts';
import { createRedisStore } from '../../src/io/cache/store/redis.ts';
import { createS3Store, type S3Credentials } from '../../src/io/cache/store/s3.ts';
import { createSqliteStore } from '../../src/io/cache/store/sqlite.ts';
import type { GeopackageDescription } from '../../src/io/cache/store/sqlite/geopackageSchema.ts';
import type { SqliteOptions } from '../../src/io/cache/store/sqlite/tileFile.ts';
import type { TileNumber } from '../../src/io/cache/gridKey.ts';
import { createTieredStore } from '../../src/io/cache/store/tiered.ts';
import type { TileStore } from '../../src/io/cache/types.ts';
import { startFakeRedis, type FakeRedis } from '../support/fakeRedis.ts';
import { startFakeS3, type FakeS3 } from '../support/fakeS3.ts';
import { bytes, describeTileStores, key, OWN } from './tileStoreSuite.ts';

const made: string[] = [];
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tilestore-'));
  made.push(directory);
  return directory;
}

/** Stands for the colour of a picture: bytes that are all the same. */
async function oneLetter(of: Uint8Array): Promise<string | null> {
  return of.length > 0 && of.every((byte) => byte === of[0]) ? of[0]!.toString(16).padStart(6, '0') : null;
}

const SQLITE: SqliteOptions = { timeoutMs: 5000, wal: 'whileOpen', permissions: { directory: null, file: null } };
const flipped = ({ level, col, row }: TileNumber): TileNumber => ({ level, col, row: 2 ** level - 1 - row });
const GEOPACKAGE: GeopackageDescription = {
  table: 'moon_g', rows: 'standard', isWebp: false, bbox: [-180, -90, 180, 90], extent: [-180, -90, 180, 90], fromTop: flipped,
  srs: { name: 'Moon', organization: 'IAU_2015', code: 30100, definition: 'undefined' },
  levels: [0, 1, 2, 3].map((z) => ({ columns: 2 ** (z + 1), rows: 2 ** z, tileWidth: 256, tileHeight: 256, cellSize: 180 / 256 / 2 ** z })),
};

const MIB = 1024 * 1024;
let redis: FakeRedis;
let s3: FakeS3;
beforeAll(async () => {
  [redis, s3] = await Promise.all([startFakeRedis({ password: 'secret' }), startFakeS3(['bucket'])]);
});
afterAll(() => Promise.all([redis.close(), s3.close()]));
/** Each test has keys of its own. */
let prefixes = 0;

function redisStore(ttlSeconds: number): TileStore {
  const tls = { cert: null, key: null, ca: null };
  return createRedisStore({ host: '127.0.0.1', port: redis.port, db: 3, username: null, password: 'secret', prefix: `p${prefixes++}`, ttlSeconds, tls, own: OWN });
}

function s3Store(layout: DirectoryLayout): TileStore {
  const credentials = async (): Promise<S3Credentials> => ({ accessKeyId: 'id', secretAccessKey: 'key', sessionToken: null });
  const place = { endpoint: s3.url, bucket: 'bucket', region: 'eu-central-1', prefix: `p ${prefixes++}/ü`, pathOf: layoutPath(layout, 'moon') };
  return createS3Store({ ...place, credentials, acl: null, timeoutMs: 5000 });
}

const STORES: readonly (readonly [string, () => TileStore])[] = [
  ['memory', () => createMemoryStore(16 * MIB)],
  ['file', () => createFileStore(freshDirectory())],
  ...DIRECTORY_LAYOUTS.map((layout) => [`file, ${layout}`, () => createFileStore(freshDirectory(), { pathOf: layoutPath(layout, 'moon') })] as const),
  ['file, linked', () => createFileStore(freshDirectory(), { pathOf: layoutPath('tc', 'moon'), flat: { link: 'symlink', colourOf: oneLetter } })],
  ['file, hard linked', () => createFileStore(freshDirectory(), { pathOf: layoutPath('tc', 'moon'), flat: { link: 'hardlink', colourOf: oneLetter } })],
  ['sqlite', () => createSqliteStore({ directory: join(freshDirectory(), 'new'), own: OWN, ttlSeconds: 0, ...SQLITE })],
  ['mbtiles', () => createMbtilesStore({ file: join(freshDirectory(), 'new/tiles.mbtiles'), own: OWN, rows: 'standard', metadata: {}, fromBottom: flipped, ...SQLITE })],
  ['mbtiles without a log', () => createMbtilesStore({ file: join(freshDirectory(), 't.mbtiles'), own: OWN, rows: 'grid', metadata: {}, fromBottom: flipped, ...SQLITE, wal: 'never' })],
  ['geopackage', () => createGeopackageStore({ place: { file: join(freshDirectory(), 'new/tiles.gpkg') }, own: OWN, ...GEOPACKAGE, ...SQLITE })],
  ['geopackage, a file per level', () => createGeopackageStore({ place: { directory: join(freshDirectory(), 'new') }, own: OWN, ...GEOPACKAGE, ...SQLITE })],
  ['redis', () => redisStore(3600)],
  ['redis without a time to live', () => redisStore(0)],
  ['s3', () => s3Store('tms')],
  ['s3, tc', () => s3Store('tc')],
  ['tiered', () => createTieredStore({ first: createFileStore(freshDirectory()), isReadOnly: false, fallback: [createMemoryStore(MIB), createFileStore(freshDirectory())] })],
];

describeTileStores(STORES);

describe('file store', () => {
  it('lays tiles out as plain files, with their time (danger: a warm cache lost by an update)', async () => {
    const root = freshDirectory();
    await createFileStore(root).put(key('Norder3/Dir0/Npix271'), bytes('tile'));
    const path = join(root, 'moon/Norder3/Dir0/Npix271.png');
    expect(readFileSync(path, 'utf8')).toBe('tile');
    utimesSync(path, 1000, 1000);
    expect((await createFileStore(root).get(key('Norder3/Dir0/Npix271')))!.modified).toEqual(new Date(1_000_000));
  });

  it('leaves nothing unfinished behind, even when a put fails (danger: a disk slowly filling)', async () => {
    const root = freshDirectory();
    const store = createFileStore(root);
    await Promise.all(Array.from({ length: 8 }, (_, i) => store.put(key('a'), bytes(`v${i}`))));
    await store.put(key('dir.png/x'), bytes('x'));
    await expect(store.put(key('dir'), bytes('a file where a folder is'))).rejects.toThrow('EISDIR');
    expect(readdirSync(join(root, 'moon')).sort()).toEqual(['a.png', 'dir.png']);
  });

  it('ignores what a crash left unfinished (danger: half a tile after a restart)', async () => {
    const root = freshDirectory();
    const store = createFileStore(root);
    await store.put(key('a'), bytes('whole'));
    writeFileSync(join(root, 'moon', 'a.png.0e9b2c1e~'), 'ha');
    writeFileSync(join(root, 'moon', 'b.png.0e9b2c1e~'), 'ha');
    expect(Buffer.from((await store.get(key('a')))!.bytes).toString()).toBe('whole');
    expect(await store.get(key('b'))).toBeUndefined();
  });
});

describe('memory store', () => {
  it('drops the least recently used tile beyond its bytes (danger: memory without end)', async () => {
    const store = createMemoryStore(10_000);
    for (const name of ['a', 'b', 'c']) await store.put(key(name), Buffer.alloc(3000));
    await store.get(key('a'));
    await store.put(key('d'), Buffer.alloc(3000));
    const there = await Promise.all(['a', 'b', 'c', 'd'].map(async (n) => (await store.get(key(n))) !== undefined));
    expect(there).toEqual([true, false, true, true]);
    for (let i = 0; i < 100; i++) await store.put(key(`empty${i}`), new Uint8Array(0));
    const empties = await Promise.all(Array.from({ length: 100 }, async (_, i) => await store.get(key(`empty${i}`))));
    expect(empties.filter((t) => t !== undefined).length).toBeLessThan(50);
  });
});

describe('tiered store', () => {
  const textOf = async (store: TileStore, name: string) => {
    const tile = await store.get(key(name));
    return tile === undefined ? undefined : Buffer.from(tile.bytes).toString();
  };
  const filled = async (...names: readonly string[]): Promise<TileStore> => {
    const store = createMemoryStore(MIB);
    for (const name of names) await store.put(key(name), bytes(`${name} of ${names.join('')}`));
    return store;
  };

  it('asks its stores in turn (danger: a worse tile before a better one)', async () => {
    const store = createTieredStore({ first: await filled('a'), isReadOnly: false, fallback: [await filled('a', 'b'), await filled('a', 'b', 'c')] });
    expect(await Promise.all(['a', 'b', 'c', 'd'].map((name) => textOf(store, name)))).toEqual(['a of a', 'b of ab', 'c of abc', undefined]);
  });

  it('a stored "nothing here" is found, and hides what is behind (danger: holes filled with old tiles)', async () => {
    const first = createMemoryStore(MIB);
    await first.put(key('a'), new Uint8Array(0));
    expect(await textOf(createTieredStore({ first, isReadOnly: false, fallback: [await filled('a')] }), 'a')).toBe('');
  });

  it('writes to the first alone (danger: an archive that is overwritten)', async () => {
    const [first, archive] = [await filled('a'), await filled('a', 'b')];
    const store = createTieredStore({ first, isReadOnly: false, fallback: [archive] });
    await store.put(key('b'), bytes('new'));
    await store.delete(key('a'));
    expect([await textOf(store, 'b'), await textOf(archive, 'b'), await textOf(first, 'a'), await textOf(archive, 'a')]).toEqual(['new', 'b of ab', undefined, 'a of ab']);
  });

  it('read only: keeps nothing and loses nothing, and still knows a key from none', async () => {
    const first = await filled('a');
    const store = createTieredStore({ first, isReadOnly: true, fallback: [] });
    await store.put(key('a'), bytes('new'));
    await store.put(key('b'), bytes('new'));
    await store.delete(key('a'));
    expect([await textOf(first, 'a'), await textOf(first, 'b')]).toEqual(['a of a', undefined]);
    await expect(store.put(key('../x'), bytes('x'))).rejects.toMatchObject({ code: 'INVALID_PARAMETER' });
    await expect(store.delete(key('../x'))).rejects.toMatchObject({ code: 'INVALID_PARAMETER' });
  });
});
