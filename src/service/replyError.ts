import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, GatewayError } from '../errors.ts';

/** Seconds that clients may remember that there is nothing: long enough to stop a viewer asking again at each move. */
export const ABSENT_MAX_AGE_SECONDS = 300;

/** nginx's number for "client closed request": seen in logs only, there is nobody to read it. */
const CLIENT_CLOSED_REQUEST = 499;

interface PlainAnswer {
  readonly status: number;
  readonly text: string;
}

const INTERNAL: PlainAnswer = { status: 500, text: 'Internal error: the reason is in the log of this server.' };

/** Codes whose message is for the operator only, with the fixed text that the client gets instead. */
const FIXED: { readonly [code in ErrorCode]?: PlainAnswer } = {
  UPSTREAM_FAILED: { status: 502, text: 'The source of this layer could not be read.' },
  UPSTREAM_TIMEOUT: { status: 504, text: 'The source of this layer did not answer in time.' },
};

/** Codes whose message is the answer: the request, not the server, is wrong. */
const STATUS_OF: { readonly [code in ErrorCode]?: number } = {
  LAYER_NOT_DEFINED: 404,
  STYLE_NOT_DEFINED: 404,
  DIMENSION_VALUE_NOT_DEFINED: 404,
  FORMAT_NOT_SUPPORTED: 404,
  CRS_NOT_SUPPORTED: 404,
  TILE_OUT_OF_RANGE: 404,
  INVALID_PARAMETER: 404,
  MISSING_PARAMETER: 404,
  OPERATION_NOT_SUPPORTED: 404,
  NO_COVERAGE: 404,
  TOO_LARGE: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
};

function answerOf(error: unknown): PlainAnswer {
  if (!(error instanceof GatewayError)) return INTERNAL;
  const status = STATUS_OF[error.code];
  return status === undefined ? (FIXED[error.code] ?? INTERNAL) : { status, text: error.message };
}

/** Answers in text/plain. Below 500 it may be kept for a short while, from 500 on never. */
export function sendPlain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': status < 500 ? `public, max-age=${ABSENT_MAX_AGE_SECONDS}` : 'no-store',
    })
    .removeHeader('etag')
    .removeHeader('last-modified')
    .send(`${text}\n`);
}

/**
 * Error handler of services whose addresses are paths (HiPS, XYZ, TMS): docs/errors.md gives the table. What is the server's or
 * an upstream's fault is logged in full and answered with a fixed text.
 */
export function replyPlainError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.raw.socket.destroyed) return reply.code(CLIENT_CLOSED_REQUEST).send();
  const answer = answerOf(error);
  if (answer.status >= 500) request.log.error({ err: error, method: request.method, url: request.url }, answer.text);
  return sendPlain(reply, answer.status, answer.text);
}
