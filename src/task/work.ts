/** One tile of a long work. */
export interface TileWork {
  /** For messages. */
  readonly name: string;
  /** Whether it has been done before. */
  isThere(): Promise<boolean>;
  /** Does it; resolves with the bytes written, 0 = there is nothing at that place. */
  make(signal: AbortSignal): Promise<number>;
}

/** How far a work is. */
export interface Progress {
  /** Tiles looked at, and all of them. */
  readonly done: number;
  readonly total: number;
  readonly made: number;
  readonly skipped: number;
  readonly empty: number;
  readonly failed: number;
  /** Written. */
  readonly bytes: number;
}

export interface WorkOptions {
  readonly total: number;
  /** Tiles at once, >= 1. */
  readonly jobs: number;
  /** Leave out what is there. */
  readonly skip: boolean;
  readonly signal: AbortSignal;
  /** After each tile. */
  onProgress(progress: Progress): void;
  /** A tile could not be made; the work goes on. */
  onFailure(name: string, error: unknown): void;
}

/** So many failures without a success between mean that the upstream is gone, not that a tile is bad. */
const FAILURES_IN_A_ROW = 20;

/**
 * Does tiles, a few at once; they are taken from the list as they are needed, so that it may be as long as it likes. A tile that fails is
 * told of and left out.
 * @returns how far it came: less than all after the signal, or when everything fails
 */
export async function workThrough(tiles: Iterable<TileWork>, { total, jobs, skip, signal, onProgress, onFailure }: WorkOptions): Promise<Progress> {
  const counts = { done: 0, total, made: 0, skipped: 0, empty: 0, failed: 0, bytes: 0 };
  const iterator = tiles[Symbol.iterator]();
  let inARow = 0;
  const one = async (tile: TileWork): Promise<void> => {
    if (skip && (await tile.isThere())) {
      counts.skipped++;
      return;
    }
    const bytes = await tile.make(signal);
    if (bytes === 0) counts.empty++;
    else counts.made++;
    counts.bytes += bytes;
    inARow = 0;
  };
  const worker = async (): Promise<void> => {
    while (!signal.aborted && inARow < FAILURES_IN_A_ROW) {
      const next = iterator.next();
      if (next.done === true) return;
      try {
        await one(next.value);
      } catch (error) {
        if (signal.aborted) return;
        counts.failed++;
        inARow++;
        onFailure(next.value.name, error);
      }
      counts.done++;
      onProgress({ ...counts });
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return { ...counts };
}
