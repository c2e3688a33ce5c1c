import type { Lattice } from '../../geometry/lattice/types.ts';
import type { Mosaic } from './mosaic.ts';
import type { PixelReader } from './reader.ts';
import type { Kernel } from './types.ts';

/**
 * How far beyond an edge that its plane does not cross the cells of a window are asked for: half of the largest footprint of a pixel, and
 * a kernel. What a seam's half would read further out belongs to its other half.
 */
const RIM = 8;

/**
 * Fills the cells of a window that lie beyond its chart (rows, and columns of a lattice that does not close), by the neighbours:
 *
 * - the adjacent pixels, turned as they must be, row by row where they are not turned;
 * - beyond an edge at which the neighbour's plane does not go on, what its picture shows where the chart's own plane leads;
 * - the nearest stored pixel where nothing is adjacent (the border of a regional map keeps its colour), and the mean of the two ways
 *   round beyond a corner at which three squares meet.
 *
 * Of the last two only RIM cells; those further out keep what they held. Returns whether all that were written are opaque.
 */
export function fillRim(mosaic: Mosaic, chart: number, lattice: Lattice, reader: PixelReader, kernel: Kernel): boolean {
  const { col, row, width, height, data } = mosaic;
  const right = col + width;
  let opaque = true;
  for (let y = 0; y < height; y++) {
    const r = row + y;
    const isInside = r >= 0 && r < lattice.height;
    const from = isInside ? (lattice.periodCols === null ? Math.max(0, col) : col) : right;
    const to = isInside ? (lattice.periodCols === null ? Math.min(lattice.width, right) : right) : right;
    const start = y * width - col;
    for (let c = col; c < right; ) {
      if (c >= from && c < to) {
        c = to;
        continue;
      }
      const end = c < from ? from : right;
      const done = copyRun(lattice, chart, c, r, end, reader, data, start + c);
      if (done === 0 && depthOf(lattice, c, r) <= RIM) {
        data[start + c] = beyondEdge(lattice, chart, c, r, reader, kernel);
        opaque &&= data[start + c]! >>> 24 === 255;
      }
      for (let i = start + c; opaque && i < start + c + done; i++) opaque = data[i]! >>> 24 === 255;
      c += Math.max(1, done);
    }
  }
  return opaque;
}

/** Cells from the edge of the chart. */
function depthOf({ width, height, periodCols }: Lattice, col: number, row: number): number {
  const beside = periodCols === null ? Math.max(-col, col - width + 1) : 0;
  return Math.max(beside, -row, row - height + 1);
}

const cell = new Float64Array(3);

/** Copies cells along a row for as long as the neighbour's pixels lie along a row too. Returns their number, 0 where they do not. */
function copyRun(lattice: Lattice, chart: number, c: number, r: number, end: number, reader: PixelReader, data: Uint32Array, at: number): number {
  const most = end - c;
  if (most < 2 || lattice.sheets.beyond(chart, c + 0.5, r + 0.5, cell) || !lattice.wrap(chart, c, r, cell)) return 0;
  const [toChart, toCol, toRow] = [cell[0]!, cell[1]!, cell[2]!];
  for (let count = most; count > 1; count >>= 1) {
    const last = c + count - 1;
    if (lattice.sheets.beyond(chart, last + 0.5, r + 0.5, cell) || !lattice.wrap(chart, last, r, cell)) continue;
    if (cell[0] === toChart && cell[2] === toRow && cell[1] === toCol + count - 1) return reader.copy(toChart, toCol, toRow, count, data, at);
  }
  return 0;
}

function beyondEdge(lattice: Lattice, chart: number, col: number, row: number, reader: PixelReader, kernel: Kernel): number {
  if (lattice.sheets.beyond(chart, col + 0.5, row + 0.5, cell)) {
    if (kernel !== 'nearest') return between(lattice, cell[0]!, cell[1]!, cell[2]!, reader);
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

/** Bilinear between the pixels of a chart; at its edges, those of the edge. */
function between(lattice: Lattice, chart: number, col: number, row: number, reader: PixelReader): number {
  const c = Math.min(Math.max(col - 0.5, 0), lattice.width - 1);
  const r = Math.min(Math.max(row - 0.5, 0), lattice.height - 1);
  const [c0, r0] = [Math.floor(c), Math.floor(r)];
  const [c1, r1] = [Math.min(c0 + 1, lattice.width - 1), Math.min(r0 + 1, lattice.height - 1)];
  const top = mix(reader.read(chart, c0, r0), reader.read(chart, c1, r0), c - c0);
  return mix(top, mix(reader.read(chart, c0, r1), reader.read(chart, c1, r1), c - c0), r - r0);
}

/** Channel-wise (1 - part) a + part b. @param part [0, 1] */
function mix(a: number, b: number, part: number): number {
  const channel = (shift: number): number => Math.round((1 - part) * ((a >>> shift) & 255) + part * ((b >>> shift) & 255)) << shift;
  return (channel(0) | channel(8) | channel(16) | channel(24)) >>> 0;
}

/** Channel-wise mean of two pixels, rounding down. */
function mean(a: number, b: number): number {
  return ((a & b) + (((a ^ b) & 0xfefefefe) >>> 1)) >>> 0;
}
