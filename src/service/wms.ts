import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Encoded, MapLayer } from '../layer/types.ts';
import { serviceOf, type Kvp } from '../protocol/params.ts';
import { capabilitiesContentType, writeWmsCapabilities } from '../protocol/wms/capabilities.ts';
import { wmsFailure } from '../protocol/wms/failure.ts';
import { INSPIRE_STYLE } from '../protocol/wms/inspire.ts';
import { DEFAULT_STYLE } from '../protocol/wms/parseMap.ts';
import { parseWmsRequest } from '../protocol/wms/parse.ts';
import type { WmsCapabilitiesRequest, WmsFeatureInfoRequest, WmsLegendRequest, WmsMapRequest, WmsOffer, WmsRequest } from '../protocol/wms/types.ts';
import { clientSignal } from './clientSignal.ts';
import { allowOrigins, commonDelivery, documentCacheControl } from './delivery.ts';
import { sendInfoAnswer } from './infoAnswer.ts';
import { gridOf, layersAt } from './mapWindow.ts';
import { publicAddress } from './publicAddress.ts';
import { kvpOf } from './rawAddress.ts';
import { sendDocument, sendEncoded, sendPicture, type Document } from './reply.ts';
import { replyPlainError } from './replyError.ts';
import type { Delivery, MapsNode, PictureStyle, TilesNode } from './types.ts';
import { askedLayer } from './wms/asked.ts';
import { createExtents, describeWms, type ExtentsOf, type LegendSizeOf } from './wms/describe.ts';
import { replyWmsFailure } from './wms/failure.ts';
import { wmsFeatureInfo } from './wms/info.ts';
import { legendGrid, legendSize } from './wms/legend.ts';
import { createLegendSizes, drawLegends, jsonLegends, type LegendSizes } from './wms/legends.ts';
import { tiledMap, tileSets } from './wms/tiled.ts';
import { namedMaps, wmsOffer, type NamedMap, type RangedLayer } from './wms/tree.ts';
import { handleWmtsKvp, type WmtsService } from './wmts.ts';

/** WMS ready to answer: what is the same for every request. */
export interface WmsService {
  readonly node: MapsNode;
  readonly publicUrl: string | null;
  /** What `tiled=true` finds; null = no tiles are served. */
  readonly tiles: TilesNode | null;
  readonly named: ReadonlyMap<string, NamedMap>;
  readonly offer: WmsOffer;
  readonly extentsOf: ExtentsOf;
  readonly legendSizes: LegendSizes;
  /** Whole capabilities documents by version and public address: few, since clients may name any Host. */
  readonly documents: LRUCache<string, Document>;
}

const WHITE = 0xffffff;
const MOST_DOCUMENTS = 16;

export function createWms(node: MapsNode, publicUrl: string | null, tiles: TilesNode | null): WmsService {
  const named = namedMaps(node.roots);
  return {
    node, publicUrl, tiles, named,
    offer: wmsOffer(node, named),
    extentsOf: createExtents(node),
    legendSizes: createLegendSizes(named),
    documents: new LRUCache({ max: MOST_DOCUMENTS }),
  };
}

/** One request on its way through the service. */
interface Exchange {
  readonly wms: WmsService;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

async function capabilitiesOf({ wms, request }: Exchange, { version, tiled }: WmsCapabilitiesRequest): Promise<Document> {
  const { node, publicUrl, tiles, extentsOf, legendSizes, documents } = wms;
  const address = publicAddress(publicUrl, request);
  const key = `${version} ${tiled} ${address}`;
  const ready = documents.get(key);
  if (ready !== undefined) return ready;
  const known = await legendSizes.known();
  const legendSizeOf: LegendSizeOf = (name) => (wms.named.get(name)!.legends.length > 0 ? known.get(name) ?? null : legendSize(layersNamed(wms, [name])));
  const text = writeWmsCapabilities(describeWms({ node, url: `${address}/service?`, extentsOf, legendSizeOf, style: version === '1.3.0' && node.inspire !== null ? INSPIRE_STYLE : DEFAULT_STYLE }, tiled ? tileSets(tiles) : []), version);
  const document = { text, contentType: capabilitiesContentType(version), modified: null };
  if (legendSizes.isComplete()) documents.set(key, document);
  return document;
}

async function sendCapabilities(exchange: Exchange, asked: WmsCapabilitiesRequest): Promise<FastifyReply> {
  const { request, reply } = exchange;
  return sendDocument(request, reply, await capabilitiesOf(exchange, asked));
}

/** Those of some layers that are drawn, as the request means them. */
function askedLayers({ wms }: Exchange, names: readonly string[], asked: WmsMapRequest): readonly MapLayer[] {
  return layersAt(membersNamed(wms, names), asked).map((layer) => askedLayer(layer, asked.others));
}

/** The layers behind names, groups taken apart, bottom first. The parser has checked the names. */
function membersNamed({ named }: WmsService, names: readonly string[]): readonly RangedLayer[] {
  return names.flatMap((name) => named.get(name)!.members);
}

/** Says which pages may read what is shown of layers. */
function deliveryOf({ wms, request, reply }: Exchange, names: readonly string[]): Delivery {
  const [first, ...others] = membersNamed(wms, names).map(({ layer }) => wms.node.deliveryOf(layer.name));
  const delivery = commonDelivery([first!, ...others]);
  allowOrigins(request, reply, delivery.origins);
  return delivery;
}

/** Whether a tile can be sent as it is: it knows no background but the white of formats without transparency. */
function needsNoBackground({ format, transparent, background }: WmsMapRequest): boolean {
  return transparent || (format === 'image/jpeg' && background === WHITE);
}

/**
 * With tiled=true, the tile that the map is. null = it is drawn all the same, from several layers or over a background.
 * @throws as tiledMap, for any layer that has tiles
 */
async function tileOf({ wms: { tiles }, reply }: Exchange, asked: WmsMapRequest, layers: readonly MapLayer[]): Promise<Encoded | null> {
  if (!asked.tiled || tiles === null) return null;
  const found = layers.map(({ name, values }) => tiles.layers.get(name)?.at(values)).filter((layer) => layer !== undefined).map((layer) => tiledMap(layer, asked));
  const [only] = found;
  const isForwarding = layers.some(({ values, dimensions }) => Object.keys(values).length > dimensions.length);
  if (only === undefined || layers.length > 1 || isForwarding || !needsNoBackground(asked)) return null;
  const { layer, set, tile, format } = only;
  return (await layer.tile(set, tile, format, 1, clientSignal(reply.raw))) ?? tiles.blank(asked.width, asked.height, format, layer.modified);
}

async function sendMap(exchange: Exchange, asked: WmsMapRequest): Promise<FastifyReply> {
  const { wms, request, reply } = exchange;
  const { cacheControl } = deliveryOf(exchange, asked.layers);
  const { format, transparent, background } = asked;
  const layers = askedLayers(exchange, asked.layers, asked);
  const tile = await tileOf(exchange, asked, layers);
  const map = tile ?? (await wms.node.draw(layers, gridOf(asked), { format, transparent, background, isMap: !asked.tiled }, clientSignal(reply.raw)));
  return sendEncoded(request, reply, map, cacheControl);
}

async function sendInfo(exchange: Exchange, asked: WmsFeatureInfoRequest): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const delivery = deliveryOf(exchange, asked.queryLayers);
  const layers = askedLayers(exchange, asked.queryLayers, asked.map);
  const known = await wmsFeatureInfo(layers, asked, clientSignal(reply.raw));
  return sendInfoAnswer(request, reply, known, asked.infoFormat, { modified: null, cacheControl: documentCacheControl(delivery) });
}

