import type { LoadedConfig, SourceRef } from '../types.ts';

/** The sources themselves below some references, bottom first: a cache stands for what it is made from. [] for caches without any. */
export function sourcesBelow(refs: readonly SourceRef[], loaded: LoadedConfig): readonly SourceRef[] {
  return refs.flatMap((ref) => (ref.kind === 'source' ? [ref] : sourcesBelow(loaded.config.caches.get(ref.name)!.sources, loaded)));
}
