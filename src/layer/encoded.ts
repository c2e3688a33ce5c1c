import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Encoded } from './types.ts';

/** Encoded tiles by cache and path. */
export interface EncodedCache {
  get(key: string): Encoded | undefined;
  /** @param ttlMs forgets it after this long; 0 (default) = never */
  set(key: string, tile: Encoded, ttlMs?: number): void;
}

/** What an entry costs beside its bytes. */
const ENTRY_BYTES = 512;

/** A byte-capped memory of encoded tiles; 0 keeps none. */
export function createEncodedCache(maxBytes: number): EncodedCache {
  const kept = new LRUCache<string, Encoded>({ maxSize: Math.max(1, Math.floor(maxBytes)), sizeCalculation: (tile) => tile.bytes.length + ENTRY_BYTES });
  return { get: (key) => kept.get(key), set: (key, tile, ttl = 0) => void kept.set(key, tile, { ttl }) };
}

/** The file with its entity tag: a digest of the bytes, so that it survives restarts and differs as soon as a pixel does. */
export function encodedOf(bytes: Uint8Array, contentType: string, modified: Date): Encoded {
  const digest = createHash('sha1').update(bytes).digest('base64url');
  return { bytes, contentType, etag: `"${digest}"`, modified };
}
