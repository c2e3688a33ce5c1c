import { exceptionText } from '../../protocol/wms/exceptionText.ts';
import { sniffImage } from '../../raster/codec/sniff.ts';
import type { HttpClient, HttpResponse } from '../net/http.ts';
import { upstreamError } from './upstreamError.ts';
import type { EncodedPatch, Patch, PatchBytes } from './types.ts';

export interface TileBytesOptions {
  readonly http: HttpClient;
  /** Address of the tile that a patch is. */
  addressOf(tile: Patch): string;
  /** Media types to ask for; by default the client's own. */
  readonly accept?: string;
}

/** Statuses of a tile that is not there: RFC 9110, 15.5.5, 15.5.11 and 15.3.5. */
const NOT_THERE: ReadonlySet<number> = new Set([404, 410, 204]);
/** Enough of an error page to find the message in. */
const MAX_TEXT_BYTES = 20_000;

/**
 * Tiles that have an address each. null = not there: 404, 410, 204, or a 200 without a byte.
 * @throws (fetch) GatewayError UPSTREAM_FAILED, UPSTREAM_TIMEOUT for any other status and for what is no picture (see statusOf)
 */
export function tileBytes({ http, addressOf, accept }: TileBytesOptions): PatchBytes {
  return {
    async fetch(tile, signal) {
      const address = addressOf(tile);
      const response = await http.get(address, { signal, ...(accept === undefined ? {} : { headers: { accept } }) });
      return isThere(response) ? pictureOf(response, address) : null;
    },
  };
}

function isThere({ status, bytes }: HttpResponse): boolean {
  return !NOT_THERE.has(status) && !(status === 200 && bytes.length === 0);
}

/**
 * The picture of an answer, trusting its bytes more than its Content-Type.
 * @throws GatewayError as tileBytes
 */
export function pictureOf({ status, bytes, contentType }: HttpResponse, address: string): EncodedPatch {
  const sniffed = sniffImage(bytes);
  if (status >= 200 && status < 300 && sniffed !== undefined) return { bytes, contentType: sniffed };
  const said = exceptionText(Buffer.from(bytes.subarray(0, MAX_TEXT_BYTES)).toString('utf8'));
  throw upstreamError(status, `${address} answered no picture but ${status} ${contentType}: ${said}`);
}
