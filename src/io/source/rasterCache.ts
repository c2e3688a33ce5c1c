import { LRUCache } from 'lru-cache';
import type { Raster } from '../../raster/raster.ts';
import { createSingleFlight } from '../net/singleFlight.ts';
import type { RasterSource } from './types.ts';

export interface RasterCacheOptions {
  readonly fetch: RasterSource['fetch'];
  /** Of decoded pixels. */
  readonly maxBytes: number;
  /** How long a raster is believed; 0 = as long as it fits. */
  readonly ttlMs: number;
  /** How long "there is nothing here" is believed; 0 = as long as it fits. */
  readonly missingTtlMs: number;
}

/** What an entry costs beside its pixels, roughly. */
const ENTRY_BYTES = 256;

/**
 * The same fetch with a memory: patches wanted by several callers at once are fetched once, decoded rasters are kept while they
 * fit, the least recently used going first. Failures are not kept.
 */
export function cachedRasters({ fetch, maxBytes, ttlMs, missingTtlMs }: RasterCacheOptions): RasterSource['fetch'] {
  const flights = createSingleFlight<Raster | null>();
  const kept = new LRUCache<string, { readonly raster: Raster | null }>({
    maxSize: Math.max(1, Math.floor(maxBytes)), // 0 would mean: no limit
    sizeCalculation: ({ raster }) => ENTRY_BYTES + (raster?.data.length ?? 0),
  });
  return async (patch, signal) => {
    signal.throwIfAborted();
    const known = kept.get(patch.key);
    if (known !== undefined) return known.raster;
    return flights.run(patch.key, signal, async (shared) => {
      const raster = await fetch(patch, shared);
      kept.set(patch.key, { raster }, { ttl: raster === null ? missingTtlMs : ttlMs });
      return raster;
    });
  };
}
