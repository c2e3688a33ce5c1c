import type { Lattice } from '../../src/geometry/lattice/types.ts';
import type { Raster } from '../../src/raster/raster.ts';
import type { Level, Patch, Tiling } from '../../src/raster/tiling.ts';

/** A tiling with one level per lattice, finest first, cut into square patches. */
export function plainTiling(lattices: readonly Lattice[], patch: number): Tiling {
  const finest = lattices[0]!;
  const levels: Level[] = lattices.map((lattice) => ({
    lattice,
    colScale: lattice.width / finest.width,
    rowScale: lattice.height / finest.height,
    patchWidth: patch,
    patchHeight: patch,
  }));
  return {
    frame: finest.frame,
    levels,
    levelFor: (cols, rows) => {
      let best = 0;
      levels.forEach((level, i) => {
        if (Math.min(cols * level.colScale, rows * level.rowScale) >= 1) best = i;
      });
      return best;
    },
    patchAt: (level, chart, patchCol, patchRow) => patchAt(levels[level]!, level, chart, patchCol, patchRow),
  };
}

function patchAt(level: Level, index: number, chart: number, patchCol: number, patchRow: number): Patch | null {
  const { lattice, patchWidth, patchHeight } = level;
  const col = patchCol * patchWidth;
  const row = patchRow * patchHeight;
  if (col < 0 || row < 0 || col >= lattice.width || row >= lattice.height) return null;
  const width = Math.min(patchWidth, lattice.width - col);
  const height = Math.min(patchHeight, lattice.height - row);
  return { key: `${index}/${chart}/${patchCol}/${patchRow}`, level: index, grid: { lattice, chart, col, row, width, height } };
}

/** Cuts a patch out of the whole picture of its level (of one chart). */
export function cropPatch(whole: Raster, { grid }: Patch): Raster {
  const data = new Uint8Array(grid.width * grid.height * 4);
  for (let r = 0; r < grid.height; r++) {
    const from = ((grid.row + r) * whole.width + grid.col) * 4;
    data.set(whole.data.subarray(from, from + grid.width * 4), r * grid.width * 4);
  }
  return { width: grid.width, height: grid.height, data, opaque: whole.opaque };
}
