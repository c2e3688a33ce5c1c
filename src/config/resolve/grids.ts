import type { ParsedConfig } from '../schema/config.ts';
import type { GridConfig } from '../types.ts';
import { type Context, mapEntries } from './shared.ts';

type Parsed = ParsedConfig['grids'][string];

/** MapProxy's default reference system of a grid. */
const DEFAULT_SRS = 'EPSG:900913';

/** Options that a predefined grid has in the place of an own one: see geometry/pyramid/standardSets.ts. */
export interface PredefinedGrid {
  readonly srs: string;
  readonly origin?: 'sw' | 'nw' | 'll' | 'ul';
  readonly bbox?: readonly [number, number, number, number];
  readonly minRes?: number;
  readonly numLevels?: number;
}

export function resolveGrids(context: Context, predefined: (name: string) => PredefinedGrid | null): ReadonlyMap<string, GridConfig> {
  return mapEntries(context.parsed.grids, (name, grid) => complete(name, inherit(grid, context, predefined), context));
}

/** The options of a grid over those of its base, and of the base's base. Cycles have been refused before. */
function inherit(grid: Parsed, context: Context, predefined: (name: string) => PredefinedGrid | null): Parsed {
  if (grid.base === null) return grid;
  const own = context.parsed.grids[grid.base];
  const base = own === undefined ? fromPredefined(grid.base, predefined) : inherit(own, context, predefined);
  const given = Object.entries(grid).filter(([, value]) => value !== null);
  const merged: Parsed = { ...base, name: null, ...(Object.fromEntries(given) as Partial<Parsed>) };
  if (own !== undefined) return merged;
  const placed = isElsewhere(grid, base) ? { ...merged, bbox: grid.bbox, bbox_srs: grid.bbox_srs, min_res: grid.min_res } : merged;
  // Resolutions of its own stand in the place of all that else says which levels there are.
  return grid.res === null ? placed : { ...placed, min_res: grid.min_res, num_levels: grid.num_levels };
}

/** A predefined extent means its own reference system: with another `srs`, the extent of that one counts. */
function isElsewhere(grid: Parsed, base: Partial<Parsed>): boolean {
  return grid.srs !== null && grid.srs !== base.srs;
}

function fromPredefined(name: string, predefined: (name: string) => PredefinedGrid | null): Parsed {
  const { srs = null, origin, bbox = null, minRes = null, numLevels = null } = predefined(name) ?? {};
  return {
    base: null, name: null, srs, bbox, bbox_srs: null, tile_size: null, res: null, res_factor: null, max_res: null,
    threshold_res: null, stretch_factor: null, max_shrink_factor: null, align_resolutions_with: null,
    origin: origin === 'nw' || origin === 'ul' ? 'nw' : 'sw',
    min_res: minRes,
    num_levels: numLevels,
  };
}

function complete(name: string, grid: Parsed, { parsed }: Context): GridConfig {
  const { image, grid: defaults } = parsed.globals;
  const { res, bbox, bbox_srs, num_levels, min_res, max_res, threshold_res, align_resolutions_with } = grid;
  return {
    name: grid.name ?? name,
    srs: grid.srs ?? DEFAULT_SRS,
    origin: grid.origin ?? 'sw',
    tile_size: grid.tile_size ?? defaults.tile_size,
    res: res === null || Array.isArray(res) ? res : Object.entries(res),
    res_factor: grid.res_factor ?? 2,
    stretch_factor: grid.stretch_factor ?? image.stretch_factor,
    max_shrink_factor: grid.max_shrink_factor ?? image.max_shrink_factor,
    bbox, bbox_srs, num_levels, min_res, max_res, threshold_res, align_resolutions_with,
    path: ['grids', name],
  };
}
