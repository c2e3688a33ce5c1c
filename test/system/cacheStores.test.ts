import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { buildGateway } from '../../src/config/build.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Gateway } from '../../src/service/types.ts';
import { startFakeRedis, type FakeRedis } from '../support/fakeRedis.ts';
import { startFakeS3, type FakeS3 } from '../support/fakeS3.ts';

/** A cache of a small picture of the Moon, with each kind of store, from the YAML to the stored tile. */

let directory = '';
let redis: FakeRedis;
let s3: FakeS3;
beforeAll(async () => {
  [redis, s3] = await Promise.all([startFakeRedis(), startFakeS3(['bucket'])]);
});
afterAll(() => Promise.all([redis.close(), s3.close()]));
beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'stores-'));
  const noise = { width: 64, height: 32, channels: 3 as const, noise: { type: 'gaussian' as const, mean: 128, sigma: 60 }, background: 'grey' };
  await sharp({ create: noise }).png().toFile(path.join(directory, 'moon.png'));
  utimesSync(path.join(directory, 'moon.png'), 1_700_000_000, 1_700_000_000); // SQLite files know whole seconds only
});
afterEach(() => rmSync(directory, { recursive: true }));

interface Opened {
  readonly gateway: Gateway;
  readonly reported: unknown[];
}

async function open(store: string, cache = ''): Promise<Opened> {
  const file = path.join(directory, 'gateway.yaml');
  writeFileSync(file, `
services: {wmts: }
layers: [{name: moon, title: Moon, sources: [tiles]}]
sources: {picture: {type: image, url: moon.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
caches: {tiles: {sources: [picture], grids: [g], cache: ${store}${cache}}}
grids: {g: {srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], origin: sw, tile_size: [64, 64], num_levels: 4}}
globals: {cache: {base_dir: ./data}}
`);
  const reported: unknown[] = [];
  return { gateway: await buildGateway(loadConfig(file, { env: {} }), { threads: 0, report: (error) => reported.push(error) }), reported };
}

/** The tile in the upper left of level 1: rows are counted from below. */
async function tileOf({ gateway }: Opened): Promise<Buffer> {
  const layer = gateway.tiles!.layers.get('moon')!;
  const set = layer.sets[0]!;
  const tile = await layer.tile(set, { matrix: set.tileMatrices[2]!, col: 1, row: 1 }, 'image/png', 1, new AbortController().signal);
  return Buffer.from(tile!.bytes);
}

function rowsOf(file: string, table: string): unknown[] {
  const db = new DatabaseSync(path.join(directory, file), { readOnly: true });
  const rows = db.prepare(`SELECT zoom_level AS z, tile_column AS x, tile_row AS y, tile_data AS data FROM ${table}`).all();
  db.close();
  return rows.map(({ z, x, y, data }) => [z, x, y, Buffer.from(data as Uint8Array)]);
}

