import type { Pixels } from '../../geometry/lattice/types.ts';
import type { Tiling } from '../tiling.ts';
import { samplesAlong } from './subsamples.ts';
import { NODE_U, NODE_V, type Nodes } from './surface.ts';
import { MAX_BLOCK_SPAN, type Kernel } from './types.ts';

/** A rectangle of target pixels. */
export interface Box {
  readonly x: Pixels;
  readonly y: Pixels;
  readonly width: Pixels;
  readonly height: Pixels;
}

/** A smooth piece, in coordinates of the level that it reads. Columns of a closed lattice are continuous inside a piece: they may leave [0, period). */
export interface Piece extends Box {
  readonly chart: number;
  readonly level: number;
  readonly samplesX: number;
  readonly samplesY: number;
  readonly cols: Nodes;
  readonly rows: Nodes;
}

export interface BlockOptions {
  readonly kernel: Kernel;
  readonly maxError: Pixels;
}

/** Smallest box of the quadtree, and largest. */
export const FIRST_SIZE: Pixels = 64;
export const LAST_SIZE: Pixels = 4;

/**
 * Probes of a box: the nine nodes of the surface; four points where the error of a smooth function's surface is near its largest;
 * and one near each corner, for maps with a crease (HEALPix has one where |sin lat| = 2/3), of which a box may have just an end.
 * None lies on an axis of symmetry: symmetric probes are fooled by a window symmetric about the equator, and by a pole in a corner
 * of the box, where longitude is linear along both diagonals and along every parallel to one of them.
 */
const NODES = 9;
export const PROBE_X: readonly number[] = Object.freeze([...NODE_U, 0.25, 0.75, 0.4, 0.6, 0.08, 0.9, 0.12, 0.93]);
export const PROBE_Y: readonly number[] = Object.freeze([...NODE_V, 0.6, 0.4, 0.2, 0.85, 0.11, 0.07, 0.92, 0.89]);
export const PROBES = PROBE_X.length;

/** Most of a chart that a piece may extend over where there are several: what lies further than the next chart cannot be read. */
const WIDEST = 0.9;

/** Where the probes of a box lie on one sheet, finest-level pixels of one chart. */
export interface Places {
  readonly chart: number;
  readonly cols: Float64Array;
  readonly rows: Float64Array;
}

/**
 * The piece over a box, or null when the surface through its nodes is not within maxError pixels of the level read.
 * @param places of PROBES points; columns of a closed lattice are moved by whole periods
 */
export function pieceOf(box: Box, { chart, cols: col, rows: row }: Places, size: Pixels, tiling: Tiling, options: BlockOptions): Piece | null {
  const finest = tiling.levels[0]!;
  const period = finest.lattice.periodCols;
  if (period !== null) unwrap(col, period);
  const { kernel, maxError } = options;
  const pace = paceOf(col, row, box);
  const level = tiling.levelFor(pace.minCols, pace.minRows);
  const { colScale, rowScale, colOffset = 0, rowOffset = 0 } = tiling.levels[level]!;
  const good =
    bend(col) * colScale <= tolerance(maxError, pace.minCols * colScale) &&
    bend(row) * rowScale <= tolerance(maxError, pace.minRows * rowScale);
  if (!good || (size > EVEN_SIZE && isUneven(pace, colScale, rowScale))) return null;
  if (finest.lattice.chartCount > 1 && Math.max(spanOf(col), spanOf(row)) > WIDEST * finest.lattice.width) return null;
  if (size > LAST_SIZE && Math.max(spanOf(col) * colScale, spanOf(row) * rowScale) > MAX_BLOCK_SPAN) return null;
  const { x, y, width, height } = box;
  const samplesX = samplesAlong(kernel, Math.hypot(pace.colsX * colScale, pace.rowsX * rowScale));
  const samplesY = samplesAlong(kernel, Math.hypot(pace.colsY * colScale, pace.rowsY * rowScale));
  const cols = nodesAt(col, colScale, colOffset);
  const rows = nodesAt(row, rowScale, rowOffset);
  return { x, y, width, height, chart, level, samplesX, samplesY, cols, rows };
}

function nodesAt(values: Float64Array, scale: number, offset: number): Nodes {
  const v = (k: number): number => values[k]! * scale + offset;
  return [v(0), v(1), v(2), v(3), v(4), v(5), v(6), v(7), v(8)];
}

function spanOf(nodes: Float64Array): Pixels {
  let least = Infinity;
  let most = -Infinity;
  for (let k = 0; k < NODES; k++) {
    if (nodes[k]! < least) least = nodes[k]!;
    if (nodes[k]! > most) most = nodes[k]!;
  }
  return most - least;
}

