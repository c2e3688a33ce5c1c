import { LRUCache } from 'lru-cache';
import { release, type Raster } from '../../raster/raster.ts';
import { createSingleFlight } from '../net/singleFlight.ts';
import type { RasterMemory } from './rasterCache.ts';
import type { Patch } from './types.ts';

/**
 * Decoded patches in memory that all threads read: decoded once, held once, and handed over without a copy.
 *
 * The memory of a raster that gave way is used for another one, so that neither the system nor the collector hears of the megabytes
 * that come and go. That needs certainty that nobody reads it any more: readers are jobs, which begin and end, and keep no raster
 * beyond their end. What gave way is free as soon as every job that it was handed to has ended.
 */
export interface RasterPool {
  /** The same fetch with a memory. @param key what is unique among the sources that share the pool */
  remember(key: string, fetch: FetchInto, missingTtlMs: number): FetchFor;
  /** A job begins that may ask for rasters. */
  begin(): Reader;
}

/** A job that may read rasters of a pool. */
export interface Reader {
  /** Unique in the pool. */
  readonly id: number;
  /**
   * Call once. @param isDone false: it failed or was given up, and others may be waiting for something that it began to make of its
   * rasters, so that they stay as they are until every job has ended that runs now
   */
  end(isDone: boolean): void;
}

/** Fetches for the job of that id; null = nobody knows for which, so that the raster stays as it is for all that run. */
export type FetchFor = (patch: Patch, signal: AbortSignal, reader: Reader['id'] | null) => Promise<Raster | null>;

/** Memory of exactly so many bytes, contents undefined. */
export type MemoryFor = (bytes: number) => Uint8Array;

/** Fetches into memory that it is offered; a raster of other memory is moved there. */
export type FetchInto = (patch: Patch, signal: AbortSignal, memoryFor: MemoryFor) => Promise<Raster | null>;

/** What an entry costs beside its pixels, roughly. */
const ENTRY_BYTES = 256;

/** What is known of a patch. */
interface Entry {
  readonly raster: Raster | null;
  readonly lent: Lent | null;
}

/** Memory that a raster lies in, and how many jobs may read it. */
interface Lent {
  readonly memory: SharedArrayBuffer;
  readers: number;
  /** False for one that was too large to be remembered: it gives way when its last reader goes. */
  isKept: boolean;
  /** Whether it gave way: nobody else will be given it, and with its last reader it is free. */
  isRetired: boolean;
}

/** @param maxBytes of decoded pixels */
export function createRasterPool(maxBytes: number): RasterPool {
  const flights = createSingleFlight<Entry>();
  const room = createRoom(maxBytes, () => {
    for (const name of kept.rkeys()) {
      if (kept.peek(name)?.lent?.readers === 0) return kept.delete(name);
    }
    return false;
  });
  const kept = new LRUCache<string, Entry>({
    maxSize: Math.max(1, Math.floor(maxBytes)), // 0 would mean: no limit
    sizeCalculation: ({ lent }) => ENTRY_BYTES + (lent?.memory.byteLength ?? 0),
    dispose: ({ lent }) => {
      if (lent !== null) room.retire(lent);
    },
  });
  return {
    begin: room.begin,
    remember(key, fetch, missingTtlMs) {
      const make = async (name: string, patch: Patch, signal: AbortSignal): Promise<Entry> => {
        const raster = await fetchInto(room, (memoryFor) => fetch(patch, signal, memoryFor));
        const entry = raster === null ? { raster, lent: null } : entryOf(raster, room);
        kept.set(name, entry, { ttl: raster === null ? missingTtlMs : 0 });
        if (entry.lent !== null) entry.lent.isKept = kept.has(name);
        return entry;
      };
      return async (patch, signal, reader) => {
        const name = `${key}\n${patch.key}`;
        for (;;) {
          signal.throwIfAborted();
          const { raster, lent } = kept.get(name) ?? (await flights.run(name, signal, (shared) => make(name, patch, shared)));
          if (lent === null) return raster;
          if (lent.isRetired) continue; // between its coming and being heard of
          room.lend(lent, reader);
          return raster;
        }
      };
    },
  };
}

/** Does some work as a job of a pool. @param isDone as in `Reader.end`, of what was made; what fails is not */
export async function asJob<T>(begin: RasterPool['begin'], isDone: (made: T) => boolean, work: (reader: Reader) => Promise<T>): Promise<T> {
  const reader = begin();
  let done = false;
  try {
    const made = await work(reader);
    done = isDone(made);
    return made;
  } finally {
    reader.end(done);
  }
}

/** A pool as the memory of all sources of a thread in which nothing is fetched but by jobs of the pool; its size is theirs together. */
export function pooledRasters(pool: RasterPool): RasterMemory {
  let sources = 0;
  return ({ fetch, missingTtlMs }) => {
    const fetchFor = pool.remember(`${sources++}`, fetch, missingTtlMs);
    return (patch, signal) => fetchFor(patch, signal, null);
  };
}

