import { GatewayError } from '../../errors.ts';
import type { ChoosePatches } from '../../io/source/cuts.ts';
import { gatherPatches } from '../../io/source/gather.ts';
import type { FetchFor, FetchInto, RasterPool, Reader } from '../../io/source/rasterPool.ts';
import type { EncodedPatch, Needs, PatchBytes, RasterSource } from '../../io/source/types.ts';
import type { Raster } from '../../raster/raster.ts';
import type { Excerpt, Patch, Tiling } from '../../raster/tiling.ts';

/**
 * What all threads of a gateway have in common. The serving thread asks upstreams, keeps what they say and answers the
 * rendering threads, so that nothing is asked twice.
 */
export interface Shared {
  /** Encoded patches of a source. @param key the same in every thread */
  bytes(key: string, tiling: Tiling, bytes: PatchBytes): PatchBytes;
  /**
   * Decoded patches of a source: what the rendering threads ask for is decoded and remembered by the serving thread, in memory that all
   * of them read. @param key the same in every thread
   */
  rasters(key: string, tiling: Tiling, fetches: RasterFetches): Pick<RasterSource, 'fetch' | 'gather'>;
  /** Files of a source, by their paths. Returns `read` itself in the serving thread. @param key the same in every thread */
  files(key: string, read: ReadFile): ReadFile;
  /** A question that only the serving thread can answer; it and its answer are plain data. Returns `answer` itself there. @param key the same in every thread */
  answers<Q, A>(key: string, answer: Answer<Q, A>): Answer<Q, A>;
  /** Something found out while building (a remote HiPS's properties): made once, then handed out as a structured clone. */
  value<T>(key: string, make: () => Promise<T>): Promise<T>;
  /** Nobody asks for these any more. */
  forget(keys: Iterable<string>): void;
}

export interface RasterFetches {
  /** Without a memory. */
  readonly decode: FetchInto;
  /** What the serving thread draws from. */
  readonly own: RasterSource['fetch'];
  /** Which patches to bring; absent = those that are named. Both fetches bring them. */
  readonly choose?: ChoosePatches;
}

/** The same, for a part of a gateway that comes and goes: its keys are its own, and are given up together. @param prefix the same in every thread */
export function sharedApart(shared: Shared, prefix: string): { readonly shared: Shared; forget(): void } {
  const keys = new Set<string>();
  const own = (key: string): string => {
    keys.add(prefix + key);
    return prefix + key;
  };
  return {
    shared: {
      bytes: (key, tiling, bytes) => shared.bytes(own(key), tiling, bytes),
      rasters: (key, tiling, fetch) => shared.rasters(own(key), tiling, fetch),
      files: (key, read) => shared.files(own(key), read),
      answers: (key, answer) => shared.answers(own(key), answer),
      value: (key, make) => shared.value(own(key), make),
      forget: (some) => shared.forget(some),
    },
    forget: () => shared.forget(keys),
  };
}

export type Answer<Q, A> = (question: Q, signal: AbortSignal) => Promise<A>;

/** One file; null = not there. */
export type ReadFile = (path: string, signal: AbortSignal) => Promise<EncodedPatch | null>;

/** What a rendering thread asks. */
export type SharedQuestion =
  | { readonly kind: 'file'; readonly key: string; readonly path: string }
  | { readonly kind: 'value'; readonly key: string }
  | { readonly kind: 'answer'; readonly key: string; readonly question: unknown }
  | {
      readonly kind: 'bytes' | 'raster';
      readonly key: string;
      readonly patch: PatchPlace;
    }
  | { readonly kind: 'gather'; readonly key: string; readonly patches: readonly PatchPlace[]; readonly excerpts: Needs['excerpts'] };

/** Names a patch of a tiling. */
interface PatchPlace {
  readonly level: number;
  readonly chart: number;
  readonly patchCol: number;
  readonly patchRow: number;
}

/** Gathered patches as plain data. */
type GatheredRects = readonly { readonly rect: Excerpt; readonly raster: Raster | null }[];

type PatchQuestion = SharedQuestion & { readonly kind: 'bytes' | 'raster' };

const asNamed: ChoosePatches = async ({ patches }) => patches;

/** "Nothing here" is believed this long in memory. */
const MISSING_MS = 60_000;

/** @param reader the job that asks, for which decoded patches stay as they are until it ends; absent or null = nobody knows which */
export type Ask = (question: SharedQuestion, signal: AbortSignal, reader?: Reader['id'] | null) => Promise<unknown>;

