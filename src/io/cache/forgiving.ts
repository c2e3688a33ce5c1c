import { GatewayError } from '../../errors.ts';
import type { TileStore } from './types.ts';

export interface ForgivingOptions {
  /** Hears of trouble, at most once a minute for each message. */
  report(error: unknown): void;
  /** Milliseconds; for tests. */
  now?(): number;
}

/** The same trouble is told again after this long. */
const REPORT_EVERY_MS = 60_000;
/** A store that needed this long to fail is left alone for a while, or every request would wait as long. */
const SLOW_MS = 1000;
const REST_MS = 10_000;

/**
 * A broken store never stops a picture: what cannot be read counts as absent, what cannot be written is not kept, and both are
 * reported. Keys that are none are still refused.
 */
export function createForgivingStore(store: TileStore, { report, now = () => performance.now() }: ForgivingOptions): TileStore {
  const told = new Map<string, number>();
  let restsUntil = -Infinity;

  async function forgiving<T>(work: () => Promise<T>): Promise<T | undefined> {
    const start = now();
    if (start < restsUntil) return undefined;
    try {
      return await work();
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'INVALID_PARAMETER') throw error;
      const end = now();
      if (end - start >= SLOW_MS) restsUntil = end + REST_MS;
      tell(error, end);
      return undefined;
    }
  }

  function tell(error: unknown, at: number): void {
    const message = error instanceof Error ? error.message : String(error);
    if (at - (told.get(message) ?? -Infinity) < REPORT_EVERY_MS) return;
    if (told.size > 100) told.clear(); // messages may hold names of tiles
    told.set(message, at);
    report(error);
  }

  return {
    get: (key) => forgiving(() => store.get(key)),
    put: (key, bytes) => forgiving(() => store.put(key, bytes)),
    delete: (key) => forgiving(() => store.delete(key)),
    close: () => store.close(),
  };
}
