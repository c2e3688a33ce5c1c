import path from 'node:path';
import type { ParsedConfig } from '../schema/config.ts';
import type {
  CacheGridConfig,
  FileStoreConfig,
  GeopackageStoreConfig,
  GridConfig,
  MbtilesStoreConfig,
  PermissionsConfig,
  RedisStoreConfig,
  S3StoreConfig,
  SqliteStoreConfig,
  StoreConfig,
} from '../types.ts';
import { type Context, PROCESS_PERMISSIONS, resolvePermissions } from './shared.ts';

type Parsed = ParsedConfig['caches'][string];
/** Without what a cache says of its stores together. */
type ParsedStore = Parsed['cache']['fallback'][number];
type StoreOfType<T extends ParsedStore['type']> = Extract<ParsedStore, { type: T }>;

/** What all kinds of store need to know of a grid of a cache. */
interface Place {
  /** Name of the cache in file names. */
  readonly name: string;
  readonly cache: Parsed;
  /** Name of the grid in file names. */
  readonly grid: string;
  readonly srs: string;
  readonly context: Context;
}

/**
 * Where the tiles of each grid of a cache are, as MapProxy has it. Where two grids of a cache would share one place (its
 * {cache}_{SRS} says nothing of the grid, nor does the name of an MBTiles file) the later ones have their name appended: MapProxy
 * would mix their tiles.
 */
export function resolveStores(key: string, cache: Parsed, grids: ReadonlyMap<string, GridConfig>, context: Context): CacheGridConfig[] {
  const { read_only, fallback } = cache.cache;
  const tiers = [cache.cache, ...fallback].map((options) => ({ options, taken: new Set<string>() }));
  return cache.grids.map((grid) => {
    const srs = grids.get(grid)?.srs ?? context.srsOfPredefinedGrid(grid) ?? grid;
    const place: Place = { name: cache.name ?? key, cache, grid: grids.get(grid)?.name ?? grid, srs, context };
    const [store, ...others] = tiers.map(({ options, taken }) => {
      const plain = storeAt(place, options);
      const own = taken.has(placeOf(plain)) ? apart(plain, grid) : plain;
      taken.add(placeOf(own));
      return own;
    });
    return { grid, store: store!, read_only, fallback: others };
  });
}

/** Two stores of one cache mix their tiles if these are the same. */
function placeOf(store: StoreConfig): string {
  switch (store.type) {
    case 'mbtiles':
      return store.filename;
    case 'geopackage':
      return `${store.filename} ${store.table_name}`;
    case 'redis':
      return store.prefix;
    default:
      return store.directory;
  }
}

function apart(store: StoreConfig, grid: string): StoreConfig {
  switch (store.type) {
    case 'mbtiles': {
      const { dir, name, ext } = path.parse(store.filename);
      return { ...store, filename: path.join(dir, `${name}_${grid}${ext}`) };
    }
    case 'geopackage':
      return { ...store, table_name: `${store.table_name}_${grid}` };
    case 'redis':
      return { ...store, prefix: `${store.prefix}_${grid}` };
    default:
      return { ...store, directory: `${store.directory}_${grid}` };
  }
}

function storeAt(place: Place, options: ParsedStore): StoreConfig {
  switch (options.type) {
    case 'file':
      return fileStore(place, options);
    case 'sqlite':
      return sqliteStore(place, options);
    case 'mbtiles':
      return mbtilesStore(place, options);
    case 'geopackage':
      return geopackageStore(place, options);
    case 'redis':
      return redisStore(place, options);
    case 's3':
      return s3Store(place, options);
  }
}

function fileStore(place: Place, options: StoreOfType<'file'>): FileStoreConfig {
  const { name, grid, srs, cache, context } = place;
  const { type, directory_layout, use_grid_names: byGrid } = options;
  const below = byGrid ? path.join(name, grid) : `${name}_${srs.replaceAll(':', '')}`;
  return {
    type,
    directory_layout,
    directory: options.directory === null ? path.join(baseOf(place), below) : path.resolve(context.directory, options.directory),
    permissions: permissionsOf(options, context),
    link_single_color_images: linkOf(cache.link_single_color_images ?? context.parsed.globals.cache.link_single_color_images),
  };
}

function sqliteStore(place: Place, options: StoreOfType<'sqlite'>): SqliteStoreConfig {
  const { type, ttl, directory } = options;
  return { type, ttl, directory: ownDirectory(place, directory), ...sqliteOptions(options, place.context) };
}

