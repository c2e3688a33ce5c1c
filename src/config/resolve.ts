import path from 'node:path';
import { resolveCaches } from './resolve/caches.ts';
import { type PredefinedGrid, resolveGrids } from './resolve/grids.ts';
import { resolveLayers } from './resolve/layers.ts';
import { resolveServices } from './resolve/services.ts';
import { type Context, PROCESS_PERMISSIONS, resolveHttp, resolvePermissions } from './resolve/shared.ts';
import { resolveSources } from './resolve/sources.ts';
import type { ParsedConfig } from './schema/config.ts';
import type { Config, GlobalsConfig } from './types.ts';

/** What resolving must know beyond the file. */
export interface Surroundings {
  readonly directory: string;
  readonly isKnownCrs: (id: string) => boolean;
  readonly predefinedGrid: (name: string) => PredefinedGrid | null;
}

/** Fills in what options inherit from each other. `parsed` has no mistakes left: references lead somewhere. */
export function resolveConfig(parsed: ParsedConfig, { directory, isKnownCrs, predefinedGrid }: Surroundings): Config {
  const context: Context = { parsed, directory, isKnownCrs, srsOfPredefinedGrid: (name) => predefinedGrid(name)?.srs ?? null };
  const grids = resolveGrids(context, predefinedGrid);
  return {
    services: resolveServices(context),
    layers: resolveLayers(parsed.layers, ['layers'], context),
    sources: resolveSources(context),
    caches: resolveCaches(grids, context),
    grids,
    globals: resolveGlobals(context),
    server: { ...parsed.server, public_url: parsed.server.public_url?.replace(/\/+$/, '') ?? null, authorization: resolveAuthorization(parsed.server.authorization, directory) },
  };
}

function resolveGlobals(context: Context): GlobalsConfig {
  const { parsed, directory, isKnownCrs } = context;
  const { image, http, cache, srs, tiles } = parsed.globals;
  const { resampling_method, jpeg_quality, stretch_factor, max_shrink_factor } = image;
  return {
    image: { resampling_method, jpeg_quality, stretch_factor, max_shrink_factor },
    http: { ...resolveHttp(http, null, context), access_control_allow_origin: http.access_control_allow_origin },
    cache: {
      base_dir: path.resolve(directory, cache.base_dir),
      max_tile_limit: cache.max_tile_limit,
      permissions: resolvePermissions(cache, PROCESS_PERMISSIONS),
    },
    srs: { preferred_src_proj: knownOnly(srs.preferred_src_proj, isKnownCrs), definitions: srs.definitions, equidistant_cylindrical: srs.equidistant_cylindrical },
    tiles,
  };
}

function knownOnly(preferred: GlobalsConfig['srs']['preferred_src_proj'], isKnown: (id: string) => boolean): GlobalsConfig['srs']['preferred_src_proj'] {
  return Object.fromEntries(Object.entries(preferred).filter(([id]) => isKnown(id)).map(([id, list]) => [id, list.filter(isKnown)]));
}

/** The path of the module counts from the configuration. */
function resolveAuthorization(authorization: ParsedConfig['server']['authorization'], directory: string): ParsedConfig['server']['authorization'] {
  if (authorization === null || authorization.module === null) return authorization;
  return { ...authorization, module: path.resolve(directory, authorization.module) };
}
