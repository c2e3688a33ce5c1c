import { GatewayError } from '../../errors.ts';
import { sniffImage } from '../../raster/codec/sniff.ts';
import type { StoredTile, TileKey, TileStore } from '../cache/types.ts';
import { createSingleFlight } from '../net/singleFlight.ts';
import type { EncodedPatch, Patch, PatchBytes } from './types.ts';

export interface StoredBytesOptions {
  readonly bytes: PatchBytes;
  readonly store: TileStore;
  /** First part of every key: name of the cache or source, unique within the store. */
  readonly cache: string;
  /** Extension of the stored files, without the dot. */
  readonly extension: string;
  /** Age from which a stored patch is asked for again, milliseconds; Infinity = never. */
  readonly maxAgeMs: number;
  /** The same for a stored "nothing here". */
  readonly missingMaxAgeMs: number;
  /** Throws when what came is not worth keeping (see `decodePatch`); it is then neither stored nor handed on. */
  check(patch: Patch, encoded: EncodedPatch): Promise<unknown>;
  /** Hears of trouble with the store, which never keeps a patch from being served. */
  report(error: unknown): void;
}

/** Bytes that are kept. */
export interface KeptBytes extends PatchBytes {
  /** Whether a patch is there and need not be asked for. */
  has(patch: Patch): Promise<boolean>;
}

/**
 * Keeps what was fetched as it was received, under the patch's key. Errors are never stored; while the upstream is in trouble,
 * patches past their age go on being served.
 */
export function storedBytes(options: StoredBytesOptions): KeptBytes {
  const { bytes, store, cache, extension, check, report } = options;
  const flights = createSingleFlight<EncodedPatch | null>();
  const keyOf = (patch: Patch): TileKey => ({ cache, tile: patch.key, extension });

  const stored = (patch: Patch): Promise<StoredTile | undefined> =>
    store.get(keyOf(patch)).catch((error: unknown) => {
      report(error);
      return undefined;
    });

  async function fetchAndStore(patch: Patch, signal: AbortSignal): Promise<EncodedPatch | null> {
    const encoded = await bytes.fetch(patch, signal);
    if (encoded !== null) await check(patch, encoded);
    await store.put(keyOf(patch), encoded?.bytes ?? new Uint8Array(0)).catch(report);
    return encoded;
  }

  async function throughStore(patch: Patch, signal: AbortSignal): Promise<EncodedPatch | null> {
    const old = await stored(patch);
    if (old === undefined) return fetchAndStore(patch, signal);
    if (isFresh(old, options)) return encodedOf(old);
    return fetchAndStore(patch, signal).catch((error: unknown) => staleInstead(old, error, options));
  }

  return {
    fetch: (patch, signal) => flights.run(patch.key, signal, (shared) => throughStore(patch, shared)),
    async has(patch) {
      const old = await stored(patch);
      return old !== undefined && isFresh(old, options);
    },
  };
}

function isFresh(tile: StoredTile, { maxAgeMs, missingMaxAgeMs }: StoredBytesOptions): boolean {
  return Date.now() - tile.modified.getTime() < (tile.bytes.length === 0 ? missingMaxAgeMs : maxAgeMs);
}

function encodedOf({ bytes }: StoredTile): EncodedPatch | null {
  return bytes.length === 0 ? null : { bytes, contentType: sniffImage(bytes) ?? 'application/octet-stream' };
}

function staleInstead(old: StoredTile, error: unknown, { report }: StoredBytesOptions): EncodedPatch | null {
  if (!(error instanceof GatewayError && error.code.startsWith('UPSTREAM_'))) throw error;
  report(error);
  return encodedOf(old);
}
