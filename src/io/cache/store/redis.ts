import { readFile } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import { GatewayError } from '../../../errors.ts';
import { pathOfKey } from '../keyPath.ts';
import { tileNumberOf } from '../gridKey.ts';
import type { StoredTile, TileKey, TileStore } from '../types.ts';

export interface RedisStoreOptions {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username: string | null;
  readonly password: string | null;
  /** What all keys begin with. */
  readonly prefix: string;
  /** Seconds that a tile stays; 0 = until Redis needs the room. */
  readonly ttlSeconds: number;
  /** PEM files, absolute; any of them turns TLS on. */
  readonly tls: { readonly cert: string | null; readonly key: string | null; readonly ca: string | null };
  /** What the keys of the grid's tiles name as their cache and extension. */
  readonly own: { readonly cache: string; readonly extension: string };
}

/** A cache that takes longer than this to answer is worse than none. */
const TIMEOUT_MS = 2000;
const LONGEST_PAUSE_MS = 2000;

/** Beside a tile that never expires: when it was stored, milliseconds since 1970. */
const TIME_OF = ':modified';

/**
 * MapProxy's `redis` cache: tile z, x, y of the grid under '{prefix}-{z}-{x}-{y}', any other key under '{prefix}:{path}'.
 * The age of a tile follows from the time that it has left; MapProxy's own, when they never expire, count as of 1970.
 * Connects with the first tile, and anew whenever the server comes back; meanwhile every call fails at once.
 */
export function createRedisStore(options: RedisStoreOptions): TileStore {
  const { ttlSeconds } = options;
  const ttlMs = ttlSeconds * 1000;
  let client: Promise<Redis> | null = null;
  const connected = (): Promise<Redis> => (client ??= connect(options));
  return {
    async get(key) {
      const name = nameOf(key, options);
      const redis = await connected();
      const asked = redis.pipeline().getBuffer(name);
      const [tile, left] = await resultsOf(ttlMs > 0 ? asked.pttl(name) : asked.get(name + TIME_OF));
      return tile instanceof Uint8Array ? storedTile(tile, ttlMs > 0 ? Date.now() - ttlMs + Math.max(0, Number(left)) : Number(left ?? 0)) : undefined;
    },
    async put(key, bytes) {
      const name = nameOf(key, options);
      const redis = await connected();
      const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      await (ttlMs > 0 ? redis.set(name, value, 'PX', ttlMs) : redis.mset(name, value, name + TIME_OF, Date.now()));
    },
    async delete(key) {
      const name = nameOf(key, options);
      await (await connected()).del(name, name + TIME_OF);
    },
    async close() {
      const open = client;
      client = null;
      (await open?.catch(() => null))?.disconnect();
    },
  };
}

function nameOf(key: TileKey, { prefix, own }: RedisStoreOptions): string {
  const path = pathOfKey(key);
  const tile = key.cache === own.cache && key.extension === own.extension ? tileNumberOf(key) : null;
  return tile === null ? `${prefix}:${path}` : `${prefix}-${tile.level}-${tile.col}-${tile.row}`;
}

function storedTile(bytes: Uint8Array, modifiedMs: number): StoredTile {
  return { bytes, modified: new Date(Number.isFinite(modifiedMs) ? modifiedMs : 0) };
}

async function resultsOf(pipeline: { exec(): Promise<[error: Error | null, result: unknown][] | null> }): Promise<readonly unknown[]> {
  const results = (await pipeline.exec()) ?? [];
  return results.map(([error, result]) => {
    if (error !== null) throw error;
    return result;
  });
}

async function connect({ host, port, db, username, password, tls }: RedisStoreOptions): Promise<Redis> {
  const Client = await loadClient();
  const redis = new Client({
    host,
    port,
    db,
    protocol: 2,
    lazyConnect: true,
    enableOfflineQueue: false,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(times * 100, LONGEST_PAUSE_MS),
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    ...(await tlsOf(tls)),
  });
  redis.on('error', () => {}); // each call that fails says so itself
  await redis.connect().catch(() => {}); // it goes on trying
  return redis;
}

async function loadClient(): Promise<typeof Redis> {
  try {
    return (await import('ioredis')).Redis;
  } catch (cause) {
    throw new GatewayError('CONFIG_INVALID', "caches of `type: redis` need the package 'ioredis': npm install ioredis", { locator: 'caches', cause });
  }
}

async function tlsOf(files: RedisStoreOptions['tls']): Promise<{ readonly tls?: { [name: string]: Buffer } }> {
  const given = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== null);
  if (given.length === 0) return {};
  const read = await Promise.all(given.map(async ([name, file]) => [name, await readFile(file)] as const));
  return { tls: Object.fromEntries(read) };
}
