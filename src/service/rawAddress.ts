import type { FastifyRequest } from 'fastify';
import { parseKvp, type Kvp } from '../protocol/params.ts';

/**
 * The path of a request below a prefix, still %-encoded (a name may hold an encoded slash), repeated slashes collapsed.
 * '/wmts//moon/0.png' below '/wmts' is '/moon/0.png'.
 */
export function pathBelow(prefix: string, request: FastifyRequest): string {
  const path = request.url.split(/[?#]/, 1)[0] ?? '';
  return path.replaceAll(/\/{2,}/g, '/').slice(prefix.length);
}

/** The query of a request as OGC services read it. */
export function kvpOf(request: FastifyRequest): Kvp {
  const cut = request.url.indexOf('?');
  return parseKvp(cut < 0 ? '' : request.url.slice(cut + 1));
}
