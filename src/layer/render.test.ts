import { describe, expect, it } from 'vitest';
import { fieldPicture } from '../../test/support/smoothField.ts';
import { plainTiling } from '../../test/support/memorySource.ts';
import { crsOf } from '../geometry/crs/registry.ts';
import { bodyFrame } from '../geometry/frame/frame.ts';
import { crsLatticeOfBbox } from '../geometry/lattice/crsLattice.ts';
import { healpixLattice } from '../geometry/lattice/healpixLattice.ts';
import type { PixelGrid } from '../geometry/lattice/types.ts';
import type { RasterSource } from '../io/source/types.ts';
import { planReprojection } from '../raster/reproject/plan.ts';
import { resample } from '../raster/reproject/resample.ts';
import type { Patch } from '../raster/tiling.ts';
import { bandsOf } from './bands.ts';
import { renderSource } from './render.ts';

/**
 * Large pictures are drawn in bands. Dangers: a line where two bands meet, a band at the wrong place, a limit that counts for each band by
 * itself, work that goes on for a client that has left.
 */
const MOON = bodyFrame('moon');
const never = new AbortController().signal;
const options = { kernel: 'bicubic', maxError: 0.02, maxPatches: 500 } as const;

function sourceOf(fetched: Patch[] = [], onFetch: () => void = () => {}): RasterSource {
  const tiling = plainTiling([10, 9, 8].map((order) => healpixLattice(MOON, order)), 256);
  return {
    id: 'field',
    tiling,
    async fetch(patch) {
      fetched.push(patch);
      onFetch();
      await new Promise((resolve) => setTimeout(resolve, 1));
      return fieldPicture(patch.grid.lattice, patch.grid);
    },
  };
}

function gridOf(srs: string, bbox: readonly [number, number, number, number], width: number, height: number, [col, row] = [0, 0]): PixelGrid {
  return { lattice: crsLatticeOfBbox(crsOf(srs), bbox, width, height), chart: 0, col, row, width: width - col, height: height - row };
}

const CASES: readonly (readonly [string, PixelGrid])[] = [
  ['degrees, the whole Moon', gridOf('IAU_2015:30100', [-180, -90, 180, 90], 2400, 1200)],
  ['around the north pole', gridOf('IAU_2015:30130', [-1e6, -1e6, 1e6, 1e6], 1800, 1500)],
  ['a part that begins anywhere', gridOf('IAU_2015:30130', [-1e6, -1e6, 1e6, 1e6], 1900, 1911, [13, 77])],
  ['narrow and high', gridOf('IAU_2015:30110', [-1e6, -2e6, 1e6, 2e6], 300, 9000)],
];

describe('a large picture', () => {
  it.each(CASES)('%s: bit for bit the same in bands as at once', async (_, grid) => {
    const source = sourceOf();
    const bands = bandsOf(grid);
    expect(bands.length).toBeGreaterThan(1);
    const plan = planReprojection(grid, source.tiling, options);
    const whole = resample(plan, await Promise.all(plan.patches.map((patch) => source.fetch(patch, never))));
    const found = await renderSource(grid, source, options, never);
    expect([found.width, found.height, found.opaque]).toEqual([whole.width, whole.height, whole.opaque]);
    expect(Buffer.compare(found.data, whole.data)).toBe(0);
  });

  it('is cut between blocks, all of it once', () => {
    const [, grid] = CASES[2]!;
    const bands = bandsOf(grid);
    expect(bands.slice(1).map(({ row }) => row % 64)).toEqual(bands.slice(1).map(() => 0));
    expect(bands.reduce((row, band) => (expect(band.row).toBe(row), row + band.height), grid.row)).toBe(grid.row + grid.height);
    expect(bandsOf({ ...grid, width: 1024, height: 2048 })).toHaveLength(1);
  });

  it('may not need more patches than any other', async () => {
    const [, grid] = CASES[0]!;
    const fetched: Patch[] = [];
    const needed = planReprojection(grid, sourceOf().tiling, options).patches.length;
    await expect(renderSource(grid, sourceOf(fetched), { ...options, maxPatches: needed - 1 }, never)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect(fetched).toEqual([]);
    await renderSource(grid, sourceOf(fetched), { ...options, maxPatches: needed }, never);
    expect(new Set(fetched.map(({ key }) => key)).size).toBe(needed);
  });

  it('is given up when the client leaves', async () => {
    const leaving = new AbortController();
    const fetched: Patch[] = [];
    const reason = new Error('gone');
    const grid = gridOf('IAU_2015:30110', [-5e6, -2e6, 5e6, 2e6], 100, 100_000);
    const bands = bandsOf(grid);
    expect(bands).toHaveLength(5);
    const keysOf = (band: PixelGrid): readonly string[] => planReprojection(band, sourceOf().tiling, options).patches.map(({ key }) => key);
    const [, , ...later] = bands;
    const last = new Set(later.flatMap(keysOf));
    bands.slice(0, 2).flatMap(keysOf).forEach((key) => last.delete(key));
    expect(last.size).toBeGreaterThan(0);
    await expect(renderSource(grid, sourceOf(fetched, () => leaving.abort(reason)), options, leaving.signal)).rejects.toBe(reason);
    expect(fetched.filter(({ key }) => last.has(key))).toEqual([]);
  });

  it('fails with the first patch that does, and says so once', async () => {
    const source = sourceOf();
    let count = 0;
    const failing: RasterSource = { ...source, fetch: async (patch, signal) => (++count === 40 ? Promise.reject(new Error('broken')) : source.fetch(patch, signal)) };
    await expect(renderSource(CASES[0]![1], failing, options, never)).rejects.toThrow('broken');
  });
});
