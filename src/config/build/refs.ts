import type { CacheConfig, LoadedConfig, SourceRef } from '../types.ts';

/** What is drawn for some references, bottom first: a cache stands for the sources that it is made from, or for its tiles where it has none. */
export function sourcesBelow(refs: readonly SourceRef[], loaded: LoadedConfig): readonly SourceRef[] {
  return refs.flatMap((ref) => (isDrawnItself(ref, loaded) ? [ref] : sourcesBelow(loaded.config.caches.get(ref.name)!.sources, loaded)));
}

/** A source, or a cache that is only read. */
export function isDrawnItself({ kind, name }: SourceRef, { config }: LoadedConfig): boolean {
  return kind === 'source' || config.caches.get(name)!.sources.length === 0;
}

/** All sources behind some references, bottom first, then those that are not drawn: whoever may be asked what is under a pixel. */
export function askedBelow(refs: readonly SourceRef[], undrawn: readonly SourceRef[], loaded: LoadedConfig): readonly SourceRef[] {
  return [...refs, ...undrawn].flatMap((ref) => {
    const cache = ref.kind === 'source' ? null : loaded.config.caches.get(ref.name)!;
    return cache === null ? [ref] : askedBelow(cache.sources, cache.undrawn, loaded);
  });
}

/** How many levels away the missing tiles of a cache are made from: negative = of coarser ones, positive = of finer ones, 0 = they are not. */
export function rescaleLevels({ upscale_tiles: up, downscale_tiles: down }: CacheConfig): number {
  if (up === 0) return down;
  return up < 0 ? -Infinity : -up;
}