/** Memory that was offered and not used, because the picture was none or had another size, is free again. */
async function fetchInto(room: Room, fetch: (memoryFor: MemoryFor) => Promise<Raster | null>): Promise<Raster | null> {
  const offered = new Set<SharedArrayBuffer>();
  try {
    const raster = await fetch((bytes) => {
      const memory = room.take(bytes);
      offered.add(memory);
      return new Uint8Array(memory, 0, bytes);
    });
    offered.delete(raster?.data.buffer as SharedArrayBuffer);
    return raster;
  } finally {
    for (const memory of offered) room.giveBack(memory);
  }
}

function entryOf(raster: Raster, room: Room): Entry {
  const { buffer } = raster.data;
  const own = buffer instanceof SharedArrayBuffer ? raster : moved(raster, new Uint8Array(room.take(raster.data.length), 0, raster.data.length));
  return { raster: own, lent: { memory: own.data.buffer as SharedArrayBuffer, readers: 0, isKept: false, isRetired: false } };
}

/** Moves the pixels; those of the raster are gone afterwards, at once and not when the collector comes. */
function moved(raster: Raster, data: Uint8Array): Raster {
  const { buffer, byteOffset, length } = raster.data;
  Buffer.from(buffer, byteOffset, length).copy(data); // set() moves bytes of shared memory a word at a time: four times slower
  release(raster.data);
  return { ...raster, data };
}

interface Room {
  /** Memory of at least so many bytes, contents undefined. */
  take(bytes: number): SharedArrayBuffer;
  /** Memory that nobody ever read. */
  giveBack(memory: SharedArrayBuffer): void;
  /** Memory that did not give way is handed to a job; null = to whichever runs. */
  lend(lent: Lent, reader: number | null): void;
  /** Gives memory back that nobody will be given any more. */
  retire(lent: Lent): void;
  begin(): Reader;
}

/** Memory may be so many times larger than what lies in it. */
const WASTE = 4;

/** What is kept gives way until this many times what is wanted lies ready; then what lies ready and does not fit is left to the collectors. */
const READY = 2;

/** Few sizes, so that what one picture leaves suits the next: powers of two. */
function sizeFor(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, bytes)));
}

/**
 * Memory within a limit: what is kept gives way before more is taken. Only what running jobs read goes beyond. It then lies ready for
 * the next who need as much, up to the limit once more: what is left to the collectors of all threads that saw it stays for long, as
 * they are in no hurry, and next to it lies what was taken in its place.
 * @param giveWay gives up one raster that nobody reads, the one wanted longest ago, by way of `retire`; false = there is none
 */
function createRoom(maxBytes: number, giveWay: () => boolean): Room {
  const running = new Map<number, Set<Lent>>();
  /** What lies ready, the smallest first. */
  const free: SharedArrayBuffer[] = [];
  let [next, total] = [0, 0];

  /** Memory for another use, or the collectors'. */
  const reuse = (memory: SharedArrayBuffer): void => {
    if (total > maxBytes && spare() + memory.byteLength > maxBytes) {
      total -= memory.byteLength;
      return;
    }
    const larger = free.findIndex(({ byteLength }) => byteLength > memory.byteLength);
    free.splice(larger === -1 ? free.length : larger, 0, memory);
  };
  /** The smallest that lies ready and is large enough, but not far too large. */
  const ready = (bytes: number): SharedArrayBuffer | undefined => {
    const found = free.findIndex(({ byteLength }) => byteLength >= bytes);
    return found === -1 || free[found]!.byteLength > bytes * WASTE ? undefined : free.splice(found, 1)[0];
  };
  /** Bytes that lie ready. */
  const spare = (): number => free.reduce((sum, { byteLength }) => sum + byteLength, 0);
  /** Leaves one that lies ready to the collectors. */
  const dropReady = (): boolean => {
    total -= free[0]?.byteLength ?? 0;
    return free.shift() !== undefined;
  };

  const lendTo = (held: Set<Lent>, lent: Lent): void => {
    if (held.has(lent)) return;
    held.add(lent);
    lent.readers++;
  };
  const lendToAll = (lent: Lent): void => {
    for (const held of running.values()) lendTo(held, lent);
  };
  return {
    take(wanted) {
      const bytes = sizeFor(wanted);
      for (;;) {
        const memory = ready(bytes);
        if (memory !== undefined) return memory;
        if (total + bytes <= maxBytes) break;
        const isEnoughReady = total - spare() + READY * bytes <= maxBytes;
        if (!(isEnoughReady ? dropReady() : giveWay() || dropReady())) break;
      }
      total += bytes;
      return new SharedArrayBuffer(bytes, { maxByteLength: bytes }); // one that could grow lies in pages of its own, which go back as a whole
    },
    giveBack: reuse,
    lend(lent, reader) {
      const held = reader === null ? undefined : running.get(reader);
      if (held === undefined) lendToAll(lent); // also of a job that has ended: others may wait for what it began
      else lendTo(held, lent);
    },
    retire(lent) {
      lent.isRetired = true;
      if (lent.readers === 0) reuse(lent.memory);
    },
    begin() {
      const id = next++;
      const held = new Set<Lent>();
      running.set(id, held);
      return {
        id,
        end(isDone) {
          running.delete(id);
          for (const lent of held) {
            if (!isDone) lendToAll(lent);
            lent.readers--;
            if (lent.readers > 0) continue;
            lent.isRetired ||= !lent.isKept;
            if (lent.isRetired) reuse(lent.memory);
          }
        },
      };
    },
  };
}
