import { describe, expect, it } from 'vitest';
import { createCrsRegistry } from '../../geometry/crs/registry.ts';
import { bodyFrame } from '../../geometry/frame/frame.ts';
import { crsLatticeOfBbox } from '../../geometry/lattice/crsLattice.ts';
import { mocOfCells, wholeSphere } from '../../protocol/hips/moc.ts';
import { plainTiling } from '../../../test/support/memorySource.ts';
import { bboxOfMoc, bboxOfTiling } from './extent.ts';

const registry = createCrsRegistry();

function rounded(bbox: readonly number[] | null): readonly number[] | null {
  return bbox === null ? null : bbox.map((degrees) => Math.round(degrees * 100) / 100);
}

/** Danger: a layer that claims the whole world or hides part of itself. */
describe('the rectangle of a coverage', () => {
  it('of everything is the whole sphere, of nothing is nothing', () => {
    expect(bboxOfMoc(wholeSphere())).toEqual([-180, -90, 180, 90]);
    expect(bboxOfMoc(mocOfCells([]))).toBeNull();
  });

  it('of an equatorial base cell', () => {
    expect(rounded(bboxOfMoc(mocOfCells([{ order: 0, npix: 5 }])))).toEqual([45, -41.81, 135, 41.81]);
  });

  it('of one in the west has western longitudes', () => {
    expect(rounded(bboxOfMoc(mocOfCells([{ order: 0, npix: 7 }])))).toEqual([-135, -41.81, -45, 41.81]);
  });

  it('at a pole is the whole circle', () => {
    expect(rounded(bboxOfMoc(mocOfCells([{ order: 3, npix: 63 }])))).toEqual([-180, 78.28, 180, 90]);
  });

  it('across the 180th meridian is the whole circle', () => {
    expect(rounded(bboxOfMoc(mocOfCells([{ order: 0, npix: 6 }])))).toEqual([-180, -41.81, 180, 41.81]);
  });
});

describe('the rectangle of a source', () => {
  const moon = bodyFrame('moon');
  const tilingOf = (crs: string, bbox: readonly [number, number, number, number]) => plainTiling([crsLatticeOfBbox(registry.crsOf(crs), bbox, 64, 64)], 64);

  it('in degrees is its own', () => {
    expect(rounded(bboxOfTiling(moon, tilingOf('IAU_2015:30100', [-10, 20, 30, 40]), registry))).toEqual([-10, 20, 30, 40]);
  });

  it('in equirectangular metres', () => {
    const metre = 180 / (Math.PI * 1737400);
    expect(rounded(bboxOfTiling(moon, tilingOf('IAU_2015:30110', [0, 0, 10 / metre, 20 / metre]), registry))).toEqual([0, 0, 10, 20]);
  });

  it('around a pole is a cap', () => {
    const [west, south, east, north] = bboxOfTiling(moon, tilingOf('IAU_2015:30130', [-3e5, -3e5, 3e5, 3e5]), registry)!;
    expect([west, east, north]).toEqual([-180, 180, 90]);
    expect(south).toBeCloseTo(90 - (2 * Math.atan(3e5 * Math.SQRT2 / 2 / 1737400) * 180) / Math.PI, 6);
  });
});