describe('the tiles of a cache', () => {
  it.each([
    ['{type: sqlite}', (png: Buffer) => expect(rowsOf('data/tiles/g/2.mbtiles', 'tiles')).toEqual([[2, 1, 1, png]])],
    // level 0 is a square twice as high as the Moon, and so is every level of a file: from -90 to 270 degrees
    ['{type: mbtiles}', (png: Buffer) => expect(rowsOf('data/tiles.mbtiles', 'tiles')).toEqual([[2, 1, 1, png]])],
    ['{type: geopackage}', (png: Buffer) => expect(rowsOf('data/tiles.gpkg', 'tiles_g')).toEqual([[2, 1, 2, png]])],
    ['{type: geopackage, rows: grid, filename: ./here.gpkg, table_name: t}', (png: Buffer) => expect(rowsOf('here.gpkg', 't')).toEqual([[2, 1, 1, png]])],
    ['{type: redis, port: REDIS}', (png: Buffer) => expect(redis.keys().get('tiles_g-2-1-1')).toEqual(png)],
    ['{type: s3, bucket_name: bucket, endpoint_url: S3}', (png: Buffer) => expect(s3.objects.get('bucket/tiles/g/2/1/1.png')?.bytes).toEqual(png)],
    ['{type: file, directory_layout: quadkey}', () => expect(readdirSync(path.join(directory, 'data/tiles_IAU_201530100'))).toEqual(['03.png'])],
  ] as const)('are kept and found again: %s', async (written, check) => {
    const store = written.replace('REDIS', String(redis.port)).replace('S3', `'${s3.url}'`);
    const first = await open(store);
    const png = await tileOf(first);
    await first.gateway.close();
    check(png);
    const second = await open(store);
    expect(await tileOf(second)).toEqual(png);
    await second.gateway.close();
    expect([first.reported, second.reported]).toEqual([[], []]);
  });

  it('are read from the store, not drawn again (danger: a warm cache that is none)', async () => {
    const first = await open('{type: sqlite}');
    await tileOf(first);
    await first.gateway.close();
    const db = new DatabaseSync(path.join(directory, 'data/tiles/g/2.mbtiles'));
    db.prepare('UPDATE tiles SET tile_data = ?').run(Buffer.from('kept'));
    db.close();
    const second = await open('{type: sqlite}');
    expect((await tileOf(second)).toString()).toBe('kept');
    await second.gateway.close();
  });

  it('come without a store that is away, which is reported', async () => {
    const opened = await open('{type: redis, port: 1}');
    expect((await tileOf(opened)).subarray(1, 4).toString()).toBe('PNG');
    expect(opened.reported.length).toBeGreaterThan(0);
    await opened.gateway.close();
  });

  it('are drawn again once they are too old, also those in memory', async () => {
    const opened = await open('{type: sqlite}', ', refresh_before: {seconds: 1}');
    const file = path.join(directory, 'data/tiles/g/2.mbtiles');
    const png = await tileOf(opened);
    const mark = new DatabaseSync(file);
    mark.prepare('UPDATE tiles SET tile_data = ?').run(Buffer.from('old'));
    mark.close();
    await new Promise((resolve) => setTimeout(resolve, 2100));
    expect(await tileOf(opened)).toEqual(png);
    expect(rowsOf('data/tiles/g/2.mbtiles', 'tiles')).toEqual([[2, 1, 1, png]]);
    await opened.gateway.close();
  });

  it('stay without such a rule', async () => {
    const first = await open('{type: file}');
    const png = await tileOf(first);
    await first.gateway.close();
    const layer = path.join(directory, 'data/tiles_IAU_201530100/02/000/000/001/000/000/001.png');
    writeFileSync(layer, 'kept');
    const second = await open('{type: file}');
    expect((await tileOf(second)).toString()).toBe('kept');
    await second.gateway.close();
    expect(png.length).toBeGreaterThan(100);
  });
});

describe('stores behind a store', () => {
  const old = '{type: mbtiles, filename: ./old.mbtiles, rows: grid}';
  const mine = "{type: file, directory: ./mine, directory_layout: tms";

  /** A tile of another colour where `tileOf` looks, in an MBTiles file that somebody else made. */
  async function makeOld(): Promise<Buffer> {
    const filling = await open(old);
    await tileOf(filling);
    await filling.gateway.close();
    const red = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } }).png().toBuffer();
    const db = new DatabaseSync(path.join(directory, 'old.mbtiles'));
    db.prepare('UPDATE tiles SET tile_data = ?').run(red);
    db.close();
    return red;
  }

  it('a tile that the first does not have comes from them, and is written nowhere', async () => {
    const red = await makeOld();
    const opened = await open(`${mine}, fallback: [${old}]}`);
    expect(await tileOf(opened)).toEqual(red);
    await opened.gateway.close();
    expect(readdirSync(directory)).not.toContain('mine');
    expect(opened.reported).toEqual([]);
  });

  it('what is made is written into the first, which then comes before them', async () => {
    const red = await makeOld();
    const opened = await open(`${mine}, fallback: [${old}]}`, ", refresh_before: {time: '2100-01-01T00:00:00'}");
    const made = await tileOf(opened);
    await opened.gateway.close();
    expect(made).not.toEqual(red);
    expect(readdirSync(path.join(directory, 'mine/2/1'))).toEqual(['1.png']);
    const again = await open(`${mine}, fallback: [${old}]}`);
    expect(await tileOf(again)).toEqual(made);
    await again.gateway.close();
    expect(rowsOf('old.mbtiles', 'tiles')).toEqual([[2, 1, 1, red]]);
  });

  it('one that is broken counts as empty', async () => {
    writeFileSync(path.join(directory, 'old.mbtiles'), 'no database');
    const opened = await open(`${mine}, fallback: [${old}]}`);
    expect((await sharp(await tileOf(opened)).metadata()).width).toBe(64);
    await opened.gateway.close();
    expect(opened.reported).toHaveLength(1);
  });

  it('read_only: tiles are made and not kept, those that are there are served', async () => {
    const opened = await open(`${mine}, read_only: true}`);
    await tileOf(opened);
    await opened.gateway.close();
    expect(readdirSync(directory)).not.toContain('mine');
    const red = await makeOld();
    const reading = await open('{type: mbtiles, filename: ./old.mbtiles, rows: grid, read_only: true}');
    expect(await tileOf(reading)).toEqual(red);
    await reading.gateway.close();
  });
});

