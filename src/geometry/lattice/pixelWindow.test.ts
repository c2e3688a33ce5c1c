import { describe, expect, it } from 'vitest';
import { crsOf } from '../crs/registry.ts';
import { crsLatticeOfBbox } from './crsLattice.ts';
import { gridOfWindow, windowOfBbox } from './pixelWindow.ts';
import type { PixelGrid } from './types.ts';

/** Danger: a map that is cut a pixel beside the edge, or that shows other pixels than the whole one. */
const crs = crsOf('IAU_2015:30100');
const grid: PixelGrid = { lattice: crsLatticeOfBbox(crs, [0, 0, 100, 50], 100, 50), chart: 0, col: 0, row: 0, width: 100, height: 50 };

describe('the pixels of a grid in a rectangle', () => {
  it.each([
    [[-1, -1, 101, 51], null],
    [[0, 0, 100, 50], null],
    [[0.5, 0.5, 99.5, 49.5], null],
    [[10, 5, 20, 15], { col: 10, row: 35, width: 10, height: 10 }],
    [[10.4, 5.4, 19.6, 14.6], { col: 10, row: 35, width: 10, height: 10 }],
    [[10.6, 5.6, 19.4, 14.4], { col: 11, row: 36, width: 8, height: 8 }],
    [[-50, 40, 5, 90], { col: 0, row: 0, width: 5, height: 10 }],
    [[200, 0, 300, 50], { col: 100, row: 0, width: 0, height: 50 }],
    [[-300, -300, -200, -200], { col: 0, row: 50, width: 0, height: 0 }],
  ] as const)('%j: %j', (bbox, window) => expect(windowOfBbox(grid, bbox)).toEqual(window));

  it('of a part of a lattice: counted from that part', () => {
    const part = gridOfWindow(grid, { col: 10, row: 20, width: 30, height: 20 });
    expect(part).toMatchObject({ col: 10, row: 20, width: 30, height: 20, lattice: grid.lattice });
    expect(windowOfBbox(part, [15, 0, 100, 25])).toEqual({ col: 5, row: 5, width: 25, height: 15 });
  });
});
