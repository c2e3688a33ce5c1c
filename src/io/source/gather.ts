import type { Gathered, Patch, RasterSource } from './types.ts';

/** Patches of a source, asked for side by side: when one fails, the others are given up. @throws as fetch */
export async function gatherPatches(patches: readonly Patch[], fetch: RasterSource['fetch'], signal: AbortSignal): Promise<Gathered> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  try {
    return { patches, rasters: await Promise.all(patches.map((patch) => fetch(patch, either))) };
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}
