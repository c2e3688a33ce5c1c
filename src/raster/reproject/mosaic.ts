import { GatewayError } from '../../errors.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import { RGBA, wordsOf, type Raster } from '../raster.ts';
import type { Level, Patch } from '../tiling.ts';
import { createReader } from './reader.ts';
import { fillRim, RIM, type CellRect } from './rim.ts';
import { KERNEL_REACH, type Extent, type PatchRasters, type PlanPart, type ReprojectPlan } from './types.ts';

/** One window of a level's chart as a single picture, seams already followed. Pixels as 32-bit little-endian RGBA, premultiplied. */
export interface Mosaic {
  readonly col: number;
  readonly row: number;
  readonly width: Pixels;
  readonly height: Pixels;
  readonly data: Uint32Array;
  /** Promise that every alpha is 255. */
  readonly opaque: boolean;
}

/** Refuses windows beyond this: 64 Mpixel = 256 MB. */
const MAX_MOSAIC_PIXELS = 1 << 26;

/** Pixels of a part's window. @throws TOO_LARGE */
export function mosaicSize({ width, height }: PlanPart): Pixels {
  if (width * height <= MAX_MOSAIC_PIXELS) return width * height;
  throw new GatewayError('TOO_LARGE', `the request needs ${width} x ${height} source pixels; the limit is ${MAX_MOSAIC_PIXELS}`);
}

/**
 * Assembles the window of one part: patches are copied row by row; cells beyond the chart's edges come from its neighbours.
 * @param data room for mosaicSize(part) pixels, whatever they hold: every one that is read is written; the mosaic is a view of it
 */
export function assembleMosaic(plan: ReprojectPlan, part: PlanPart, rasters: PatchRasters, data: Uint32Array): Mosaic {
  const { col, row, width, height } = part;
  const level = plan.tiling.levels[part.level]!;
  const window = { col, row, width, height };
  const pieces: Piece[] = [];
  let opaque = true;
  plan.patches.forEach((patch, i) => {
    if (patch.level !== part.level || patch.grid.chart !== part.chart) return;
    const raster = rasters[i]!;
    opaque &&= raster !== null && raster.opaque;
    if (raster !== null) pieces.push(...overlaps(window, patch, raster, level.lattice.periodCols));
  });
  const covered = pieces.reduce((sum, piece) => sum + piece.width * piece.height, 0) + cellsBeyond(window, level);
  const isFilled = covered === width * height && part.rim < RIM; // else something is read that nobody writes, and no other picture may be seen there
  if (!isFilled) data.fill(0);
  const mosaic: Mosaic = { ...window, data, opaque: false };
  for (const piece of pieces) copyPiece(mosaic, piece);
  const beyondOpaque = fillRim(mosaic, part, cellsRead(plan, part), level.lattice, createReader(plan, part.level, rasters), plan.kernel);
  return { ...mosaic, opaque: opaque && beyondOpaque && covered === width * height };
}

/** What the kernels read of a part. */
function* cellsRead({ parts, seams, exact, kernel }: ReprojectPlan, part: PlanPart): Iterable<CellRect> {
  const reach = KERNEL_REACH[kernel];
  const around = ({ c0, c1, r0, r1 }: Extent): CellRect => ({ c0: Math.floor(c0) - reach, c1: Math.floor(c1) + reach, r0: Math.floor(r0) - reach, r1: Math.floor(r1) + reach });
  const index = parts.indexOf(part);
  for (const { extent } of part.blocks) yield around(extent);
  for (const { halves } of seams) for (const half of halves) if (half.part === index) yield around(half.block.extent);
  for (const { part: ofSample, col, row } of exact) {
    for (let i = 0; i < ofSample.length; i++) if (ofSample[i] === index) yield around({ c0: col[i]!, c1: col[i]!, r0: row[i]!, r1: row[i]! });
  }
}

/** A rectangle of a window and where its pixels are. */
interface Piece {
  readonly left: Pixels;
  readonly top: Pixels;
  readonly width: Pixels;
  readonly height: Pixels;
  readonly source: Uint32Array;
  readonly sourceWidth: Pixels;
  /** Index in the source of the piece's first pixel. */
  readonly first: number;
}

type Window = Pick<Mosaic, 'col' | 'row' | 'width' | 'height'>;

/** The overlaps of a patch with a window, at every turn that meets it. */
function overlaps(window: Window, { grid }: Patch, raster: Raster, period: Pixels | null): Piece[] {
  const pieces: Piece[] = [];
  for (const turn of period === null ? [0] : [-period, 0, period]) {
    const from = Math.max(window.col, grid.col + turn);
    const to = Math.min(window.col + window.width, grid.col + turn + grid.width);
    const top = Math.max(window.row, grid.row);
    const bottom = Math.min(window.row + window.height, grid.row + grid.height);
    if (from >= to || top >= bottom) continue;
    pieces.push({
      left: from - window.col, top: top - window.row, width: to - from, height: bottom - top,
      source: wordsOf(raster.data), sourceWidth: raster.width, first: (top - grid.row) * raster.width + from - grid.col - turn,
    });
  }
  return pieces;
}

function copyPiece(mosaic: Mosaic, { left, top, width, height, source, sourceWidth, first }: Piece): void {
  const from = bytesOf(source);
  const to = bytesOf(mosaic.data); // not set(): the sources lie in shared memory, where it moves a word at a time
  for (let r = 0; r < height; r++) {
    const start = first + r * sourceWidth;
    from.copy(to, ((top + r) * mosaic.width + left) * RGBA, start * RGBA, (start + width) * RGBA);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Cells of a window that lie beyond its chart: fillRim writes all that is read of them. */
function cellsBeyond({ col, row, width, height }: Window, { lattice }: Level): number {
  const rows = Math.max(0, Math.min(row + height, lattice.height) - Math.max(row, 0));
  const cols = lattice.periodCols !== null ? width : Math.max(0, Math.min(col + width, lattice.width) - Math.max(col, 0));
  return width * height - rows * cols;
}
