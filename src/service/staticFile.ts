import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isNotModified } from './conditional.ts';
import { addVary } from './delivery.ts';

/** A file that is served as it lies on the disk. */
export interface StaticFile {
  readonly location: URL;
  readonly contentType: string;
  readonly cacheControl: string;
}

interface Loaded {
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
  readonly etag: string;
  readonly modified: Date;
}

const compress = promisify(gzip);

async function load(location: URL): Promise<Loaded> {
  const [bytes, { mtime }] = await Promise.all([readFile(location), stat(location)]);
  const hash = createHash('sha1').update(bytes).digest('base64url');
  return { bytes, gzipped: await compress(bytes), etag: hash, modified: mtime };
}

/** Whether the client takes gzip: named, and not with weight 0. */
function takesGzip(accepted: string | undefined): boolean {
  return accepted !== undefined && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(accepted);
}

/**
 * Route handler of a file: read and compressed at first use, kept in memory from then on. Each of the two codings has its own
 * strong ETag. A file that cannot be read is tried again at the next request.
 */
export function staticHandler(file: StaticFile): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  let loading: Promise<Loaded> | null = null;
  const loaded = (): Promise<Loaded> => {
    loading ??= load(file.location).catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
  return async (request, reply) => {
    const { bytes, gzipped, etag: hash, modified } = await loaded();
    const zipped = takesGzip(request.headers['accept-encoding']);
    const etag = zipped ? `"${hash}-gz"` : `"${hash}"`;
    reply.headers({ 'cache-control': file.cacheControl, etag, 'last-modified': modified.toUTCString() });
    addVary(reply, 'accept-encoding');
    if (isNotModified(request.headers, { etag, modified })) return reply.code(304).send();
    if (zipped) reply.header('content-encoding', 'gzip');
    return reply
      .headers({ 'content-type': file.contentType, 'x-content-type-options': 'nosniff' })
      .send(zipped ? gzipped : bytes);
  };
}
