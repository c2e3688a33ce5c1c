import { pathOfKey } from '../keyPath.ts';
import type { TileKey, TileStore } from '../types.ts';
import { createTileLru } from './memory.ts';

export interface TieredOptions {
  readonly back: TileStore;
  /** Of memory for the tiles in front. */
  readonly maxBytes: number;
  /** How long the front may be behind when another process changes `back`; 0 = for ever (nobody else writes). */
  readonly ttlMs: number;
}

/** Memory in front of another store. Every tile reaches `back` before `put` ends; the front only repeats what `back` said. */
export function createTieredStore({ back, maxBytes, ttlMs }: TieredOptions): TileStore {
  const front = createTileLru(maxBytes, ttlMs);
  let changes = 0;

  /** Around a change of `back`: what was read meanwhile may be old and must not enter the front. */
  async function changing(key: TileKey, change: () => Promise<void>): Promise<void> {
    const path = pathOfKey(key);
    changes++;
    try {
      await change();
    } finally {
      changes++;
      front.delete(path);
    }
  }

  return {
    async get(key) {
      const path = pathOfKey(key);
      const near = front.get(path);
      if (near !== undefined) return near;
      const before = changes;
      const tile = await back.get(key);
      if (tile !== undefined && changes === before) front.set(path, tile);
      return tile;
    },
    put: (key, bytes) => changing(key, () => back.put(key, bytes)),
    delete: (key) => changing(key, () => back.delete(key)),
    async close() {
      front.clear();
      await back.close();
    },
  };
}