describe('the tiles of a HiPS', () => {
  async function openHips(store: string, where: 'services' | 'layer'): Promise<Opened> {
    const file = path.join(directory, 'gateway.yaml');
    const named = 'tile_cache: tiles';
    writeFileSync(file, `
services: {hips: {formats: [png]${where === 'services' ? `, ${named}` : ''}}}
layers: [{name: moon, title: Moon, sources: [picture], md: {hips: {hips_order: 1, hips_tile_width: 64${where === 'layer' ? `, ${named}` : ''}}}}]
sources: {picture: {type: image, url: moon.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
caches: {tiles: {sources: [], grids: [g], cache: ${store}}}
grids: {g: {srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], origin: sw, tile_size: [64, 64], num_levels: 4}}
globals: {cache: {base_dir: ./data}}
`);
    const reported: unknown[] = [];
    return { gateway: await buildGateway(loadConfig(file, { env: {} }), { threads: 0, report: (error) => reported.push(error) }), reported };
  }

  const never = new AbortController().signal;
  const hipsTile = async ({ gateway }: Opened, npix: number): Promise<Buffer> => Buffer.from((await gateway.hips!.layers.get('moon')!.tile(1, npix, 'image/png', never))!.bytes);
  const allsky = async ({ gateway }: Opened): Promise<Buffer> => Buffer.from((await gateway.hips!.layers.get('moon')!.allsky(1, 'image/png', never)).bytes);

  /** The picture cannot be drawn any more, and nothing tells so: same size, same time. */
  function spoil(): void {
    const picture = path.join(directory, 'moon.png');
    writeFileSync(picture, readFileSync(picture).fill(0, 400, 1400));
    utimesSync(picture, 1_700_000_000, 1_700_000_000);
  }

  it.each([
    ['{type: file, directory: ./mine}', 'services'],
    ['{type: sqlite}', 'services'],
    ['{type: mbtiles}', 'layer'],
    ['{type: geopackage}', 'layer'],
    ['{type: redis, port: REDIS}', 'layer'],
    ['{type: s3, bucket_name: bucket, endpoint_url: S3}', 'services'],
  ] as const)('live in the store of a cache: %s (danger: each of several servers draws them all)', async (written, where) => {
    const store = written.replace('REDIS', String(redis.port)).replace('S3', `'${s3.url}'`);
    const first = await openHips(store, where);
    const [tile, mosaic] = [await hipsTile(first, 7), await allsky(first)];
    await first.gateway.close();
    spoil();
    const second = await openHips(store, where);
    expect(await hipsTile(second, 7)).toEqual(tile);
    expect(await allsky(second)).toEqual(mosaic);
    await expect(hipsTile(second, 8)).rejects.toThrow(); // which nobody stored
    await second.gateway.close();
    expect([first.reported, second.reported]).toEqual([[], []]);
    expect(readdirSync(directory).includes('data') && readdirSync(path.join(directory, 'data')).some((name) => name.startsWith('moon.hips-'))).toBe(false);
  });

  it('of a cache that there is not: the nearest name is told', async () => {
    await expect(openHips('{type: file}', 'layer').then(() => null)).resolves.toBeNull();
    const file = path.join(directory, 'gateway.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('tile_cache: tiles', 'tile_cache: tile'));
    expect(() => loadConfig(file, { env: {} })).toThrow("there is no cache 'tile'; there are: tiles; did you mean 'tiles'?");
  });
});
