import { describe, expect, it } from 'vitest';
import { planeStub } from '../../../test/conformance/planeStub.ts';
import { createGrid } from './mapproxyGrid.ts';
import { asTopLeft, flipRow, isInMatrix, matrixOf, requireTile, setLimits, tileBbox, tileLimits, tileOfPoint, type TileMatrix } from './tileMatrixSet.ts';

const degrees = planeStub('EPSG:4326', { axes: 'yx' });
const metres = planeStub('EPSG:32631', { unit: 'metre', periodX: null, extent: [0, 0, 1e6, 1e7] });
const southWest = createGrid({ name: 'sw', crs: degrees, origin: 'sw' });
const northWest = createGrid({ name: 'nw', crs: degrees, origin: 'nw' });

function level(set: typeof southWest, z: number): TileMatrix {
  return matrixOf(set, String(z)) as TileMatrix;
}

describe('matrixOf', () => {
  it("finds MapProxy's '05' as '5', and nothing else by number", () => {
    expect(matrixOf(northWest, '05')?.id).toBe('5');
    expect(matrixOf(northWest, '5')?.id).toBe('5');
    expect(matrixOf(northWest, '99')).toBeNull();
    expect(matrixOf(northWest, '5.0')).toBeNull();
    expect(matrixOf(northWest, '-0')).toBeNull();
  });
});

describe('tileBbox and tileOfPoint', () => {
  it('give neighbours the same edge to the last bit, or seams show', () => {
    const { tileMatrices } = createGrid({ name: 'g', crs: metres, res: [0.1, 1 / 3], origin: 'nw' });
    for (const matrix of tileMatrices) {
      for (const n of [0, 1, 7, 12345]) {
        expect(tileBbox(matrix, n, n)[2]).toBe(tileBbox(matrix, n + 1, n)[0]);
        expect(tileBbox(matrix, n, n)[1]).toBe(tileBbox(matrix, n, n + 1)[3]);
      }
    }
  });

  it('count rows from the corner of origin: row 0 of a north-west grid touches the pole', () => {
    expect(tileBbox(level(northWest, 1), 0, 0)).toEqual([-180, -90, 0, 90]);
    expect(tileBbox(level(northWest, 2), 0, 0)[3]).toBe(90);
    expect(tileBbox(level(southWest, 2), 0, 0)[1]).toBe(-90);
  });

  it('agree: the centre of a tile lies in that tile', () => {
    for (const set of [southWest, northWest]) {
      const matrix = level(set, 4);
      const [minX, minY, maxX, maxY] = tileBbox(matrix, 9, 3);
      expect(tileOfPoint(matrix, (minX + maxX) / 2, (minY + maxY) / 2)).toEqual({ col: 9, row: 3 });
    }
  });
});

describe('requireTile', () => {
  it('says which of the two numbers is outside and what is allowed', () => {
    const matrix = level(northWest, 2);
    expect(requireTile(matrix, 3, 1)).toEqual({ matrix, col: 3, row: 1 });
    expect(() => requireTile(matrix, 4, 1)).toThrow(expect.objectContaining({ code: 'TILE_OUT_OF_RANGE', locator: 'TileCol' }));
    expect(() => requireTile(matrix, 3, 2)).toThrow(/TileRow 2 is outside 0\.\.1/);
    expect(() => requireTile(matrix, -1, 0)).toThrow(/TileCol -1/);
    expect(() => requireTile(matrix, 0.5, 0)).toThrow(/TileCol 0.5/);
    expect(isInMatrix(matrix, 4, 1)).toBe(false);
  });
});

describe('tileLimits', () => {
  it('leaves out tiles that a rectangle merely touches, keeps the one that holds a point-sized rectangle', () => {
    const matrix = level(northWest, 3);
    expect(tileLimits(matrix, [-180, 0, -90, 90])).toEqual({ minCol: 0, maxCol: 1, minRow: 0, maxRow: 1 });
    expect(tileLimits(matrix, [10, 10, 10, 10])).toEqual({ minCol: 4, maxCol: 4, minRow: 1, maxRow: 1 });
    expect(tileLimits(matrix, [200, 0, 210, 10])).toBeNull();
  });

  it('is mirrored where rows count from below', () => {
    expect(tileLimits(level(southWest, 3), [-180, 0, -90, 90])).toEqual({ minCol: 0, maxCol: 1, minRow: 2, maxRow: 3 });
  });
});

describe('setLimits', () => {
  it('knows that 0..360 is the whole circle and that 200 is -160, or half a planet vanishes from the capabilities', () => {
    expect(setLimits(northWest, [0, -90, 360, 90]).get('2')).toEqual({ minCol: 0, maxCol: 3, minRow: 0, maxRow: 1 });
    expect(setLimits(northWest, [200, 10, 210, 20]).get('3')).toEqual({ minCol: 0, maxCol: 0, minRow: 1, maxRow: 1 });
    expect(setLimits(northWest, [170, 10, 190, 20]).get('3')).toEqual({ minCol: 0, maxCol: 7, minRow: 1, maxRow: 1 });
  });

  it('has no entry for a matrix that the rectangle misses', () => {
    const local = createGrid({ name: 'g', crs: metres, bbox: [0, 0, 1000, 1000], origin: 'nw', numLevels: 2 });
    expect(setLimits(local, [5000, 5000, 6000, 6000]).size).toBe(0);
  });
});

describe('asTopLeft', () => {
  it('keeps GLOBAL_GEODETIC in WMTS, without the level whose tile would reach latitude 270, identifiers unchanged', () => {
    const served = asTopLeft(southWest);
    expect(served.tileMatrices.map((m) => m.id)).toEqual(southWest.tileMatrices.slice(1).map((m) => m.id));
    expect(served.tileMatrices[0]).toMatchObject({ id: '1', pointOfOrigin: [-180, 90], cornerOfOrigin: 'topLeft', matrixWidth: 2, matrixHeight: 1 });
  });

  it('shows the same ground under the flipped row number', () => {
    for (const matrix of southWest.tileMatrices.slice(1, 6)) {
      const served = matrixOf(asTopLeft(southWest), matrix.id) as TileMatrix;
      expect(tileBbox(served, 1, flipRow(matrix, 0))).toEqual(tileBbox(matrix, 1, 0));
    }
  });

  it('gives a level that ends inside the domain its own corner, and never empties a set', () => {
    const local = createGrid({ name: 'g', crs: metres, bbox: [0, 0, 1000, 900], res: [10, 3] });
    expect(asTopLeft(local).tileMatrices.map((m) => m.pointOfOrigin)).toEqual([[0, 2560], [0, 1536]]);
    const tight = createGrid({ name: 'g', crs: degrees, res: [10] });
    expect(asTopLeft(tight).tileMatrices).toHaveLength(1);
  });
});
