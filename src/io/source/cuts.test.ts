import { describe, expect, it } from 'vitest';
import { windowsOf } from '../../config/build/upstream.ts';
import { crsOf } from '../../geometry/crs/registry.ts';
import { bodyFrame } from '../../geometry/frame/frame.ts';
import { crsLatticeOfBbox } from '../../geometry/lattice/crsLattice.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { hipsGrid } from '../../geometry/pyramid/hips.ts';
import type { Raster } from '../../raster/raster.ts';
import { excerptsOf } from '../../raster/reproject/excerpts.ts';
import { planReprojection } from '../../raster/reproject/plan.ts';
import { resample } from '../../raster/reproject/resample.ts';
import { chooseCuts, type ChoosePatches } from './cuts.ts';
import type { Needs, Patch } from './types.ts';

/**
 * A picture may be drawn from windows of a grid or from what was cut for it. Dangers: the two look different (a seam that one follows and
 * the other does not), an upstream is asked twice for the same place, one that sends small pictures is asked for huge ones.
 */
const MOON = bodyFrame('moon');
const DEGREES = crsOf('IAU_2015:30100');
const tiling = windowsOf(DEGREES, DEGREES.extent as [number, number, number, number]);
const options = { kernel: 'bicubic', maxError: 0.02, maxPatches: 500 } as const;

function needsOf(grid: PixelGrid): Needs {
  const plan = planReprojection(grid, tiling, options);
  return { patches: plan.patches, excerpts: excerptsOf(plan) };
}

function tileNeeds(order: number, npix: number): Needs {
  return needsOf(hipsGrid(MOON, { order, npix }, 512));
}

function mapGrid(srs: string, bbox: readonly [number, number, number, number], width: number, height: number): PixelGrid {
  return { lattice: crsLatticeOfBbox(crsOf(srs), bbox, width, height), chart: 0, col: 0, row: 0, width, height };
}

/** A choice that has seen so many scattered tiles that it cuts whatever may be cut. */
async function afterScattered(isKept: (patch: Patch) => Promise<boolean> = async () => false): Promise<ChoosePatches> {
  const choose = chooseCuts({ tiling, isKept });
  for (let i = 0; i < 40; i++) await choose(tileNeeds(6, (i * 7919) % 49_152));
  return choose;
}

function isCut({ patches }: Needs, chosen: readonly Patch[]): boolean {
  return chosen !== patches;
}

/** Another colour for every pixel of a level. */
function noise({ level, grid: { col, row, width, height } }: Patch): Raster {
  const words = new Uint32Array(width * height);
  for (let i = 0; i < words.length; i++) words[i] = (Math.imul(col + (i % width), 0x9e3779b1) ^ Math.imul(row + Math.floor(i / width) + 977 * level, 0x85ebca6b)) | 0xff000000;
  return { width, height, data: new Uint8Array(words.buffer), opaque: true };
}

const GRIDS: readonly (readonly [string, PixelGrid])[] = [
  ['a tile at the equator', hipsGrid(MOON, { order: 3, npix: 300 }, 512)],
  ['a tile on the antimeridian', hipsGrid(MOON, { order: 3, npix: 384 }, 512)],
  ['a tile next to it', hipsGrid(MOON, { order: 4, npix: 1563 }, 512)],
  ['a tile at the north pole', hipsGrid(MOON, { order: 3, npix: 63 }, 512)],
  ['a tile at the south pole', hipsGrid(MOON, { order: 4, npix: 2048 }, 512)],
  ['a tile between two levels', hipsGrid(MOON, { order: 3, npix: 45 }, 512)],
  ['a map around the north pole', mapGrid('IAU_2015:30130', [-4e5, -2e5, 4e5, 2e5], 512, 256)],
  ['a map beside the south pole', mapGrid('IAU_2015:30135', [1e5, 1e5, 5e5, 3e5], 512, 256)],
  ['a map across the antimeridian', mapGrid('IAU_2015:30110', [5.2e6, -2e5, 5.9e6, 2e5], 512, 293)],
];

