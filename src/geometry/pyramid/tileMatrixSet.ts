import { GatewayError } from '../../errors.ts';
import type { Bbox } from '../crs/axis.ts';
import type { Crs } from '../crs/types.ts';
import type { Pixels } from '../lattice/types.ts';

/** One level of a tile matrix set (OGC 17-083r4, 6.2.1.2), square cells, tiles numbered from 0 at the corner of origin. */
export interface TileMatrix {
  readonly id: string;
  /** Size of a pixel in CRS units, positive. */
  readonly cellSize: number;
  /** Where row 0 lies: at the top (WMTS, XYZ) or at the bottom (TMS, most MapProxy grids). Column 0 is always at the left. */
  readonly cornerOfOrigin: 'topLeft' | 'bottomLeft';
  /** Plane coordinates of that corner, x/y order whatever the axes of the CRS. */
  readonly pointOfOrigin: readonly [x: number, y: number];
  readonly tileWidth: Pixels;
  readonly tileHeight: Pixels;
  /** Number of columns and rows of tiles. */
  readonly matrixWidth: number;
  readonly matrixHeight: number;
}

/** A CRS cut into tiles at several resolutions. */
export interface TileMatrixSet {
  readonly id: string;
  readonly crs: Crs;
  /** What the set is meant to show, x/y order; tiles may stick out of it. */
  readonly bbox: Bbox;
  /** Coarsest first, never empty. */
  readonly tileMatrices: readonly TileMatrix[];
}

/** One tile of one matrix, numbered from that matrix's own corner of origin. */
export interface TileAddress {
  readonly matrix: TileMatrix;
  readonly col: number;
  readonly row: number;
}

/** A block of tiles of one matrix, all bounds inclusive, numbered from the matrix's corner of origin. */
export interface TileLimits {
  readonly minCol: number;
  readonly maxCol: number;
  readonly minRow: number;
  readonly maxRow: number;
}

/** Tiles that a rectangle enters by less than this many pixels do not count as touched (MapProxy leaves them out too). */
const TOUCH: Pixels = 0.1;

/** Share of a length by which rounding may move an edge. */
const ROUNDING = 1e-9;

/**
 * The matrix of an identifier, or null. Numbers may have leading zeros: MapProxy writes '00' where this project writes '0',
 * and saved addresses must keep working.
 */
export function matrixOf(set: TileMatrixSet, id: string): TileMatrix | null {
  const plain = /^\d+$/.test(id) ? String(Number(id)) : id;
  return set.tileMatrices.find((matrix) => matrix.id === id || matrix.id === plain) ?? null;
}

/**
 * The rectangle of a tile, CRS units, x/y order. Each edge is origin + number * span, so that neighbours share theirs to the
 * last bit. Numbers outside the matrix are allowed.
 */
export function tileBbox(matrix: TileMatrix, col: number, row: number): Bbox {
  const [x, y] = matrix.pointOfOrigin;
  const spanX = matrix.cellSize * matrix.tileWidth;
  const spanY = matrix.cellSize * matrix.tileHeight;
  return matrix.cornerOfOrigin === 'topLeft'
    ? [x + col * spanX, y - (row + 1) * spanY, x + (col + 1) * spanX, y - row * spanY]
    : [x + col * spanX, y + row * spanY, x + (col + 1) * spanX, y + (row + 1) * spanY];
}

/** The tile that holds a point of the plane (CRS units), be it inside the matrix or not. Edges belong to the higher number. */
export function tileOfPoint(matrix: TileMatrix, x: number, y: number): { readonly col: number; readonly row: number } {
  const [x0, y0] = matrix.pointOfOrigin;
  const up = matrix.cornerOfOrigin === 'topLeft' ? y0 - y : y - y0;
  return {
    col: Math.floor((x - x0) / (matrix.cellSize * matrix.tileWidth)),
    row: Math.floor(up / (matrix.cellSize * matrix.tileHeight)),
  };
}

/** True where the numbers are whole and inside the matrix. */
export function isInMatrix(matrix: TileMatrix, col: number, row: number): boolean {
  return Number.isInteger(col) && Number.isInteger(row) && col >= 0 && row >= 0 && col < matrix.matrixWidth && row < matrix.matrixHeight;
}

/** The same tile counted from the other corner: its own inverse. */
export function flipRow(matrix: TileMatrix, row: number): number {
  return matrix.matrixHeight - 1 - row;
}

/**
 * The address of a tile inside a matrix and, where given, inside a layer's limits.
 * @throws TILE_OUT_OF_RANGE with the locator TileCol or TileRow (OGC 07-057r7, table 24)
 */
export function requireTile(matrix: TileMatrix, col: number, row: number, limits: TileLimits = fullLimits(matrix)): TileAddress {
  requireNumber('TileCol', col, limits.minCol, limits.maxCol, matrix.id);
  requireNumber('TileRow', row, limits.minRow, limits.maxRow, matrix.id);
  return { matrix, col, row };
}

