import { crsOf } from '../src/geometry/crs/registry.ts';
import { hipsGrid } from '../src/geometry/pyramid/hips.ts';
import { plainDesk } from '../src/raster/reproject/desk.ts';
import { planReprojection } from '../src/raster/reproject/plan.ts';
import { resampleOn } from '../src/raster/reproject/resample.ts';
import { DEFAULT_MAX_ERROR, KERNELS } from '../src/raster/reproject/types.ts';
import { createSimdDesks } from '../src/raster/reproject/wasm/simdDesk.ts';
import { globalSource, moonPicture } from '../test/support/moon.ts';
import { measure, type Figures } from './measure.ts';

/** The goals, 512 x 512 with the mapping, one thread. */
const GOALS_MS = { nearest: 1, bilinear: 2.5, bicubic: 4.5 } as const;

/** What do the SIMD kernels gain over the readable ones? A plain tile, and one of order 0 whose pixels are means; mapping included. */
export default async function simd(quick: boolean): Promise<Figures[]> {
  const crs = crsOf('IAU_2015:30100');
  const source = globalSource(await moonPicture(), crs, 512);
  const desks = [['readable', plainDesk], ['SIMD', createSimdDesks()]] as const;
  const figures: Figures[] = [];
  for (const { order, npix } of [{ order: 3, npix: 271 }, { order: 0, npix: 4 }]) {
    const grid = hipsGrid(crs.frame, { order, npix }, 512);
    for (const kernel of KERNELS) {
      const options = { kernel, maxError: DEFAULT_MAX_ERROR, maxPatches: 500 };
      const rasters = source.rasters(planReprojection(grid, source.tiling, options));
      for (const [name, desk] of desks) {
        if (desk === null) continue;
        const goal = name === 'SIMD' && order === 3 ? { goalMs: GOALS_MS[kernel] } : {};
        const work = (): unknown => resampleOn(desk, planReprojection(grid, source.tiling, options), rasters);
        figures.push(await measure(`order ${order}, ${kernel}, ${name}`, work, { runs: quick ? 20 : 200, ...goal }));
      }
    }
  }
  return figures;
}