describe('patches cut to a picture', () => {
  it.each(GRIDS)('%s is the same to the bit', (_, grid) => {
    const plan = planReprojection(grid, tiling, options);
    const picture = (patches: readonly Patch[]): Buffer => Buffer.from(resample({ ...plan, patches }, patches.map(noise)).data);
    const cuts = excerptsOf(plan).map((excerpt) => tiling.excerpt(excerpt));
    expect(cuts.length).toBeGreaterThan(0);
    expect(Buffer.compare(picture(cuts), picture(plan.patches))).toBe(0);
  });

  it.each(GRIDS)('%s: lie within the chart and do not overlap', (_, grid) => {
    const { excerpts } = needsOf(grid);
    for (const { level, col, row, width, height } of excerpts) {
      const { lattice } = tiling.levels[level]!;
      expect(col >= 0 && row >= 0 && width > 0 && height > 0 && col + width <= lattice.width && row + height <= lattice.height).toBe(true);
    }
    const pairs = excerpts.flatMap((a, i) => excerpts.slice(i + 1).map((b) => [a, b] as const)).filter(([a, b]) => a.level === b.level);
    for (const [a, b] of pairs) {
      expect(a.col < b.col + b.width && b.col < a.col + a.width && a.row < b.row + b.height && b.row < a.row + a.height).toBe(false);
    }
  });
});

describe('the choice between windows and cuts', () => {
  it.each([1, 2, 3])('all tiles of order %i in order: windows, each of which neighbours share', async (order) => {
    const choose = chooseCuts({ tiling, isKept: async () => false });
    for (let npix = 0; npix < 12 * 4 ** order; npix++) {
      const needs = tileNeeds(order, npix);
      expect(isCut(needs, await choose(needs))).toBe(false);
    }
  });

  it('what lies outside of the source counts for nothing (danger: after one empty map everything is cut, for ever)', async () => {
    const choose = chooseCuts({ tiling, isKept: async () => false });
    expect(await choose({ patches: [], excerpts: [] })).toEqual([]);
    for (let npix = 0; npix < 64; npix++) {
      const needs = tileNeeds(3, npix);
      expect(isCut(needs, await choose(needs))).toBe(false);
    }
  });

  it('a view of neighbours that moves: windows', async () => {
    const choose = chooseCuts({ tiling, isKept: async () => false });
    for (let view = 0; view < 20; view++) {
      for (let i = 0; i < 16; i++) {
        const needs = tileNeeds(7, 16 * ((view * 1237) % 12_000) + i);
        expect(isCut(needs, await choose(needs))).toBe(false);
      }
    }
  });

  it('scattered tiles: one request each, of what the tile reads', async () => {
    const choose = await afterScattered();
    const needs = tileNeeds(6, 20_008);
    const cuts = await choose(needs);
    expect(cuts).toHaveLength(1);
    expect(needs.patches.length).toBeGreaterThan(2);
    expect(cuts[0]!.grid.width).toBeLessThan(1000);
    expect(tiling.bboxOf(cuts[0]!)[0]).toBeGreaterThanOrEqual(-180);
  });

  it('then neighbours again: windows again', async () => {
    const choose = await afterScattered();
    const cut: boolean[] = [];
    for (let npix = 20_000; npix < 20_064; npix++) {
      const needs = tileNeeds(6, npix);
      cut.push(isCut(needs, await choose(needs)));
    }
    expect(cut.slice(-32)).not.toContain(true);
  });

  it('nothing is asked for that is kept', async () => {
    const needs = tileNeeds(6, 20_000);
    const all = await afterScattered(async () => true);
    expect(isCut(needs, await all(needs))).toBe(false);
    const missing = needs.patches[0]!.key;
    const butOne = await afterScattered(async ({ key }) => key !== missing);
    expect(isCut(needs, await butOne(needs))).toBe(false);
  });

  it('no side is longer than that of a window, and no more pixels are asked for than windows have', async () => {
    const choose = await afterScattered();
    let cut = 0;
    for (const [, grid] of [...GRIDS, ...Array.from({ length: 60 }, (_, i) => ['', hipsGrid(MOON, { order: 4, npix: (i * 613) % 3072 }, 512)] as const)]) {
      const needs = needsOf(grid);
      const chosen = await choose(needs);
      if (!isCut(needs, chosen)) continue;
      cut++;
      const pixels = (patches: readonly Patch[]): number => patches.reduce((sum, one) => sum + one.grid.width * one.grid.height, 0);
      expect(Math.max(...chosen.flatMap((one) => [one.grid.width, one.grid.height]))).toBeLessThanOrEqual(1024);
      expect(pixels(chosen)).toBeLessThanOrEqual(pixels(needs.patches));
    }
    expect(cut).toBeGreaterThan(30);
  });
});
