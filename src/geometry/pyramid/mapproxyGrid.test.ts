import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planeStub, STUBS } from '../../../test/conformance/planeStub.ts';
import type { Bbox } from '../crs/axis.ts';
import type { Crs } from '../crs/types.ts';
import { createGrid, type GridOptions } from './mapproxyGrid.ts';
import { tileBbox, tileOfPoint, type TileMatrix } from './tileMatrixSet.ts';

interface OracleOptions {
  readonly srs: string;
  readonly origin?: 'sw' | 'nw' | 'ul' | 'll';
  readonly bbox?: Bbox;
  readonly tile_size?: readonly [number, number];
  readonly res?: readonly number[];
  readonly min_res?: number;
  readonly max_res?: number;
  readonly res_factor?: number | 'sqrt2';
  readonly num_levels?: number;
}

interface OracleLevel {
  readonly name: string;
  readonly cellSize: number;
  readonly size: readonly [number, number];
  readonly tiles: readonly { readonly tile: readonly [number, number]; readonly bbox: Bbox }[];
  readonly points: readonly { readonly point: readonly [number, number]; readonly tile: readonly [number, number] }[];
}

interface Oracle {
  readonly grids: { readonly [name: string]: { readonly options: OracleOptions; readonly levels: readonly OracleLevel[] } };
}

const oracle = JSON.parse(readFileSync(new URL('../../../test/conformance/mapproxy/grids.json', import.meta.url), 'utf8')) as Oracle;

function crsStub(id: string): Crs {
  return STUBS[id === 'EPSG:900913' ? 'EPSG:3857' : id] ?? planeStub(id);
}

/** The YAML keys as createGrid calls them; absent ones stay absent. */
function gridOptions(name: string, { srs, tile_size, min_res, max_res, res_factor, num_levels, ...same }: OracleOptions): GridOptions {
  return {
    name,
    crs: crsStub(srs),
    ...same,
    ...(tile_size && { tileSize: tile_size }),
    ...(min_res && { minRes: min_res }),
    ...(max_res && { maxRes: max_res }),
    ...(res_factor && { resFactor: res_factor }),
    ...(num_levels && { numLevels: num_levels }),
  };
}

describe('createGrid against MapProxy 7.0.0', () => {
  for (const [name, { options, levels }] of Object.entries(oracle.grids)) {
    const set = createGrid(gridOptions(name, options));
    const matrixAt = (level: number): TileMatrix => set.tileMatrices[level] as TileMatrix;

    it(`${name}: as many levels, tiles and the same cell sizes, or cached tiles would be another place's`, () => {
      expect(set.tileMatrices.map((m) => [m.matrixWidth, m.matrixHeight])).toEqual(levels.map((level) => level.size));
      levels.forEach((level, z) => expect(matrixAt(z).cellSize / level.cellSize).toBeCloseTo(1, 13));
    });

    it(`${name}: the same rectangle for first, middle and last tile of every level`, () => {
      levels.forEach((level, z) => {
        for (const { tile, bbox } of level.tiles) {
          const mine = tileBbox(matrixAt(z), tile[0], tile[1]);
          // MapProxy rounds to 12 decimals; a millionth of a pixel is far below what anybody can see.
          mine.forEach((edge, i) => expect(Math.abs(edge - (bbox[i] as number))).toBeLessThan(1e-6 * level.cellSize));
        }
      });
    });

    it(`${name}: the same tile for a point of the plane`, () => {
      levels.forEach((level, z) => {
        for (const { point, tile } of level.points) {
          const { col, row } = tileOfPoint(matrixAt(z), point[0], point[1]);
          expect([col, row]).toEqual(tile);
        }
      });
    });
  }
});

describe('createGrid', () => {
  const plane = planeStub('EPSG:4326', { axes: 'yx' });

  it('names levels by number, and named resolutions by their names, coarsest first', () => {
    expect(createGrid({ name: 'g', crs: plane, numLevels: 3 }).tileMatrices.map((m) => m.id)).toEqual(['0', '1', '2']);
    const named = createGrid({ name: 'g', crs: plane, res: [['fine', 0.1], ['coarse', 1]] });
    expect(named.tileMatrices.map((m) => m.id)).toEqual(['coarse', 'fine']);
  });

  it('does not earn a tile by a part of a pixel: 25.7 is not 257 times 0.1, though the quotient rounds to 257', () => {
    const set = createGrid({ name: 'g', crs: plane, bbox: [0, 0, 25.7, 25.7], res: [0.1] });
    expect(set.tileMatrices[0]?.matrixWidth).toBe(1);
  });

  it('takes the resolutions of another grid, every second one where that grid counts by the square root of two', () => {
    const base = createGrid({ name: 'base', crs: plane, resFactor: 'sqrt2', numLevels: 8 });
    const aligned = createGrid({ name: 'g', crs: plane, bbox: [0, 0, 90, 90], alignResolutionsWith: base });
    expect(aligned.tileMatrices.map((m) => m.cellSize)).toEqual([4, 6].map((i) => base.tileMatrices[i]?.cellSize));
  });

  it.each([
    ['a bbox that is upside down', { bbox: [0, 10, 10, 0] as const }, /bbox is \[0, 10, 10, 0\]/, 'grids.g.bbox'],
    ['an endless domain without bbox', { crs: planeStub('X:1', { extent: [-Infinity, 0, Infinity, 1] }) }, /finite/, 'grids.g.bbox'],
    ['a negative cell size', { res: [1, -1] }, /positive/, 'grids.g.res'],
    ['the same cell size twice', { res: [1, 1] }, /twice/, 'grids.g.res'],
    ['res together with min_res', { res: [1], minRes: 2 }, /excludes/, 'grids.g.res'],
    ['min_res and max_res in the wrong order', { minRes: 1, maxRes: 10 }, /larger number/, 'grids.g.max_res'],
    ['a factor that does not shrink', { resFactor: 1 }, /above 1/, 'grids.g.res_factor'],
    ['a broken number of levels', { numLevels: 2.5 }, /whole number/, 'grids.g.num_levels'],
    ['a tile of no size', { tileSize: [256, 0] as const }, /tile_size/, 'grids.g.tile_size'],
  ])('refuses %s, naming value and place', (_what, wrong, message, locator) => {
    const make = () => createGrid({ name: 'g', crs: plane, ...wrong });
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', locator }));
  });
});
