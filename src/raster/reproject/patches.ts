import { GatewayError } from '../../errors.ts';
import type { Patch, Tiling } from '../tiling.ts';
import { KERNEL_REACH, type ExactBlock, type Kernel, type PlanBlock, type PlanPart, type SeamBlock } from './types.ts';

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
  const markBlock = ({ level, chart }: PlanPart, { extent: { c0, c1, r0, r1 } }: PlanBlock): void => {
    marker.mark(level, chart, Math.floor(c0) - reach, Math.floor(c1) + reach, Math.floor(r0) - reach, Math.floor(r1) + reach);
  };
  for (const part of parts) for (const block of part.blocks) markBlock(part, block);
  for (const { halves } of seams) for (const { part, block } of halves) markBlock(parts[part]!, block);
  for (const { part, col, row } of exact) {
    for (let i = 0; i < part.length; i++) {
      const p = parts[part[i]!];
      if (p === undefined) continue;
      const c = Math.floor(col[i]!);
      const r = Math.floor(row[i]!);
      marker.mark(p.level, p.chart, c - reach, c + reach, r - reach, r + reach);
    }
  }
  return [...marker.found.values()].filter((patch) => patch !== null);
}

interface Marker {
  readonly found: ReadonlyMap<string, Patch | null>;
  /** Pixels [c0, c1] x [r0, r1], inclusive, which may lie beyond the chart. */
  mark(level: number, chart: number, c0: number, c1: number, r0: number, r1: number): void;
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

  /** What of a rectangle lies on the chart. */
  const markInside = (level: number, chart: number, c0: number, c1: number, r0: number, r1: number): void => {
    const { patchWidth, patchHeight, lattice } = tiling.levels[level]!;
    const lastRow = Math.floor(Math.min(r1, lattice.height - 1) / patchHeight);
    const lastCol = Math.floor(Math.min(c1, lattice.width - 1) / patchWidth);
    for (let pr = Math.floor(Math.max(r0, 0) / patchHeight); pr <= lastRow; pr++) {
      for (let pc = Math.floor(Math.max(c0, 0) / patchWidth); pc <= lastCol; pc++) add(level, chart, pc, pr);
    }
  };

  /** Follows the seams from points at most half a patch apart. */
  const markBeyond = (level: number, chart: number, c0: number, c1: number, r0: number, r1: number): void => {
    const { lattice, patchWidth, patchHeight } = tiling.levels[level]!;
    for (const row of steps(r0, r1, patchHeight)) {
      for (const col of steps(c0, c1, patchWidth)) {
        if (col >= 0 && col < lattice.width && row >= 0 && row < lattice.height) continue;
        if (!lattice.wrap(chart, col, row, cell)) continue;
        add(level, cell[0]!, Math.floor(cell[1]! / patchWidth), Math.floor(cell[2]! / patchHeight));
      }
    }
  };

  return {
    found,
    mark(level, chart, c0, c1, r0, r1) {
      const { width, height, periodCols } = tiling.levels[level]!.lattice;
      markInside(level, chart, c0, c1, r0, r1);
      if (c0 >= 0 && c1 < width && r0 >= 0 && r1 < height) return;
      if (periodCols !== null) {
        markInside(level, chart, c0 - periodCols, c1 - periodCols, r0, r1);
        markInside(level, chart, c0 + periodCols, c1 + periodCols, r0, r1);
        if (r0 >= 0 && r1 < height) return;
      }
      markBeyond(level, chart, c0, c1, r0, r1);
    },
  };
}

/** from, to, and points between at most half a patch apart. */
function steps(from: number, to: number, patch: number): number[] {
  const step = Math.max(1, Math.floor(patch / 2));
  const out: number[] = [];
  for (let v = from; v < to; v += step) out.push(v);
  out.push(to);
  return out;
}

/** Says that a picture needs more than is allowed. */
export function tooManyPatches(limit: number): GatewayError {
  return new GatewayError('TOO_LARGE', `the request needs more than ${limit} source tiles; ask for a smaller area or picture`);
}