function layersNamed(wms: WmsService, names: readonly string[]): readonly MapLayer[] {
  return membersNamed(wms, names).map(({ layer }) => layer);
}

async function sendLegend(exchange: Exchange, { layer, format, width, height, scale }: WmsLegendRequest): Promise<FastifyReply> {
  const { wms, request, reply } = exchange;
  const { cacheControl } = deliveryOf(exchange, [layer]);
  const { legends } = wms.named.get(layer)!;
  if (format === 'application/json') {
    reply.header('x-content-type-options', 'nosniff');
    return sendDocument(request, reply, { text: await jsonLegends(legends, scale, clientSignal(reply.raw)), contentType: format, modified: null }, cacheControl);
  }
  const style: PictureStyle = { format, transparent: true, background: WHITE };
  if (legends.length > 0) {
    const bytes = await wms.node.encode(await drawLegends(legends, scale, clientSignal(reply.raw)), style);
    return sendPicture(request, reply, { bytes, contentType: format }, cacheControl);
  }
  const layers = layersNamed(wms, [layer]);
  const size = legendSize(layers);
  const grid = legendGrid(layers, { width: width ?? size.width, height: height ?? size.height });
  return sendEncoded(request, reply, await wms.node.draw(layers, grid, style, clientSignal(reply.raw)), cacheControl);
}

function answer(exchange: Exchange, asked: WmsRequest): FastifyReply | Promise<FastifyReply> {
  switch (asked.kind) {
    case 'capabilities':
      return sendCapabilities(exchange, asked);
    case 'map':
      return sendMap(exchange, asked);
    case 'featureInfo':
      return sendInfo(exchange, asked);
    case 'legend':
      return sendLegend(exchange, asked);
  }
}

/** Answers a KVP request of WMS: the document, the picture, or the exception in the form that the client asked for. Never throws. */
async function handleWms(exchange: Exchange, kvp: Kvp): Promise<FastifyReply> {
  const { wms, request, reply } = exchange;
  try {
    await answer(exchange, parseWmsRequest(kvp, wms.offer));
  } catch (error) {
    await replyWmsFailure(error, wmsFailure(kvp, wms.offer), wms.node, request, reply);
  }
  return reply;
}

/**
 * True where WMTS answers a request at a shared address: when it is meant, and when nothing says which service is, for OWS Common
 * wants that said in its own exception report. /wms is for WMS alone unless WMTS is named.
 */
function isForWmts(kvp: Kvp, url: string): boolean {
  const meant = serviceOf(kvp);
  return meant === 'WMTS' || (meant === null && url !== '/wms');
}

/** Fastify plugin: WMS 1.1.1 and 1.3.0, and WMTS in KVP, at the addresses that both share. */
export async function serveWms(app: FastifyInstance, { wms, wmts }: { readonly wms: WmsService; readonly wmts: WmtsService | null }): Promise<void> {
  app.setErrorHandler(replyPlainError);
  for (const url of ['/service', '/ows', '/wms']) {
    app.route({
      method: ['GET', 'HEAD'],
      url,
      handler: (request, reply) => {
        const kvp = kvpOf(request);
        return wmts !== null && isForWmts(kvp, url) ? handleWmtsKvp(wmts, kvp, request, reply) : handleWms({ wms, request, reply }, kvp);
      },
    });
  }
}
