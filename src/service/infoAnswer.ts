import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InfoDocument } from '../layer/types.ts';
import { infoContentType, writeFeatureInfo, type FeatureInfoLayer } from '../protocol/wms/featureInfo.ts';
import { joinInfo } from '../protocol/wms/infoDocuments.ts';
import { sendDocument } from './reply.ts';

/** What is known of a pixel. */
export interface InfoAnswer {
  /** What layers show there. */
  readonly own: readonly FeatureInfoLayer[];
  /** What upstreams say, in words of their own. */
  readonly said: readonly InfoDocument[];
}

/**
 * Content-Security-Policy of answers that strangers may have written: pictures and styles, but no script, form or frame, and nothing of this
 * host within reach.
 */
const INFO_POLICY = "default-src 'none'; img-src * data:; style-src 'unsafe-inline'; sandbox allow-popups";

/** One document of what is known, in the format that was asked for, or in that of the upstreams where they have only another. */
function written({ own, said }: InfoAnswer, format: string): { readonly contentType: string; readonly text: string } {
  const { contentType, body } = writeFeatureInfo({ layers: own }, format);
  if (said.length === 0) return { contentType, text: body };
  const ours = own.length === 0 ? [] : [{ contentType: format, text: body }];
  const joined = joinInfo([...ours, ...said], format);
  return { contentType: infoContentType(joined.contentType), text: joined.text };
}

/** Answers a GetFeatureInfo. @throws UPSTREAM_FAILED where what upstreams say cannot be joined */
export function sendInfoAnswer(request: FastifyRequest, reply: FastifyReply, answer: InfoAnswer, format: string, { modified, cacheControl }: { readonly modified: Date | null; readonly cacheControl: string }): FastifyReply {
  const document = { ...written(answer, format), modified: answer.said.length === 0 ? modified : null };
  reply.headers({ 'content-security-policy': INFO_POLICY, 'x-content-type-options': 'nosniff' });
  return sendDocument(request, reply, document, cacheControl);
}
