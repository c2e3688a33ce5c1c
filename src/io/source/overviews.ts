import type { Pixels } from '../../geometry/lattice/types.ts';
import { emptyRaster, RGBA } from '../../raster/raster.ts';
import type { Raster } from '../../raster/raster.ts';
import { reduceWindow } from '../../raster/reduce.ts';
import type { CrsTiling } from './crsTiling.ts';
import type { PixelRect } from './imageFile.ts';
import type { Patch } from './types.ts';

/** Pixels of the finest level around a rectangle: `raster` begins at column `left`, row `top`. */
export interface BaseWindow {
  readonly raster: Raster;
  readonly left: Pixels;
  readonly top: Pixels;
}

export interface OverviewOptions {
  readonly tiling: CrsTiling;
  /** Pixels of the finest level that hold at least the rectangle. */
  readBase(rect: PixelRect): Promise<BaseWindow>;
  /** A patch of an overview, from wherever it is kept, or computed. */
  readPatch(patch: Patch, signal: AbortSignal): Promise<Raster | null>;
}

/** A patch of the finest level. */
export async function basePatch({ readBase }: OverviewOptions, patch: Patch): Promise<Raster> {
  const { col, row, width, height } = patch.grid;
  const { raster, left, top } = await readBase({ left: col, top: row, width, height });
  if (raster.width === width && raster.height === height) return raster;
  const out = emptyRaster(width, height);
  copyInto(out, raster, left - col, top - row);
  return { ...out, opaque: raster.opaque };
}

/** A patch of an overview: the exact mean of the area of the next finer level that each of its pixels covers. */
export async function overviewPatch(options: OverviewOptions, patch: Patch, signal: AbortSignal): Promise<Raster> {
  const { tiling } = options;
  const finer = finerLevel(tiling, patch.level);
  const { grid } = patch;
  const source = tiling.levels[finer]!.lattice;
  const perCol = source.width / grid.lattice.width;
  const perRow = source.height / grid.lattice.height;
  const [x0, x1] = [grid.col * perCol, Math.min((grid.col + grid.width) * perCol, source.width)];
  const [y0, y1] = [grid.row * perRow, Math.min((grid.row + grid.height) * perRow, source.height)];
  const rect = around(x0, y0, x1, y1);
  const { raster, left, top } = finer === 0 ? await options.readBase(rect) : await assemble(options, finer, rect, signal);
  return reduceWindow(raster, { left: x0 - left, top: y0 - top, right: x1 - left, bottom: y1 - top }, grid.width, grid.height);
}

function around(x0: number, y0: number, x1: number, y1: number): PixelRect {
  const [left, top] = [Math.floor(x0), Math.floor(y0)];
  return { left, top, width: Math.ceil(x1) - left, height: Math.ceil(y1) - top };
}

/** The level that this one halves: columns alone where they are fewer than the rows tell, else both. */
function finerLevel({ steps }: CrsTiling, level: number): number {
  const { cols, rows } = steps[level]!;
  const wanted = cols > rows ? { cols: cols - 1, rows } : { cols: cols - 1, rows: rows - 1 };
  return steps.findIndex((step) => step.cols === wanted.cols && step.rows === wanted.rows);
}

/** Puts a rectangle together from patches, one after the other: depth first, so that few are in memory at a time. */
async function assemble({ tiling, readPatch }: OverviewOptions, level: number, rect: PixelRect, signal: AbortSignal): Promise<BaseWindow> {
  const { patchWidth, patchHeight } = tiling.levels[level]!;
  const out = emptyRaster(rect.width, rect.height);
  let opaque = true;
  for (let pr = Math.floor(rect.top / patchHeight); pr * patchHeight < rect.top + rect.height; pr++) {
    for (let pc = Math.floor(rect.left / patchWidth); pc * patchWidth < rect.left + rect.width; pc++) {
      const patch = tiling.patchAt(level, 0, pc, pr);
      const part = patch === null ? null : await readPatch(patch, signal);
      if (part !== null) copyInto(out, part, pc * patchWidth - rect.left, pr * patchHeight - rect.top);
      opaque &&= part?.opaque ?? false;
    }
  }
  return { raster: { ...out, opaque }, left: rect.left, top: rect.top };
}

/** Copies `part` to (x, y) of `target`, what sticks out left aside. `target` must be of the caller's own making. */
function copyInto(target: Raster, part: Raster, x: number, y: number): void {
  const fromCol = Math.max(0, -x);
  const toCol = Math.min(part.width, target.width - x);
  for (let r = Math.max(0, -y); r < Math.min(part.height, target.height - y); r++) {
    const start = (r * part.width + fromCol) * RGBA;
    const line = part.data.subarray(start, start + (toCol - fromCol) * RGBA);
    target.data.set(line, ((y + r) * target.width + x + fromCol) * RGBA);
  }
}
