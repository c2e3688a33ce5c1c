import type { PixelGrid } from '../../geometry/lattice/types.ts';
import type { Tiling } from '../tiling.ts';
import { cutBlocks } from './blocks.ts';
import { resolvePixels } from './exact.ts';
import { collectParts } from './parts.ts';
import { findPatches } from './patches.ts';
import { createPointMap } from './pointMap.ts';
import type { ReprojectOptions, ReprojectPlan } from './types.ts';

/**
 * What must be read, and from where each target pixel takes its colour. Pure: no pixel has been fetched yet.
 * @throws FRAME_MISMATCH between frames that no rotation joins; TOO_LARGE when more than options.maxPatches are needed
 */
export function planReprojection(target: PixelGrid, source: Tiling, options: ReprojectOptions): ReprojectPlan {
  const { kernel, maxPatches } = options;
  const tiling = kernel === 'nearest' ? withoutMeans(source) : source;
  const map = createPointMap(target, tiling.levels[0]!.lattice);
  const blocks = cutBlocks(target, tiling, map, options);
  const levels = new Set([...blocks.smooth, ...blocks.seams.flatMap((seam) => seam.halves)].map((piece) => piece.level));
  const resolved = resolvePixels(blocks.exact, target, tiling, map, kernel, levels);
  const { parts, seams, exact } = collectParts(tiling, blocks, resolved, kernel);
  const patches = findPatches(tiling, parts, seams, exact, kernel, maxPatches);
  return { target, tiling, kernel, parts, seams, exact, patches, exactTransforms: map.count };
}

/** The levels whose pixels are the source's own. */
function withoutMeans(tiling: Tiling): Tiling {
  const own = tiling.levels.findIndex(({ isMean }) => isMean === true);
  if (own === -1) return tiling;
  return {
    frame: tiling.frame,
    levels: tiling.levels.slice(0, own),
    levelFor: (cols, rows) => Math.min(own - 1, tiling.levelFor(cols, rows)),
    patchAt: (level, chart, patchCol, patchRow) => tiling.patchAt(level, chart, patchCol, patchRow),
  };
}
