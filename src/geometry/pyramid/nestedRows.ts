import type { Bbox } from '../crs/axis.ts';
import type { TileMatrix, TileMatrixSet } from './tileMatrixSet.ts';

/** A matrix set as files of tiles want it (GeoPackage 1.3, 2.2.7; MBTiles): one rectangle, which every level fills with tiles. */
export interface NestedRows {
  /** The rectangle, CRS units: of all matrices together. */
  readonly extent: Bbox;
  /** By level, coarsest first. */
  readonly levels: readonly NestedLevel[];
}

export interface NestedLevel {
  readonly cellSize: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** Tiles that fill the rectangle: as many as the matrix has, or more. */
  readonly columns: number;
  readonly rows: number;
  /** The grid's own number of a row -> counted from the top of the rectangle. */
  fromTop(row: number): number;
  /** The same from the bottom. */
  fromBottom(row: number): number;
}

/** Share of a tile by which rounding may move an edge. */
const ROUNDING = 1e-6;

/**
 * Rows counted from one common top and bottom edge. The matrices of a set need not end together: level 0 of GLOBAL_GEODETIC
 * reaches from -90 to 270 degrees, the others to 90. Exact where the tiles of each level fill the rectangle, as they do when every
 * resolution divides the coarser ones; elsewhere the edge away from the origin is that of the coarsest level, rounded up to tiles.
 */
export function nestRows({ tileMatrices }: TileMatrixSet): NestedRows {
  const boxes = tileMatrices.map(boxOf);
  const extent: Bbox = [
    Math.min(...boxes.map(([minX]) => minX)),
    Math.min(...boxes.map(([, minY]) => minY)),
    Math.max(...boxes.map(([, , maxX]) => maxX)),
    Math.max(...boxes.map(([, , , maxY]) => maxY)),
  ];
  return { extent, levels: tileMatrices.map((matrix) => levelOf(matrix, extent)) };
}

function boxOf({ pointOfOrigin: [x, y], cornerOfOrigin, ...matrix }: TileMatrix): Bbox {
  const width = matrix.matrixWidth * matrix.tileWidth * matrix.cellSize;
  const height = matrix.matrixHeight * matrix.tileHeight * matrix.cellSize;
  return cornerOfOrigin === 'topLeft' ? [x, y - height, x + width, y] : [x, y, x + width, y + height];
}

function levelOf({ cellSize, tileWidth, tileHeight, cornerOfOrigin }: TileMatrix, [minX, minY, maxX, maxY]: Bbox): NestedLevel {
  const columns = Math.ceil((maxX - minX) / (cellSize * tileWidth) - ROUNDING);
  const rows = Math.ceil((maxY - minY) / (cellSize * tileHeight) - ROUNDING);
  const same = (row: number): number => row;
  const flipped = (row: number): number => rows - 1 - row;
  const isTop = cornerOfOrigin === 'topLeft';
  return { cellSize, tileWidth, tileHeight, columns, rows, fromTop: isTop ? same : flipped, fromBottom: isTop ? flipped : same };
}
