import { LRUCache } from 'lru-cache';
import { release, type Raster } from '../../raster/raster.ts';
import { createSingleFlight } from '../net/singleFlight.ts';
import type { Patch, RasterSource } from './types.ts';

/**
 * Decoded patches in memory that all threads read: decoded once, held once, and handed over without a copy.
 *
 * The memory of a raster that gave way is used for another one, so that neither the system nor the collector hears of the megabytes
 * that come and go. That needs certainty that nobody reads it any more: readers are jobs, which begin and end, and keep no raster
 * beyond their end. What gave way is free as soon as every job that had begun by then has ended.
 */
export interface RasterPool {
  /** The same fetch with a memory. @param key what is unique among the sources that share the pool */
  remember(key: string, fetch: FetchInto, missingTtlMs: number): RasterSource['fetch'];
  /** A job begins that may ask for rasters. Call what is returned once, when it has ended. */
  begin(): () => void;
}

/** Memory of exactly so many bytes, contents undefined. */
export type MemoryFor = (bytes: number) => Uint8Array;

/** Fetches into memory that it is offered; a raster of other memory is moved there. */
export type FetchInto = (patch: Patch, signal: AbortSignal, memoryFor: MemoryFor) => Promise<Raster | null>;

/** What an entry costs beside its pixels, roughly. */
const ENTRY_BYTES = 256;
/**
 * Part of the pool's bytes that may lie ready for another raster; beyond it memory is left to the collectors of all threads that saw
 * it, which are in no hurry. One slow job can hold back all that gave way meanwhile, which is then free at once: as much as that.
 */
const IDLE_SHARE = 1;

interface Entry {
  readonly raster: Raster | null;
}

/** @param maxBytes of decoded pixels */
export function createRasterPool(maxBytes: number): RasterPool {
  const flights = createSingleFlight<Raster | null>();
  const room = createRoom(maxBytes * IDLE_SHARE);
  const kept = new LRUCache<string, Entry>({
    maxSize: Math.max(1, Math.floor(maxBytes)), // 0 would mean: no limit
    sizeCalculation: ({ raster }) => ENTRY_BYTES + (raster?.data.length ?? 0),
    dispose: ({ raster }) => {
      if (raster !== null) room.retire(raster.data.buffer as SharedArrayBuffer);
    },
  });
  return {
    begin: room.begin,
    remember: (key, fetch, missingTtlMs) => async (patch, signal) => {
      signal.throwIfAborted();
      const name = `${key}\n${patch.key}`;
      const known = kept.get(name);
      if (known !== undefined) return known.raster;
      return flights.run(name, signal, async (shared) => {
        const raster = await fetch(patch, shared, (bytes) => new Uint8Array(room.take(bytes)));
        const isThere = raster === null || raster.data.buffer instanceof SharedArrayBuffer;
        const entry = { raster: isThere ? raster : moved(raster, room.take(raster.data.length)) };
        kept.set(name, entry, { ttl: raster === null ? missingTtlMs : 0 });
        return entry.raster;
      });
    },
  };
}

/** Moves the pixels; those of the raster are gone afterwards, at once and not when the collector comes. */
function moved(raster: Raster, memory: SharedArrayBuffer): Raster {
  const data = new Uint8Array(memory);
  const { buffer, byteOffset, length } = raster.data;
  Buffer.from(buffer, byteOffset, length).copy(data); // set() moves bytes of shared memory a word at a time: four times slower
  release(raster.data);
  return { ...raster, data };
}

interface Room {
  /** Memory of exactly so many bytes, contents undefined. */
  take(bytes: number): SharedArrayBuffer;
  /** Gives memory back that only jobs which have already begun may still read. */
  retire(memory: SharedArrayBuffer): void;
  begin(): () => void;
}

/** @param idleBytes that may lie ready; what a running job may still read is in use and does not count */
function createRoom(idleBytes: number): Room {
  const running = new Set<number>(); // in the order in which they began
  const free = new Map<number, SharedArrayBuffer[]>();
  const waiting: { readonly memory: SharedArrayBuffer; readonly before: number }[] = [];
  let [next, idle] = [0, 0];

  /** Memory for another use, or the collector's where enough lies ready. Memory of other sizes makes way first. */
  const release = (memory: SharedArrayBuffer): void => {
    const size = memory.byteLength;
    for (const [other, same] of free) {
      if (other === size || idle + size <= idleBytes) continue;
      idle -= other * same.length;
      free.delete(other);
    }
    if (idle + size > idleBytes) return;
    idle += size;
    const same = free.get(size);
    if (same === undefined) free.set(size, [memory]);
    else same.push(memory);
  };

  /** Everything that no running job can know is free. */
  const sweep = (): void => {
    const [oldest = Infinity] = running;
    while (waiting.length > 0 && waiting[0]!.before <= oldest) release(waiting.shift()!.memory);
  };
  return {
    take(bytes) {
      sweep();
      const memory = free.get(bytes)?.pop();
      if (memory === undefined) return new SharedArrayBuffer(bytes);
      idle -= bytes;
      return memory;
    },
    retire(memory) {
      waiting.push({ memory, before: next });
    },
    begin() {
      const id = next++;
      running.add(id);
      return () => void running.delete(id);
    },
  };
}
