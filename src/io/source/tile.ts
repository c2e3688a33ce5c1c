import type { HttpClient, HttpResponse } from '../net/http.ts';
import { pictureOf } from './upstreamError.ts';
import type { Patch, PatchBytes } from './types.ts';

export interface TileBytesOptions {
  readonly http: HttpClient;
  /** Address of the picture of a patch. */
  addressOf(patch: Patch): string;
  /** Statuses that say "there is nothing here"; default NOT_THERE. */
  readonly notThere?: ReadonlySet<number>;
}

/** Statuses of a tile that is not there: RFC 9110, 15.5.5, 15.5.11 and 15.3.5. */
export const NOT_THERE: ReadonlySet<number> = new Set([404, 410, 204]);

/**
 * Pictures that have an address each. null = not there: one of the statuses, or a 200 without a byte.
 * @throws (fetch) GatewayError UPSTREAM_FAILED, UPSTREAM_TIMEOUT for any other status and for what is no picture (see statusOf)
 */
export function tileBytes({ http, addressOf, notThere = NOT_THERE }: TileBytesOptions): PatchBytes {
  const isThere = ({ status, bytes }: HttpResponse): boolean => !notThere.has(status) && !(status === 200 && bytes.length === 0);
  return {
    async fetch(patch, signal) {
      const address = addressOf(patch);
      const response = await http.get(address, { signal });
      return isThere(response) ? pictureOf(response, address) : null;
    },
  };
}
