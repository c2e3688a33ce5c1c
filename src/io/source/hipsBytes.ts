import { GatewayError } from '../../errors.ts';
import { isMissing, isWorthAnotherFormat } from '../../protocol/hips/client.ts';
import { TILE_EXTENSION, type HipsTileFormat } from '../../protocol/hips/tileFormat.ts';
import { sniffImage } from '../../raster/codec/sniff.ts';
import type { HipsFiles } from './hipsFiles.ts';
import type { EncodedPatch, PatchBytes } from './types.ts';

/**
 * The tiles of a HiPS in one format: every patch is the file of its key.
 * @throws (fetch) FORMAT_NOT_SUPPORTED when the upstream says 415 or 406; UPSTREAM_FAILED for bytes that are no picture, whatever
 *   their status (a page that says "not found" with status 200 does not say so of a tile)
 */
export function hipsTileBytes(files: HipsFiles, format: HipsTileFormat): PatchBytes {
  return {
    async fetch({ key }, signal) {
      const path = `${key}.${TILE_EXTENSION[format]}`;
      const { status, bytes } = await files.get(path, signal, Infinity);
      if (isMissing(status, bytes.length)) return null;
      if (isWorthAnotherFormat(status, bytes.length)) throw new GatewayError('FORMAT_NOT_SUPPORTED', `${path}: the upstream answered ${status}`, { locator: 'format' });
      return pictureOf(bytes, path);
    },
  };
}

function pictureOf(bytes: Uint8Array, path: string): EncodedPatch {
  const contentType = sniffImage(bytes);
  if (contentType !== undefined) return { bytes, contentType };
  const start = JSON.stringify(Buffer.from(bytes.subarray(0, 40)).toString('latin1'));
  throw new GatewayError('UPSTREAM_FAILED', `${path} is no picture: ${bytes.length} bytes beginning with ${start}`);
}

/**
 * The tiles in whichever format has them. Until one format has given a picture, a missing tile is looked for in all; from then
 * on that format comes first, and what is missing in it is missing: else every hole in the sky would be asked for twice. Formats
 * that the upstream refuses come last.
 * @param formats the preferred one first, at least one
 * @throws (fetch) UPSTREAM_FAILED when it refuses all of them
 */
export function firstFormat(formats: readonly HipsTileFormat[], bytesOf: (format: HipsTileFormat) => PatchBytes): PatchBytes {
  let usual: HipsTileFormat | null = null;
  const refused = new Set<HipsTileFormat>();

  function inOrder(): readonly HipsTileFormat[] {
    const known = usual;
    const rank = (format: HipsTileFormat): number => (format === known ? 0 : refused.has(format) ? 2 : 1);
    return [...formats].sort((a, b) => rank(a) - rank(b));
  }

  return {
    async fetch(patch, signal) {
      let refusal: unknown = null;
      for (const format of inOrder()) {
        const encoded = await bytesOf(format).fetch(patch, signal).catch(refusalOf);
        if (encoded instanceof GatewayError) {
          refused.add(format);
          refusal ??= encoded;
        } else if (encoded !== null) {
          usual = format;
          return encoded;
        } else if (format === usual || refused.size === formats.length - 1) {
          return null;
        }
      }
      if (refused.size < formats.length) return null;
      throw new GatewayError('UPSTREAM_FAILED', `${patch.key}: the upstream refuses every format: ${formats.join(', ')}`, { cause: refusal });
    },
  };
}

/** A refusal of the format as a value; everything else goes on being thrown. */
function refusalOf(error: unknown): GatewayError {
  if (error instanceof GatewayError && error.code === 'FORMAT_NOT_SUPPORTED') return error;
  throw error;
}
