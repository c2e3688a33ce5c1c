import { describe, expect, it } from 'vitest';
import { crsOf } from '../../geometry/crs/registry.ts';
import { bodyFrame, SKY_FRAMES } from '../../geometry/frame/frame.ts';
import { crsLatticeOfBbox } from '../../geometry/lattice/crsLattice.ts';
import { hipsGrid } from '../../geometry/pyramid/hips.ts';
import { mocOfCells } from '../../protocol/hips/moc.ts';
import { planReprojection } from '../../raster/reproject/plan.ts';
import { DEFAULT_MAX_ERROR } from '../../raster/reproject/types.ts';
import { hipsAddressOf, hipsPatch, hipsTiling } from './hipsTiling.ts';
import type { Patch } from './types.ts';

const moon = bodyFrame('moon');
const tiling = hipsTiling({ frame: moon, order: 10, tileWidth: 512, coverage: null });
type Bbox = readonly [number, number, number, number];

/** What a view reads. */
function patches(crs: string, bbox: Bbox, width: number, height: number): readonly Patch[] {
  const grid = { lattice: crsLatticeOfBbox(crsOf(crs), bbox, width, height), chart: 0, col: 0, row: 0, width, height };
  return planReprojection(grid, tiling, { kernel: 'bicubic', maxError: DEFAULT_MAX_ERROR, maxPatches: 500 }).patches;
}

/** Patches of order 0 at several widths are of one tile. */
const tilesOf = (read: readonly Patch[]): number => new Set(read.map((patch) => JSON.stringify(hipsAddressOf(patch)))).size;
const ordersOf = (read: readonly Patch[]): number[] => [...new Set(read.map((patch) => hipsAddressOf(patch).order))].sort((a, b) => a - b);

describe('tiles as patches', () => {
  it('have the path of the tile as key, the grid of the tile, and lead back to it', () => {
    for (const [order, npix] of [[0, 11], [3, 271], [10, 12_582_911]] as const) {
      const patch = hipsPatch(moon, { order, npix }, 512);
      const { chart, col, row } = patch.grid;
      const found = tiling.patchAt(10 - order, chart, col / 512, row / 512)!;
      expect(found).toMatchObject({ key: patch.key, level: 10 - order });
      expect(found.grid.lattice.id).toBe(hipsGrid(moon, { order, npix }, 512).lattice.id);
      expect(hipsAddressOf(found)).toEqual({ order, npix });
    }
    expect(tiling.patchAt(7, 4, 1, 5)!.key).toBe(hipsPatch(moon, { order: 3, npix: 4 * 64 + 19 }, 512).key);
  });

  it('are not there beyond the sphere or outside the coverage, but touching it is enough', () => {
    const partial = hipsTiling({ frame: SKY_FRAMES.galactic, order: 3, tileWidth: 256, coverage: mocOfCells([{ order: 2, npix: 16 * 4 }]) });
    expect(partial.patchAt(0, 4, 1, 1)).not.toBeNull();
    expect(partial.patchAt(0, 4, 2, 1)).toBeNull();
    expect(partial.patchAt(3, 4, 0, 0)).not.toBeNull();
    expect(partial.patchAt(3, 5, 0, 0)).toBeNull();
    for (const [chart, col, row] of [[-1, 0, 0], [12, 0, 0], [0, -1, 0], [0, 0, 8]] as const) expect(partial.patchAt(0, chart, col, row)).toBeNull();
  });

  it('a HiPS deeper than coordinates are exact is read as deep as they are', () => {
    expect(hipsAddressOf(hipsTiling({ frame: moon, order: 24, tileWidth: 4096, coverage: null }).patchAt(0, 0, 0, 0)!).order).toBe(21);
  });
});

describe('the order that is read', () => {
  it('halves with the size of the target pixels, and is exact on the pixels of an order', () => {
    expect([0.2, 1, 1.9, 2, 3.9, 4, 1e6].map((size) => tiling.levelFor(size, size))).toEqual([0, 0, 0, 1, 1, 2, tiling.levels.length - 1]);
    expect([2, 4, 1024].map((size) => tiling.levelFor(size - 1e-9, size - 1e-9))).toEqual([1, 2, 10]);
  });
});

