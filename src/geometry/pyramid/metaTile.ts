import type { Bbox } from '../crs/axis.ts';
import type { Pixels } from '../lattice/types.ts';
import type { TileMatrix, TileMatrixSet } from './tileMatrixSet.ts';

/** How tiles are made together: so many columns and rows of tiles, and so many pixels more on each side, which are cut off. */
export interface MetaOptions {
  readonly size: readonly [cols: number, rows: number];
  readonly buffer: Pixels;
}

/** A tile inside a meta tile. Its rectangle may stick out of the picture where that was cut at the edge of the grid. */
export interface MetaPart {
  readonly col: number;
  readonly row: number;
  /** Its top left pixel in the picture of the meta tile. */
  readonly x: number;
  readonly y: number;
}

/** Tiles that are asked for as one picture. */
export interface MetaTile {
  /** The tile of least column and row: the same for all tiles of the meta tile. */
  readonly main: { readonly col: number; readonly row: number };
  /** What the picture shows, CRS units, x/y order. */
  readonly bbox: Bbox;
  readonly width: Pixels;
  readonly height: Pixels;
  /** Those that the matrix has, from the top left. */
  readonly parts: readonly MetaPart[];
}

/**
 * The meta tile that a tile belongs to, with MapProxy's numbers (`grid/meta_grid.py`): no more tiles than the matrix has, the
 * buffer added on all sides, and, where there is a buffer, all cut at the rectangle of the grid. Parts of a pixel that such a cut
 * leaves are rounded.
 */
export function metaTileOf(set: TileMatrixSet, matrix: TileMatrix, tile: { readonly col: number; readonly row: number }, options: MetaOptions): MetaTile {
  const cols = Math.min(options.size[0], matrix.matrixWidth);
  const rows = Math.min(options.size[1], matrix.matrixHeight);
  const first = { col: Math.floor(tile.col / cols) * cols, row: Math.floor(tile.row / rows) * rows };
  return metaTileAround(set, matrix, { minCol: first.col, minRow: first.row, maxCol: first.col + cols - 1, maxRow: first.row + rows - 1 }, options.buffer);
}

/** The smallest meta tile that holds a block of tiles: MapProxy's `minimize_meta_requests`. */
export function metaTileAround(
  set: TileMatrixSet,
  matrix: TileMatrix,
  { minCol, maxCol, minRow, maxRow }: { readonly minCol: number; readonly maxCol: number; readonly minRow: number; readonly maxRow: number },
  buffer: Pixels,
): MetaTile {
  const low = cornersOf(set, matrix, minCol, minRow);
  const high = cornersOf(set, matrix, maxCol, maxRow);
  const tiles: Bbox = [Math.min(low[0], high[0]), Math.min(low[1], high[1]), Math.max(low[2], high[2]), Math.max(low[3], high[3])];
  const { bbox, left, top } = buffered(tiles, set.bbox, matrix.cellSize, buffer);
  const fromTop = matrix.cornerOfOrigin === 'topLeft';
  const parts: MetaPart[] = [];
  for (let j = 0; j <= maxRow - minRow; j++) {
    for (let i = 0; i <= maxCol - minCol; i++) {
      const [col, row] = [minCol + i, fromTop ? minRow + j : maxRow - j];
      if (col >= matrix.matrixWidth || row >= matrix.matrixHeight) continue;
      parts.push({ col, row, x: i * matrix.tileWidth + left, y: j * matrix.tileHeight + top });
    }
  }
  return {
    main: { col: minCol, row: minRow },
    bbox,
    width: Math.round((bbox[2] - bbox[0]) / matrix.cellSize),
    height: Math.round((bbox[3] - bbox[1]) / matrix.cellSize),
    parts,
  };
}

/** Twelve decimals, as MapProxy's tile corners have them: 180 and not 179.99999999999997. */
function tidy(value: number): number {
  return Math.abs(value) < 1e8 ? Number(value.toFixed(12)) : value;
}

/** The rectangle of a tile, from the rectangle of its set. */
function cornersOf({ bbox }: TileMatrixSet, { cellSize, tileWidth, tileHeight, cornerOfOrigin }: TileMatrix, col: number, row: number): Bbox {
  const x = bbox[0] + tidy(col * cellSize * tileWidth);
  const right = x + tidy(cellSize * tileWidth);
  const [far, high] = [tidy(row * cellSize * tileHeight), tidy(cellSize * tileHeight)];
  if (cornerOfOrigin === 'topLeft') return [x, bbox[3] - far - high, right, bbox[3] - far];
  return [x, bbox[1] + far, right, bbox[1] + far + high];
}

/** A rectangle and its buffer, cut at a limit; how many pixels of buffer remain at the left and at the top (negative: of the tiles, so many are gone). */
function buffered([minX, minY, maxX, maxY]: Bbox, limit: Bbox, cell: number, buffer: Pixels): { readonly bbox: Bbox; readonly left: Pixels; readonly top: Pixels } {
  if (buffer === 0) return { bbox: [minX, minY, maxX, maxY], left: 0, top: 0 };
  const reach = buffer * cell;
  const cut = (beyond: number): Pixels => buffer - wholePixels(Math.max(0, beyond) / cell);
  return {
    bbox: [Math.max(minX - reach, limit[0]), Math.max(minY - reach, limit[1]), Math.min(maxX + reach, limit[2]), Math.min(maxY + reach, limit[3])],
    left: cut(limit[0] - (minX - reach)),
    top: cut(maxY + reach - limit[3]),
  };
}

/** MapProxy's int(round(x, 5)). */
function wholePixels(pixels: number): Pixels {
  return Math.trunc(Math.round(pixels * 1e5) / 1e5);
}
