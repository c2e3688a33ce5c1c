import type { PixelGrid } from '../geometry/lattice/types.ts';
import type { RasterSource } from '../io/source/types.ts';
import { over } from '../raster/blend.ts';
import { emptyRaster, type Raster } from '../raster/raster.ts';
import { planReprojection } from '../raster/reproject/plan.ts';
import { resample } from '../raster/reproject/resample.ts';
import type { ReprojectOptions } from '../raster/reproject/types.ts';

/**
 * The picture of a grid from one source: plan, fetch, resample. The other fetches are given up when one fails.
 * @throws GatewayError TOO_LARGE, FRAME_MISMATCH, UPSTREAM_*
 */
export async function renderSource(
  grid: PixelGrid,
  source: RasterSource,
  options: ReprojectOptions,
  signal: AbortSignal,
): Promise<Raster> {
  if (source.isShownAt?.(grid) === false) return emptyRaster(grid.width, grid.height);
  const plan = planReprojection(grid, source.tiling, options);
  if (plan.patches.length === 0) return emptyRaster(grid.width, grid.height);
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  try {
    const rasters = await Promise.all(plan.patches.map((patch) => source.fetch(patch, either)));
    return resample(plan, rasters);
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}

/** Several sources, bottom first, merged. */
export async function renderSources(
  grid: PixelGrid,
  sources: readonly RasterSource[],
  options: ReprojectOptions,
  signal: AbortSignal,
): Promise<Raster> {
  const rasters = await Promise.all(sources.map((source) => renderSource(grid, source, options, signal)));
  return rasters.length === 0 ? emptyRaster(grid.width, grid.height) : rasters.reduce((bottom, top) => over(bottom, top));
}
