import { describe, expect, it } from 'vitest';
import { crsOf } from '../../src/geometry/crs/registry.ts';
import { crsLatticeOfBbox } from '../../src/geometry/lattice/crsLattice.ts';
import { healpixLattice } from '../../src/geometry/lattice/healpixLattice.ts';
import { latticePoints } from '../../src/geometry/lattice/points.ts';
import type { Lattice, PixelGrid } from '../../src/geometry/lattice/types.ts';
import { hipsGrid } from '../../src/geometry/pyramid/hips.ts';
import { planReprojection } from '../../src/raster/reproject/plan.ts';
import { createPointMap } from '../../src/raster/reproject/pointMap.ts';
import { valueAt, type Nodes } from '../../src/raster/reproject/surface.ts';
import { DEFAULT_MAX_ERROR, type PlanPart, type SmoothBlock } from '../../src/raster/reproject/types.ts';
import type { Tiling } from '../../src/raster/tiling.ts';
import { plainTiling } from '../support/memorySource.ts';

/**
 * Danger: the interpolated point map strays from the true one between its probes. Every pixel of every smooth block is compared
 * with the exact map; windows symmetric about the equator and the poles included. Promise: 0.125 source pixels; where a target
 * pixel is an average over several source pixels, 0.125 of the target pixel.
 */
const PROMISE = 0.125;

const moon = crsOf('IAU_2015:30100').frame;
const hips = plainTiling([11, 10, 9, 8, 7].map((order) => healpixLattice(moon, order)), 512);
const plate = plainTiling([4096, 2048, 1024, 512].map((w) => crsLatticeOfBbox(crsOf('IAU_2015:30100'), [-180, -90, 180, 90], w, w / 2)), 512);

function grid(code: string, bbox: readonly [number, number, number, number], width: number, height: number): PixelGrid {
  return { lattice: crsLatticeOfBbox(crsOf(code), bbox, width, height), chart: 0, col: 0, row: 0, width, height };
}

/**
 * Largest error over those pixels of a block that are its own, in the promise's unit. Where a block reads on across the edge of its
 * chart, what it reads there is what `wrap` says: so its place is compared on the chart of the pixel that is read.
 */
function worstOf(block: SmoothBlock, part: PlanPart, target: PixelGrid, tiling: Tiling, isOwn: (i: number) => boolean = () => true): number {
  const { width, height, cols, rows } = block;
  const level = tiling.levels[part.level]!;
  const at = latticePoints(width * height);
  for (let i = 0; i < width * height; i++) {
    at.col[i] = block.x + (i % width) + 0.5;
    at.row[i] = block.y + Math.floor(i / width) + 0.5;
  }
  createPointMap(target, tiling.levels[0]!.lattice).apply(width * height, at);
  const unit = (n: Nodes): number =>
    Math.max(1, Math.hypot((n[2]! - n[0]! + n[8]! - n[6]!) / (2 * width), (n[6]! - n[0]! + n[8]! - n[2]!) / (2 * height)));
  const [unitCols, unitRows] = [unit(cols), unit(rows)];
  const { lattice } = level;
  let worst = 0;
  for (let i = 0; i < width * height; i++) {
    if (!isOwn(i)) continue;
    const u = ((i % width) + 0.5) / width;
    const v = (Math.floor(i / width) + 0.5) / height;
    const [col, row] = [valueAt(cols, u, v), valueAt(rows, u, v)];
    const off = offFrom(lattice, part.chart, col, row, at.chart[i]!, at.col[i]! * level.colScale, at.row[i]! * level.rowScale);
    worst = Math.max(worst, off[0] / unitCols, off[1] / unitRows);
  }
  return worst;
}

/**
 * How far a place on a chart, or beyond its edge, is from a point that may lie on another chart: the pixels around the place are looked up
 * by `wrap`, which also tells how the neighbour is turned. Infinity where it is not read there at all.
 */
function offFrom(lattice: Lattice, chart: number, col: number, row: number, onChart: number, onCol: number, onRow: number): readonly [number, number] {
  const [at, right, below] = [new Float64Array(3), new Float64Array(3), new Float64Array(3)];
  let best: readonly [number, number] = [Infinity, Infinity];
  for (const dc of [0, -1, 1, -2, 2]) {
    for (const dr of [0, -1, 1, -2, 2]) {
      const [c, r] = [Math.floor(col) + dc, Math.floor(row) + dr];
      if (![at, right, below].every((cell, k) => lattice.wrap(chart, c + (k === 1 ? 1 : 0), r + (k === 2 ? 1 : 0), cell) && cell[0] === onChart)) continue;
      const [u, v] = [col - c - 0.5, row - r - 0.5];
      const off = [1, 2].map((k) => {
        const [p, q, s] = [at[k]!, right[k]! - at[k]!, below[k]! - at[k]!];
        const d = Math.abs(p + 0.5 + u * q + v * s - [onCol, onRow][k - 1]!);
        const period = k === 1 ? lattice.periodCols : null;
        return period === null ? d : Math.abs(d - period * Math.round(d / period));
      });
      if (Math.max(...off) < Math.max(...best)) best = [off[0]!, off[1]!];
    }
  }
  if (best[0] === Infinity) console.log("INF", chart, col, row, onChart, onCol, onRow, lattice.width);
  return best;
}

