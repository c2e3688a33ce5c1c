import { pathOfKey } from '../keyPath.ts';
import type { TileStore } from '../types.ts';

export interface TieredOptions {
  readonly first: TileStore;
  /** Whether `first` is never written: what is put, and what is deleted, is forgotten. */
  readonly isReadOnly: boolean;
  /** Asked in this order for what `first` does not have, a stored "there is nothing here" being had; never written. */
  readonly fallback: readonly TileStore[];
}

/** A store made of stores. What is put is in `first` before `put` ends, and hides what is behind it. */
export function createTieredStore({ first, isReadOnly, fallback }: TieredOptions): TileStore {
  const tiers = [first, ...fallback];
  return {
    async get(key) {
      for (const store of tiers) {
        const tile = await store.get(key);
        if (tile !== undefined) return tile;
      }
      return undefined;
    },
    async put(key, bytes) {
      if (isReadOnly) pathOfKey(key);
      else await first.put(key, bytes);
    },
    async delete(key) {
      if (isReadOnly) pathOfKey(key);
      else await first.delete(key);
    },
    async close() {
      await Promise.all(tiers.map((store) => store.close()));
    },
  };
}