function mbtilesStore(place: Place, options: StoreOfType<'mbtiles'>): MbtilesStoreConfig {
  const { type, rows } = options;
  return { type, rows, filename: fileIn(place, options, 'mbtiles'), ...sqliteOptions(options, place.context) };
}

function geopackageStore(place: Place, options: StoreOfType<'geopackage'>): GeopackageStoreConfig {
  const { type, rows, levels, directory, table_name: table } = options;
  const filename = levels ? ownDirectory(place, directory) : fileIn(place, options, 'gpkg');
  return { type, rows, levels, filename, table_name: table ?? tableName(place), srs: place.srs, ...sqliteOptions(options, place.context) };
}

function redisStore({ name, grid, context }: Place, options: StoreOfType<'redis'>): RedisStoreConfig {
  const { type, host, port, db, username, password, default_ttl, prefix } = options;
  const absolute = (file: string | null): string | null => (file === null ? null : path.resolve(context.directory, file));
  return {
    type, host, port, db, username, password, default_ttl,
    prefix: prefix ?? `${name}_${grid}`,
    ssl_certfile: absolute(options.ssl_certfile),
    ssl_keyfile: absolute(options.ssl_keyfile),
    ssl_ca_certs: absolute(options.ssl_ca_certs),
  };
}

function s3Store({ name, grid, context }: Place, options: StoreOfType<'s3'>): S3StoreConfig {
  const { s3 } = context.parsed.globals.cache;
  const { type, directory_layout, directory } = options;
  const byGrid = options.include_grid_name ?? s3.include_grid_name ?? false;
  const parts = directory === null ? [name, grid] : [directory, ...(byGrid ? [grid] : [])];
  return {
    type,
    directory_layout,
    directory: parts.join('/').replace(/^\/+|\/+$/g, ''),
    bucket_name: options.bucket_name ?? s3.bucket_name ?? '',
    profile_name: options.profile_name ?? s3.profile_name,
    region_name: options.region_name ?? s3.region_name,
    endpoint_url: options.endpoint_url ?? s3.endpoint_url,
    access_control_list: options.access_control_list ?? s3.access_control_list,
  };
}

/** Directory below which a cache has its own. */
function baseOf({ cache, context }: Place): string {
  return path.resolve(context.directory, cache.cache_dir ?? context.parsed.globals.cache.base_dir);
}

/** {directory}/{grid}, {base}/{cache}/{grid}. */
function ownDirectory(place: Place, directory: string | null): string {
  const parent = directory === null ? path.join(baseOf(place), place.name) : path.resolve(place.context.directory, directory);
  return path.join(parent, place.grid);
}

/** A name that begins with './' counts from the configuration file, another one from the directory of caches. */
function fileIn(place: Place, { filename, directory }: StoreOfType<'mbtiles' | 'geopackage'>, extension: string): string {
  const { name, context } = place;
  if (filename?.startsWith('./') === true) return path.resolve(context.directory, filename);
  const parent = directory === null ? baseOf(place) : path.resolve(context.directory, directory);
  return path.resolve(parent, filename ?? `${name}.${extension}`);
}

/** MapProxy's, with the characters that it refuses replaced. */
function tableName({ name, grid }: Place): string {
  return `${name}_${grid}`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
}

type SqliteOptions = StoreOfType<'sqlite' | 'mbtiles' | 'geopackage'>;

function sqliteOptions(options: SqliteOptions, context: Context): Pick<SqliteStoreConfig, 'sqlite_timeout' | 'sqlite_wal' | 'permissions'> {
  const { cache } = context.parsed.globals;
  return {
    sqlite_timeout: options.sqlite_timeout ?? cache.sqlite_timeout,
    sqlite_wal: options.sqlite_wal ?? cache.sqlite_wal,
    permissions: permissionsOf(options, context),
  };
}

function permissionsOf(options: Parameters<typeof resolvePermissions>[0], { parsed }: Context): PermissionsConfig {
  return resolvePermissions(options, resolvePermissions(parsed.globals.cache, PROCESS_PERMISSIONS));
}

function linkOf(written: boolean | 'symlink' | 'hardlink'): FileStoreConfig['link_single_color_images'] {
  if (typeof written === 'string') return written;
  return written ? 'symlink' : null;
}
