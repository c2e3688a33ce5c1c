import path from 'node:path';
import type { ImageFormat } from '../../raster/format.ts';
import type { ParsedConfig } from '../schema/config.ts';
import { formatNamed } from '../schema/values.ts';
import type { CacheConfig, CacheGridConfig, GridConfig } from '../types.ts';
import { resolveImageOptions } from './sources.ts';
import { type Context, PROCESS_PERMISSIONS, mapEntries, resolveRefs, resolveCoverage, resolvePermissions, resolveResampling } from './shared.ts';

type Parsed = ParsedConfig['caches'][string];

export function resolveCaches(grids: ReadonlyMap<string, GridConfig>, context: Context): ReadonlyMap<string, CacheConfig> {
  return mapEntries(context.parsed.caches, (name, cache) => resolveCache(name, cache, grids, context));
}

function resolveCache(name: string, cache: Parsed, grids: ReadonlyMap<string, GridConfig>, context: Context): CacheConfig {
  const { globals } = context.parsed;
  const { image } = cache;
  const format = resolveFormat(cache.format, context);
  const inherited = resolvePermissions(globals.cache, PROCESS_PERMISSIONS);
  return {
    name: cache.name ?? name,
    sources: resolveRefs(cache.sources, ['caches', name, 'sources'], 'source', context),
    grids: resolveDirectories(name, cache, grids, context),
    ...format,
    request_format: cache.request_format ?? format.format,
    resampling_method: resolveResampling([image.resampling_method, globals.image.formats[cache.format]?.resampling_method ?? null], context),
    image: resolveImageOptions(image),
    meta_size: cache.meta_size ?? globals.cache.meta_size,
    meta_buffer: cache.meta_buffer ?? globals.cache.meta_buffer,
    disable_storage: cache.disable_storage,
    type: cache.cache.type,
    directory_layout: cache.cache.directory_layout,
    permissions: resolvePermissions(cache.cache, inherited),
    coverage: resolveCoverage(cache.cache.coverage),
    path: ['caches', name],
  };
}

function resolveFormat(name: string, { parsed }: Context): { readonly format: ImageFormat; readonly mixed: boolean; readonly quality: number } {
  const { image } = parsed.globals;
  const alias = image.formats[name];
  const meant = alias?.format ?? name;
  return { format: formatNamed(meant) ?? 'image/png', mixed: meant === 'mixed', quality: alias?.encoding_options.jpeg_quality ?? image.jpeg_quality };
}

/**
 * MapProxy's directories. Where two grids of a cache would share one ({cache}_{SRS} says nothing of the grid), the later ones
 * have their name appended: MapProxy would mix their tiles.
 */
function resolveDirectories(name: string, cache: Parsed, grids: ReadonlyMap<string, GridConfig>, context: Context): CacheGridConfig[] {
  const taken = new Set<string>();
  return cache.grids.map((grid) => {
    const plain = directoryOf(name, cache, grid, grids, context);
    const directory = taken.has(plain) ? `${plain}_${grid}` : plain;
    taken.add(directory);
    return { grid, directory };
  });
}

function directoryOf(name: string, cache: Parsed, grid: string, grids: ReadonlyMap<string, GridConfig>, context: Context): string {
  const { directory, use_grid_names: byGrid } = cache.cache;
  if (directory !== null) return path.resolve(context.directory, directory);
  const base = path.resolve(context.directory, cache.cache_dir ?? context.parsed.globals.cache.base_dir);
  const own = cache.name ?? name;
  if (byGrid) return path.join(base, own, grids.get(grid)?.name ?? grid);
  const srs = grids.get(grid)?.srs ?? context.srsOfPredefinedGrid(grid) ?? grid;
  return path.join(base, `${own}_${srs.replaceAll(':', '')}`);
}
