import { GatewayError } from '../../errors.ts';
import type { Lattice, Pixels } from '../../geometry/lattice/types.ts';
import { RGBA, type Raster } from '../raster.ts';
import type { Level, Patch } from '../tiling.ts';
import type { PatchRasters, PlanPart, ReprojectPlan } from './types.ts';

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
 * Assembles the window of one part: patches are copied row by row; cells beyond the chart's edges are looked up through
 * `wrap`, and repeat the nearest stored pixel where nothing is adjacent (the border of a regional map keeps its colour).
 * @param data room for mosaicSize(part) pixels, whatever they hold: every one is written; the mosaic is a view of it
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
  if (covered < width * height) data.fill(0);
  const mosaic: Mosaic = { ...window, data, opaque: false };
  for (const piece of pieces) copyPiece(mosaic, piece);
  const beyondOpaque = fillBeyond(mosaic, part.chart, level, createReader(plan, part.level, rasters));
  return { ...mosaic, opaque: opaque && beyondOpaque && covered === width * height };
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
      source: pixelsOf(raster), sourceWidth: raster.width, first: (top - grid.row) * raster.width + from - grid.col - turn,
    });
  }
  return pieces;
}

function copyPiece(mosaic: Mosaic, { left, top, width, height, source, sourceWidth, first }: Piece): void {
  for (let r = 0; r < height; r++) {
    const start = first + r * sourceWidth;
    mosaic.data.set(source.subarray(start, start + width), (top + r) * mosaic.width + left);
  }
}

/** Cells of a window that lie beyond its chart: fillBeyond writes each of them. */
function cellsBeyond({ col, row, width, height }: Window, { lattice }: Level): number {
  const rows = Math.max(0, Math.min(row + height, lattice.height) - Math.max(row, 0));
  const cols = lattice.periodCols !== null ? width : Math.max(0, Math.min(col + width, lattice.width) - Math.max(col, 0));
  return width * height - rows * cols;
}

/** The picture's pixels as 32-bit words; copies only if the bytes are not aligned. */
export function pixelsOf({ data, width, height }: Raster): Uint32Array {
  const aligned = data.byteOffset % RGBA === 0 ? data : data.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, width * height);
}

/** Reads single pixels of a level from the patches, 0 where there is none. */
interface PixelReader {
  read(chart: number, col: number, row: number): number;
}

function createReader(plan: ReprojectPlan, levelIndex: number, rasters: PatchRasters): PixelReader {
  const { patchWidth, patchHeight } = plan.tiling.levels[levelIndex]!;
  const byPosition = new Map<string, { readonly patch: Patch; readonly pixels: Uint32Array; readonly width: number }>();
  plan.patches.forEach((patch, i) => {
    const raster = rasters[i];
    if (patch.level !== levelIndex || raster === null || raster === undefined) return;
    const position = `${patch.grid.chart} ${patch.grid.col / patchWidth} ${patch.grid.row / patchHeight}`;
    byPosition.set(position, { patch, pixels: pixelsOf(raster), width: raster.width });
  });
  let [lastChart, left, top] = [-1, 0, 0];
  let found: ReturnType<typeof byPosition.get>;
  return {
    read(chart, col, row) {
      const isSamePatch = chart === lastChart && col >= left && col < left + patchWidth && row >= top && row < top + patchHeight;
      if (!isSamePatch) {
        const [patchCol, patchRow] = [Math.floor(col / patchWidth), Math.floor(row / patchHeight)];
        [lastChart, left, top] = [chart, patchCol * patchWidth, patchRow * patchHeight];
        found = byPosition.get(`${chart} ${patchCol} ${patchRow}`);
      }
      if (found === undefined) return 0;
      const { grid } = found.patch;
      return found.pixels[(row - grid.row) * found.width + col - grid.col]!;
    },
  };
}

/** Fills the cells of the window that lie beyond the chart (rows, and columns of a lattice that does not close). Returns whether all are opaque. */
function fillBeyond(mosaic: Mosaic, chart: number, level: Level, reader: PixelReader): boolean {
  const { lattice } = level;
  const cell = new Float64Array(3);
  let opaque = true;
  for (let y = 0; y < mosaic.height; y++) {
    const row = mosaic.row + y;
    const rowInside = row >= 0 && row < lattice.height;
    for (let x = 0; x < mosaic.width; x++) {
      const col = mosaic.col + x;
      const colInside = lattice.periodCols !== null || (col >= 0 && col < lattice.width);
      if (rowInside && colInside) {
        // Skip to the right edge of the chart: what lies inside was copied.
        if (lattice.periodCols !== null) break;
        x = Math.max(x, lattice.width - 1 - mosaic.col);
        continue;
      }
      const value = beyondEdge(lattice, chart, col, row, reader, cell);
      mosaic.data[y * mosaic.width + x] = value;
      opaque &&= value >>> 24 === 255;
    }
  }
  return opaque;
}

/** The pixel across the edge; where nothing is adjacent the nearest ones: the mean of the two ways round a corner of three cells. */
function beyondEdge(lattice: Lattice, chart: number, col: number, row: number, reader: PixelReader, cell: Float64Array): number {
  if (lattice.wrap(chart, col, row, cell)) return reader.read(cell[0]!, cell[1]!, cell[2]!);
  const nearCol = Math.min(Math.max(col, 0), lattice.width - 1);
  const nearRow = Math.min(Math.max(row, 0), lattice.height - 1);
  const byRow = lattice.wrap(chart, nearCol, row, cell) ? reader.read(cell[0]!, cell[1]!, cell[2]!) : null;
  const byCol = lattice.wrap(chart, col, nearRow, cell) ? reader.read(cell[0]!, cell[1]!, cell[2]!) : null;
  if (byRow !== null && byCol !== null) return mean(byRow, byCol);
  return byRow ?? byCol ?? reader.read(chart, nearCol, nearRow);
}

/** Channel-wise mean of two pixels, rounding down. */
function mean(a: number, b: number): number {
  return ((a & b) + (((a ^ b) & 0xfefefefe) >>> 1)) >>> 0;
}
