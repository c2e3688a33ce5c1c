import { crsOf } from '../src/geometry/crs/registry.ts';
import { hipsGrid } from '../src/geometry/pyramid/hips.ts';
import { planReprojection } from '../src/raster/reproject/plan.ts';
import { resample } from '../src/raster/reproject/resample.ts';
import { DEFAULT_MAX_ERROR, KERNELS } from '../src/raster/reproject/types.ts';
import { globalSource, moonPicture } from '../test/support/moon.ts';
import { measure, type Figures } from './measure.ts';

/** Goals of a HiPS tile of 512 x 512 from decoded RGBA, mapping included, in TypeScript. */
const GOALS_MS = { nearest: 1.5, bilinear: 5, bicubic: 15 } as const;

/** How long does a tile take once its source is decoded? Mapping, choice of patches, assembling and resampling; one thread. */
export default async function kernels(quick: boolean): Promise<Figures[]> {
  const crs = crsOf('IAU_2015:30100');
  const source = globalSource(await moonPicture(), crs, 512);
  const figures: Figures[] = [];
  const cases = [
    { place: 'order 3, equator', npix: 271, goal: true },
    { place: 'order 3, mid latitude', npix: 400, goal: true },
    { place: 'order 3, north pole', npix: 63, goal: false },
  ];
  for (const { place, npix, goal } of cases) {
    const grid = hipsGrid(crs.frame, { order: 3, npix }, 512);
    for (const kernel of KERNELS) {
      const options = { kernel, maxError: DEFAULT_MAX_ERROR, maxPatches: 500 };
      const rasters = source.rasters(planReprojection(grid, source.tiling, options));
      const work = (): unknown => resample(planReprojection(grid, source.tiling, options), rasters);
      figures.push(await measure(`image -> HiPS 512x512, ${kernel}, ${place}`, work, { runs: quick ? 15 : 100, ...(goal ? { goalMs: GOALS_MS[kernel] } : {}) }));
      if (kernel === 'bicubic') {
        figures.push(await measure(`  of which mapping (${place})`, () => planReprojection(grid, source.tiling, options), { runs: quick ? 15 : 100 }));
      }
    }
  }
  return figures;
}
