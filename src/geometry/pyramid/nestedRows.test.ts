import { describe, expect, it } from 'vitest';
import { createCrsRegistry } from '../crs/registry.ts';
import { createGrid, type GridOptions } from './mapproxyGrid.ts';
import { nestRows } from './nestedRows.ts';
import { tileBbox } from './tileMatrixSet.ts';

const registry = createCrsRegistry();
const grid = (options: Partial<GridOptions> & { readonly srs: string }) => createGrid({ name: 'g', ...options, crs: registry.crsOf(options.srs) });

/** Danger: a file that other programs open shows the north in the south, or everything one tile too high. */
describe('rows of files of tiles', () => {
  it.each([
    ['GLOBAL_GEODETIC', grid({ srs: 'EPSG:4326', numLevels: 5 }), [-180, -90, 180, 270]],
    ['the same from the north-west', grid({ srs: 'EPSG:4326', origin: 'nw', numLevels: 5 }), [-180, -270, 180, 90]],
    ['two tiles at level 0', grid({ srs: 'IAU_2015:30100', origin: 'nw', minRes: 180 / 256, numLevels: 5 }), [-180, -90, 180, 90]],
    ['a part of the Moon', grid({ srs: 'IAU_2015:30100', bbox: [10, -20, 70, 10], minRes: 0.1, numLevels: 4 }), [10, -20, 86.8, 31.2]],
  ] as const)('%s: every tile is where its row from the top and from the bottom says', (_, set, extent) => {
    const nested = nestRows(set);
    nested.extent.forEach((edge, i) => expect(edge).toBeCloseTo(extent[i]!, 9));
    set.tileMatrices.forEach((matrix, level) => {
      const { rows, columns, fromTop, fromBottom, cellSize, tileHeight } = nested.levels[level]!;
      expect(columns).toBeGreaterThanOrEqual(matrix.matrixWidth);
      expect(columns * cellSize * matrix.tileWidth).toBeCloseTo(nested.extent[2] - nested.extent[0], 9);
      expect(rows * cellSize * tileHeight).toBeCloseTo(nested.extent[3] - nested.extent[1], 9);
      for (let row = 0; row < matrix.matrixHeight; row++) {
        const [, minY, , maxY] = tileBbox(matrix, 0, row);
        expect(nested.extent[3] - fromTop(row) * cellSize * tileHeight).toBeCloseTo(maxY, 9);
        expect(nested.extent[1] + fromBottom(row) * cellSize * tileHeight).toBeCloseTo(minY, 9);
      }
    });
  });
});
