import path from 'node:path';
import type { ParsedConfig } from '../schema/config.ts';
import type { CacheGridConfig, FileStoreConfig, GridConfig, PermissionsConfig, StoreConfig } from '../types.ts';
import { type Context, PROCESS_PERMISSIONS, resolvePermissions } from './shared.ts';

type Parsed = ParsedConfig['caches'][string];
type ParsedStore = Parsed['cache'];
type StoreOfType<T extends ParsedStore['type']> = Extract<ParsedStore, { type: T }>;

/** What all kinds of store need to know of a grid of a cache. */
interface Place {
  /** Name of the cache in file names. */
  readonly name: string;
  readonly cache: Parsed;
  /** Name of the grid in file names. */
  readonly grid: string;
  /** 'EPSG3857'. */
  readonly srs: string;
  readonly context: Context;
}

/**
 * Where the tiles of each grid of a cache are, as MapProxy has it. Where two grids of a cache would share one place (MapProxy's
 * {cache}_{SRS} says nothing of the grid) the later ones have their name appended: MapProxy would mix their tiles.
 */
export function resolveStores(key: string, cache: Parsed, grids: ReadonlyMap<string, GridConfig>, context: Context): CacheGridConfig[] {
  const taken = new Set<string>();
  return cache.grids.map((grid) => {
    const srs = grids.get(grid)?.srs ?? context.srsOfPredefinedGrid(grid) ?? grid;
    const place: Place = { name: cache.name ?? key, cache, grid: grids.get(grid)?.name ?? grid, srs: srs.replaceAll(':', ''), context };
    const plain = storeAt(place);
    const store = taken.has(placeOf(plain)) ? apart(plain, grid) : plain;
    taken.add(placeOf(store));
    return { grid, store };
  });
}

function placeOf(store: StoreConfig): string {
  return store.directory;
}

function apart(store: StoreConfig, grid: string): StoreConfig {
  return { ...store, directory: `${store.directory}_${grid}` };
}

function storeAt(place: Place): StoreConfig {
  return fileStore(place, place.cache.cache);
}

function fileStore(place: Place, options: StoreOfType<'file'>): FileStoreConfig {
  const { name, grid, srs, cache, context } = place;
  const { type, directory_layout, use_grid_names: byGrid } = options;
  const below = byGrid ? path.join(name, grid) : `${name}_${srs}`;
  return {
    type,
    directory_layout,
    directory: options.directory === null ? path.join(baseOf(place), below) : path.resolve(context.directory, options.directory),
    permissions: permissionsOf(options, context),
    link_single_color_images: linkOf(cache.link_single_color_images ?? context.parsed.globals.cache.link_single_color_images),
  };
}

/** Directory below which a cache has its own. */
function baseOf({ cache, context }: Place): string {
  return path.resolve(context.directory, cache.cache_dir ?? context.parsed.globals.cache.base_dir);
}

function permissionsOf(options: Parameters<typeof resolvePermissions>[0], { parsed }: Context): PermissionsConfig {
  return resolvePermissions(options, resolvePermissions(parsed.globals.cache, PROCESS_PERMISSIONS));
}

function linkOf(written: boolean | 'symlink' | 'hardlink'): FileStoreConfig['link_single_color_images'] {
  if (typeof written === 'string') return written;
  return written ? 'symlink' : null;
}
