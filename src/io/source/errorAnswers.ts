import { GatewayError } from '../../errors.ts';
import type { Codec } from '../../raster/codec/types.ts';
import { emptyRaster, RGBA, type Raster } from '../../raster/raster.ts';
import { isUpstreamTrouble } from './firstAnswer.ts';
import { statusOf } from './upstreamError.ts';
import type { EncodedPatch, Patch, PatchBytes } from './types.ts';

/** What stands in for an upstream's error. */
export interface ErrorAnswer {
  /** Red, green, blue, alpha, each 0..255; not premultiplied. */
  readonly response: readonly [number, number, number, number];
  /** Without it the error stays an error: a picture with the hole in it would be kept. */
  readonly cache: boolean;
}

/**
 * Puts a colour in the place of errors: by status code ('404'), or 'other' for every other status and for upstreams that do not
 * answer. "Nothing there" counts as 404. An answer with status 200 that is no picture stays a failure (as in MapProxy).
 */
export function withErrorAnswers(bytes: PatchBytes, answers: Readonly<Record<string, ErrorAnswer>>, codec: Codec): PatchBytes {
  const answerOf = (status: number | null): ErrorAnswer | null => {
    const answer = (status === null ? undefined : answers[String(status)]) ?? answers['other'];
    return answer?.cache === true ? answer : null;
  };
  if (!Object.values(answers).some(({ cache }) => cache)) return bytes;
  return {
    async fetch(patch, signal) {
      try {
        const encoded = await bytes.fetch(patch, signal);
        const answer = encoded === null ? answerOf(404) : null;
        return answer === null ? encoded : await coloured(answer, patch, codec);
      } catch (error) {
        if (signal.aborted || !isUpstreamTrouble(error)) throw error;
        const answer = isAnswered(error) ? null : answerOf(statusOf(error));
        if (answer === null) throw error;
        return coloured(answer, patch, codec);
      }
    },
  };
}

function isAnswered(error: GatewayError): boolean {
  const status = statusOf(error);
  return status !== null && status >= 200 && status < 300;
}

/** null for full transparency: there is nothing to keep. */
async function coloured({ response: [red, green, blue, alpha] }: ErrorAnswer, { grid }: Patch, codec: Codec): Promise<EncodedPatch | null> {
  if (alpha === 0) return null;
  const raster: Raster = { ...emptyRaster(grid.width, grid.height), opaque: alpha === 255 };
  const pixel = [red, green, blue].map((band) => Math.round((band * alpha) / 255));
  for (let i = 0; i < raster.data.length; i += RGBA) raster.data.set([...pixel, alpha], i);
  return { bytes: await codec.encode(raster, 'image/png', { quality: 100, background: 0 }), contentType: 'image/png' };
}
