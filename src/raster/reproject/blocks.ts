import type { LatticePoints, PixelGrid, Pixels } from '../../geometry/lattice/types.ts';
import type { Tiling } from '../tiling.ts';
import { createPointList, type PointList, type PointMap } from './pointMap.ts';
import { samplesAlong } from './subsamples.ts';
import { NODE_U, NODE_V, type Nodes } from './surface.ts';
import { MAX_BLOCK_SPAN, type Kernel } from './types.ts';

/**
 * Cuts the target into rectangles over which the point map is biquadratic within `maxError`, by a quadtree anchored in the target
 * *lattice* (not in the request), so that a pixel gets the same coordinate whichever tile it is computed in. What stays curved,
 * torn (two charts, the dateline) or partly outside at the smallest size is left for exact, per-pixel treatment.
 */

/** A smooth piece in finest-level coordinates. Columns of a closed lattice are continuous inside a piece: they may leave [0, period). */
export interface Piece {
  readonly x: Pixels;
  readonly y: Pixels;
  readonly width: Pixels;
  readonly height: Pixels;
  readonly chart: number;
  readonly level: number;
  readonly samplesX: number;
  readonly samplesY: number;
  readonly cols: Nodes;
  readonly rows: Nodes;
}

export interface Box {
  readonly x: Pixels;
  readonly y: Pixels;
  readonly width: Pixels;
  readonly height: Pixels;
}

export interface Blocks {
  readonly smooth: readonly Piece[];
  readonly exact: readonly Box[];
}

const FIRST_SIZE = 64;
const LAST_SIZE = 4;
/** Boxes up to this size with no probe inside the source are dropped: what they could hold is a sliver. */
const VOID_SIZE = 8;

/**
 * Probes of a box: the nine nodes of the surface; four points where the error of a smooth function's surface is near its largest;
 * and one near each corner, for maps with a crease (HEALPix has one where |sin lat| = 2/3), of which a box may have just an end.
 * None lies on an axis of symmetry: symmetric probes are fooled by a window symmetric about the equator, and by a pole in a corner
 * of the box, where longitude is linear along both diagonals and along every parallel to one of them.
 */
const NODES = 9;
const PROBE_X = [...NODE_U, 0.25, 0.75, 0.4, 0.6, 0.08, 0.9, 0.12, 0.93];
const PROBE_Y = [...NODE_V, 0.6, 0.4, 0.2, 0.85, 0.11, 0.07, 0.92, 0.89];
const PROBES = PROBE_X.length;

export interface BlockOptions {
  readonly kernel: Kernel;
  readonly maxError: Pixels;
}

/** @returns pieces that together cover every target pixel that has a source point, each pixel once */
export function cutBlocks(target: PixelGrid, tiling: Tiling, map: PointMap, options: BlockOptions): Blocks {
  const smooth: Piece[] = [];
  const exact: Box[] = [];
  const probes = createPointList(PROBES * 64);
  let boxes = firstBoxes(target);
  for (let size = FIRST_SIZE; boxes.length > 0; size /= 2) {
    probeAll(boxes, map, probes);
    const torn: Box[] = [];
    for (let i = 0; i < boxes.length; i++) {
      const box = boxes[i]!;
      const piece = pieceOf(box, probes.points, i * PROBES, size, tiling, options);
      if (piece !== null) smooth.push(piece);
      else if (!isVoid(probes.points, i * PROBES, tiling, size)) torn.push(box);
    }
    if (size <= LAST_SIZE) {
      exact.push(...torn);
      break;
    }
    boxes = torn.flatMap((box) => cut(box, target, size / 2));
  }
  return { smooth, exact };
}

/** Boxes of FIRST_SIZE on the lattice's own raster, clipped by the target. */
function firstBoxes(target: PixelGrid): Box[] {
  return cut({ x: 0, y: 0, width: target.width, height: target.height }, target, FIRST_SIZE);
}

function cut(box: Box, target: PixelGrid, size: Pixels): Box[] {
  const boxes: Box[] = [];
  const bottom = box.y + box.height;
  const right = box.x + box.width;
  for (let y = box.y; y < bottom; ) {
    const nextY = Math.min(bottom, y + size - modulo(target.row + y, size));
    for (let x = box.x; x < right; ) {
      const nextX = Math.min(right, x + size - modulo(target.col + x, size));
      boxes.push({ x, y, width: nextX - x, height: nextY - y });
      x = nextX;
    }
    y = nextY;
  }
  return boxes;
}

function modulo(a: number, b: number): number {
  return ((a % b) + b) % b;
}

