import { crsOf } from '../src/geometry/crs/registry.ts';
import { crsLatticeOfBbox } from '../src/geometry/lattice/crsLattice.ts';
import { healpixLattice } from '../src/geometry/lattice/healpixLattice.ts';
import type { PixelGrid } from '../src/geometry/lattice/types.ts';
import { planReprojection } from '../src/raster/reproject/plan.ts';
import { DEFAULT_MAX_ERROR } from '../src/raster/reproject/types.ts';
import { plainTiling } from '../test/support/memorySource.ts';
import { measure, type Figures } from './measure.ts';

/** What does the point map of 512 x 512 cost in each projection of the Moon, from HiPS? The name tells the exact transforms. */
export default async function mapping(quick: boolean): Promise<Figures[]> {
  const frame = crsOf('IAU_2015:30100').frame;
  const tiling = plainTiling([12, 11, 10, 9].map((order) => healpixLattice(frame, order)), 512);
  const options = { kernel: 'bilinear', maxError: DEFAULT_MAX_ERROR, maxPatches: 500 } as const;
  const projections = { equirectangular: '10', sinusoidal: '20', 'polar stereographic': '30', Mollweide: '40', Robinson: '50', 'transverse Mercator': '60', orthographic: '65', Mercator: '90' };
  const figures: Figures[] = [];
  for (const [name, suffix] of Object.entries(projections)) {
    const lattice = crsLatticeOfBbox(crsOf(`IAU_2015:301${suffix}`), [170_000, 90_000, 700_000, 620_000], 512, 512);
    const grid: PixelGrid = { lattice, chart: 0, col: 0, row: 0, width: 512, height: 512 };
    const { exactTransforms } = planReprojection(grid, tiling, options);
    figures.push(await measure(`mapping, ${name} (${exactTransforms} points)`, () => planReprojection(grid, tiling, options), { runs: quick ? 10 : 60 }));
  }
  return figures;
}
