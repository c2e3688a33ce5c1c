import { describe, expect, it } from 'vitest';
import { crsOf } from '../crs/registry.ts';
import { standardSet } from './standardSets.ts';
import { flipRow, tileBbox } from './tileMatrixSet.ts';
import { tileOfBbox } from './tileOfBbox.ts';

describe('tileOfBbox', () => {
  it.each(['MOON_GEOGRAPHIC', 'GLOBAL_GEODETIC', 'MOON_NORTH_POLAR', 'GLOBAL_WEBMERCATOR'])('finds each tile of %s by its rectangle', (name) => {
    const set = standardSet(name, crsOf)!;
    for (const matrix of [set.tileMatrices[1]!, set.tileMatrices[4]!, set.tileMatrices.at(-1)!]) {
      const [col, row] = [matrix.matrixWidth - 1, flipRow(matrix, Math.floor(matrix.matrixHeight / 3))];
      const bbox = tileBbox(matrix, col, row);
      expect(tileOfBbox(set, bbox, 256, 256)).toEqual({ matrix, col, row });
      const moved = (pixels: number) => [bbox[0] + pixels * matrix.cellSize, bbox[1], bbox[2] + pixels * matrix.cellSize, bbox[3]] as const;
      expect(tileOfBbox(set, moved(0.05), 256, 256)).toEqual({ matrix, col, row });
      expect(tileOfBbox(set, moved(0.2), 256, 256)).toBeNull();
      expect(tileOfBbox(set, bbox, 512, 512)).toBeNull();
    }
  });

  it('finds none beyond the matrix, and none of two tiles', () => {
    const set = standardSet('MOON_GEOGRAPHIC', crsOf)!;
    expect(tileOfBbox(set, [180, 0, 225, 45], 256, 256)).toBeNull();
    expect(tileOfBbox(set, [0, 0, 90, 45], 256, 256)).toBeNull();
  });
});
