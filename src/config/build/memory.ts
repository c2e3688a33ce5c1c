import { createEncodedCache, type EncodedCache } from '../../layer/encoded.ts';
import { isWhole, type Painter } from '../../layer/painter.ts';
import type { RasterMemory } from '../../io/source/rasterCache.ts';
import { asJob, createRasterPool, pooledRasters, type RasterPool } from '../../io/source/rasterPool.ts';

/** Memory for tiles that the gateways of a process have in common: what one does not need another may use. */
export interface SharedMemory {
  /** For one more gateway, whose keys never meet those of another. What it leaves behind gives way like everything else. */
  join(): GatewayMemory;
}

/** What one gateway sees of it. */
export interface GatewayMemory {
  /** Encoded tiles ready to send. */
  readonly encoded: EncodedCache;
  /** Decoded patches that rendering threads read. */
  readonly rasters: RasterPool;
}

/**
 * A quarter is for decoded patches that rendering threads read; where there are such threads, whose own memory is half of all, another
 * quarter is for encoded tiles, else half. @param bytes server.limits.memory_cache_mb
 */
export function createSharedMemory(bytes: number, hasThreads: boolean): SharedMemory {
  const encoded = createEncodedCache(hasThreads ? bytes / 4 : bytes / 2);
  const rasters = createRasterPool(bytes / 4);
  let joined = 0;
  return {
    join() {
      const prefix = `${joined++}\n`;
      return {
        encoded: { get: (key) => encoded.get(prefix + key), set: (key, tile, ttlMs) => encoded.set(prefix + key, tile, ttlMs) },
        rasters: { begin: rasters.begin, remember: (key, fetch, missingTtlMs) => rasters.remember(prefix + key, fetch, missingTtlMs) },
      };
    },
  };
}

/** Memory of a thread that does nothing but paint, in which every fetch is a part of painting something. */
export interface ThreadMemory {
  readonly remember: RasterMemory;
  /** The same painter, whose every work is a job: what gives way meanwhile is used again only then. */
  inJobs(painter: Painter): Painter;
}

/** @param bytes for tiles that its sources decode, together */
export function createThreadMemory(bytes: number): ThreadMemory {
  const pool = createRasterPool(bytes);
  return {
    remember: pooledRasters(pool),
    inJobs: (painter) => ({ paint: (job, options) => asJob(pool.begin, (made) => isWhole(job, made), () => painter.paint(job, options)) }),
  };
}
