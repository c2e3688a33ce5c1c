import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../errors.ts';
import { crsOf } from '../../geometry/crs/registry.ts';
import { hipsGrid } from '../../geometry/pyramid/hips.ts';
import { planReprojection } from '../../raster/reproject/plan.ts';
import { crsTiling } from './crsTiling.ts';
import type { CrsTiling } from './crsTiling.ts';

const MOON = crsOf('IAU_2015:30100');
const POLAR = crsOf('IAU_2015:30130');
const WORLD = [-180, -90, 180, 90] as const;

const sizes = (tiling: CrsTiling) => tiling.levels.map(({ lattice }) => [lattice.width, lattice.height]);
const square = (tiling: CrsTiling) => sizes(tiling).filter((_, i) => tiling.steps[i]!.cols === tiling.steps[i]!.rows);

describe('levels of a grid of our own', () => {
  it('halves from the finest cell down to one patch (danger: the upstream\'s own pixels resampled needlessly)', () => {
    const tiling = crsTiling(MOON, WORLD, { finestCell: 360 / 4096 });
    expect(sizes(tiling)).toEqual([
      [4096, 2048],
      [2048, 1024],
      [1024, 512],
    ]);
    expect(tiling.levels.map((l) => [l.colScale, l.rowScale])).toEqual([
      [1, 1],
      [0.5, 0.5],
      [0.25, 0.25],
    ]);
  });

  it('gives as many levels as asked for, the coarsest one patch across', () => {
    expect(square(crsTiling(MOON, WORLD, { maxLevels: 3, patchSize: 256 }))).toEqual([
      [1024, 512],
      [512, 256],
      [256, 128],
    ]);
    expect(sizes(crsTiling(POLAR, [-1e6, -2e6, 1e6, 2e6], { maxLevels: 2 }))).toEqual([
      [1024, 2048],
      [512, 1024],
    ]);
  });

  it('keeps circles closed and their columns even (danger: a seam at the dateline, poles that lead nowhere)', () => {
    const tiling = crsTiling(MOON, WORLD, { finestCell: 0.08 });
    expect(square(tiling)).toEqual([
      [4500, 2250],
      [2250, 1125],
      [1126, 563],
      [564, 282],
    ]);
    for (const { lattice } of tiling.levels) {
      expect(lattice.periodCols).toBe(lattice.width);
      expect(lattice.wrap(0, 0, -1, new Float64Array(3))).toBe(true);
    }
  });

  it('fills a bbox that no cell divides with whole pixels (danger: requests beyond the upstream\'s extent)', () => {
    const tiling = crsTiling(MOON, [10.1, -3.3, 12.4, 4.9], { finestCell: 0.001 });
    expect(sizes(tiling)[0]).toEqual([2300, 8200]);
    const { lattice, patchWidth, patchHeight } = tiling.levels[0]!;
    const last = tiling.patchAt(0, 0, Math.floor((lattice.width - 1) / patchWidth), Math.floor((lattice.height - 1) / patchHeight))!;
    expect([last.grid.width, last.grid.height]).toEqual([2300 - 2048, 8200 - 8192]);
    expect(tiling.bboxOf(last).slice(1, 3)).toEqual([-3.3, 12.4]);
  });

  it.each([
    [[0, 0, 0, 1], { finestCell: 1 }],
    [[0, 0, Number.NaN, 1], { finestCell: 1 }],
    [WORLD, { finestCell: 0 }],
    [WORLD, { finestCell: 1e-9 }],
  ] as const)('refuses the bbox %j with %j', (bbox, fineness) => {
    const error: unknown = (() => {
      try {
        return crsTiling(MOON, bbox, fineness);
      } catch (e) {
        return e;
      }
    })();
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', locator: 'bbox' });
  });
});

