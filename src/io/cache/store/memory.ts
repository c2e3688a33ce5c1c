import { LRUCache } from 'lru-cache';
import { pathOfKey } from '../keyPath.ts';
import type { StoredTile, TileStore } from '../types.ts';

/** What an entry costs beside its bytes, roughly: keeps a flood of empty tiles from counting as nothing. */
const ENTRY_BYTES = 256;

/** Tiles in memory, the least recently used dropped first. Bytes are kept as handed over: do not write to them afterwards. */
export function createMemoryStore(maxBytes: number): TileStore {
  const maxSize = Math.max(1, Math.floor(maxBytes)); // 0 would mean: no limit
  const tiles = new LRUCache<string, StoredTile>({ maxSize, sizeCalculation: (tile) => tile.bytes.length + ENTRY_BYTES });
  return {
    get: async (key) => tiles.get(pathOfKey(key)),
    put: async (key, bytes) => void tiles.set(pathOfKey(key), { bytes, modified: new Date() }),
    delete: async (key) => void tiles.delete(pathOfKey(key)),
    close: async () => tiles.clear(),
  };
}
