import { describe, expect, it } from 'vitest';
import { crsOf } from '../../geometry/crs/registry.ts';
import { latticePoints, spherePoints } from '../../geometry/lattice/points.ts';
import { createGrid, type GridOptions } from '../../geometry/pyramid/mapproxyGrid.ts';
import { standardSet } from '../../geometry/pyramid/standardSets.ts';
import { setLimits, tileBbox, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { planReprojection } from '../../raster/reproject/plan.ts';
import { crsLatticeOfBbox } from '../../geometry/lattice/crsLattice.ts';
import { matrixSetTiling, type MatrixTiling } from './matrixTiling.ts';

const MOON = crsOf('IAU_2015:30100');

function grid(options: Partial<GridOptions>): TileMatrixSet {
  return createGrid({ name: 'g', crs: MOON, ...options });
}

const sizes = ({ levels }: MatrixTiling) => levels.map(({ lattice }) => [lattice.width, lattice.height]);

/** The sphere point of a finest-level coordinate, by way of a level. */
function through({ levels }: MatrixTiling, level: number, col: number, row: number): readonly number[] {
  const { lattice, colScale, rowScale, colOffset = 0, rowOffset = 0 } = levels[level]!;
  const at = latticePoints(1);
  at.col[0] = col * colScale + colOffset;
  at.row[0] = row * rowScale + rowOffset;
  const out = spherePoints(1);
  lattice.toSphere(1, at, out);
  return [out.lon[0]!, out.lat[0]!];
}

describe('a tile matrix set as levels', () => {
  it('has one level per matrix, finest first, whose tiles have the numbers of the set', () => {
    const tiling = matrixSetTiling(standardSet('WorldCRS84Quad', crsOf)!);
    expect(sizes(tiling).slice(-3)).toEqual([[2048, 1024], [1024, 512], [512, 256]]);
    expect(tiling.levels.at(-2)).toMatchObject({ colScale: 2 ** -16, patchWidth: 256, patchHeight: 256 });
    const patch = tiling.patchAt(16, 0, 3, 1)!;
    expect(patch).toMatchObject({ key: '1/3/1', grid: { col: 768, row: 256, width: 256, height: 256 } });
    expect(tiling.partsOf(patch)).toEqual([{ tile: expect.objectContaining({ key: '1/3/1' }), col: 0, row: 0 }]);
    expect(tiling.patchAt(16, 0, 4, 1)).toBeNull();
    expect(tiling.patchAt(16, 1, 0, 0)).toBeNull();
  });

  it('closes circles and joins poles where tiles stick out of the world (danger: half-transparent rows at the poles)', () => {
    const tiling = matrixSetTiling(standardSet('GLOBAL_GEODETIC', crsOf)!);
    const last = tiling.levels.length - 1;
    expect(sizes(tiling).slice(-2)).toEqual([[512, 256], [256, 128]]);
    for (const { lattice } of tiling.levels) {
      expect(lattice.periodCols).toBe(lattice.width);
      expect(lattice.wrap(0, 0, -1, new Float64Array(3))).toBe(true);
    }
    const patch = tiling.patchAt(last, 0, 0, 0)!;
    expect(patch).toMatchObject({ key: '0/at/0/0', grid: { col: 0, row: 0, width: 256, height: 128 } });
    expect(tiling.partsOf(patch)).toEqual([{ tile: expect.objectContaining({ key: '0/0/0' }), col: 0, row: -128 }]);
    expect(tiling.levels[last]!.rowOffset).toBeUndefined();
  });

  it('counts rows as the set does (danger: a map upside down)', () => {
    const tiling = matrixSetTiling(standardSet('GLOBAL_MERCATOR', crsOf)!);
    const level = tiling.levels.length - 3;
    const patch = tiling.patchAt(level, 0, 1, 0)!;
    expect(patch.key).toBe('2/1/3');
    const { tile } = tiling.partsOf(patch)[0]!;
    const { matrix, col, row } = tiling.addressOf(tile);
    expect([matrix.id, col, row, tiling.zOf(tile)]).toEqual(['2', 1, 3, 2]);
    expect(tileBbox(matrix, col, row)[3]).toBeCloseTo(20037508.342789244, 6);
  });

  it.each([
    ['whole heights', { bbox: [0, 0, 100, 64], res: [1, 0.5, 0.25] }, true],
    ['cells that divide nothing', { bbox: [-11.3, -4.7, 33.1, 17.9], res: [0.9, 0.37, 0.1], tileSize: [50, 30] }, false],
    ['steps of the square root of two', { bbox: [10, 10, 50, 37], resFactor: 'sqrt2', numLevels: 7 }, false],
  ] as const)('keeps all levels of a grid from below in register: %s (danger: levels half a pixel apart)', (_, options, isPlain) => {
    const tiling = matrixSetTiling(grid({ origin: 'sw', ...(options as Partial<GridOptions>) }));
    expect(tiling.levels).toHaveLength(tiling.set.tileMatrices.length);
    const [lon, lat] = through(tiling, 0, 37.25, 11.5);
    for (let level = 1; level < tiling.levels.length; level++) {
      const there = through(tiling, level, 37.25, 11.5);
      expect(there[0]).toBeCloseTo(lon!, 12);
      expect(there[1]).toBeCloseTo(lat!, 12);
      expect(tiling.levels[level]!.rowOffset === undefined).toBe(isPlain);
    }
  });

  it('puts every pixel of a patch where its tile has it, whatever the corners (danger: tiles glued one pixel off)', () => {
    const tiling = matrixSetTiling(grid({ origin: 'sw', bbox: [-11.3, -4.7, 33.1, 17.9], res: [0.9, 0.37, 0.1], tileSize: [50, 30] }));
    for (const [level, { lattice, patchWidth, patchHeight }] of tiling.levels.entries()) {
      const seen = new Map<string, number>();
      for (let row = 0; row * patchHeight < lattice.height; row++) {
        for (let col = 0; col * patchWidth < lattice.width; col++) {
          const patch = tiling.patchAt(level, 0, col, row)!;
          for (const part of tiling.partsOf(patch)) {
            const { matrix, col: tileCol, row: tileRow } = tiling.addressOf(part.tile);
            const [minX, , , maxY] = tileBbox(matrix, tileCol, tileRow);
            const { spec } = lattice as { spec: { x0: number; y0: number; cellX: number } } & typeof lattice;
            expect((minX - spec.x0) / spec.cellX - patch.grid.col).toBeCloseTo(part.col, 6);
            expect((spec.y0 - maxY) / spec.cellX - patch.grid.row).toBeCloseTo(part.row, 6);
            seen.set(part.tile.key, 1);
          }
        }
      }
      const matrix = tiling.set.tileMatrices[tiling.levels.length - 1 - level]!;
      expect(seen.size).toBe(matrix.matrixWidth * matrix.matrixHeight);
    }
  });

  it('leaves out a level that does not close where the finest one does (danger: columns beyond the seam smeared)', () => {
    const tiling = matrixSetTiling(grid({ origin: 'nw', res: [1, 0.7, 0.5] }));
    expect(sizes(tiling)).toEqual([[720, 360], [360, 180]]);
  });

  it('takes the coarsest level with a pixel for each target pixel along both axes', () => {
    const tiling = matrixSetTiling(grid({ origin: 'nw', res: [4, 2, 1], bbox: [0, 0, 80, 80] }));
    expect([[0.5, 0.5], [1.9, 9], [2, 9], [9, 2.1], [4, 4], [50, 50]].map(([c, r]) => tiling.levelFor(c!, r!))).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('has no patch where a coverage or limits have no tile', () => {
    const set = standardSet('MOON_GEOGRAPHIC', crsOf)!;
    const tiling = matrixSetTiling(set, { limits: setLimits(set, [0, 0, 10, 10]) });
    const level = tiling.levels.length - 3;
    const found = [0, 1, 2, 3, 4, 5, 6, 7].map((col) => tiling.patchAt(level, 0, col, 1)?.key ?? null);
    expect(found).toEqual([null, null, null, null, '2/4/1', null, null, null]);
    expect(() => matrixSetTiling(set, { limits: new Map() })).toThrow(/no tiles/);
    expect(matrixSetTiling(set, { limits: new Map([['3', setLimits(set, [0, 0, 1, 1]).get('3')!]]) }).levels).toHaveLength(1);
  });

  it('numbers matrices whose names cannot be part of a key', () => {
    const tiling = matrixSetTiling(grid({ origin: 'nw', res: [['EPSG:4326:1', 0.5], ['EPSG:4326:0', 1]] }));
    expect(tiling.patchAt(1, 0, 0, 0)!.key).toBe('0/0/0');
    expect(tiling.patchAt(0, 0, 2, 1)!.key).toBe('1/2/1');
  });

  it('is planned with: a target on the pixels of a level needs just its tiles', () => {
    const tiling = matrixSetTiling(standardSet('MOON_GEOGRAPHIC', crsOf)!);
    const lattice = crsLatticeOfBbox(MOON, [-180, -90, 180, 90], 1024, 512);
    const plan = planReprojection({ lattice, chart: 0, col: 256, row: 0, width: 256, height: 256 }, tiling, { kernel: 'nearest', maxError: 0, maxPatches: 9 });
    expect(plan.patches.map(({ key }) => key)).toEqual(['1/1/0']);
  });
});
