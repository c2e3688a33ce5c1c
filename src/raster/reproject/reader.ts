import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { wordsOf } from '../raster.ts';
import type { PatchRasters, ReprojectPlan } from './types.ts';

/** Reads stored pixels of one level from the patches of a plan. */
export interface PixelReader {
  /** The pixel, 0 where there is none; as a signed number, which is no object (V8 makes one of every number from 2^31 on). */
  read(chart: number, col: number, row: number): number;
  /**
   * Copies up to `most` pixels along a row to the target, from index `at` on, as far as one patch goes, and tells how many; 0 where there
   * is no patch.
   */
  copy(chart: number, col: number, row: number, most: number, target: Uint32Array, at: number): number;
}

/** So many pixels are copied faster one by one than by a view of them, which would be garbage. */
const FEW = 32;

/** @param level index of the level */
export function createReader(plan: ReprojectPlan, level: number, rasters: PatchRasters): PixelReader {
  const { lattice } = plan.tiling.levels[level]!;
  const pieces: Piece[] = [];
  plan.patches.forEach(({ level: ofPatch, grid }, i) => {
    const raster = rasters[i];
    if (ofPatch === level && raster !== null && raster !== undefined) pieces.push(pieceOf(grid, wordsOf(raster.data)));
  });
  let last: Piece | undefined;
  const find = (chart: number, col: number, row: number): Piece | undefined => {
    if (last !== undefined && holds(last, chart, col, row)) return last;
    last = undefined;
    for (const piece of pieces) if (holds(piece, chart, col, row)) last = piece;
    return last;
  };
  return {
    read(chart, col, row) {
      const piece = find(chart, col, row);
      return piece === undefined ? 0 : piece.pixels[indexIn(piece, col, row)]! | 0;
    },
    copy(chart, col, row, most, target, at) {
      const piece = find(chart, col, row);
      if (piece === undefined) {
        const right = pieces.reduce((next, piece) => (inRows(piece, chart, row) && piece.col > col ? Math.min(next, piece.col) : next), lattice.width);
        const count = Math.min(most, Math.max(1, right - col));
        target.fill(0, at, at + count);
        return count;
      }
      const count = Math.min(most, piece.right - col);
      const from = indexIn(piece, col, row);
      if (count > FEW) target.set(piece.pixels.subarray(from, from + count), at);
      else for (let i = 0; i < count; i++) target[at + i] = piece.pixels[from + i]!;
      return count;
    },
  };
}

/** A patch and its pixels. It is looked at for every cell, so that nothing is nested. */
interface Piece {
  readonly chart: number;
  readonly col: number;
  readonly row: number;
  readonly right: number;
  readonly bottom: number;
  readonly pixels: Uint32Array;
}

function pieceOf({ chart, col, row, width, height }: PixelGrid, pixels: Uint32Array): Piece {
  return { chart, col, row, right: col + width, bottom: row + height, pixels };
}

function inRows(piece: Piece, chart: number, row: number): boolean {
  return piece.chart === chart && row >= piece.row && row < piece.bottom;
}

function holds(piece: Piece, chart: number, col: number, row: number): boolean {
  return col >= piece.col && col < piece.right && inRows(piece, chart, row);
}

function indexIn(piece: Piece, col: number, row: number): number {
  return (row - piece.row) * (piece.right - piece.col) + col - piece.col;
}