/** The serving thread's side, and its answers to the others. */
export function createShared(pool: RasterPool): { readonly shared: Shared; readonly answer: Ask } {
  const sources = new Map<string, { readonly tiling: Tiling; readonly fetch: PatchBytes['fetch'] }>();
  const rasters = new Map<string, { readonly tiling: Tiling; readonly fetch: FetchFor; readonly choose: ChoosePatches }>();
  const files = new Map<string, ReadFile>();
  const values = new Map<string, Promise<unknown>>();
  const answers = new Map<string, Answer<unknown, unknown>>();
  const answerOf = ({ key, question }: SharedQuestion & { kind: 'answer' }, signal: AbortSignal): Promise<unknown> => {
    const answer = answers.get(key);
    if (answer === undefined) throw new GatewayError('UPSTREAM_FAILED', `nobody answers for ${key}`);
    return answer(question, signal);
  };
  const patchOf = (key: string, { level, chart, patchCol, patchRow }: PatchPlace, tiling: Tiling | undefined): Patch => {
    const patch = tiling?.patchAt(level, chart, patchCol, patchRow) ?? null;
    if (patch === null) throw new GatewayError('UPSTREAM_FAILED', `no patch ${level}/${chart}/${patchCol}/${patchRow} of ${key}`);
    return patch;
  };
  const bytesOf = async (question: PatchQuestion, signal: AbortSignal): Promise<EncodedPatch | null> => {
    const source = sources.get(question.key);
    return source!.fetch(patchOf(question.key, question.patch, source?.tiling), signal);
  };
  const rasterOf = async (question: PatchQuestion, signal: AbortSignal, reader: Reader['id'] | null): Promise<Raster | null> => {
    const source = rasters.get(question.key);
    return source!.fetch(patchOf(question.key, question.patch, source?.tiling), signal, reader);
  };
  const gathered = async ({ key, patches, excerpts }: SharedQuestion & { kind: 'gather' }, signal: AbortSignal, reader: Reader['id'] | null): Promise<GatheredRects> => {
    const source = rasters.get(key);
    const chosen = await source!.choose({ patches: patches.map((place) => patchOf(key, place, source?.tiling)), excerpts });
    const found = await gatherPatches(chosen, (patch, either) => source!.fetch(patch, either, reader), signal);
    return found.patches.map(({ level, grid: { lattice: _known, ...rect } }, i) => ({ rect: { level, ...rect }, raster: found.rasters[i]! }));
  };
  const fileOf = ({ key, path }: SharedQuestion & { kind: 'file' }, signal: AbortSignal): Promise<EncodedPatch | null> => {
    const read = files.get(key);
    if (read === undefined) throw new GatewayError('UPSTREAM_FAILED', `no files of ${key}`);
    return read(path, signal);
  };
  return {
    shared: {
      files(key, read) {
        files.set(key, read);
        return read;
      },
      bytes(key, tiling, bytes) {
        sources.set(key, { tiling, fetch: bytes.fetch });
        return bytes;
      },
      rasters(key, tiling, { decode, own, choose = asNamed }) {
        rasters.set(key, { tiling, fetch: pool.remember(key, decode, MISSING_MS), choose });
        return { fetch: own, gather: async (needs, signal) => gatherPatches(await choose(needs), own, signal) };
      },
      answers<Q, A>(key: string, answer: Answer<Q, A>) {
        answers.set(key, answer as Answer<unknown, unknown>);
        return answer;
      },
      value<T>(key: string, make: () => Promise<T>) {
        const made = make();
        values.set(key, made);
        return made;
      },
      forget(keys) {
        for (const key of keys) for (const all of [sources, rasters, files, values, answers]) all.delete(key);
      },
    },
    answer: async (question, signal, reader = null) => {
      if (question.kind === 'bytes') return bytesOf(question, signal);
      if (question.kind === 'raster') return rasterOf(question, signal, reader);
      if (question.kind === 'gather') return gathered(question, signal, reader);
      if (question.kind === 'answer') return answerOf(question, signal);
      return question.kind === 'file' ? fileOf(question, signal) : values.get(question.key);
    },
  };
}

/** A rendering thread's side: asks, and never touches an upstream itself. */
export function sharedByOtherThread(ask: Ask): Shared {
  const never = new AbortController().signal;
  const placeOf = ({ levels }: Tiling, { level, grid }: Patch): PatchPlace => {
    const { patchWidth, patchHeight } = levels[level]!;
    return { level, chart: grid.chart, patchCol: grid.col / patchWidth, patchRow: grid.row / patchHeight };
  };
  const askFor = (kind: PatchQuestion['kind'], key: string, tiling: Tiling, patch: Patch, signal: AbortSignal): Promise<unknown> =>
    ask({ kind, key, patch: placeOf(tiling, patch) }, signal);
  return {
    bytes: (key, tiling) => ({ fetch: async (patch, signal) => (await askFor('bytes', key, tiling, patch, signal)) as EncodedPatch | null }),
    rasters: (key, tiling) => ({
      fetch: async (patch, signal) => (await askFor('raster', key, tiling, patch, signal)) as Raster | null,
      async gather({ patches, excerpts }, signal) {
        const found = (await ask({ kind: 'gather', key, patches: patches.map((patch) => placeOf(tiling, patch)), excerpts }, signal)) as GatheredRects;
        return { patches: found.map(({ rect }) => patchOfRect(tiling, rect)), rasters: found.map(({ raster }) => raster) };
      },
    }),
    files: (key) => async (path, signal) => (await ask({ kind: 'file', key, path }, signal)) as EncodedPatch | null,
    answers: <Q, A>(key: string) => async (question: Q, signal: AbortSignal) => (await ask({ kind: 'answer', key, question }, signal)) as A,
    value: async <T>(key: string) => (await ask({ kind: 'value', key }, never)) as T,
    forget: () => {},
  };
}

/** A patch that was brought: its key was its source's affair. */
function patchOfRect({ levels }: Tiling, { level, ...rect }: Excerpt): Patch {
  return { key: '', level, grid: { lattice: levels[level]!.lattice, ...rect } };
}
