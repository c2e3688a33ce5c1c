import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Encoded } from '../layer/types.ts';
import { isNotModified } from './conditional.ts';

/** Documents which change with the configuration: properties, lists, pages, Moc.fits. */
export const DOCUMENT_CACHE_CONTROL = 'public, max-age=300';

function view(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Answers GET or HEAD with a ready picture or file, or 304 when the client holds it. `bytes` are sent as they are, not copied. A picture of which
 * a part is missing is kept by nobody.
 */
export function sendEncoded(request: FastifyRequest, reply: FastifyReply, encoded: Encoded, cacheControl: string): FastifyReply {
  if (encoded.isPartial === true) return reply.headers({ 'cache-control': 'no-store', 'content-type': encoded.contentType }).send(view(encoded.bytes));
  reply.headers({
    ...(encoded.isStale === true ? staleHeaders(encoded) : { 'cache-control': cacheControl }),
    etag: encoded.etag,
    'last-modified': encoded.modified.toUTCString(),
  });
  if (isNotModified(request.headers, encoded)) return reply.code(304).send();
  return reply.header('content-type', encoded.contentType).send(view(encoded.bytes));
}

/** Of a tile that should have been made again: whoever keeps it asks each time whether it is still the best there is (RFC 7234, 5.5.2; RFC 9111, 5.1). */
function staleHeaders({ modified }: Encoded): Readonly<Record<string, string>> {
  const age = Math.max(0, Math.floor((Date.now() - modified.getTime()) / 1000));
  return { 'cache-control': 'no-cache', warning: '111 - "Revalidation Failed"', age: String(age) };
}

/** Answers GET or HEAD with a picture of which nobody knows when it changed: its ETag is the hash of its bytes. */
export function sendPicture(request: FastifyRequest, reply: FastifyReply, { bytes, contentType }: Pick<Encoded, 'bytes' | 'contentType'>, cacheControl: string): FastifyReply {
  const etag = `"${createHash('sha1').update(bytes).digest('base64url')}"`;
  reply.headers({ 'cache-control': cacheControl, etag });
  if (isNotModified(request.headers, { etag, modified: null })) return reply.code(304).send();
  return reply.header('content-type', contentType).send(view(bytes));
}

/** A document made for this request. `modified` null = no Last-Modified. */
export interface Document {
  readonly text: string;
  readonly contentType: string;
  readonly modified: Date | null;
}

/** Bytes and tag of documents that are sent again and again: capabilities of many layers have megabytes. */
const ready = new WeakMap<Document, { readonly bytes: Buffer; readonly etag: string }>();

function readied(document: Document): { readonly bytes: Buffer; readonly etag: string } {
  let found = ready.get(document);
  if (found === undefined) {
    const bytes = Buffer.from(document.text);
    found = { bytes, etag: `"${createHash('sha1').update(bytes).digest('base64url')}"` };
    ready.set(document, found);
  }
  return found;
}

/**
 * Answers GET or HEAD with a text, its ETag the hash of its bytes, or 304. Sent as bytes: the framework would add a charset to JSON. Who
 * keeps a document and sends the same object again pays for neither once more.
 */
export function sendDocument(request: FastifyRequest, reply: FastifyReply, document: Document, cacheControl: string = DOCUMENT_CACHE_CONTROL): FastifyReply {
  const { bytes, etag } = readied(document);
  reply.headers({ 'cache-control': cacheControl, etag });
  if (document.modified !== null) reply.header('last-modified', document.modified.toUTCString());
  if (isNotModified(request.headers, { etag, modified: document.modified })) return reply.code(304).send();
  return reply.header('content-type', document.contentType).send(bytes);
}
