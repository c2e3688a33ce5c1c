import type { FastifyReply, FastifyRequest } from 'fastify';
import { publicMessage, statusOf } from '../../protocol/errorReply.ts';
import { writeWmsException } from '../../protocol/wms/exception.ts';
import type { WmsFailure } from '../../protocol/wms/failure.ts';
import { emptyRaster } from '../../raster/raster.ts';
import { textRaster } from '../../raster/text.ts';
import { replyException } from '../replyException.ts';
import type { MapsNode } from '../types.ts';

/**
 * Answers a request that failed in the way that its client asked for: as XML, or with status 200 as a picture of the map's size
 * with the message on it or nothing (OGC 06-042, 7.3.3.11). What is the server's or an upstream's fault is logged in full.
 */
export async function replyWmsFailure(
  error: unknown,
  failure: WmsFailure,
  node: Pick<MapsNode, 'encode'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (failure.kind === 'xml' || request.raw.socket.destroyed) {
    return replyException(error, writeWmsException(error, failure.version), request, reply);
  }
  if (statusOf(error) >= 500) request.log.error({ err: error, method: request.method, url: request.url }, 'a picture of an exception was sent');
  const { kind, width, height, format, transparent, background } = failure;
  const raster = kind === 'blank' ? emptyRaster(width, height) : textRaster(publicMessage(error), width, height);
  const bytes = await node.encode(raster, { format, transparent, background });
  return reply
    .code(200)
    .headers({ 'content-type': format, 'cache-control': 'no-store' })
    .removeHeader('etag')
    .removeHeader('last-modified')
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