/** Where a target pixel is an average over several source pixels, its place may be off by this many times maxError, in target pixels. */
const AVERAGED = 2.5;

/** Tolerated error of the map along one axis, pixels of the level read. @param shrink pixels of that level per target pixel */
function tolerance(maxError: Pixels, shrink: Pixels): Pixels {
  return shrink > 1 ? AVERAGED * maxError * Math.max(1, shrink - 1) : maxError;
}

/** Moves columns by whole periods next to the first one. */
function unwrap(col: Float64Array, period: number): void {
  const c0 = col[0]!;
  for (let k = 1; k < PROBES; k++) col[k]! -= period * Math.round((col[k]! - c0) / period);
}

/** Finest-level pixels that a target pixel extends over, at the corners and the centre of a box. */
interface Pace {
  /** Root sum square over the pixel's two sides. */
  minCols: Pixels;
  maxCols: Pixels;
  minRows: Pixels;
  maxRows: Pixels;
  /** Most along one side of the pixel: columns and rows for its upper side (X), columns and rows for its left side (Y). */
  colsX: Pixels;
  rowsX: Pixels;
  colsY: Pixels;
  rowsY: Pixels;
}

function paceOf(cols: Float64Array, rows: Float64Array, { width, height }: Box): Pace {
  const pace: Pace = { minCols: Infinity, maxCols: 0, minRows: Infinity, maxRows: 0, colsX: 0, rowsX: 0, colsY: 0, rowsY: 0 };
  for (let k = 0; k < NODES; k += 2) {
    const colsX = Math.abs(derivative(cols, k, 1) / width);
    const colsY = Math.abs(derivative(cols, k, 3) / height);
    const rowsX = Math.abs(derivative(rows, k, 1) / width);
    const rowsY = Math.abs(derivative(rows, k, 3) / height);
    const across = Math.sqrt(colsX * colsX + colsY * colsY);
    const down = Math.sqrt(rowsX * rowsX + rowsY * rowsY);
    pace.minCols = Math.min(pace.minCols, across);
    pace.maxCols = Math.max(pace.maxCols, across);
    pace.minRows = Math.min(pace.minRows, down);
    pace.maxRows = Math.max(pace.maxRows, down);
    pace.colsX = Math.max(pace.colsX, colsX);
    pace.colsY = Math.max(pace.colsY, colsY);
    pace.rowsX = Math.max(pace.rowsX, rowsX);
    pace.rowsY = Math.max(pace.rowsY, rowsY);
  }
  return pace;
}

/** Derivative of the surface at a corner or at the centre, per side of the box. @param step 1 along a row of nodes, 3 down a column */
function derivative(n: Float64Array, k: number, step: 1 | 3): number {
  const place = step === 1 ? k % 3 : Math.floor(k / 3);
  if (place === 1) return n[k + step]! - n[k - step]!;
  return place === 0 ? 4 * n[k + step]! - 3 * n[k]! - n[k + 2 * step]! : 3 * n[k]! - 4 * n[k - step]! + n[k - 2 * step]!;
}

/** Boxes larger than this are cut where pixels shrink unevenly: samples are spread, and a level is chosen, for a whole box. */
const EVEN_SIZE: Pixels = 8;
/** How much more source a pixel of a box may cover than another, where it covers more than one source pixel. */
const UNEVEN = 1.3;

function isUneven(pace: Pace, colScale: number, rowScale: number): boolean {
  const cols = pace.maxCols * colScale > UNEVEN && pace.maxCols > UNEVEN * pace.minCols;
  return cols || (pace.maxRows * rowScale > UNEVEN && pace.maxRows > UNEVEN * pace.minRows);
}

/** Weights of the nodes in the surface at each of the other probes. */
const WEIGHTS: readonly (readonly number[])[] = Object.freeze(
  PROBE_X.slice(NODES).map((u, i) => NODE_U.map((nodeU, k) => lagrange(nodeU, u) * lagrange(NODE_V[k]!, PROBE_Y[NODES + i]!))),
);

/** The quadratic that is 1 at `node` and 0 at the other two of 0, 1/2, 1. */
function lagrange(node: number, t: number): number {
  return node === 0 ? (2 * t - 1) * (t - 1) : node === 1 ? (2 * t - 1) * t : 4 * t * (1 - t);
}

/** Largest deviation of the probes that are no nodes from the surface through the nodes. */
function bend(values: Float64Array): number {
  let worst = 0;
  for (let i = 0; i < WEIGHTS.length; i++) {
    const weights = WEIGHTS[i]!;
    let off = -values[NODES + i]!;
    for (let k = 0; k < NODES; k++) off += weights[k]! * values[k]!;
    worst = Math.max(worst, Math.abs(off));
  }
  return worst;
}
