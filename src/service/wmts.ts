import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../errors.ts';
import type { TileLayer } from '../layer/types.ts';
import type { Kvp } from '../protocol/params.ts';
import { writeWmtsCapabilities } from '../protocol/wmts/capabilities.ts';
import { parseWmtsKvp } from '../protocol/wmts/parseKvp.ts';
import { CAPABILITIES_PATH, parseWmtsPath } from '../protocol/wmts/rest.ts';
import type { WmtsCapabilitiesRequest, WmtsFeatureInfoRequest, WmtsRequest, WmtsTileRequest } from '../protocol/wmts/types.ts';
import { clientSignal } from './clientSignal.ts';
import { allowOrigins, documentCacheControl } from './delivery.ts';
import { sendInfoAnswer } from './infoAnswer.ts';
import { publicAddress, relativeRoot } from './publicAddress.ts';
import { kvpOf, pathBelow } from './rawAddress.ts';
import { DOCUMENT_CACHE_CONTROL, sendDocument, sendEncoded, type Document } from './reply.ts';
import { replyPlainError, sendPlain } from './replyError.ts';
import type { Delivery, TilesNode } from './types.ts';
import { replyWmtsError } from './wmtsError.ts';
import { wmtsFeatureInfo } from './wmtsInfo.ts';
import { createWmtsCatalogue, wmtsDescription, type WmtsCatalogue } from './wmtsOffer.ts';

/** WMTS ready to answer: one per gateway, shared by its KVP and RESTful addresses. */
export interface WmtsService {
  readonly node: TilesNode;
  readonly publicUrl: string | null;
  readonly catalogue: WmtsCatalogue;
  /** Whole capabilities documents by public address: few, since clients may name any Host. */
  readonly documents: LRUCache<string, Document>;
}

const MOST_DOCUMENTS = 16;

/** Works out what is the same for every request. */
export function createWmts(node: TilesNode, publicUrl: string | null): WmtsService {
  return { node, publicUrl, catalogue: createWmtsCatalogue(node), documents: new LRUCache({ max: MOST_DOCUMENTS }) };
}

function capabilitiesOf({ node, publicUrl, catalogue, documents }: WmtsService, request: FastifyRequest, asked: WmtsCapabilitiesRequest): Document {
  const address = publicAddress(publicUrl, request);
  const key = `${address} ${asked.form} ${asked.contentType} ${[...asked.sections].sort().join()}`;
  let document = documents.get(key);
  if (document === undefined) {
    const text = writeWmtsCapabilities(wmtsDescription(node, catalogue, address, asked.form), asked.sections);
    document = { text, contentType: `${asked.contentType}; charset=utf-8`, modified: null };
    documents.set(key, document);
  }
  return document;
}

function layerOf({ node }: WmtsService, name: string): TileLayer {
  const layer = node.layers.get(name);
  if (layer === undefined) throw new GatewayError('LAYER_NOT_DEFINED', `layer '${name}' is not defined`, { locator: 'Layer' });
  return layer;
}

/** Says which pages may read what is shown of a layer. */
function deliveryOf({ node }: WmtsService, { name }: TileLayer, request: FastifyRequest, reply: FastifyReply): Delivery {
  const delivery = node.deliveryOf(name);
  allowOrigins(request, reply, delivery.origins);
  return delivery;
}

/** Outside the coverage there is nothing to see, which is an answer too: a transparent tile. */
async function sendTile(wmts: WmtsService, asked: WmtsTileRequest, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const layer = layerOf(wmts, asked.layer).at(asked.values);
  const { cacheControl } = deliveryOf(wmts, layer, request, reply);
  const { matrix } = asked.tile;
  const tile = await layer.tile(asked.set, asked.tile, asked.format, 1, clientSignal(reply.raw));
  const encoded = tile ?? (await wmts.node.blank(matrix.tileWidth, matrix.tileHeight, asked.format, layer.modified));
  return sendEncoded(request, reply, encoded, cacheControl);
}

