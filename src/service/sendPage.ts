import type { FastifyReply, FastifyRequest } from 'fastify';
import { PAGE_POLICY } from './pages/frame.ts';
import { DOCUMENT_CACHE_CONTROL, sendDocument } from './reply.ts';

/** Answers with a page that may load nothing from another host. */
export function sendPage(request: FastifyRequest, reply: FastifyReply, text: string, cacheControl: string = DOCUMENT_CACHE_CONTROL): FastifyReply {
  reply.headers({ 'content-security-policy': PAGE_POLICY, 'x-content-type-options': 'nosniff' });
  return sendDocument(request, reply, { text, contentType: 'text/html; charset=utf-8', modified: null }, cacheControl);
}
