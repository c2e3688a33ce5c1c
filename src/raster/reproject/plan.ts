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
export function planReprojection(target: PixelGrid, tiling: Tiling, options: ReprojectOptions): ReprojectPlan {
  const { kernel, maxPatches } = options;
  const map = createPointMap(target, tiling.levels[0]!.lattice);
  const blocks = cutBlocks(target, tiling, map, options);
  const levels = new Set([...blocks.smooth, ...blocks.seams.flatMap((seam) => seam.halves)].map((piece) => piece.level));
  const resolved = resolvePixels(blocks.exact, target, tiling, map, kernel, levels);
  const { parts, seams, exact } = collectParts(tiling, blocks, resolved, kernel);
  const patches = findPatches(tiling, parts, seams, exact, kernel, maxPatches);
  return { target, tiling, kernel, parts, seams, exact, patches, exactTransforms: map.count };
}
