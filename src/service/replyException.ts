import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorReply } from '../protocol/errorReply.ts';
import { ABSENT_MAX_AGE_SECONDS } from './replyError.ts';

/** nginx's number for "client closed request": seen in logs only, there is nobody to read it. */
const CLIENT_CLOSED_REQUEST = 499;
/** What was asked does not exist here: a status from 500 on, but nobody's fault but the client's. */
const NOT_IMPLEMENTED = 501;

/**
 * Sends a protocol's own error document. What the client did wrong may be kept for a short while; what is the server's or an
 * upstream's fault never, and the error itself, which the document does not tell, is logged in full.
 */
export function replyException(error: unknown, document: ErrorReply, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.raw.socket.destroyed) return reply.code(CLIENT_CLOSED_REQUEST).send();
  const { status, contentType, body } = document;
  const trouble = status >= 500 && status !== NOT_IMPLEMENTED;
  if (trouble) request.log.error({ err: error, method: request.method, url: request.url }, 'an exception document was sent');
  return reply
    .code(status)
    .headers({
      'content-type': contentType,
      'x-content-type-options': 'nosniff',
      'cache-control': trouble ? 'no-store' : `public, max-age=${ABSENT_MAX_AGE_SECONDS}`,
    })
    .removeHeader('etag')
    .removeHeader('last-modified')
    .send(body);
}