/** Danger: a view that costs hundreds of upstream requests. Tiles of 512, kernel reach included. */
describe('how many tiles a view costs', () => {
  it('the whole body in 1024 x 512: the 12 tiles of order 0, whatever the projection', () => {
    for (const crs of ['IAU_2015:30100', 'IAU_2015:30110', 'IAU_2015:30120', 'IAU_2015:30140']) {
      const read = patches(crs, crsOf(crs).extent, 1024, 512);
      expect(tilesOf(read), crs).toBe(12);
      expect(read.length, crs).toBeLessThanOrEqual(3 * 12);
      expect(ordersOf(read), crs).toEqual([0]);
    }
  });

  it('nearest reads tiles at their own width, however small the globe (danger: colours that the HiPS does not have)', () => {
    const crs = crsOf('IAU_2015:30100');
    const grid = { lattice: crsLatticeOfBbox(crs, crs.extent, 256, 128), chart: 0, col: 0, row: 0, width: 256, height: 128 };
    const read = (kernel: 'nearest' | 'bilinear'): number[] => [...new Set(planReprojection(grid, tiling, { kernel, maxError: DEFAULT_MAX_ERROR, maxPatches: 500 }).patches.map((patch) => patch.grid.width))];
    expect(read('nearest')).toEqual([512]);
    expect(Math.max(...read('bilinear'))).toBeLessThan(512);
  });

  it('1024 x 512 of a quarter of the body: 13 of order 1', () => {
    const read = patches('IAU_2015:30100', [-10, -20, 80, 25], 1024, 512);
    expect([read.length, ordersOf(read)]).toEqual([13, [1]]);
  });

  it('a 256 x 256 tile of the geodetic grid: 4 on average, at most 8', () => {
    const counts = geodeticTiles(3, 8, 200).map((bbox) => patches('IAU_2015:30100', bbox, 256, 256).length);
    expect(mean(counts)).toBeLessThanOrEqual(4.2);
    expect(Math.max(...counts)).toBeLessThanOrEqual(8);
  });

  it('a 256 x 256 tile of a polar map: 4 on average, at most 10, the pole included', () => {
    const random = randomNumbers();
    const windows = Array.from({ length: 100 }, () => window(50 * 200 ** random(), 1.2e6 * random(), 2 * Math.PI * random(), 256));
    const counts = [...windows, window(300, 0, 0, 256), window(5000, 0, 0, 256)].map((bbox) => tilesOf(patches('IAU_2015:30130', bbox, 256, 256)));
    expect(mean(counts)).toBeLessThanOrEqual(4.2);
    expect(Math.max(...counts)).toBeLessThanOrEqual(10);
  });

  it('1024 x 512 with a pole at its edge: two orders, not ten', () => {
    const read = patches('IAU_2015:30100', [-53.55, -90, 37.45, -44.5], 1024, 512);
    expect(read.length).toBeLessThanOrEqual(22);
    expect(ordersOf(read)).toEqual([1, 2]);
  });

  it('a row of tiles at the pole of a plate carree does not read ever finer orders', () => {
    for (const z of [3, 5, 7]) {
      const side = 180 / 2 ** z;
      const read = patches('IAU_2015:30100', [0, 90 - side, side, 90], 256, 256);
      expect(read.length, `zoom ${z}`).toBeLessThanOrEqual(4);
    }
  });
});

const mean = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0) / counts.length;

/** The same numbers at every run, [0, 1). */
function randomNumbers(): () => number {
  let state = 1;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

/** Tiles of the geodetic grid, evenly spread over the sphere. */
function geodeticTiles(first: number, last: number, count: number): Bbox[] {
  const random = randomNumbers();
  return Array.from({ length: count }, () => {
    const side = 180 / 2 ** (first + Math.floor(random() * (last - first + 1)));
    const row = Math.min(180 / side - 1, Math.floor((90 - (Math.asin(2 * random() - 1) * 180) / Math.PI) / side));
    const col = Math.floor((random() * 360) / side);
    return [-180 + col * side, 90 - (row + 1) * side, -180 + (col + 1) * side, 90 - row * side];
  });
}

function window(cell: number, distance: number, angle: number, size: number): Bbox {
  const [x, y] = [distance * Math.cos(angle), distance * Math.sin(angle)];
  const half = (cell * size) / 2;
  return [x - half, y - half, x + half, y + half];
}