describe('patches', () => {
  const tiling = crsTiling(MOON, [10.1, -3.3, 12.4, 4.9], { finestCell: 0.001, patchSize: 512 });

  it('touch without gap or overlap, to the last bit (danger: hairlines, upstream caches missing by 1e-13)', () => {
    for (const [i, { lattice }] of tiling.levels.entries()) {
      const across = Math.ceil(lattice.width / 512);
      const down = Math.ceil(lattice.height / 512);
      let area = 0;
      for (let r = 0; r < down; r++) {
        for (let c = 0; c < across; c++) {
          const [minX, minY, maxX, maxY] = tiling.bboxOf(tiling.patchAt(i, 0, c, r)!);
          area += (maxX - minX) * (maxY - minY);
          if (c + 1 < across) expect(tiling.bboxOf(tiling.patchAt(i, 0, c + 1, r)!)[0]).toBe(maxX);
          if (r + 1 < down) expect(tiling.bboxOf(tiling.patchAt(i, 0, c, r + 1)!)[3]).toBe(minY);
        }
      }
      expect(area).toBeCloseTo(2.3 * 8.2, 9);
    }
  });

  it('are null outside the chart', () => {
    for (const [chart, c, r] of [
      [0, -1, 0],
      [0, 0, -1],
      [0, 5, 0],
      [0, 0, 17],
      [1, 0, 0],
    ] as const) {
      expect(tiling.patchAt(0, chart, c, r)).toBeNull();
    }
  });

  it('have keys that differ between levels and between bboxes (danger: a moved bbox served from the old one\'s cache)', () => {
    const moved = crsTiling(MOON, [10.2, -3.3, 12.5, 4.9], { finestCell: 0.001, patchSize: 512 });
    const keys = [tiling, moved].flatMap((t) => t.levels.map((_, i) => t.patchAt(i, 0, 0, 0)!.key));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys[0]).toMatch(/^2300x8200-[0-9a-f]{8}\/0\/0$/);
  });
});

describe('the level for a target pixel', () => {
  const tiling = crsTiling(MOON, WORLD, { maxLevels: 5 });
  const stepFor = (cols: number, rows: number) => tiling.steps[tiling.levelFor(cols, rows)];

  it('is the coarsest with a pixel for each target pixel (danger: blur one way, aliasing and needless requests the other)', () => {
    expect([0.1, 1, 1.99, 2, 3.9, 4, 8, 16, 1000].map((n) => stepFor(n, n)!.rows)).toEqual([0, 0, 0, 1, 1, 2, 3, 4, 4]);
    expect(stepFor(2 * (1 - 1e-9), 2 * (1 - 1e-9))).toEqual({ cols: 1, rows: 1 });
    expect(stepFor(2, 8)).toEqual({ cols: 1, rows: 1 });
  });

  it('has fewer columns near the poles, but 16 patches or more (danger: a small polar tile asking for half the world)', () => {
    const deep = crsTiling(MOON, WORLD, { maxLevels: 9, patchSize: 256 });
    const stepOf = (cols: number, rows: number) => deep.steps[deep.levelFor(cols, rows)];
    expect(stepOf(2, 1)).toEqual({ cols: 1, rows: 0 });
    expect(stepOf(1e6, 1)).toEqual({ cols: 4, rows: 0 });
    expect(stepOf(1e6, 4)).toEqual({ cols: 4, rows: 2 });
    expect(stepOf(1e6, 16)).toEqual({ cols: 4, rows: 4 });
    expect(stepOf(1e6, 32)).toEqual({ cols: 5, rows: 5 });
    for (const [i, step] of deep.steps.entries()) {
      const { lattice, colScale, rowScale } = deep.levels[i]!;
      expect([colScale, rowScale]).toEqual([2 ** -step.cols, 2 ** -step.rows]);
      if (step.cols > step.rows) expect(lattice.width / 256).toBeGreaterThanOrEqual(16);
    }
  });

  it.each([0, 3, 5, 8, 10])('keeps a HiPS tile at the pole to a dozen requests, order %i (danger: 1024 of them at order 8)', (order) => {
    const deep = crsTiling(MOON, WORLD, { finestCell: 360 / 2 ** 20 });
    const target = hipsGrid(MOON.frame, { order, npix: 4 ** order - 1 }, 512);
    const plan = planReprojection(target, deep, { kernel: 'bilinear', maxError: 0.02, maxPatches: 500 });
    expect(plan.patches.length).toBeLessThanOrEqual(16);
    expect(new Set(plan.patches.map((p) => p.key)).size).toBe(plan.patches.length);
  });

  it('has none of that where poles are points or the circle is open', () => {
    expect(crsTiling(POLAR, [-1e6, -1e6, 1e6, 1e6], { maxLevels: 9 }).levels.length).toBe(9);
    expect(crsTiling(MOON, [-170, -90, 180, 90], { maxLevels: 9 }).levels.length).toBe(9);
  });
});
