import { describe, expect, it } from 'vitest';
import { createCrsRegistry } from '../crs/registry.ts';
import { projectBbox } from './projectBbox.ts';

const { crsOf } = createCrsRegistry();
const degrees = crsOf('IAU_2015:30100');
const metres = crsOf('IAU_2015:30110');
const north = crsOf('IAU_2015:30130');
const RADIUS = 1737400;

describe('projectBbox', () => {
  it('turns the world into the whole domain, to the last digit', () => {
    expect(projectBbox(degrees, [-180, -90, 180, 90], metres)).toEqual(metres.extent);
    expect(projectBbox(metres, metres.extent, degrees)).toEqual([-180, -90, 180, 90]);
  });

  it('keeps a part a part', () => {
    const [minX, minY, maxX, maxY] = projectBbox(degrees, [-90, -45, 0, 45], metres) ?? [];
    expect([minX, minY, maxX, maxY].map((edge) => (edge ?? NaN) / (Math.PI * RADIUS))).toEqual([-0.5, -0.25, 0, 0.25].map((part) => expect.closeTo(part, 12) as number));
  });

  it('reads other turns of longitude, and takes the whole width across the seam', () => {
    const [minX, , maxX] = projectBbox(degrees, [280, 0, 290, 10], metres) ?? [];
    expect([minX, maxX].map((edge) => ((edge ?? NaN) / (Math.PI * RADIUS)) * 180)).toEqual([expect.closeTo(-80, 9), expect.closeTo(-70, 9)]);
    const across = projectBbox(degrees, [170, 0, 190, 10], metres) ?? [];
    expect([across[0], across[2]]).toEqual([metres.extent[0], metres.extent[2]]);
  });

  it('sees the pole inside: a polar cap is a square around it, not the ring of its edge', () => {
    const edge = 2 * RADIUS * Math.tan(((90 - 60) * Math.PI) / 360);
    const box = projectBbox(degrees, [-180, 60, 180, 90], north) ?? [];
    box.forEach((side, i) => expect(side / edge).toBeCloseTo(i < 2 ? -1 : 1, 3));
  });

  it('stays inside the domain of the target', () => {
    const box = projectBbox(degrees, [-180, -90, 180, 90], north) ?? [];
    box.forEach((side) => expect(Math.abs(side)).toBeLessThanOrEqual(2 * RADIUS));
    expect(projectBbox(degrees, [0, -80, 10, -70], crsOf('IAU_2015:30165'))).not.toBeNull();
    expect(projectBbox(degrees, [170, -5, 190, 5], crsOf('IAU_2015:30165'))).toBeNull();
  });

  it('reaches the edge of Mercator where the rectangle reaches a pole', () => {
    const mercator = crsOf('IAU_2015:30190');
    expect(projectBbox(degrees, [-180, -90, 180, 90], mercator)).toEqual(mercator.extent);
    const [minX, minY, maxX, maxY] = projectBbox(degrees, [-10, -90, 10, 0], mercator) ?? [];
    expect([minY, maxY]).toEqual([mercator.extent[1], expect.closeTo(0, 6)]);
    expect([minX, maxX].map((edge) => ((edge ?? NaN) / (Math.PI * RADIUS)) * 180)).toEqual([expect.closeTo(-10, 9), expect.closeTo(10, 9)]);
  });

  it('does not mix bodies', () => {
    expect(projectBbox(degrees, [-180, -90, 180, 90], crsOf('IAU_2015:49910'))).toBeNull();
  });
});
