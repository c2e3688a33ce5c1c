import { crsOnFrame } from '../../geometry/crs/alias.ts';
import { crsOfSpec } from '../../geometry/lattice/spec.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { projectBbox } from '../../geometry/pyramid/projectBbox.ts';
import type { CacheConfig } from '../types.ts';
import { configError, type BuildContext } from './context.ts';
import { bboxOfMap } from './directMaps.ts';
import { frameOfGrids, matrixSetOf } from './grids.ts';

/** Whether a map is so fine that its source is asked for it as if there were no cache. */
export type IsDirect = (grid: PixelGrid) => boolean;

/**
 * `use_direct_from_level` or `use_direct_from_res` of a cache, as in MapProxy: the smaller side of a pixel counts, in the reference system
 * of the first grid. null = the cache has neither.
 * @throws ConfigError for a level that the grid does not have
 */
export function directFrom(cache: CacheConfig, context: BuildContext): IsDirect | null {
  const { use_direct_from_level: level, use_direct_from_res: res } = cache;
  if (level === null && res === null) return null;
  const { crs, tileMatrices } = matrixSetOf(cache.grids[0]!.grid, frameOfGrids(cache, context), [...cache.path, 'grids', 0], context);
  const finest = level === null ? res! : tileMatrices[level]?.cellSize;
  if (finest === undefined) throw configError(context, [...cache.path, 'use_direct_from_level'], `the grid '${cache.grids[0]!.grid}' has the levels 0 to ${tileMatrices.length - 1}`);
  return (grid) => {
    const { spec } = grid.lattice;
    if (spec.kind === 'healpix') return false;
    const to = crsOnFrame(crs, spec.frame);
    const bbox = to === null ? null : projectBbox(crsOfSpec(spec.crs, spec.frame, context.registry.crsOf), bboxOfMap(spec, grid), to);
    return bbox !== null && Math.min((bbox[2] - bbox[0]) / grid.width, (bbox[3] - bbox[1]) / grid.height) <= finest;
  };
}
