import type { PixelGrid } from '../geometry/lattice/types.ts';
import type { Gathered, RasterSource } from '../io/source/types.ts';
import { over } from '../raster/blend.ts';
import { emptyRaster, RGBA, type Raster } from '../raster/raster.ts';
import { excerptsOf } from '../raster/reproject/excerpts.ts';
import { tooManyPatches } from '../raster/reproject/patches.ts';
import { planReprojection } from '../raster/reproject/plan.ts';
import { resample } from '../raster/reproject/resample.ts';
import type { ReprojectOptions, ReprojectPlan } from '../raster/reproject/types.ts';
import { bandsOf } from './bands.ts';
import { breathe } from './breathe.ts';

/**
 * The picture of a grid from one source: plan, fetch, resample; a large one band by band, so that it can be given up between them and
 * takes no more memory than a small one but for its pixels. The other fetches are given up when one fails.
 * @throws GatewayError TOO_LARGE, FRAME_MISMATCH, UPSTREAM_*
 */
export async function renderSource(
  grid: PixelGrid,
  source: RasterSource,
  options: ReprojectOptions,
  signal: AbortSignal,
): Promise<Raster> {
  if (source.isShownAt?.(grid) === false) return emptyRaster(grid.width, grid.height);
  const plans = await plansOf(bandsOf(grid), source, options, signal);
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const fetch = async (plan: ReprojectPlan): Promise<Gathered> => {
    const { patches } = plan;
    if (source.gather !== undefined) return source.gather({ patches, excerpts: excerptsOf(plan) }, either);
    return { patches, rasters: await Promise.all(patches.map((patch) => source.fetch(patch, either))) };
  };
  try {
    const [only, ...more] = plans;
    return more.length === 0 ? await drawPlan(only!, fetch(only!)) : await drawBands(plans, grid, fetch, signal);
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}

async function plansOf(bands: readonly PixelGrid[], { tiling }: RasterSource, options: ReprojectOptions, signal: AbortSignal): Promise<readonly ReprojectPlan[]> {
  const plans: ReprojectPlan[] = [];
  for (const band of bands) {
    if (plans.length > 0) await breathe(signal);
    plans.push(planReprojection(band, tiling, options));
  }
  const patches = plans.length === 1 ? 0 : new Set(plans.flatMap((plan) => plan.patches.map(({ key }) => key))).size;
  if (patches > options.maxPatches) throw tooManyPatches(options.maxPatches);
  return plans;
}

async function drawPlan(plan: ReprojectPlan, gathered: Promise<Gathered>): Promise<Raster> {
  const { patches, rasters } = await gathered;
  const { width, height } = plan.target;
  return patches.length === 0 ? emptyRaster(width, height) : resample({ ...plan, patches }, rasters);
}

/** Band after band, the next one's patches on their way. */
async function drawBands(plans: readonly ReprojectPlan[], { row, width, height }: PixelGrid, fetch: (plan: ReprojectPlan) => Promise<Gathered>, signal: AbortSignal): Promise<Raster> {
  const picture = emptyRaster(width, height);
  let opaque = true;
  let gathered = fetch(plans[0]!);
  for (const [i, plan] of plans.entries()) {
    const now = gathered;
    await now;
    const next = plans[i + 1];
    if (next !== undefined) gathered = fetch(next);
    gathered.catch(() => {}); // heard of when it is its turn
    const band = await drawPlan(plan, now);
    picture.data.set(band.data, (plan.target.row - row) * width * RGBA);
    opaque &&= band.opaque;
    await breathe(signal);
  }
  return { ...picture, opaque };
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
