import { crsOf } from '../src/geometry/crs/registry.ts';
import { crsLatticeOfBbox } from '../src/geometry/lattice/crsLattice.ts';
import { healpixLattice } from '../src/geometry/lattice/healpixLattice.ts';
import type { PixelGrid } from '../src/geometry/lattice/types.ts';
import { planReprojection } from '../src/raster/reproject/plan.ts';
import { resample } from '../src/raster/reproject/resample.ts';
import { DEFAULT_MAX_ERROR, KERNELS } from '../src/raster/reproject/types.ts';
import { plainTiling } from '../test/support/memorySource.ts';
import { measure, quantile, type Amount, type Figures } from './measure.ts';

/** The mapping may take this much of the time that bicubic resampling takes, per cent. */
const SHARE_GOAL = 25;

/** How long does a map from decoded HiPS tiles take, and how much of it is the mapping? One thread. */
export default async function hipsToMap(quick: boolean): Promise<(Figures | Amount)[]> {
  const frame = crsOf('IAU_2015:30100').frame;
  const lattices = [12, 11, 10, 9].map((order) => healpixLattice(frame, order));
  const tiling = plainTiling(lattices, 512);
  const noise = new Uint8Array(512 * 512 * 4).map((_, i) => (i % 4 === 3 ? 255 : (i * 2_654_435_761) >>> 24));
  const tile = { width: 512, height: 512, data: noise, opaque: true };
  const figures: (Figures | Amount)[] = [];
  const targets = [
    { name: 'WMTS 256x256, plate carree', code: 'IAU_2015:30100', bbox: [22.5, 0, 33.75, 11.25], width: 256, height: 256 },
    { name: 'WMTS 256x256, polar stereographic', code: 'IAU_2015:30130', bbox: [0, 0, 400_000, 400_000], width: 256, height: 256 },
    { name: 'WMTS 256x256, orthographic', code: 'IAU_2015:30165', bbox: [300_000, 300_000, 700_000, 700_000], width: 256, height: 256 },
    { name: 'GetMap 1024x512, plate carree', code: 'IAU_2015:30100', bbox: [-45, -22.5, 45, 22.5], width: 1024, height: 512 },
    { name: 'GetMap 1024x512, polar stereographic', code: 'IAU_2015:30130', bbox: [-1_600_000, -800_000, 1_600_000, 800_000], width: 1024, height: 512 },
    { name: 'GetMap 1024x512, orthographic', code: 'IAU_2015:30165', bbox: [-1_700_000, -850_000, 1_700_000, 850_000], width: 1024, height: 512 },
  ] as const;
  for (const { name, code, bbox, width, height } of targets) {
    const grid: PixelGrid = { lattice: crsLatticeOfBbox(crsOf(code), bbox, width, height), chart: 0, col: 0, row: 0, width, height };
    for (const kernel of KERNELS) {
      const options = { kernel, maxError: DEFAULT_MAX_ERROR, maxPatches: 500 };
      const rasters = planReprojection(grid, tiling, options).patches.map(() => tile);
      const runs = quick ? 8 : 40;
      figures.push(await measure(`HiPS -> ${name}, ${kernel}`, () => resample(planReprojection(grid, tiling, options), rasters), { runs }));
      if (kernel !== 'bicubic') continue;
      // In turns: this machine's pace changes from one second to the next.
      const pairs = await alternately(runs, () => planReprojection(grid, tiling, options), (plan) => resample(plan, rasters));
      const share = quantile(pairs.map(([mapping, resampling]) => mapping / resampling), 0.5);
      figures.push({ name: '  of which mapping', amount: quantile(pairs.map(([mapping]) => mapping), 0.5), unit: 'ms', goal: null });
      figures.push({ name: `  mapping / resampling, ${name}`, amount: Math.round(100 * share), unit: '%', goal: SHARE_GOAL });
    }
  }
  return figures;
}

/** The milliseconds of two pieces of work of which the second needs the first, run after run. */
async function alternately<T>(runs: number, first: () => T, second: (made: T) => unknown): Promise<(readonly [number, number])[]> {
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    const made = first();
    const middle = performance.now();
    await second(made);
    pairs.push([middle - start, performance.now() - middle]);
  }
  return pairs;
}
