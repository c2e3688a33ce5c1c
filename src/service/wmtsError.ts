import type { FastifyReply, FastifyRequest } from 'fastify';
import { writeWmtsException } from '../protocol/wmts/exception.ts';
import { replyException } from './replyException.ts';

/** Answers with the exception report of a failed WMTS request; what is the server's or an upstream's fault is logged in full. */
export function replyWmtsError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return replyException(error, writeWmtsException(error), request, reply);
}
