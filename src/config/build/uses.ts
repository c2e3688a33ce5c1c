import type { Kernel } from '../../raster/reproject/types.ts';
import type { CacheConfig, SourceRef } from '../types.ts';
import type { BuildContext } from './context.ts';
import { directFrom, type IsDirect } from './directFrom.ts';
import { marksOf } from './marks.ts';
import { rescaleLevels } from './refs.ts';

/** One source below a layer or a cache, and how it is drawn there. */
export interface SourceUse {
  readonly ref: SourceRef;
  readonly kernel: Kernel;
  /** (0, 1] */
  readonly opacity: number;
  /** Of which maps the source itself may be asked; null = of none: it lies below a cache that does not let them by. */
  readonly isDirect: IsDirect | null;
  /** Drawn only where none of these is, at any place, at the resolution of the map; absent = always. */
  readonly insteadOf?: readonly SourceUse[];
  /** Not a source, but what a cache writes over these where any of them is drawn. */
  readonly marks?: { readonly cache: CacheConfig; readonly of: readonly SourceUse[] };
}

/**
 * What is drawn for a reference, bottom first: a cache stands for the sources that it is made from, so that nothing is resampled
 * twice, or for its tiles where it has none, or none that is drawn at a resolution for which it rescales tiles; its resampling method and
 * opacity count.
 */
export function usesOf(ref: SourceRef, kernel: Kernel | null, opacity: number, context: BuildContext, isDirect: IsDirect | null): readonly SourceUse[] {
  const { sources, caches } = context.loaded.config;
  if (ref.kind === 'source') {
    const { resampling_method, image } = sources.get(ref.name)!;
    return [{ ref, kernel: kernel ?? resampling_method, opacity: opacity * (image.opacity ?? 1), isDirect }];
  }
  const cache = caches.get(ref.name)!;
  const tiles: SourceUse = { ref, kernel: kernel ?? cache.resampling_method, opacity: opacity * (cache.image.opacity ?? 1), isDirect: null };
  if (cache.sources.length === 0) return [tiles];
  const below = cache.sources.flatMap((inner) => usesOf(inner, tiles.kernel, tiles.opacity, context, isDirect === null ? null : directFrom(cache, context)));
  return [
    ...below,
    ...(rescaleLevels(cache) === 0 ? [] : [{ ...tiles, insteadOf: below }]),
    ...(marksOf(cache) === null ? [] : [{ ...tiles, marks: { cache, of: below } }]),
  ];
}
