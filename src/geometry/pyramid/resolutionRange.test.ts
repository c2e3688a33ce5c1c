import { describe, expect, it } from 'vitest';
import { crsOf } from '../crs/registry.ts';
import { crsLatticeOfBbox } from '../lattice/crsLattice.ts';
import { healpixLattice } from '../lattice/healpixLattice.ts';
import { isWithinRange, metresPerPixel } from './resolutionRange.ts';

describe('the range of resolutions', () => {
  it('is MapProxy\'s: the coarsest inclusive, the finest exclusive of what is finer, both sides counted', () => {
    const range = { coarsest: 100, finest: 10 };
    expect([[100, 100], [100.1, 50], [50, 100.1], [10, 10], [9.99, 50], [50, 9.99]].map(([x, y]) => isWithinRange(range, x!, y!))).toEqual([true, false, false, true, false, false]);
    expect(isWithinRange({ coarsest: null, finest: null }, 1e9, 1e-9)).toBe(true);
  });

  it('counts degrees on the equator of the body, metres as they are, HEALPix by the angle of its pixels', () => {
    const grid = (code: string, side: number) => ({ lattice: crsLatticeOfBbox(crsOf(code), [0, 0, side, side], 100, 50), chart: 0, col: 0, row: 0, width: 100, height: 50 });
    const degree = (Math.PI / 180) * 3_396_190;
    const found = metresPerPixel(grid('IAU_2015:49900', 10), 1);
    expect(found[0]).toBeCloseTo(0.1 * degree, 6);
    expect(found[1]).toBeCloseTo(0.2 * degree, 6);
    expect(metresPerPixel(grid('IAU_2015:49930', 1000), 1)).toEqual([10, 20]);
    const lattice = healpixLattice({ id: 'mars', kind: 'body' }, 9);
    expect(metresPerPixel({ lattice, chart: 0, col: 0, row: 0, width: 512, height: 512 }, 3_396_190)[0]).toBeCloseTo(Math.sqrt(Math.PI / 3) / 512 * 3_396_190, 6);
  });
});
