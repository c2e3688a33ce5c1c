import { GatewayError } from '../../errors.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import type { TileMatrix, TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';

/** The whole pixels of a matrix that hold the rectangle of its set. */
export interface MatrixWindow {
  readonly matrix: TileMatrix;
  /** Top left corner of the matrix, CRS units. */
  readonly left: number;
  readonly top: number;
  /** Top left corner of the window, CRS units. */
  readonly x0: number;
  readonly y0: number;
  /** The same in pixels from the corner of the matrix; negative where the window is larger than the matrix. */
  readonly col: number;
  readonly row: number;
  readonly width: Pixels;
  readonly height: Pixels;
}

/** A rectangle reaches into a pixel by more than this: documents round their numbers. */
const TOUCH: Pixels = 0.01;

/**
 * Windows of the matrices that can be levels of one tiling, finest first. Of two of one cell size, the first; where the finest one
 * closes on itself, only those that do so too: else columns beyond the seam would be others than those before it.
 * @throws CONFIG_INVALID when there are none
 */
export function matrixWindows(set: TileMatrixSet, matrices: readonly TileMatrix[]): readonly MatrixWindow[] {
  const bbox = shownPart(set);
  const finestFirst = [...matrices].sort((a, b) => a.cellSize - b.cellSize);
  const distinct = finestFirst.filter(({ cellSize }, i) => i === 0 || cellSize > finestFirst[i - 1]!.cellSize);
  const windows = distinct.map((matrix) => windowOf(matrix, bbox));
  const finest = windows[0];
  if (finest === undefined) throw new GatewayError('CONFIG_INVALID', `the tile matrix set '${set.id}' has no tiles here`, { locator: 'grid' });
  return closes(finest, set.crs) ? windows.filter((window) => closes(window, set.crs)) : windows;
}

/** The rectangle of a set, without what lies beyond poles that are lines, and one turn of longitude at most. */
function shownPart({ bbox: [minX, minY, maxX, maxY], crs }: TileMatrixSet): Bbox {
  const [, south, , north] = crs.extent;
  const right = crs.periodX === null ? maxX : Math.min(maxX, minX + crs.periodX);
  return crs.poleLines ? [minX, Math.max(minY, south), right, Math.min(maxY, north)] : [minX, minY, right, maxY];
}

function windowOf(matrix: TileMatrix, [minX, minY, maxX, maxY]: Bbox): MatrixWindow {
  const { cellSize: cell, pointOfOrigin: [left, y] } = matrix;
  const top = matrix.cornerOfOrigin === 'topLeft' ? y : y + matrix.matrixHeight * (cell * matrix.tileHeight);
  const col = Math.floor((minX - left) / cell + TOUCH);
  const row = Math.floor((top - maxY) / cell + TOUCH);
  return {
    matrix, left, top, col, row,
    x0: edge(minX, left + col * cell, cell),
    y0: edge(maxY, top - row * cell, cell),
    width: Math.max(1, Math.ceil((maxX - left) / cell - TOUCH) - col),
    height: Math.max(1, Math.ceil((top - minY) / cell - TOUCH) - row),
  };
}

/** The rectangle's own edge where a pixel's lies on it: so that a pole is the pole and levels share it to the last bit. */
function edge(wanted: number, ofPixel: number, cell: number): number {
  return Math.abs(wanted - ofPixel) < TOUCH * cell ? wanted : ofPixel;
}

/** Whether the columns are a whole turn: as the lattice of the window will see it. */
function closes({ matrix, width }: MatrixWindow, { periodX }: Crs): boolean {
  return periodX !== null && Math.abs(periodX / matrix.cellSize - width) < CLOSED * width;
}

/** Share of a turn by which a closed lattice may miss it. */
const CLOSED = 1e-6;
