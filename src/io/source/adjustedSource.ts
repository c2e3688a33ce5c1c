import type { Adjustment } from '../../geometry/crs/adjusted.ts';
import { adjustedLattice } from '../../geometry/lattice/adjustedLattice.ts';
import type { RasterSource, Tiling } from './types.ts';

/** A source whose directions are counted otherwise. Its tiling follows that of the source, which may change. */
export function adjustedSource(source: RasterSource, adjustment: Adjustment): RasterSource {
  let known = source.tiling;
  let tiling = adjustedTiling(known, adjustment);
  return {
    id: source.id,
    get tiling() {
      if (source.tiling !== known) {
        known = source.tiling;
        tiling = adjustedTiling(known, adjustment);
      }
      return tiling;
    },
    fetch: (patch, signal) => source.fetch(patch, signal),
  };
}

/** Patches stay what they are: only where they lie on the sphere is another matter. */
function adjustedTiling(tiling: Tiling, adjustment: Adjustment): Tiling {
  return {
    frame: tiling.frame,
    levels: tiling.levels.map((level) => ({ ...level, lattice: adjustedLattice(level.lattice, adjustment) })),
    levelFor: (cols, rows) => tiling.levelFor(cols, rows),
    patchAt: (level, chart, patchCol, patchRow) => tiling.patchAt(level, chart, patchCol, patchRow),
  };
}
