import type { PatchBytes, EncodedPatch } from '../../io/source/types.ts';
import { GatewayError } from '../../errors.ts';
import type { Tiling } from '../../raster/tiling.ts';
import type { BuildContext } from './context.ts';

/** The bytes of one patch of one source, as a thread asks for them. */
export interface BytesQuestion {
  readonly source: string;
  readonly level: number;
  readonly chart: number;
  readonly patchCol: number;
  readonly patchRow: number;
}

export type BytesAnswer = EncodedPatch | null;

/** The serving thread's side: what was shared, and the answers to other threads. */
export interface SharedBytes {
  readonly share: BuildContext['shareBytes'];
  answer(question: BytesQuestion, signal: AbortSignal): Promise<BytesAnswer>;
}

export function createSharedBytes(): SharedBytes {
  const known = new Map<string, { readonly tiling: Tiling; readonly bytes: PatchBytes }>();
  return {
    share(key, tiling, bytes) {
      known.set(key, { tiling, bytes });
      return bytes;
    },
    async answer({ source, level, chart, patchCol, patchRow }, signal) {
      const one = known.get(source);
      const patch = one?.tiling.patchAt(level, chart, patchCol, patchRow) ?? null;
      if (one === undefined || patch === null) throw new GatewayError('UPSTREAM_FAILED', `no patch ${level}/${chart}/${patchCol}/${patchRow} of ${source}`);
      return one.bytes.fetch(patch, signal);
    },
  };
}

/** The rendering thread's side: never touches the source's own bytes. */
export function bytesOfOtherThread(ask: (question: BytesQuestion, signal: AbortSignal) => Promise<BytesAnswer>): BuildContext['shareBytes'] {
  return (source, tiling) => ({
    fetch({ level, grid }, signal) {
      const { patchWidth, patchHeight } = tiling.levels[level]!;
      return ask({ source, level, chart: grid.chart, patchCol: grid.col / patchWidth, patchRow: grid.row / patchHeight }, signal);
    },
  });
}
