import { LRUCache } from 'lru-cache';
import type { Pixels } from '../../geometry/lattice/types.ts';
import type { CrsTiling } from './crsTiling.ts';
import type { Excerpt, Needs, Patch } from './types.ts';

/** Which patches to ask for: those that were named, or others that hold the same excerpts. */
export type ChoosePatches = (needs: Needs) => Promise<readonly Patch[]>;

export interface CutsOptions {
  readonly tiling: CrsTiling;
  /** Whether a window need not be asked for. */
  isKept(window: Patch): Promise<boolean>;
}

/** Longest side that is asked for: that of a window, which the server is known to allow. */
const LONGEST: Pixels = 1024;
/** Windows remembered as wanted lately: what several people look at at once. */
const LATELY = 64;
/** Pictures over which the mean is taken. */
const MEMORY = 16;
/** A picture counts no more than this, however many windows it is the first to want. */
const MOST = 4;
/** New windows per request saved from which windows are given up: below it, neighbours find what was fetched. */
const SCATTERED = 1.25;

/**
 * How a service that draws any rectangle is best asked for pictures that come one after another. Windows of a grid are kept, and what
 * lies side by side shares them: tiles of a HiPS in order need 0.57 each. Scattered over the sphere each needs three to four, of which it
 * reads a fifth; then one request cut to the picture costs less, and nothing of it is kept.
 *
 * Who looks at what is seen from what came before: while more windows are new to those who want them than would be asked for in cuts,
 * pictures are scattered. Windows until then, so that what is walked through in order never asks for a pixel twice.
 */
export function chooseCuts({ tiling, isKept }: CutsOptions): ChoosePatches {
  const lately = new LRUCache<string, true>({ max: LATELY });
  let newPerCut = 0;
  return async ({ patches, excerpts }) => {
    if (patches.length === 0) return patches;
    const cuts = excerpts.flatMap((excerpt) => cutsOf(excerpt)).map((cut) => tiling.excerpt(cut));
    const isNew = patches.filter(({ key }) => !lately.has(key)).length;
    for (const { key } of patches) lately.set(key, true);
    newPerCut += (Math.min(MOST, isNew / cuts.length) - newPerCut) / MEMORY;
    if (newPerCut < SCATTERED || cuts.length >= patches.length) return patches;
    const kept = await Promise.all(patches.map(isKept));
    const missing = patches.filter((_, i) => !kept[i]);
    return cuts.length < missing.length && pixelsOf(cuts) <= pixelsOf(missing) ? cuts : patches;
  };
}

/** An excerpt in as few equal parts as may be asked for. */
function cutsOf({ col, row, width, height, ...at }: Excerpt): Excerpt[] {
  return spans(row, height).flatMap(([top, rows]) => spans(col, width).map(([left, cols]) => ({ ...at, col: left, row: top, width: cols, height: rows })));
}

function spans(from: number, length: Pixels): (readonly [from: number, length: Pixels])[] {
  const count = Math.ceil(length / LONGEST);
  const edge = (i: number): number => Math.round((length * i) / count);
  return Array.from({ length: count }, (_, i) => [from + edge(i), edge(i + 1) - edge(i)] as const);
}

function pixelsOf(patches: readonly Patch[]): Pixels {
  return patches.reduce((sum, { grid }) => sum + grid.width * grid.height, 0);
}
