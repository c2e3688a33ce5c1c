import { describe, expect, it } from 'vitest';
import type { StoreConfig } from '../../src/config/types.ts';
import { loadText } from './loadText.ts';

const SERVED = 'services: {wmts: }\nlayers: [{name: a, sources: [c]}]\nsources: {s: {type: debug}}\ngrids: {g: {srs: "IAU_2015:30100", bbox: [-180, -90, 180, 90]}, h: {base: g, tile_size: [512, 512]}}\n';

/** Stores of a cache `c` on the grids g and h (or those given). */
function storesOf(store: string, globals = '', grids = '[g]', more = ''): readonly StoreConfig[] {
  const { config } = loadText(`${SERVED}caches: {c: {sources: [s], grids: ${grids}, cache: ${store}${more}}}\nglobals: {cache: {base_dir: /data${globals}}}\n`);
  return config.caches.get('c')!.grids.map((grid) => grid.store);
}

/** Danger: a data centre's warm cache is looked for in another place than where MapProxy left it. Places: mapproxy.config of MapProxy 7. */
describe('where caches keep their tiles', () => {
  it.each([
    ['{type: sqlite}', { directory: '/data/c/g', ttl: 0, sqlite_timeout: 30, sqlite_wal: null }],
    ['{type: sqlite, directory: /tiles, ttl: 60, sqlite_wal: true, sqlite_timeout: 5}', { directory: '/tiles/g', ttl: 60, sqlite_timeout: 5, sqlite_wal: true }],
    ['{type: mbtiles}', { filename: '/data/c.mbtiles', rows: 'standard' }],
    ['{type: mbtiles, filename: moon.mbtiles, rows: grid}', { filename: '/data/moon.mbtiles', rows: 'grid' }],
    ['{type: mbtiles, filename: /tiles/moon.mbtiles}', { filename: '/tiles/moon.mbtiles' }],
    ['{type: mbtiles, directory: /tiles}', { filename: '/tiles/c.mbtiles' }],
    ['{type: geopackage}', { filename: '/data/c.gpkg', table_name: 'c_g', levels: false, srs: 'IAU_2015:30100' }],
    ['{type: geopackage, levels: true}', { filename: '/data/c/g', table_name: 'c_g', levels: true }],
    ['{type: geopackage, levels: true, directory: /tiles, table_name: t}', { filename: '/tiles/g', table_name: 't' }],
    ['{type: redis}', { host: '127.0.0.1', port: 6379, db: 0, prefix: 'c_g', default_ttl: 3600, password: null }],
    ['{type: redis, prefix: p, password: 1234}', { prefix: 'p', password: '1234' }],
    ['{type: s3, bucket_name: b}', { bucket_name: 'b', directory: 'c/g', directory_layout: 'tms', region_name: null }],
    ['{type: s3, bucket_name: b, directory: /x/y/}', { directory: 'x/y' }],
    ['{type: s3, bucket_name: b, directory: x, include_grid_name: true}', { directory: 'x/g' }],
  ] as const)('%s', (written, expected) => expect(storesOf(written)[0]).toMatchObject(expected));

  it('./names of files count from the configuration file', () => {
    const [store] = storesOf('{type: mbtiles, filename: ./moon.mbtiles}');
    expect(store?.type === 'mbtiles' ? store.filename : null).toMatch(/hips-gateway-config-[^/]+\/moon\.mbtiles$/);
  });

  it('globals.cache.s3 has what a cache does not say, permissions and SQLite too', () => {
    const globals = ', s3: {bucket_name: all, region_name: eu-west-1, endpoint_url: "http://minio:9000"}, sqlite_timeout: 7, file_permissions: "640"';
    expect(storesOf('{type: s3, region_name: us-east-2}', globals)[0]).toMatchObject({ bucket_name: 'all', region_name: 'us-east-2', endpoint_url: 'http://minio:9000' });
    expect(storesOf('{type: sqlite}', globals)[0]).toMatchObject({ sqlite_timeout: 7, permissions: { file: 0o640 } });
  });

  it.each(['{type: file}', '{type: mbtiles}', '{type: geopackage, table_name: t}', '{type: redis, prefix: p}', '{type: s3, bucket_name: b, directory: x}'])(
    'never puts two grids in one place (danger: tiles of both mixed): %s',
    (written) => {
      const [one, other] = storesOf(written, '', '[g, h]').map((store) => JSON.stringify(store));
      expect(one).not.toBe(other);
    },
  );

  it('says that S3 needs a bucket', () => {
    expect(() => storesOf('{type: s3}')).toThrow('caches.c.cache: S3 needs a bucket_name');
  });

  it.each(['azureblob', 'compact', 'couchdb'])('says that %s is none of its stores', (type) => {
    expect(() => storesOf(`{type: ${type}}`)).toThrow(type);
  });

  describe('fallback and read_only', () => {
    const gridsOf = (store: string, grids = '[g]') => loadText(`${SERVED}caches: {c: {sources: [s], grids: ${grids}, cache: ${store}}}\nglobals: {cache: {base_dir: /data}}\n`).config.caches.get('c')!.grids;

    it('further stores, each resolved like the first', () => {
      const [grid] = gridsOf('{type: file, read_only: true, fallback: [{type: mbtiles, directory: /old}, {type: file, directory: /older, directory_layout: tms}]}');
      expect(grid).toMatchObject({ read_only: true, store: { type: 'file' }, fallback: [{ type: 'mbtiles', filename: '/old/c.mbtiles' }, { type: 'file', directory: '/older', directory_layout: 'tms' }] });
      expect(gridsOf('{type: file}')[0]).toMatchObject({ read_only: false, fallback: [] });
    });

    it('two grids never share one of them (danger: tiles of both mixed)', () => {
      const [one, other] = gridsOf('{type: file, fallback: [{type: mbtiles, directory: /old}]}', '[g, h]');
      expect(one!.fallback[0]).toMatchObject({ filename: '/old/c.mbtiles' });
      expect(other!.fallback[0]).toMatchObject({ filename: '/old/c_h.mbtiles' });
    });

    it.each([
      ['{type: file, fallback: [{type: s3}]}', 'caches.c.cache.fallback[0]: S3 needs a bucket_name'],
      ['{type: file, fallback: [{type: file, fallback: []}]}', 'fallback'],
      ['{type: file, fallback: [{type: file, directroy: x}]}', "did you mean 'directory'?"],
      ['{type: file, fallback: {type: file}}', 'expected a list'],
    ])('mistakes: %s', (written, message) => expect(() => gridsOf(written)).toThrow(message));
  });

  it('links to tiles of one colour: of the cache, else of globals', () => {
    expect(storesOf('{type: file}')[0]).toMatchObject({ link_single_color_images: null });
    expect(storesOf('{type: file}', ', link_single_color_images: true')[0]).toMatchObject({ link_single_color_images: 'symlink' });
    expect(storesOf('{type: file}', ', link_single_color_images: true', '[g]', ', link_single_color_images: hardlink')[0]).toMatchObject({ link_single_color_images: 'hardlink' });
  });
});

describe('refresh_before', () => {
  const refreshOf = (written: string) =>
    loadText(`${SERVED}caches: {c: {sources: [s], grids: [g], refresh_before: ${written}}}\n`).config.caches.get('c')!.refresh_before;

  it('adds up what is given', () => expect(refreshOf('{weeks: 1, days: 1, hours: 1, minutes: 1, seconds: 1}')).toEqual({ seconds: 694_861 }));
  it('nothing given: no limit', () => expect(refreshOf('{}')).toBeNull());
  it('a time goes first, then a file', () => {
    expect(refreshOf("{time: '2026-11-21T08:00:00', days: 1}")).toEqual({ time: '2026-11-21T08:00:00' });
    expect(refreshOf('{mtime: /stamp, days: 1}')).toEqual({ mtime: '/stamp' });
  });
  it('refuses what is no time', () => expect(() => refreshOf('{time: yesterday}')).toThrow('expected a local time'));
});
