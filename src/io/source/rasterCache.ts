import { LRUCache } from 'lru-cache';
import type { Raster } from '../../raster/raster.ts';
import { createSingleFlight } from '../net/singleFlight.ts';
import type { MemoryFor } from './rasterPool.ts';
import type { Patch, RasterSource } from './types.ts';

export interface RasterCacheOptions {
  readonly fetch: RasterSource['fetch'];
  /** Of decoded pixels. */
  readonly maxBytes: number;
  /** How long a raster is believed; 0 = as long as it fits. */
  readonly ttlMs: number;
  /** How long "there is nothing here" is believed; 0 = as long as it fits. */
  readonly missingTtlMs: number;
}

/** What sources remember decoded patches in. */
export type RasterMemory = (options: RememberOptions) => RasterSource['fetch'];

export interface RememberOptions {
  /** Into memory that it is offered, if any is. */
  readonly fetch: (patch: Patch, signal: AbortSignal, memoryFor?: MemoryFor) => Promise<Raster | null>;
  /** What the source may use of it where it has its own. */
  readonly maxBytes: number;
  readonly missingTtlMs: number;
}

/** Each source has its own memory. */
export const ownRasters: RasterMemory = ({ fetch, ...limits }) => cachedRasters({ fetch: (patch, signal) => fetch(patch, signal), ttlMs: 0, ...limits });

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
