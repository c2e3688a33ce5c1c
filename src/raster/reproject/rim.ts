import type { Lattice, Pixels } from '../../geometry/lattice/types.ts';
import type { Mosaic } from './mosaic.ts';
import type { PixelReader } from './reader.ts';
import type { Kernel, PlanPart } from './types.ts';

/**
 * Most cells beyond an edge, that a chart's plane does not cross, which are filled. Pixels that need more lie next to a pole, where a footprint
 * is a part of a circle. What a seam's half would read there belongs to its other half.
 */
export const RIM: Pixels = 32;

/** Where a cell is: chart, column, row. */
const cell = new Float64Array(3);

/** Cells of a level, [c0, c1] x [r0, r1], all of them inclusive. */
export interface CellRect {
  readonly c0: number;
  readonly c1: number;
  readonly r0: number;
  readonly r1: number;
}

/**
 * Fills the cells of a window that lie beyond its chart (rows, and columns of a lattice that does not close) and are read, by the neighbours:
 *
 * - the adjacent pixels, turned as they must be, row by row where they are not turned;
 * - beyond an edge at which the neighbour's plane does not go on, what its picture shows where the chart's own plane leads;
 * - the nearest stored pixel where nothing is adjacent (the border of a regional map keeps its colour), and the mean of the two ways
 *   round beyond a corner at which three squares meet.
 *
 * Of the last two, and of pixels that are turned, only part.rim cells; those further out keep what they held. Returns whether all that were
 * written are opaque.
 * @param read what is read of the window; cells elsewhere keep what they held
 */
export function fillRim(mosaic: Mosaic, { chart, rim }: Pick<PlanPart, 'chart' | 'rim'>, read: Iterable<CellRect>, lattice: Lattice, reader: PixelReader, kernel: Kernel): boolean {
  const { col, row, width, height } = mosaic;
  let reach: Int32Array | null = null;
  for (const { c0, c1, r0, r1 } of read) {
    if (c0 >= 0 && c1 < lattice.width && r0 >= 0 && r1 < lattice.height) continue;
    reach ??= Int32Array.from({ length: 2 * height }, (_, i) => (i % 2 === 0 ? col + width : col));
    for (let y = Math.max(r0 - row, 0); y <= Math.min(r1 - row, height - 1); y++) {
      reach[2 * y] = Math.min(reach[2 * y]!, Math.max(c0, col));
      reach[2 * y + 1] = Math.max(reach[2 * y + 1]!, Math.min(c1 + 1, col + width));
    }
  }
  if (reach === null) return true;
  let opaque = true;
  for (let y = 0; y < height; y++) {
    if (!fillRow({ mosaic, chart, rim, lattice, reader, kernel }, row + y, reach[2 * y]!, reach[2 * y + 1]!)) opaque = false;
  }
  return opaque;
}

interface Rim {
  readonly mosaic: Mosaic;
  readonly chart: number;
  readonly rim: Pixels;
  readonly lattice: Lattice;
  readonly reader: PixelReader;
  readonly kernel: Kernel;
}

/** The cells [from, to) of a row. Returns whether all that were written are opaque. */
function fillRow({ mosaic, chart, rim, lattice, reader, kernel }: Rim, r: number, from: number, to: number): boolean {
  const { data } = mosaic;
  const isClosed = lattice.periodCols !== null;
  const isInside = r >= 0 && r < lattice.height;
  const start = (r - mosaic.row) * mosaic.width - mosaic.col;
  let opaque = true;
  for (let c = from; c < to; ) {
    const end = Math.min(to, isClosed ? to : c < 0 ? 0 : c < lattice.width ? lattice.width : to);
    if (isInside && (isClosed || (c >= 0 && c < lattice.width))) {
      c = end;
      continue;
    }
    let done = copyRun(lattice, chart, c, r, end, reader, data, start + c);
    if (done === 0 && depthOf(lattice, c, r) <= rim) {
      data[start + c] = beyondEdge(lattice, chart, c, r, reader, kernel);
      done = 1;
    }
    for (let i = start + c; opaque && i < start + c + done; i++) opaque = data[i]! >>> 24 === 255;
    c = done > 0 ? c + done : nextWithin(lattice, chart, rim, c, r, end);
  }
  return opaque;
}

/**
 * The next cell before `end` that may lie in the rim or be copied, where one further out was neither. The planes of two charts part along
 * a line, which a row crosses at most once before it comes to another edge.
 */
function nextWithin(lattice: Lattice, chart: number, rim: Pixels, c: number, r: number, end: number): number {
  const isDeepRow = -r > rim || r - lattice.height + 1 > rim;
  const inRim = c < 0 && !isDeepRow ? Math.max(c + 1, Math.min(end, -rim)) : end;
  let before = c;
  let after = end - 1;
  if (after <= before || !isBesideAnother(lattice, chart, after - 1, r)) return inRim;
  while (after - before > 1) {
    const middle = (before + after) >> 1;
    if (isBesideAnother(lattice, chart, middle, r)) after = middle;
    else before = middle;
  }
  return Math.min(after, inRim);
}

