import { describe, expect, it } from 'vitest';
import { crsOf } from '../geometry/crs/registry.ts';
import { latticePoints, spherePoints } from '../geometry/lattice/points.ts';
import type { PixelGrid } from '../geometry/lattice/types.ts';
import { createGrid } from '../geometry/pyramid/mapproxyGrid.ts';
import { asTopLeft, tileBbox } from '../geometry/pyramid/tileMatrixSet.ts';
import { ownAddress, tileGrid } from './tileGrid.ts';

const crs = crsOf('IAU_2015:30100');
const OPTIONS = { name: 'g', crs, tileSize: [64, 32], res: [3, 1, 0.3] } as const;
const nw = createGrid({ ...OPTIONS, origin: 'nw' });
const sw = createGrid({ ...OPTIONS, origin: 'sw' });

/** Degrees of the corner (col, row) of a grid, in pixels from its own corner. */
function degreesAt({ lattice, col, row }: PixelGrid, x: number, y: number): readonly [number, number] {
  const at = latticePoints(1);
  at.col[0] = col + x;
  at.row[0] = row + y;
  const sphere = spherePoints(1);
  lattice.toSphere(1, at, sphere);
  return [(sphere.lon[0]! * 180) / Math.PI, (sphere.lat[0]! * 180) / Math.PI];
}

/** Danger: tiles upside down or one row off where a grid counts from below or does not end with a whole tile. */
describe('the pixels of a tile', () => {
  for (const [name, set] of [['from the top', nw], ['from the bottom', sw]] as const) {
    for (const scale of [1, 2] as const) {
      it(`counted ${name}, ${scale} x: its corners are those of its rectangle`, () => {
        for (const matrix of set.tileMatrices) {
          const [col, row] = [matrix.matrixWidth - 2, matrix.matrixHeight - 2];
          const grid = tileGrid(set, { matrix, col, row }, scale);
          const [minX, minY, maxX, maxY] = tileBbox(matrix, col, row);
          const found = [...degreesAt(grid, 0, 0), ...degreesAt(grid, grid.width, grid.height)];
          [minX, maxY, maxX, minY].forEach((wanted, i) => expect(found[i]).toBeCloseTo(wanted, 9));
        }
      });
    }
  }

  it('all tiles of a matrix are on one lattice, so that they match', () => {
    const matrix = sw.tileMatrices[2]!;
    expect(tileGrid(sw, { matrix, col: 0, row: 0 }, 1).lattice.id).toBe(tileGrid(sw, { matrix, col: 7, row: 5 }, 1).lattice.id);
  });

  it('a set that was turned round names the same tile', () => {
    const turned = asTopLeft(sw).tileMatrices.at(-1)!;
    const own = sw.tileMatrices.at(-1)!;
    expect(ownAddress(sw, { matrix: turned, col: 3, row: 1 })).toEqual({ matrix: own, col: 3, row: own.matrixHeight - 2 });
    expect(() => ownAddress(sw, { matrix: turned, col: 3, row: own.matrixHeight })).toThrow(/TileRow/);
    expect(() => ownAddress(sw, { matrix: { ...own, id: 'nonsense' }, col: 0, row: 0 })).toThrow(/nonsense/);
  });
});
