import { GatewayError } from '../../errors.ts';
import { exceptionText } from '../../protocol/wms/exceptionText.ts';
import { sniffImage } from '../../raster/codec/sniff.ts';
import type { HttpResponse } from '../net/http.ts';
import type { EncodedPatch } from './types.ts';

/** What an upstream answered instead of a picture. */
interface UpstreamStatus {
  readonly httpStatus: number;
}

/** UPSTREAM_FAILED, or UPSTREAM_TIMEOUT for 504, with the status as its cause. */
export function upstreamError(status: number, message: string): GatewayError {
  const cause: UpstreamStatus = { httpStatus: status };
  return new GatewayError(status === 504 ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_FAILED', message, { cause });
}

/** The status that an upstream answered; null where it did not answer at all. */
export function statusOf({ cause }: GatewayError): number | null {
  if (typeof cause !== 'object' || cause === null || !('httpStatus' in cause)) return null;
  return typeof cause.httpStatus === 'number' ? cause.httpStatus : null;
}

/** Enough of an error page to find the message in. */
const MAX_TEXT_BYTES = 20_000;

/**
 * The picture of an answer. Trusts the bytes more than the Content-Type: servers send pictures as octet-stream, and exceptions as
 * image/png.
 * @throws GatewayError UPSTREAM_FAILED, UPSTREAM_TIMEOUT (see statusOf) for a status other than 2xx and for anything that is no
 *   picture; the message holds the upstream's own words
 */
export function pictureOf({ status, bytes, contentType }: HttpResponse, address: string): EncodedPatch {
  const sniffed = sniffImage(bytes);
  if (status >= 200 && status < 300 && sniffed !== undefined) return { bytes, contentType: sniffed };
  const said = sniffed ?? exceptionText(Buffer.from(bytes.subarray(0, MAX_TEXT_BYTES)).toString('utf8'));
  throw upstreamError(status, `${address} answered no picture but ${status} ${contentType}: ${said}`);
}