/** Largest error of a plan, and the share of pixels that were interpolated. */
function check(target: PixelGrid, tiling: Tiling): { worst: number; smooth: number; covered: number } {
  const plan = planReprojection(target, tiling, { kernel: 'bilinear', maxError: DEFAULT_MAX_ERROR, maxPatches: Infinity });
  let [worst, smooth, exact] = [0, 0, 0];
  for (const part of plan.parts) {
    for (const block of part.blocks) {
      worst = Math.max(worst, worstOf(block, part, target, tiling));
      smooth += block.width * block.height;
    }
  }
  for (const { halves, side } of plan.seams) {
    halves.forEach(({ part, block }, half) => {
      worst = Math.max(worst, worstOf(block, plan.parts[part]!, target, tiling, (i) => side[i] === half + 1));
    });
    smooth += side.length - side.filter((half) => half === 0).length;
  }
  for (const block of plan.exact) exact += block.width * block.height;
  return { worst, smooth, covered: smooth + exact };
}

const R = 1_737_400;
const PROJECTIONS = [
  ['equirectangular', '10'], ['equirectangular, lon 180', '15'], ['sinusoidal', '20'], ['north polar stereographic', '30'],
  ['south polar stereographic', '35'], ['Mollweide', '40'], ['Robinson', '50'], ['transverse Mercator', '60'], ['orthographic', '65'],
  ['Lambert conformal conic', '75'], ['Lambert azimuthal equal area', '80'], ['Albers', '85'], ['Mercator', '90'],
] as const;

describe('HiPS -> maps', () => {
  for (const [name, suffix] of PROJECTIONS) {
    it(`${name}: every interpolated pixel within ${PROMISE}`, () => {
      const code = `IAU_2015:301${suffix}`;
      const windows = [
        grid(code, [-2.2 * R, -1.1 * R, 2.2 * R, 1.1 * R], 512, 256), // symmetric about the equator (or the pole)
        grid(code, [0.1 * R, 0.05 * R, 0.4 * R, 0.35 * R], 256, 256),
        grid(code, [-0.3 * R, -0.9 * R, 0.3 * R, -0.3 * R], 300, 300),
        grid(code, [-0.05 * R, -0.05 * R, 0.05 * R, 0.05 * R], 256, 256),
      ];
      let covered = 0;
      for (const window of windows) {
        const found = check(window, hips);
        expect(found.worst).toBeLessThanOrEqual(PROMISE);
        covered += found.covered;
      }
      expect(covered).toBeGreaterThan(50_000);
    });
  }

  it('plate carree, a window symmetric about the equator, a polar one, and one across the date line', () => {
    for (const bbox of [[-180, -90, 180, 90], [-40, -20, 40, 20], [-10, 80, 10, 90], [170, -10, 190, 10]] as const) {
      const found = check(grid('IAU_2015:30100', bbox, 512, 256), hips);
      expect(found.worst).toBeLessThanOrEqual(PROMISE);
      expect(found.covered).toBe(512 * 256);
    }
  });
});

describe('map -> HiPS', () => {
  for (const [order, npix] of [[0, 0], [0, 5], [1, 3], [1, 20], [2, 80], [3, 63], [3, 62], [3, 21], [3, 512], [3, 412], [6, 4095]] as const) {
    it(`tile ${order}/${npix} within ${PROMISE}, mostly interpolated`, () => {
      const found = check(hipsGrid(moon, { order, npix }, 512), plate);
      expect(found.worst).toBeLessThanOrEqual(PROMISE);
      expect(found.covered).toBe(512 * 512);
      expect(found.smooth).toBeGreaterThan(0.9 * found.covered);
    });
  }
});

describe('HiPS of the sky in another frame', () => {
  it('a galactic tile from an ICRS HiPS: within the promise, seams and all', () => {
    const icrs = plainTiling([10, 9, 8].map((order) => healpixLattice({ id: 'icrs', kind: 'sky' }, order)), 512);
    for (const npix of [0, 5, 11, 17, 40]) {
      const found = check(hipsGrid({ id: 'galactic', kind: 'sky' }, { order: 1, npix }, 512), icrs);
      expect(found.worst).toBeLessThanOrEqual(PROMISE);
      expect(found.covered).toBe(512 * 512);
    }
  });
});

describe('a bound that no rectangle keeps', () => {
  it('leaves every pixel to the exact formulas (danger: more of them than a call may have arguments, and a map that cannot be drawn)', () => {
    const target = hipsGrid(moon, { order: 0, npix: 4 }, 512);
    const { parts, exact } = planReprojection(target, plate, { kernel: 'nearest', maxError: 0, maxPatches: Infinity });
    expect(parts.reduce((sum, { blocks }) => sum + blocks.length, 0)).toBe(0);
    expect(exact.reduce((sum, { width, height }) => sum + width * height, 0)).toBe(512 * 512);
  });
});
