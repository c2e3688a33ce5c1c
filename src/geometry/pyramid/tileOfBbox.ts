import type { Bbox } from '../crs/axis.ts';
import type { Pixels } from '../lattice/types.ts';
import { isInMatrix, tileBbox, tileOfPoint, type TileAddress, type TileMatrix, type TileMatrixSet } from './tileMatrixSet.ts';

/** Part of a pixel by which an edge may be off: MapProxy's measure. */
const SLACK = 0.1;

function tileIn(matrix: TileMatrix, bbox: Bbox): TileAddress | null {
  const { col, row } = tileOfPoint(matrix, (bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2);
  const slack = matrix.cellSize * SLACK;
  const isSame = isInMatrix(matrix, col, row) && tileBbox(matrix, col, row).every((edge, i) => Math.abs(edge - (bbox[i] as number)) <= slack);
  return isSame ? { matrix, col, row } : null;
}

/** The tile of so many pixels whose rectangle (CRS units, x/y order) this is, to a tenth of a pixel; null = there is none. */
export function tileOfBbox({ tileMatrices }: TileMatrixSet, bbox: Bbox, width: Pixels, height: Pixels): TileAddress | null {
  const fitting = tileMatrices.filter(({ tileWidth, tileHeight }) => tileWidth === width && tileHeight === height);
  for (const matrix of fitting) {
    const found = tileIn(matrix, bbox);
    if (found !== null) return found;
  }
  return null;
}
