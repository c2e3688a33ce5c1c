import type { LatticePoints, PixelGrid, Pixels } from '../../geometry/lattice/types.ts';
import type { Tiling } from '../tiling.ts';
import { createPointList, type PointList, type PointMap } from './pointMap.ts';
import { subsamplesFor } from './subsamples.ts';
import type { Kernel } from './types.ts';

/**
 * Cuts the target into rectangles over which the point map is bilinear within `maxError`, by a quadtree anchored in the target
 * *lattice* (not in the request), so that a pixel gets the same coordinate whichever tile it is computed in. What stays curved,
 * torn (two charts, the dateline) or partly outside at the smallest size is left for exact, per-pixel treatment.
 */

/** A linear piece in finest-level coordinates. Columns of a closed lattice are continuous inside a piece: they may leave [0, period). */
export interface Piece {
  readonly x: Pixels;
  readonly y: Pixels;
  readonly width: Pixels;
  readonly height: Pixels;
  readonly chart: number;
  readonly level: number;
  readonly subsamples: number;
  readonly cols: [number, number, number, number];
  readonly rows: [number, number, number, number];
}

export interface Box {
  readonly x: Pixels;
  readonly y: Pixels;
  readonly width: Pixels;
  readonly height: Pixels;
}

export interface Blocks {
  readonly linear: readonly Piece[];
  readonly exact: readonly Box[];
}

const FIRST_SIZE = 32;
const LAST_SIZE = 2;
/** Boxes up to this size with no probe inside the source are dropped: what they could hold is a sliver. */
const VOID_SIZE = 8;

/**
 * Probes of a box: its corners (top left, top right, bottom left, bottom right), its centre, and four points that lie on no axis
 * of symmetry. Symmetric probes are fooled: by a window symmetric about the equator, and by a pole in a corner of the box, where
 * longitude is linear along both diagonals and along every parallel to one of them.
 */
const PROBE_X = [0, 1, 0, 1, 0.5, 0.25, 0.75, 0.4, 0.6];
const PROBE_Y = [0, 0, 1, 1, 0.5, 0.6, 0.4, 0.2, 0.85];
const PROBES = PROBE_X.length;

export interface BlockOptions {
  readonly kernel: Kernel;
  readonly maxError: Pixels;
}

/** @returns pieces that together cover every target pixel that has a source point, each pixel once */
export function cutBlocks(target: PixelGrid, tiling: Tiling, map: PointMap, options: BlockOptions): Blocks {
  const linear: Piece[] = [];
  const exact: Box[] = [];
  const probes = createPointList(PROBES * 64);
  let boxes = firstBoxes(target);
  for (let size = FIRST_SIZE; boxes.length > 0; size /= 2) {
    probeAll(boxes, map, probes);
    const torn: Box[] = [];
    for (let i = 0; i < boxes.length; i++) {
      const box = boxes[i]!;
      const piece = pieceOf(box, probes.points, i * PROBES, tiling, options);
      if (piece !== null) linear.push(piece);
      else if (!isVoid(probes.points, i * PROBES, tiling, size)) torn.push(box);
    }
    if (size <= LAST_SIZE) {
      exact.push(...torn);
      break;
    }
    boxes = torn.flatMap((box) => quarters(box, target, size / 2));
  }
  return { linear, exact };
}

/** Boxes of FIRST_SIZE on the lattice's own raster, clipped by the target. */
function firstBoxes(target: PixelGrid): Box[] {
  return cut({ x: 0, y: 0, width: target.width, height: target.height }, target, FIRST_SIZE);
}

function quarters(box: Box, target: PixelGrid, size: Pixels): Box[] {
  return cut(box, target, size);
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

/** The piece, or null when the probes are not on one chart or not bilinear within maxError pixels of the level read. */
function pieceOf(box: Box, at: LatticePoints, first: number, tiling: Tiling, options: BlockOptions): Piece | null {
  const chart = at.chart[first]!;
  if (chart < 0) return null;
  for (let k = 1; k < PROBES; k++) if (at.chart[first + k] !== chart) return null;
  const finest = tiling.levels[0]!;
  const period = finest.lattice.periodCols;
  if (period !== null) unwrap(at.col, first, period);
  const { col, row } = at;
  const cols: Piece['cols'] = [col[first]!, col[first + 1]!, col[first + 2]!, col[first + 3]!];
  const rows: Piece['rows'] = [row[first]!, row[first + 1]!, row[first + 2]!, row[first + 3]!];
  const perCol = extent(cols, box);
  const perRow = extent(rows, box);
  const levelIndex = tiling.levelFor(perCol, perRow);
  const level = tiling.levels[levelIndex]!;
  const shrinkCols = perCol * level.colScale;
  const shrinkRows = perRow * level.rowScale;
  const subsamples = subsamplesFor(options.kernel, shrinkCols, shrinkRows);
  const { maxError } = options;
  const good =
    bend(cols, col, first) * level.colScale <= tolerance(maxError, shrinkCols) &&
    bend(rows, row, first) * level.rowScale <= tolerance(maxError, shrinkRows);
  if (!good) return null;
  return { ...box, chart, level: levelIndex, subsamples, cols, rows };
}

/** Where a target pixel is an average over several source pixels, its place may be off by this many times maxError, in target pixels. */
const AVERAGED = 2.5;

/** Tolerated error of the map along one axis, pixels of the level read. @param shrink pixels of that level per target pixel */
function tolerance(maxError: Pixels, shrink: Pixels): Pixels {
  return shrink > 1 ? AVERAGED * maxError * Math.max(1, shrink - 1) : maxError;
}

/** Moves columns by whole periods next to the first one. */
function unwrap(col: Float64Array, first: number, period: number): void {
  const c0 = col[first]!;
  for (let k = 1; k < PROBES; k++) col[first + k]! -= period * Math.round((col[first + k]! - c0) / period);
}

/** Source pixels that one target pixel extends over, root sum square of its two sides. */
function extent(v: Piece['cols'], { width, height }: Box): number {
  return Math.hypot((v[1] - v[0] + v[3] - v[2]) / (2 * width), (v[2] - v[0] + v[3] - v[1]) / (2 * height));
}

/** Largest deviation of the inner probes from the bilinear surface through the corners. */
function bend(corners: Piece['cols'], values: Float64Array, first: number): number {
  let worst = 0;
  for (let k = 4; k < PROBES; k++) {
    const u = PROBE_X[k]!;
    const v = PROBE_Y[k]!;
    const flat = (1 - v) * ((1 - u) * corners[0] + u * corners[1]) + v * ((1 - u) * corners[2] + u * corners[3]);
    worst = Math.max(worst, Math.abs(flat - values[first + k]!));
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
