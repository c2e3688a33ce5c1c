import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../errors.ts';
import { crsOf } from '../../geometry/crs/registry.ts';
import { standardSet } from '../../geometry/pyramid/standardSets.ts';
import { createSharpCodec } from '../../raster/codec/sharp.ts';
import { withErrorAnswers, type ErrorAnswer } from './errorAnswers.ts';
import { matrixSetTiling } from './matrixTiling.ts';
import type { EncodedPatch } from './types.ts';
import { upstreamError } from './upstreamError.ts';

const codec = createSharpCodec({ maxPixels: 1e6 });
const never = new AbortController().signal;
const tile = matrixSetTiling(standardSet('WorldCRS84Quad', crsOf)!).tiles.patchAt(0, 0, 0, 0)!;
const RED: ErrorAnswer = { response: [255, 0, 0, 255], cache: true };
const HALF_BLUE: ErrorAnswer = { response: [0, 0, 255, 128], cache: true };
const CLEAR: ErrorAnswer = { response: [0, 0, 0, 0], cache: true };

/** The first pixel of what stands in for an outcome, null for "nothing there", or the error's message. */
async function answered(outcome: EncodedPatch | Error | null, answers: Readonly<Record<string, ErrorAnswer>>): Promise<readonly number[] | string | null> {
  const bytes = { fetch: () => (outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome)) };
  const found = await withErrorAnswers(bytes, answers, codec).fetch(tile, never).catch((error: Error) => error);
  if (found === null) return null;
  if (found instanceof Error) return found.message;
  const raster = await codec.decode(found.bytes);
  expect([raster.width, raster.height]).toEqual([256, 256]);
  return [...raster.data.subarray(0, 4)];
}

describe('answers in the place of errors', () => {
  it.each([
    ['a status that is named', upstreamError(500, 'oops'), { 500: RED, other: CLEAR }, [255, 0, 0, 255]],
    ['a status that is not named', upstreamError(503, 'oops'), { 500: RED, other: HALF_BLUE }, [0, 0, 128, 128]],
    ['no rule for the status', upstreamError(503, 'oops'), { 500: RED }, 'oops'],
    ['no answer at all', new GatewayError('UPSTREAM_TIMEOUT', 'slow'), { other: CLEAR }, null],
    ['a tile that is not there', null, { 404: RED }, [255, 0, 0, 255]],
    ['a tile that is not there, no rule for it', null, { 500: RED }, null],
    ['a login page with status 200', upstreamError(200, 'log in'), { other: RED }, 'log in'],
    ['our own mistake', new GatewayError('TOO_LARGE', 'large'), { other: RED }, 'large'],
  ] as const)('%s', async (_, outcome, answers, expected) => {
    expect(await answered(outcome, answers)).toEqual(expected);
  });

  it('leaves an error what it is where the answer must not be kept (danger: a hole in the map for ever after a minute of trouble)', async () => {
    expect(await answered(upstreamError(500, 'oops'), { other: { ...RED, cache: false } })).toBe('oops');
  });
});