/** Whether a cell and the next one of its row are neighbours along a row of one chart. */
function isBesideAnother(lattice: Lattice, chart: number, c: number, r: number): boolean {
  if (!isAdjacent(lattice, chart, c, r)) return false;
  const toChart = cell[0]!;
  const toCol = cell[1]!;
  const toRow = cell[2]!;
  return isAdjacent(lattice, chart, c + 1, r) && cell[0] === toChart && cell[1] === toCol + 1 && cell[2] === toRow;
}

/** Whether the plane of the chart goes on in a cell; its place is then in `cell`. */
function isAdjacent(lattice: Lattice, chart: number, c: number, r: number): boolean {
  return !lattice.sheets.beyond(chart, c + 0.5, r + 0.5, cell) && lattice.wrap(chart, c, r, cell);
}

/** Cells from the edge of the chart. */
function depthOf({ width, height, periodCols }: Lattice, col: number, row: number): number {
  const beside = periodCols === null ? Math.max(-col, col - width + 1) : 0;
  return Math.max(beside, -row, row - height + 1);
}

/**
 * Copies cells along a row for as long as the neighbour's pixels lie along a row too: one alone if it has another beside it, whoever reads
 * that. Returns their number, 0 where they do not.
 */
function copyRun(lattice: Lattice, chart: number, c: number, r: number, end: number, reader: PixelReader, data: Uint32Array, at: number): number {
  if (!isBesideAnother(lattice, chart, c, r) && !isBesideAnother(lattice, chart, c - 1, r)) return 0;
  isAdjacent(lattice, chart, c, r);
  const toChart = cell[0]!;
  const toCol = cell[1]!;
  const toRow = cell[2]!;
  const goesOn = (count: number): boolean => isAdjacent(lattice, chart, c + count - 1, r) && cell[0] === toChart && cell[2] === toRow && cell[1] === toCol + count - 1;
  let count = end - c;
  while (count > 1 && !goesOn(count)) count >>= 1;
  return reader.copy(toChart, toCol, toRow, count, data, at);
}

function beyondEdge(lattice: Lattice, chart: number, col: number, row: number, reader: PixelReader, kernel: Kernel): number {
  if (lattice.sheets.beyond(chart, col + 0.5, row + 0.5, cell)) {
    if (kernel !== 'nearest') return between(lattice, reader);
    return reader.read(cell[0]!, Math.min(Math.floor(cell[1]!), lattice.width - 1), Math.min(Math.floor(cell[2]!), lattice.height - 1));
  }
  if (lattice.wrap(chart, col, row, cell)) return reader.read(cell[0]!, cell[1]!, cell[2]!);
  const nearCol = Math.min(Math.max(col, 0), lattice.width - 1);
  const nearRow = Math.min(Math.max(row, 0), lattice.height - 1);
  const byRow = lattice.wrap(chart, nearCol, row, cell) ? reader.read(cell[0]!, cell[1]!, cell[2]!) : null;
  const byCol = lattice.wrap(chart, col, nearRow, cell) ? reader.read(cell[0]!, cell[1]!, cell[2]!) : null;
  if (byRow !== null && byCol !== null) return mean(byRow, byCol);
  return byRow ?? byCol ?? reader.read(chart, nearCol, nearRow);
}

/** Bilinear between the pixels of a chart, at the place that is in `cell`; at its edges, those of the edge. Makes no objects: a map of a globe has 13 000 such cells. */
function between(lattice: Lattice, reader: PixelReader): number {
  const chart = cell[0]!;
  const c = Math.min(Math.max(cell[1]! - 0.5, 0), lattice.width - 1);
  const r = Math.min(Math.max(cell[2]! - 0.5, 0), lattice.height - 1);
  const c0 = Math.floor(c);
  const r0 = Math.floor(r);
  const c1 = Math.min(c0 + 1, lattice.width - 1);
  const r1 = Math.min(r0 + 1, lattice.height - 1);
  const topLeft = reader.read(chart, c0, r0);
  const topRight = reader.read(chart, c1, r0);
  const bottomLeft = reader.read(chart, c0, r1);
  const bottomRight = reader.read(chart, c1, r1);
  if (topLeft === topRight && topLeft === bottomLeft && topLeft === bottomRight) return topLeft;
  const right = c - c0;
  const bottom = r - r0;
  const w3 = right * bottom;
  const w1 = right - w3;
  const w2 = bottom - w3;
  const w0 = 1 - right - w2;
  let pixel = 0;
  for (let shift = 0; shift < 32; shift += 8) {
    const value = w0 * ((topLeft >>> shift) & 255) + w1 * ((topRight >>> shift) & 255) + w2 * ((bottomLeft >>> shift) & 255) + w3 * ((bottomRight >>> shift) & 255);
    pixel |= (value + 0.5) << shift;
  }
  return pixel;
}

/** Channel-wise mean of two pixels, rounding down. */
function mean(a: number, b: number): number {
  return ((a & b) + (((a ^ b) & 0xfefefefe) >>> 1)) | 0;
}
