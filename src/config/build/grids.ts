import { crsOnFrame } from '../../geometry/crs/alias.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { createGrid, type GridOptions } from '../../geometry/pyramid/mapproxyGrid.ts';
import { projectBbox } from '../../geometry/pyramid/projectBbox.ts';
import { standardSet } from '../../geometry/pyramid/standardSets.ts';
import type { TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import type { ConfigPath } from '../issue.ts';
import type { CacheConfig, GridConfig } from '../types.ts';
import { configError, type BuildContext } from './context.ts';

/** What is needed to know a grid. */
export type GridContext = Pick<BuildContext, 'loaded' | 'registry'>;

/**
 * The tile matrix set of a grid, drawn on a frame: EPSG:4326, CRS:84 and EPSG:3857 mean degrees of that frame.
 * @param path where the grid is asked for
 * @throws ConfigError for a grid of another body, and for options that contradict each other
 */
export function matrixSetOf(name: string, frame: Frame, path: ConfigPath, context: GridContext): TileMatrixSet {
  const config = context.loaded.config.grids.get(name);
  try {
    const set = config === undefined ? standardSet(name, (srs) => crsFor(srs, frame, context)) : createGrid(optionsOf(config, frame, context));
    if (set !== null) return set;
  } catch (error) {
    throw configError(context, path, `the grid '${name}' cannot be used here: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw configError(context, path, `there is no grid '${name}'`);
}

/** A grid with a number of levels or a finest resolution of its own says how deep the tiles go; MapProxy's defaults do not. */
export function saysHowDeep(name: string, { loaded }: GridContext): boolean {
  const config = loaded.config.grids.get(name);
  return config !== undefined && (config.num_levels !== null || config.max_res !== null || config.res !== null);
}

/** A cache without sources shows what its first grid is made for. */
export function frameOfGrids({ grids: [first] }: Pick<CacheConfig, 'grids'>, { loaded, registry }: GridContext): Frame {
  const srs = first === undefined ? null : loaded.config.grids.get(first.grid)?.srs;
  const predefined = first === undefined ? null : standardSet(first.grid, registry.crsOf);
  return (srs === null || srs === undefined ? (predefined?.crs ?? registry.crsOf('EPSG:4326')) : registry.crsOf(srs)).frame;
}

function crsFor(srs: string, frame: Frame, context: GridContext): Crs {
  const crs = context.registry.crsOf(srs);
  const own = crsOnFrame(crs, frame);
  if (own !== null) return own;
  throw new Error(`${crs.id} shows '${crs.frame.id}', the layer shows '${frame.id}'`);
}

/** Options that the configuration gives; what it does not say is left to createGrid. */
function optionsOf(config: GridConfig, frame: Frame, context: GridContext): GridOptions {
  const crs = crsFor(config.srs, frame, context);
  const { res, min_res, max_res, num_levels, align_resolutions_with: aligned } = config;
  return {
    name: config.name,
    crs,
    origin: config.origin,
    tileSize: config.tile_size,
    resFactor: config.res_factor,
    ...given('bbox', bboxIn(crs, config, frame, context)),
    ...given('res', res),
    ...given('minRes', min_res),
    ...given('maxRes', max_res),
    ...given('numLevels', num_levels),
    ...given('alignResolutionsWith', aligned === null ? null : matrixSetOf(aligned, frame, [...config.path, 'align_resolutions_with'], context)),
  };
}

function given<K extends keyof GridOptions>(key: K, value: GridOptions[K] | null): Pick<GridOptions, K> | object {
  return value === null ? {} : { [key]: value };
}

function bboxIn(crs: Crs, { bbox, bbox_srs }: GridConfig, frame: Frame, context: GridContext): Bbox | null {
  if (bbox === null || bbox_srs === null) return bbox;
  const from = crsFor(bbox_srs, frame, context);
  const projected = projectBbox(from, bbox, crs);
  if (projected === null) throw new Error(`${crs.id} shows nothing of the bbox [${bbox.join(', ')}] in ${from.id}`);
  return projected;
}
