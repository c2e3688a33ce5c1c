import type { FastifyReply, FastifyRequest } from 'fastify';
import { strictestCacheControl } from '../protocol/cacheControl.ts';
import { DOCUMENT_CACHE_CONTROL } from './reply.ts';
import type { Delivery, Origins } from './types.ts';

/** Adds a name to the header Vary: the answer depends on that header of the request. */
export function addVary(reply: FastifyReply, name: string): void {
  const names = String(reply.getHeader('vary') ?? '');
  if (!names.split(', ').includes(name)) reply.header('vary', names === '' ? name : `${names}, ${name}`);
}

/** Says which pages of other hosts may read the answer, in place of what was said before. */
export function allowOrigins(request: FastifyRequest, reply: FastifyReply, origins: Origins): void {
  if (origins === '*') {
    reply.header('access-control-allow-origin', '*');
    return;
  }
  addVary(reply, 'origin');
  const { origin } = request.headers;
  if (origin !== undefined && origins.includes(origin)) reply.header('access-control-allow-origin', origin);
  else reply.removeHeader('access-control-allow-origin');
}

/** Cache-Control of a document about a layer, which changes with the configuration. */
export function documentCacheControl({ cacheControl }: Delivery): string {
  return strictestCacheControl([cacheControl, DOCUMENT_CACHE_CONTROL]);
}

/** How a picture of several layers goes out: to pages, and for as long, as each of them may. */
export function commonDelivery([first, ...others]: readonly [Delivery, ...Delivery[]]): Delivery {
  if (others.length === 0) return first;
  const origins = others.reduce<Origins>((common, { origins: own }) => (common === '*' ? own : own === '*' ? common : common.filter((each) => own.includes(each))), first.origins);
  return { origins, cacheControl: strictestCacheControl([first, ...others].map(({ cacheControl }) => cacheControl)) };
}
