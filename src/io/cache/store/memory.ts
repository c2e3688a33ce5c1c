import { LRUCache } from 'lru-cache';
import { pathOfKey } from '../keyPath.ts';
import type { StoredTile, TileStore } from '../types.ts';

/** What an entry costs beside its bytes, roughly: keeps a flood of empty tiles from counting as nothing. */
const ENTRY_BYTES = 256;

/** Tiles in memory, the least recently used dropped first. Bytes are kept as handed over: do not write to them afterwards. */
export function createMemoryStore(maxBytes: number): TileStore {
  const tiles = createTileLru(maxBytes);
  return {
    get: async (key) => tiles.get(pathOfKey(key)),
    put: async (key, bytes) => void tiles.set(pathOfKey(key), { bytes, modified: new Date() }),
    delete: async (key) => void tiles.delete(pathOfKey(key)),
    close: async () => tiles.clear(),
  };
}

/**
 * A byte-capped table of stored tiles.
 * @param ttlMs forgets a tile after this long; 0 = never
 */
export function createTileLru(maxBytes: number, ttlMs = 0): LRUCache<string, StoredTile> {
  const maxSize = Math.max(1, maxBytes); // 0 would mean: no limit
  return new LRUCache({ maxSize, ttl: ttlMs, sizeCalculation: (tile) => tile.bytes.length + ENTRY_BYTES });
}
