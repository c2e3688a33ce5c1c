import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Encoded, HipsLayer } from '../layer/types.ts';
import { type HipsRequest, parseHipsPath } from '../protocol/hips/path.ts';
import { formatOfExtension } from '../raster/format.ts';
import type { Delivery, HipsNode } from './types.ts';

/** Answers the request and returns true, or does nothing and returns false. */
export type Shortcut = (request: IncomingMessage, response: ServerResponse) => boolean;

const ROOT = '/hips/';
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

function layerOf(layers: ReadonlyMap<string, HipsLayer>, url: string): HipsLayer | undefined {
  return url.startsWith(ROOT) ? layers.get(url.slice(ROOT.length, url.indexOf('/', ROOT.length))) : undefined;
}

function held(layer: HipsLayer, url: string): Encoded | undefined {
  const tile = parseTile(url.slice(url.indexOf('/', ROOT.length) + 1));
  const format = tile === null ? undefined : formatOfExtension(tile.extension);
  return tile === null || format === undefined ? undefined : layer.tileInMemory(tile.order, tile.npix, format);
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
  const headers = new WeakMap<Encoded, readonly string[]>();
  return (request, response) => {
    if (request.method !== 'GET' || request.headers['if-none-match'] !== undefined || request.headers['if-modified-since'] !== undefined) return false;
    const url = request.url ?? '';
    const layer = layerOf(node.layers, url);
    if (layer === undefined) return false;
    const delivery = node.deliveryOf(layer.name);
    const encoded = delivery.origins === '*' ? held(layer, url) : undefined;
    if (encoded === undefined) return false;
    let ready = headers.get(encoded);
    if (ready === undefined) {
      ready = headersOf(encoded, delivery);
      headers.set(encoded, ready);
    }
    response.writeHead(200, ready as string[]);
    response.end(encoded.bytes);
    return true;
  };
}