function probeAll(boxes: readonly Box[], map: PointMap, probes: PointList): void {
  probes.clear();
  for (const { x, y, width, height } of boxes) {
    for (let k = 0; k < PROBES; k++) probes.push(x + width * PROBE_X[k]!, y + height * PROBE_Y[k]!);
  }
  map.apply(probes.length, probes.points);
}

/** The piece, or null when the probes are not on one chart, or their surface not within maxError pixels of the level read. */
function pieceOf(box: Box, at: LatticePoints, first: number, size: Pixels, tiling: Tiling, options: BlockOptions): Piece | null {
  const chart = at.chart[first]!;
  if (chart < 0) return null;
  for (let k = 1; k < PROBES; k++) if (at.chart[first + k] !== chart) return null;
  const finest = tiling.levels[0]!;
  const period = finest.lattice.periodCols;
  if (period !== null) unwrap(at.col, first, period);
  const { kernel, maxError } = options;
  const cols = nodesAt(at.col, first);
  const rows = nodesAt(at.row, first);
  const pace = paceOf(cols, rows, box);
  const level = tiling.levelFor(pace.minCols, pace.minRows);
  const { colScale, rowScale } = tiling.levels[level]!;
  const good =
    bend(cols, at.col, first) * colScale <= tolerance(maxError, pace.minCols * colScale) &&
    bend(rows, at.row, first) * rowScale <= tolerance(maxError, pace.minRows * rowScale);
  if (!good || (size > EVEN_SIZE && isUneven(pace, colScale, rowScale))) return null;
  if (size > LAST_SIZE && Math.max(spanOf(cols) * colScale, spanOf(rows) * rowScale) > MAX_BLOCK_SPAN) return null;
  const samplesX = samplesAlong(kernel, Math.hypot(pace.colsX * colScale, pace.rowsX * rowScale));
  const samplesY = samplesAlong(kernel, Math.hypot(pace.colsY * colScale, pace.rowsY * rowScale));
  return { ...box, chart, level, samplesX, samplesY, cols, rows };
}

function nodesAt(values: Float64Array, first: number): Nodes {
  const v = (k: number): number => values[first + k]!;
  return [v(0), v(1), v(2), v(3), v(4), v(5), v(6), v(7), v(8)];
}

function spanOf(nodes: Nodes): Pixels {
  return Math.max(...nodes) - Math.min(...nodes);
}

/** Where a target pixel is an average over several source pixels, its place may be off by this many times maxError, in target pixels. */
const AVERAGED = 1.5;

/** Tolerated error of the map along one axis, pixels of the level read. @param shrink pixels of that level per target pixel */
function tolerance(maxError: Pixels, shrink: Pixels): Pixels {
  return shrink > 1 ? AVERAGED * maxError * Math.max(1, shrink - 1) : maxError;
}

/** Moves columns by whole periods next to the first one. */
function unwrap(col: Float64Array, first: number, period: number): void {
  const c0 = col[first]!;
  for (let k = 1; k < PROBES; k++) col[first + k]! -= period * Math.round((col[first + k]! - c0) / period);
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

function paceOf(cols: Nodes, rows: Nodes, { width, height }: Box): Pace {
  const pace: Pace = { minCols: Infinity, maxCols: 0, minRows: Infinity, maxRows: 0, colsX: 0, rowsX: 0, colsY: 0, rowsY: 0 };
  for (const k of [0, 2, 4, 6, 8]) {
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
function derivative(n: Nodes, k: number, step: 1 | 3): number {
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
function bend(nodes: Nodes, values: Float64Array, first: number): number {
  let worst = 0;
  for (let i = 0; i < WEIGHTS.length; i++) {
    const weights = WEIGHTS[i]!;
    let off = -values[first + NODES + i]!;
    for (let k = 0; k < NODES; k++) off += weights[k]! * nodes[k]!;
    worst = Math.max(worst, Math.abs(off));
  }
  return worst;
}

/** True when nothing of the box can lie in the source: all probes beyond the same edge, or nowhere in a small box. */
function isVoid(at: LatticePoints, first: number, tiling: Tiling, size: Pixels): boolean {
  const { width, height } = tiling.levels[0]!.lattice;
  let common = 15;
  for (let k = first; k < first + PROBES; k++) {
    if (at.chart[k]! >= 0) return false;
    const col = at.col[k]!;
    const row = at.row[k]!;
    common &= (col < 0 ? 1 : 0) | (col > width ? 2 : 0) | (row < 0 ? 4 : 0) | (row > height ? 8 : 0);
  }
  return common !== 0 || size <= VOID_SIZE;
}
