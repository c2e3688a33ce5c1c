import path from 'node:path';
import { degreesOnBody } from '../../geometry/crs/alias.ts';
import { nestRows } from '../../geometry/pyramid/nestedRows.ts';
import { projectBbox } from '../../geometry/pyramid/projectBbox.ts';
import type { TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { dimensionsPath } from '../../io/cache/dimensions.ts';
import { createFlatColour } from '../../io/cache/flatColour.ts';
import { createFewOpen } from '../../io/cache/fewOpen.ts';
import { createForgivingStore } from '../../io/cache/forgiving.ts';
import { gridKey, type TileNumber } from '../../io/cache/gridKey.ts';
import { layoutPath } from '../../io/cache/layout.ts';
import { findS3Credentials, type Environment } from '../../io/cache/s3Credentials.ts';
import { createFileStore } from '../../io/cache/store/file.ts';
import { createGeopackageStore } from '../../io/cache/store/geopackage.ts';
import { createMbtilesStore } from '../../io/cache/store/mbtiles.ts';
import { createRedisStore } from '../../io/cache/store/redis.ts';
import { createS3Store } from '../../io/cache/store/s3.ts';
import { createSqliteStore } from '../../io/cache/store/sqlite.ts';
import { createTieredStore } from '../../io/cache/store/tiered.ts';
import type { OwnKeys } from '../../io/cache/store/sqlite/keyedTiles.ts';
import type { SqliteOptions } from '../../io/cache/store/sqlite/tileFile.ts';
import type { TileKey, TileStore } from '../../io/cache/types.ts';
import type { Codec } from '../../raster/codec/types.ts';
import { EXTENSION_OF } from '../../raster/format.ts';
import type {
  CacheConfig,
  CacheGridConfig,
  FileStoreConfig,
  GeopackageStoreConfig,
  MbtilesStoreConfig,
  RedisStoreConfig,
  S3StoreConfig,
  SqliteStoreConfig,
  StoreConfig,
} from '../types.ts';
import { geopackageSrs } from './geopackageSrs.ts';

/** The tiles of one grid of a cache, for one choice of dimensions. */
export interface CacheStore {
  readonly store: TileStore;
  /** The key of a tile in the cache's own format; rows and columns in the grid's own numbers. */
  key(tile: TileNumber): TileKey;
}

/** Whose tiles they are. */
export interface CacheOfGrid {
  readonly cache: Pick<CacheConfig, 'name' | 'format' | 'mixed'>;
  readonly grid: Pick<CacheGridConfig, 'store'> & Partial<Pick<CacheGridConfig, 'read_only' | 'fallback'>>;
  readonly set: TileMatrixSet;
  /** Values that tiles are kept apart by: {time: '2020-08-25'}. Default none. */
  readonly dimensions?: Readonly<Record<string, string>>;
}

export interface CacheStores {
  /** One store for all who ask for the same; nothing is opened or made before the first tile is asked for. */
  ofCache(wanted: CacheOfGrid): CacheStore;
  close(): Promise<void>;
}

export interface CacheStoresOptions {
  readonly codec: Codec;
  /** Hears of trouble that does not keep an answer from being given. */
  report(error: unknown): void;
  /** Where credentials and the region of S3 are looked for. */
  readonly env: Environment;
}

/** What all kinds of store are made from. */
interface Wanted extends CacheOfGrid {
  /** What dimensions add to places; '' = nothing. */
  readonly folder: string;
  readonly own: OwnKeys;
  readonly options: CacheStoresOptions;
}

/** Keys of a grid's tiles name their cache by this word: a store belongs to one grid of one cache, which names itself in the store's place. */
const OWN = 'tiles';
const S3_TIMEOUT_MS = 10_000;
/** Of stores for values of dimensions; of others there are as many as the configuration has. */
const MOST_OPEN = 32;

/** Stores of caches, as their configuration says; a broken one is reported and counts as empty. */
export function createCacheStores(options: CacheStoresOptions): CacheStores {
  const opened = new Map<string, TileStore>();
  const fewOpen = createFewOpen(MOST_OPEN);
  const tier = (config: StoreConfig, wanted: Wanted): TileStore => {
    const id = JSON.stringify([config, wanted.folder, wanted.own.extension]);
    const store = opened.get(id) ?? createForgivingStore(wanted.folder === '' ? storeOf(config, wanted) : fewOpen(storeOf(config, wanted)), options);
    opened.set(id, store);
    return store;
  };
  return {
    ofCache(asked) {
      const wanted = wantedOf(asked, options);
      const { store, read_only: isReadOnly = false, fallback = [] } = asked.grid;
      const first = tier(store, wanted);
      const whole = isReadOnly || fallback.length > 0 ? createTieredStore({ first, isReadOnly, fallback: fallback.map((one) => tier(one, wanted)) }) : first;
      return { store: whole, key: (tile) => gridKey(OWN, tile, wanted.own.extension) };
    },
    async close() {
      const all = [...opened.values()];
      opened.clear();
      await Promise.all(all.map((store) => store.close()));
    },
  };
}

function wantedOf(asked: CacheOfGrid, options: CacheStoresOptions): Wanted {
  return { ...asked, folder: dimensionsPath(asked.dimensions ?? {}), own: { cache: OWN, extension: extensionOf(asked.cache) }, options };
}

/** A store of its own, to be closed by whoever asks for it; trouble is the caller's to hear of. */
export function openCacheStore(asked: CacheOfGrid, options: CacheStoresOptions): CacheStore {
  const wanted = wantedOf(asked, options);
  return { store: storeOf(asked.grid.store, wanted), key: (tile) => gridKey(OWN, tile, wanted.own.extension) };
}

/** MapProxy's ending is what follows the slash of the media type: 'jpeg', where addresses have 'jpg'; 'mixed' for `format: mixed`. */
function extensionOf({ format, mixed }: CacheOfGrid['cache']): string {
  return mixed ? 'mixed' : format.replace('image/', '');
}

function storeOf(store: StoreConfig, wanted: Wanted): TileStore {
  switch (store.type) {
    case 'file':
      return fileStore(store, wanted);
    case 'sqlite':
      return createSqliteStore({ directory: path.join(store.directory, wanted.folder), own: wanted.own, ttlSeconds: store.ttl, ...sqliteOptions(store) });
    case 'mbtiles':
      return mbtilesStore(store, wanted);
    case 'geopackage':
      return geopackageStore(store, wanted);
    case 'redis':
      return redisStore(store, wanted);
    case 's3':
      return s3Store(store, wanted);
  }
}

/** The same file in a folder of the dimensions' own. */
function fileBelow(file: string, folder: string): string {
  return path.join(path.dirname(file), folder, path.basename(file));
}

function fileStore({ directory, directory_layout, permissions, link_single_color_images: link }: FileStoreConfig, { folder, options }: Wanted): TileStore {
  const flat = link === null ? null : { link, colourOf: createFlatColour(options.codec) };
  return createFileStore(path.join(directory, folder), { pathOf: layoutPath(directory_layout, OWN), permissions, flat });
}

function sqliteOptions({ sqlite_timeout, sqlite_wal: wal, permissions }: SqliteStoreConfig | MbtilesStoreConfig | GeopackageStoreConfig): SqliteOptions {
  return { timeoutMs: sqlite_timeout * 1000, wal: wal === null ? 'whileOpen' : wal ? 'always' : 'never', permissions };
}

function mbtilesStore(store: MbtilesStoreConfig, { cache, set, own, folder }: Wanted): TileStore {
  const { levels } = nestRows(set);
  const degrees = projectBbox(set.crs, set.bbox, degreesOnBody(set.crs.frame, 'CRS:84'));
  const metadata = {
    name: cache.name,
    format: EXTENSION_OF[cache.format],
    type: 'overlay',
    version: '1',
    description: `Tiles of ${cache.name} in ${set.id}`,
    ...(degrees === null ? {} : { bounds: degrees.join(',') }),
    minzoom: '0',
    maxzoom: String(levels.length - 1),
    crs: set.crs.id,
  };
  const fromBottom = ({ level, col, row }: TileNumber): TileNumber => ({ level, col, row: levels[level]!.fromBottom(row) });
  return createMbtilesStore({ file: fileBelow(store.filename, folder), own, rows: store.rows, metadata, fromBottom, ...sqliteOptions(store) });
}

function geopackageStore(store: GeopackageStoreConfig, { cache, set, own, folder }: Wanted): TileStore {
  const { extent, levels } = nestRows(set);
  return createGeopackageStore({
    place: store.levels ? { directory: path.join(store.filename, folder) } : { file: fileBelow(store.filename, folder) },
    own,
    table: store.table_name,
    rows: store.rows,
    srs: geopackageSrs(store.srs, set.crs),
    bbox: set.bbox,
    extent,
    levels,
    isWebp: cache.format === 'image/webp',
    fromTop: ({ level, col, row }) => ({ level, col, row: levels[level]!.fromTop(row) }),
    ...sqliteOptions(store),
  });
}

function redisStore(store: RedisStoreConfig, { own, folder }: Wanted): TileStore {
  const { host, port, db, username, password, ssl_certfile: cert, ssl_keyfile: key, ssl_ca_certs: ca } = store;
  const prefix = folder === '' ? store.prefix : `${store.prefix}-${folder}`;
  return createRedisStore({ host, port, db, username, password, prefix, ttlSeconds: store.default_ttl, tls: { cert, key, ca }, own });
}

function s3Store(store: S3StoreConfig, { folder, options: { env } }: Wanted): TileStore {
  const region = store.region_name ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  return createS3Store({
    endpoint: store.endpoint_url ?? `https://s3.${region}.amazonaws.com`,
    bucket: store.bucket_name,
    region,
    credentials: () => findS3Credentials(store.profile_name, env),
    prefix: [store.directory, folder].filter((part) => part !== '').join('/'),
    pathOf: layoutPath(store.directory_layout, OWN),
    acl: store.access_control_list,
    timeoutMs: S3_TIMEOUT_MS,
  });
}
