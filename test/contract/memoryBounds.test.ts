import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/io/cache/store/memory.ts';
import { cachedRasters } from '../../src/io/source/rasterCache.ts';
import { createRasterPool } from '../../src/io/source/rasterPool.ts';
import { createEncodedCache } from '../../src/layer/encoded.ts';

/** Memory is shared out in parts: of three threads, of seven files, of an eighth for something. Danger: a part that is no whole number of bytes fails the start. */
describe('memories of any number of bytes', () => {
  it.each([0, 1, 1000 / 3, 2 ** 28 / 7 / 8])('%s', (bytes) => {
    expect(() => createMemoryStore(bytes)).not.toThrow();
    expect(() => createEncodedCache(bytes)).not.toThrow();
    expect(() => createRasterPool(bytes)).not.toThrow();
    expect(() => cachedRasters({ fetch: async () => null, maxBytes: bytes, ttlMs: 0, missingTtlMs: 0 })).not.toThrow();
  });
});