async function sendInfo(wmts: WmtsService, asked: WmtsFeatureInfoRequest, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const layer = layerOf(wmts, asked.tile.layer).at(asked.tile.values);
  const delivery = deliveryOf(wmts, layer, request, reply);
  const known = await wmtsFeatureInfo(layer, asked, clientSignal(reply.raw));
  return sendInfoAnswer(request, reply, known, asked.infoFormat, { modified: layer.modified, cacheControl: documentCacheControl(delivery) });
}

async function answer(wmts: WmtsService, asked: WmtsRequest, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  switch (asked.kind) {
    case 'capabilities':
      return sendDocument(request, reply, capabilitiesOf(wmts, request, asked));
    case 'tile':
      await sendTile(wmts, asked, request, reply);
      break;
    case 'featureInfo':
      await sendInfo(wmts, asked, request, reply);
  }
  return reply;
}

/**
 * Answers a KVP request of WMTS (OGC 07-057r7, clause 8), whatever address it came to: the document, the tile, or the exception
 * report. Never throws.
 */
export async function handleWmtsKvp(wmts: WmtsService, kvp: Kvp, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  try {
    if (wmts.node.wmts?.kvp !== true) throw new GatewayError('OPERATION_NOT_SUPPORTED', 'WMTS is not answered in KVP on this server', { locator: 'service' });
    return await answer(wmts, parseWmtsKvp(kvp, wmts.catalogue.offer), request, reply);
  } catch (error) {
    return replyWmtsError(error, request, reply);
  }
}

/** True unless the client says that it reads no XML at all. */
function takesXml({ headers }: FastifyRequest): boolean {
  const accept = headers.accept;
  return accept === undefined || /\*\/\*|\b(?:application|text)\/(?:\*|[\w.+-]*xml)/i.test(accept);
}

async function handleRest(wmts: WmtsService, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const path = pathBelow('/wmts', request);
  if (path === CAPABILITIES_PATH && !takesXml(request)) return sendPlain(reply, 406, 'The capabilities are application/xml');
  try {
    const asked = parseWmtsPath(path, wmts.catalogue.offer, wmts.node.wmts?.templates);
    if (asked !== null) return await answer(wmts, asked, request, reply);
  } catch (error) {
    return replyWmtsError(error, request, reply);
  }
  return sendPlain(reply, 404, `There is nothing at this address: the layers are listed at /wmts${CAPABILITIES_PATH}`);
}

/** '/wmts' is a KVP address when it has a query, and else leads to the capabilities. */
function handleRoot(wmts: WmtsService, request: FastifyRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply> {
  const kvp = kvpOf(request);
  if (kvp.size > 0 || wmts.node.wmts?.restful !== true) return handleWmtsKvp(wmts, kvp, request, reply);
  return reply.header('cache-control', DOCUMENT_CACHE_CONTROL).redirect(`${relativeRoot(request.url)}wmts${CAPABILITIES_PATH}`, 302);
}

/** Fastify plugin: RESTful WMTS 1.0.0 below /wmts (OGC 07-057r7, clause 10), and KVP at /wmts itself. */
export async function serveWmts(app: FastifyInstance, { wmts }: { readonly wmts: WmtsService }): Promise<void> {
  app.setErrorHandler(replyPlainError);
  const method = ['GET', 'HEAD'];
  for (const url of ['/wmts', '/wmts/']) app.route({ method, url, handler: (request, reply) => handleRoot(wmts, request, reply) });
  if (wmts.node.wmts?.restful === true) app.route({ method, url: '/wmts/*', handler: (request, reply) => handleRest(wmts, request, reply) });
}

/** Fastify plugin: KVP alone at the addresses that WMTS else shares with WMS, for a gateway without WMS. */
export async function serveWmtsKvp(app: FastifyInstance, { wmts }: { readonly wmts: WmtsService }): Promise<void> {
  for (const url of ['/service', '/ows', '/wms']) {
    app.route({ method: ['GET', 'HEAD'], url, handler: (request, reply) => handleWmtsKvp(wmts, kvpOf(request), request, reply) });
  }
}
