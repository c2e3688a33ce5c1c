import { GatewayError } from '../../errors.ts';
import type { Level, Patch, Tiling } from '../tiling.ts';
import { reachOf } from './parts.ts';
import { KERNEL_REACH, type ExactBlock, type Kernel, type PlanPart, type SeamBlock, type SmoothBlock } from './types.ts';

/**
 * The patches that the samples really touch, kernel reach included and followed through the seams: not all of a window, which
 * for a tile that lies askew holds twice as much.
 * @throws TOO_LARGE beyond maxPatches
 */
export function findPatches(
  tiling: Tiling,
  parts: readonly PlanPart[],
  seams: readonly SeamBlock[],
  exact: readonly ExactBlock[],
  kernel: Kernel,
  maxPatches: number,
): readonly Patch[] {
  const marker = createMarker(tiling, maxPatches);
  const reach = KERNEL_REACH[kernel];
  const markBlock = ({ level, chart }: PlanPart, block: SmoothBlock): void => {
    const { c0, c1, r0, r1 } = reachOf(block);
    marker.mark(level, chart, { c0: Math.floor(c0) - reach, c1: Math.floor(c1) + reach, r0: Math.floor(r0) - reach, r1: Math.floor(r1) + reach });
  };
  for (const part of parts) for (const block of part.blocks) markBlock(part, block);
  for (const { halves } of seams) for (const { part, block } of halves) markBlock(parts[part]!, block);
  for (const { part, col, row } of exact) {
    for (let i = 0; i < part.length; i++) {
      const p = parts[part[i]!];
      if (p === undefined) continue;
      marker.markPoint(p.level, p.chart, Math.floor(col[i]!), Math.floor(row[i]!), reach);
    }
  }
  return [...marker.found.values()].filter((patch) => patch !== null);
}

/** A rectangle of pixels, inclusive. */
interface Rect {
  readonly c0: number;
  readonly c1: number;
  readonly r0: number;
  readonly r1: number;
}

interface Marker {
  readonly found: ReadonlyMap<string, Patch | null>;
  mark(level: number, chart: number, rect: Rect): void;
  /** The square of 2 reach + 1 pixels around a pixel. */
  markPoint(level: number, chart: number, col: number, row: number, reach: number): void;
}

function createMarker(tiling: Tiling, maxPatches: number): Marker {
  const found = new Map<string, Patch | null>();
  const last = [-1, -1, -1, -1];
  const cell = new Float64Array(3);

  const add = (level: number, chart: number, patchCol: number, patchRow: number): void => {
    if (last[0] === level && last[1] === chart && last[2] === patchCol && last[3] === patchRow) return;
    last[0] = level;
    last[1] = chart;
    last[2] = patchCol;
    last[3] = patchRow;
    const key = `${level} ${chart} ${patchCol} ${patchRow}`;
    if (found.has(key)) return;
    if (found.size >= maxPatches) throw tooManyPatches(maxPatches);
    found.set(key, tiling.patchAt(level, chart, patchCol, patchRow));
  };

  /** Rows inside the chart, columns possibly some turns away. */
  const markInside = (level: number, chart: number, { c0, c1, r0, r1 }: Rect): void => {
    const { patchWidth, patchHeight } = tiling.levels[level]!;
    for (let pr = Math.floor(r0 / patchHeight); pr <= Math.floor(r1 / patchHeight); pr++) {
      for (let pc = Math.floor(c0 / patchWidth); pc <= Math.floor(c1 / patchWidth); pc++) add(level, chart, pc, pr);
    }
  };

  /** Follows the seams from points at most half a patch apart. */
  const markBeyond = (levelIndex: number, chart: number, rect: Rect, level: Level): void => {
    const { lattice, patchWidth, patchHeight } = level;
    for (const row of steps(rect.r0, rect.r1, patchHeight)) {
      for (const col of steps(rect.c0, rect.c1, patchWidth)) {
        if (col >= 0 && col < lattice.width && row >= 0 && row < lattice.height) continue;
        if (!lattice.wrap(chart, col, row, cell)) continue;
        add(levelIndex, cell[0]!, Math.floor(cell[1]! / patchWidth), Math.floor(cell[2]! / patchHeight));
      }
    }
  };

  const mark = (levelIndex: number, chart: number, rect: Rect): void => {
    const level = tiling.levels[levelIndex]!;
    const { width, height, periodCols } = level.lattice;
    const inside = clip(rect, width, height);
    if (inside !== null) markInside(levelIndex, chart, inside);
    if (rect.c0 >= 0 && rect.c1 < width && rect.r0 >= 0 && rect.r1 < height) return;
    if (periodCols !== null) {
      for (const turn of [-1, 1]) {
        const moved = clip({ ...rect, c0: rect.c0 + turn * periodCols, c1: rect.c1 + turn * periodCols }, width, height);
        if (moved !== null) markInside(levelIndex, chart, moved);
      }
      if (rect.r0 >= 0 && rect.r1 < height) return;
    }
    markBeyond(levelIndex, chart, rect, level);
  };

  return {
    found,
    mark,
    markPoint(levelIndex, chart, col, row, reach) {
      const { patchWidth, patchHeight, lattice } = tiling.levels[levelIndex]!;
      const c = col % patchWidth;
      const r = row % patchHeight;
      const inOnePatch =
        c >= reach && c + reach < patchWidth && r >= reach && r + reach < patchHeight && col + reach < lattice.width && row + reach < lattice.height;
      if (inOnePatch) add(levelIndex, chart, (col - c) / patchWidth, (row - r) / patchHeight);
      else mark(levelIndex, chart, { c0: col - reach, c1: col + reach, r0: row - reach, r1: row + reach });
    },
  };
}

function clip({ c0, c1, r0, r1 }: Rect, width: number, height: number): Rect | null {
  const inside = { c0: Math.max(c0, 0), c1: Math.min(c1, width - 1), r0: Math.max(r0, 0), r1: Math.min(r1, height - 1) };
  return inside.c0 <= inside.c1 && inside.r0 <= inside.r1 ? inside : null;
}

/** from, to, and points between at most half a patch apart. */
function steps(from: number, to: number, patch: number): number[] {
  const step = Math.max(1, Math.floor(patch / 2));
  const out: number[] = [];
  for (let v = from; v < to; v += step) out.push(v);
  out.push(to);
  return out;
}

function tooManyPatches(limit: number): GatewayError {
  return new GatewayError('TOO_LARGE', `the request needs more than ${limit} source tiles; ask for a smaller area or picture`);
}
