import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { GatewayError } from '../../errors.ts';

const DECODERS: { readonly [coding: string]: (data: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array> } = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** The whole body. Stops reading and throws UPSTREAM_FAILED as soon as it is longer than maxBytes. */
export async function readBounded(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw tooLong(maxBytes);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
}

/**
 * Undoes a Content-Encoding that a server applied unasked. An unknown one is left alone: the reader of the bytes will say
 * what it makes of them.
 * @throws GatewayError UPSTREAM_FAILED when the bytes are not what the header says, or grow beyond maxBytes
 */
export async function decodeContent(bytes: Uint8Array, coding: string | undefined, maxBytes: number): Promise<Uint8Array> {
  const decoder = DECODERS[coding?.trim().toLowerCase() ?? ''];
  if (decoder === undefined) return bytes;
  return decoder(bytes, { maxOutputLength: maxBytes }).catch((cause: unknown) => {
    throw new GatewayError('UPSTREAM_FAILED', `cannot undo Content-Encoding ${coding}`, { cause });
  });
}

function tooLong(maxBytes: number): GatewayError {
  return new GatewayError('UPSTREAM_FAILED', `the answer is longer than the ${maxBytes} bytes allowed`);
}
