import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Encoded, HipsLayer } from '../layer/types.ts';
import { type HipsRequest, parseHipsPath } from '../protocol/hips/path.ts';
import { formatOfExtension, type ImageFormat } from '../raster/format.ts';
import type { Delivery, HipsNode } from './types.ts';

/** Answers the request and returns true, or does nothing and returns false. */
export type Shortcut = (request: IncomingMessage, response: ServerResponse) => boolean;

const ROOT = '/hips/';
/** Addresses that were asked for lately are not taken apart again. */
const LATELY = 4096;
/** What a tile's address looks like in its one plain spelling: no query, no escapes, no repeated slashes. */
const PLAIN_TILE = /^Norder\d+\/Dir\d+\/Npix\d+\.[a-z]+$/;

function parseTile(path: string): Extract<HipsRequest, { kind: 'tile' }> | null {
  if (!PLAIN_TILE.test(path)) return null;
  try {
    const asked = parseHipsPath(path);
    return asked.kind === 'tile' ? asked : null;
  } catch {
    return null;
  }
}

/** Where a tile is looked for. */
interface Place {
  readonly layer: HipsLayer;
  readonly order: number;
  readonly npix: number;
  readonly format: ImageFormat;
}

/** What a tile is answered with. */
interface Answer {
  readonly headers: readonly string[];
  /** The bytes as Node writes them: it would make this of them for every answer. */
  readonly body: Buffer;
}

/** What an address names; null = no tile in its one plain spelling. */
function placeOf(layers: ReadonlyMap<string, HipsLayer>, url: string): Place | null {
  if (!url.startsWith(ROOT)) return null;
  const end = url.indexOf('/', ROOT.length);
  const layer = layers.get(url.slice(ROOT.length, end));
  if (layer === undefined) return null;
  const tile = parseTile(url.slice(end + 1));
  const format = tile === null ? undefined : formatOfExtension(tile.extension);
  return tile === null || format === undefined ? null : { layer, order: tile.order, npix: tile.npix, format };
}

function headersOf(encoded: Encoded, { cacheControl }: Delivery): readonly string[] {
  return [
    'access-control-allow-origin', '*',
    'cache-control', cacheControl,
    'etag', encoded.etag,
    'last-modified', encoded.modified.toUTCString(),
    'content-type', encoded.contentType,
    'content-length', String(encoded.bytes.length),
  ];
}

/**
 * The short way for the one request that comes by the ten thousand: an unconditional GET of a tile that lies in memory. It skips
 * the framework, which costs more than everything else together, and gives the answer that service/hips.ts would give.
 * Whatever is not plainly that is left to the framework.
 */
export function createTileShortcut(node: HipsNode): Shortcut {
  const answers = new WeakMap<Encoded, Answer>();
  const places = new LRUCache<string, Place>({ max: LATELY });
  return (request, response) => {
    if (request.method !== 'GET' || request.headers['if-none-match'] !== undefined || request.headers['if-modified-since'] !== undefined) return false;
    const url = request.url ?? '';
    const known = places.get(url);
    const place = known ?? placeOf(node.layers, url);
    if (place === null) return false;
    if (known === undefined) places.set(url, place);
    const { layer, order, npix, format } = place;
    const delivery = node.deliveryOf(layer.name);
    const encoded = delivery.origins === '*' ? layer.tileInMemory(order, npix, format) : undefined;
    if (encoded === undefined) return false;
    let ready = answers.get(encoded);
    if (ready === undefined) {
      const { buffer, byteOffset, byteLength } = encoded.bytes;
      ready = { headers: headersOf(encoded, delivery), body: Buffer.from(buffer, byteOffset, byteLength) };
      answers.set(encoded, ready);
    }
    response.writeHead(200, ready.headers as string[]);
    response.end(ready.body);
    return true;
  };
}
