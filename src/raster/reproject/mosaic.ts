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

/**
 * Assembles the window of one part: patches are copied row by row; cells beyond the chart's edges are looked up through
 * `wrap`, and repeat the nearest stored pixel where nothing is adjacent (the border of a regional map keeps its colour).
 * @throws TOO_LARGE
 */
export function assembleMosaic(plan: ReprojectPlan, part: PlanPart, rasters: PatchRasters): Mosaic {
  const { col, row, width, height } = part;
  if (width * height > MAX_MOSAIC_PIXELS) {
    throw new GatewayError('TOO_LARGE', `the request needs ${width} x ${height} source pixels; the limit is ${MAX_MOSAIC_PIXELS}`);
  }
  const level = plan.tiling.levels[part.level]!;
  const data = new Uint32Array(width * height);
  const mosaic: Mosaic = { col, row, width, height, data, opaque: false };
  let opaque = true;
  let covered = 0;
  for (let i = 0; i < plan.patches.length; i++) {
    const patch = plan.patches[i]!;
    if (patch.level !== part.level || patch.grid.chart !== part.chart) continue;
    const raster = rasters[i]!;
    if (raster === null) {
      opaque = false;
      continue;
    }
    opaque &&= raster.opaque;
    covered += copyPatch(mosaic, patch, raster, level.lattice.periodCols);
  }
  const beyond = fillBeyond(mosaic, part.chart, level, createReader(plan, part.level, rasters));
  return { ...mosaic, opaque: opaque && beyond.opaque && covered + beyond.cells === width * height };
}

/** Copies the overlap of a patch, at every turn that meets the window. Returns the cells written. */
function copyPatch(mosaic: Mosaic, { grid }: Patch, raster: Raster, period: Pixels | null): number {
  const source = pixelsOf(raster);
  let cells = 0;
  for (const turn of period === null ? [0] : [-period, 0, period]) {
    const from = Math.max(mosaic.col, grid.col + turn);
    const to = Math.min(mosaic.col + mosaic.width, grid.col + turn + grid.width);
    const top = Math.max(mosaic.row, grid.row);
    const bottom = Math.min(mosaic.row + mosaic.height, grid.row + grid.height);
    if (from >= to || top >= bottom) continue;
    cells += (to - from) * (bottom - top);
    for (let r = top; r < bottom; r++) {
      const start = (r - grid.row) * raster.width + from - grid.col - turn;
      mosaic.data.set(source.subarray(start, start + to - from), (r - mosaic.row) * mosaic.width + from - mosaic.col);
    }
  }
  return cells;
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
  let last = '';
  let found: ReturnType<typeof byPosition.get>;
  return {
    read(chart, col, row) {
      const position = `${chart} ${Math.floor(col / patchWidth)} ${Math.floor(row / patchHeight)}`;
      if (position !== last) {
        last = position;
        found = byPosition.get(position);
      }
      if (found === undefined) return 0;
      const { grid } = found.patch;
      return found.pixels[(row - grid.row) * found.width + col - grid.col]!;
    },
  };
}

/** Fills the cells of the window that lie beyond the chart (rows, and columns of a lattice that does not close). */
function fillBeyond(mosaic: Mosaic, chart: number, level: Level, reader: PixelReader): { cells: number; opaque: boolean } {
  const { lattice } = level;
  const cell = new Float64Array(3);
  let cells = 0;
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
      cells++;
    }
  }
  return { cells, opaque };
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
