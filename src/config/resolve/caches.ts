import path from 'node:path';
import type { ImageFormat } from '../../raster/format.ts';
import type { ParsedConfig } from '../schema/config.ts';
import { formatNamed } from '../schema/values.ts';
import type { CacheConfig, GridConfig, RefreshConfig } from '../types.ts';
import { resolveCoverage } from './coverage.ts';
import { resolvePicture } from './pictures.ts';
import { resolveImageOptions } from './sources.ts';
import { type Context, mapEntries, partRefs, resolveRefs, resolveResampling } from './shared.ts';
import { resolveStores } from './stores.ts';

type Parsed = ParsedConfig['caches'][string];

export function resolveCaches(grids: ReadonlyMap<string, GridConfig>, context: Context): ReadonlyMap<string, CacheConfig> {
  return mapEntries(context.parsed.caches, (name, cache) => resolveCache(name, cache, grids, context));
}

function resolveCache(name: string, cache: Parsed, grids: ReadonlyMap<string, GridConfig>, context: Context): CacheConfig {
  const { globals } = context.parsed;
  const { image } = cache;
  const format = resolveFormat(cache.format, context);
  const refs = resolveRefs(cache.sources, ['caches', name, 'sources'], 'source', context);
  return {
    name: cache.name ?? name,
    ...partRefs(refs, context),
    grids: resolveStores(name, cache, grids, context),
    ...format,
    picture: resolvePicture(cache.format, image, refs.filter(({ kind }) => kind === 'source').map((ref) => context.parsed.sources[ref.name]!.image), context),
    request_format: cache.request_format ?? format.format,
    resampling_method: resolveResampling([image.resampling_method, globals.image.formats[cache.format]?.resampling_method ?? null], context),
    image: resolveImageOptions(image),
    meta_size: cache.meta_size ?? globals.cache.meta_size,
    meta_buffer: cache.meta_buffer ?? globals.cache.meta_buffer,
    disable_storage: cache.disable_storage,
    watermark: cache.watermark,
    use_direct_from_level: cache.use_direct_from_level,
    use_direct_from_res: cache.use_direct_from_res,
    upscale_tiles: cache.upscale_tiles,
    downscale_tiles: cache.downscale_tiles,
    cache_rescaled_tiles: cache.cache_rescaled_tiles,
    refresh_before: resolveRefresh(cache.refresh_before, context),
    coverage: resolveCoverage(cache.cache.coverage, ['caches', name, 'cache', 'coverage'], context.directory),
    path: ['caches', name],
  };
}

function resolveFormat(name: string, { parsed }: Context): { readonly format: ImageFormat; readonly mixed: boolean } {
  const meant = parsed.globals.image.formats[name]?.format ?? name;
  return { format: formatNamed(meant) ?? 'image/png', mixed: meant === 'mixed' };
}

/** MapProxy's order where several are given; nothing given is no limit. */
function resolveRefresh(written: Parsed['refresh_before'], { directory }: Context): RefreshConfig | null {
  const { time, mtime, ...ago } = written ?? {};
  if (time !== undefined) return { time };
  if (mtime !== undefined) return { mtime: path.resolve(directory, mtime) };
  if (Object.keys(ago).length === 0) return null;
  const { weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 } = ago;
  return { seconds: (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds };
}
