import { wordsOf } from '../raster.ts';
import type { Patch } from '../tiling.ts';
import type { PatchRasters, ReprojectPlan } from './types.ts';

/** Reads stored pixels of one level from the patches of a plan. */
export interface PixelReader {
  /** The pixel, 0 where there is none. */
  read(chart: number, col: number, row: number): number;
  /**
   * Copies up to `most` pixels along a row to the target, from index `at` on, as far as one patch goes, and tells how many; 0 where there
   * is no patch.
   */
  copy(chart: number, col: number, row: number, most: number, target: Uint32Array, at: number): number;
}

/** @param level index of the level */
export function createReader(plan: ReprojectPlan, level: number, rasters: PatchRasters): PixelReader {
  const { patchWidth, patchHeight } = plan.tiling.levels[level]!;
  const byPosition = new Map<string, { readonly patch: Patch; readonly pixels: Uint32Array; readonly width: number }>();
  plan.patches.forEach((patch, i) => {
    const raster = rasters[i];
    if (patch.level !== level || raster === null || raster === undefined) return;
    const position = `${patch.grid.chart} ${patch.grid.col / patchWidth} ${patch.grid.row / patchHeight}`;
    byPosition.set(position, { patch, pixels: wordsOf(raster.data), width: raster.width });
  });
  let [lastChart, left, top] = [-1, 0, 0];
  let found: ReturnType<typeof byPosition.get>;
  const find = (chart: number, col: number, row: number): typeof found => {
    const isSamePatch = chart === lastChart && col >= left && col < left + patchWidth && row >= top && row < top + patchHeight;
    if (isSamePatch) return found;
    const [patchCol, patchRow] = [Math.floor(col / patchWidth), Math.floor(row / patchHeight)];
    [lastChart, left, top] = [chart, patchCol * patchWidth, patchRow * patchHeight];
    found = byPosition.get(`${chart} ${patchCol} ${patchRow}`);
    return found;
  };
  return {
    read(chart, col, row) {
      const piece = find(chart, col, row);
      if (piece === undefined) return 0;
      const { col: pieceCol, row: pieceRow } = piece.patch.grid;
      return piece.pixels[(row - pieceRow) * piece.width + col - pieceCol]!;
    },
    copy(chart, col, row, most, target, at) {
      const piece = find(chart, col, row);
      const count = Math.min(most, left + patchWidth - col);
      if (piece === undefined) {
        target.fill(0, at, at + count);
        return count;
      }
      const from = (row - piece.patch.grid.row) * piece.width + col - piece.patch.grid.col;
      target.set(piece.pixels.subarray(from, from + count), at);
      return count;
    },
  };
}