function requireNumber(locator: string, value: number, least: number, most: number, matrix: string): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new GatewayError('TILE_OUT_OF_RANGE', `${locator} ${value} is outside ${least}..${most} of tile matrix '${matrix}'`, { locator });
}

/** All tiles of a matrix. */
export function fullLimits(matrix: TileMatrix): TileLimits {
  return { minCol: 0, maxCol: matrix.matrixWidth - 1, minRow: 0, maxRow: matrix.matrixHeight - 1 };
}

/** First and last tile of 0..count-1 that an interval enters, in units of tiles; null where it misses them all. */
function cover(from: number, to: number, slack: number, count: number): readonly [number, number] | null {
  const first = Math.floor(from + slack);
  const last = Math.max(first, Math.ceil(to - slack) - 1);
  if (last < 0 || first >= count) return null;
  return [Math.max(first, 0), Math.min(last, count - 1)];
}

/** The tiles of a matrix that a rectangle (CRS units, x/y order) touches by more than a tenth of a pixel; null if none. */
export function tileLimits(matrix: TileMatrix, bbox: Bbox): TileLimits | null {
  const [x0, y0] = matrix.pointOfOrigin;
  const spanX = matrix.cellSize * matrix.tileWidth;
  const spanY = matrix.cellSize * matrix.tileHeight;
  const down = matrix.cornerOfOrigin === 'topLeft';
  const [near, far] = down ? [y0 - bbox[3], y0 - bbox[1]] : [bbox[1] - y0, bbox[3] - y0];
  const cols = cover((bbox[0] - x0) / spanX, (bbox[2] - x0) / spanX, TOUCH / matrix.tileWidth, matrix.matrixWidth);
  const rows = cover(near / spanY, far / spanY, TOUCH / matrix.tileHeight, matrix.matrixHeight);
  if (cols === null || rows === null) return null;
  return { minCol: cols[0], maxCol: cols[1], minRow: rows[0], maxRow: rows[1] };
}

/** The parts of a rectangle that lie in a set's x range, once the plane is repeated as its CRS says. */
function unrolled(set: TileMatrixSet, bbox: Bbox): readonly Bbox[] {
  const period = set.crs.periodX;
  if (period === null) return [bbox];
  if (bbox[2] - bbox[0] >= period * (1 - ROUNDING)) return [[set.bbox[0], bbox[1], set.bbox[2], bbox[3]]];
  const turns = [-2, -1, 0, 1, 2].map((turn) => turn * period);
  return turns.map((shift): Bbox => [bbox[0] + shift, bbox[1], bbox[2] + shift, bbox[3]]);
}

function union(a: TileLimits | null, b: TileLimits | null): TileLimits | null {
  if (a === null || b === null) return a ?? b;
  return {
    minCol: Math.min(a.minCol, b.minCol),
    maxCol: Math.max(a.maxCol, b.maxCol),
    minRow: Math.min(a.minRow, b.minRow),
    maxRow: Math.max(a.maxRow, b.maxRow),
  };
}

/**
 * Which tiles of each matrix a layer's rectangle (CRS units, x/y order) needs, by matrix identifier; a matrix that the
 * rectangle misses is absent. The rectangle may use other turns of longitude than the set, or cross its seam (then the
 * columns from the first to the last touched are all within).
 */
export function setLimits(set: TileMatrixSet, bbox: Bbox): ReadonlyMap<string, TileLimits> {
  const parts = unrolled(set, bbox);
  const found = new Map<string, TileLimits>();
  for (const matrix of set.tileMatrices) {
    const limits = parts.map((part) => tileLimits(matrix, part)).reduce(union, null);
    if (limits !== null) found.set(matrix.id, limits);
  }
  return found;
}

function matrixAsTopLeft(matrix: TileMatrix): TileMatrix {
  if (matrix.cornerOfOrigin === 'topLeft') return matrix;
  const [x, y] = matrix.pointOfOrigin;
  const top = y + matrix.matrixHeight * (matrix.cellSize * matrix.tileHeight);
  return { ...matrix, cornerOfOrigin: 'topLeft', pointOfOrigin: [x, top] };
}

/**
 * The same tiles counted from the top, as WMTS wants them: each matrix gets its own top left corner. A matrix whose topmost
 * tiles would start beyond the CRS's domain (level 0 of GLOBAL_GEODETIC: one 360 x 360 degree tile up to latitude 270) is left
 * out, the others keep their identifiers; where that would leave nothing, all stay.
 */
export function asTopLeft(set: TileMatrixSet): TileMatrixSet {
  const flipped = set.tileMatrices.map(matrixAsTopLeft);
  const [, minY, , maxY] = set.crs.extent;
  const highest = maxY + (maxY - minY) * ROUNDING;
  const usable = flipped.filter((matrix, index) => set.tileMatrices[index] === matrix || matrix.pointOfOrigin[1] <= highest);
  return { ...set, tileMatrices: usable.length > 0 ? usable : flipped };
}
