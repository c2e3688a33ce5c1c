import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.ts';
import type { Encoded, HipsLayer } from '../layer/types.ts';
import { formatHipsList } from '../protocol/hips/list.ts';
import { formatMetadata } from '../protocol/hips/metadata.ts';
import { type HipsRequest, parseHipsPath } from '../protocol/hips/path.ts';
import { parseProperties } from '../protocol/hips/properties.ts';
import { EXTENSION_OF, formatOfExtension, type ImageFormat } from '../raster/format.ts';
import { refuse } from './access/refusal.ts';
import { clientSignal } from './clientSignal.ts';
import { formatHipsPage } from './pages/hipsPage.ts';
import { publicAddress, relativeRoot } from './publicAddress.ts';
import { allowOrigins, documentCacheControl } from './delivery.ts';
import { sendDocument, sendEncoded } from './reply.ts';
import { replyPlainError } from './replyError.ts';
import { sendPage } from './sendPage.ts';
import type { Delivery, HipsNode } from './types.ts';
import type { Viewer } from './viewer.ts';

/** What the HiPS service needs to know. */
export interface HipsServiceOptions {
  readonly node: HipsNode;
  readonly publicUrl: string | null;
  /** The Aladin Lite that the pages load; null = not installed. */
  readonly viewer: Viewer | null;
}

/** One request on its way through the service. */
interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly layer: HipsLayer;
  readonly delivery: Delivery;
  readonly options: HipsServiceOptions;
}

type WildcardRequest = FastifyRequest<{ Params: { readonly '*': string } }>;

const TEXT = 'text/plain; charset=utf-8';
const XML = 'text/xml; charset=utf-8';


function serviceUrl({ request, layer, options }: Exchange): string {
  return `${publicAddress(options.publicUrl, request)}/hips/${encodeURIComponent(layer.name)}`;
}

function formatOf(layer: HipsLayer, extension: string): ImageFormat {
  const format = formatOfExtension(extension);
  if (format !== undefined && layer.formats.includes(format)) return format;
  const offered = layer.formats.map((each) => EXTENSION_OF[each]).join(', ');
  throw new GatewayError('FORMAT_NOT_SUPPORTED', `'${extension}' is not offered by the layer '${layer.name}': ${offered}`, {
    locator: 'format',
  });
}

function layerOf(node: HipsNode, name: string): HipsLayer {
  const layer = node.layers.get(name);
  if (layer !== undefined) return layer;
  refuse(node, name);
  throw new GatewayError('LAYER_NOT_DEFINED', 'There is no HiPS of this name here: the list is at /hips/list', { locator: 'layer' });
}

async function tile({ request, reply, layer, delivery }: Exchange, order: number, npix: number, extension: string): Promise<FastifyReply> {
  const encoded = await layer.tile(order, npix, formatOf(layer, extension), clientSignal(reply.raw));
  if (encoded === null) {
    throw new GatewayError('NO_COVERAGE', `Npix${npix} of Norder${order} lies outside the coverage of the layer '${layer.name}'`);
  }
  return sendEncoded(request, reply, encoded, delivery.cacheControl);
}

async function picture({ request, reply, delivery }: Exchange, encoded: Promise<Encoded>): Promise<FastifyReply> {
  return sendEncoded(request, reply, await encoded, delivery.cacheControl);
}

function properties(exchange: Exchange): FastifyReply {
  const { request, reply, layer, delivery } = exchange;
  const document = { text: layer.properties(serviceUrl(exchange)), contentType: TEXT, modified: layer.modified };
  return sendDocument(request, reply, document, documentCacheControl(delivery));
}

function page(exchange: Exchange): FastifyReply {
  const { request, reply, layer, delivery, options } = exchange;
  const url = serviceUrl(exchange);
  const text = formatHipsPage({
    layer,
    description: parseProperties(layer.properties(url)),
    root: relativeRoot(request.url),
    serviceUrl: url,
    viewerPath: options.viewer?.scriptPath ?? null,
  });
  return sendPage(request, reply, text, documentCacheControl(delivery));
}

function answer(exchange: Exchange, asked: HipsRequest): FastifyReply | Promise<FastifyReply> {
  const { request, reply, layer, delivery } = exchange;
  switch (asked.kind) {
    case 'tile':
      return tile(exchange, asked.order, asked.npix, asked.extension);
    case 'allsky':
      return picture(exchange, layer.allsky(asked.order, formatOf(layer, asked.extension), clientSignal(reply.raw)));
    case 'preview':
      return picture(exchange, layer.preview(clientSignal(reply.raw)));
    case 'moc':
      return sendEncoded(request, reply, layer.moc(), documentCacheControl(delivery));
    case 'properties':
      return properties(exchange);
    case 'metadata':
      return sendDocument(
        request, reply, { text: formatMetadata(layer.properties(serviceUrl(exchange))), contentType: XML, modified: layer.modified }, documentCacheControl(delivery),
      );
    case 'index':
      return page(exchange);
  }
}

async function handleHips(options: HipsServiceOptions, request: WildcardRequest, reply: FastifyReply): Promise<FastifyReply> {
  const path = request.params['*'];
  const slash = path.indexOf('/');
  const layer = layerOf(options.node, slash === -1 ? path : path.slice(0, slash));
  const delivery = options.node.deliveryOf(layer.name);
  allowOrigins(request, reply, delivery.origins);
  if (slash === -1) return reply.redirect(`${relativeRoot(request.url)}hips/${encodeURIComponent(layer.name)}/`, 301);
  await answer({ request, reply, layer, delivery, options }, parseHipsPath(path.slice(slash + 1)));
  return reply;
}

function handleList({ node, publicUrl }: HipsServiceOptions, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const base = `${publicAddress(publicUrl, request)}/hips`;
  const records = [...node.layers.values()].map((layer) => layer.properties(`${base}/${encodeURIComponent(layer.name)}`));
  return sendDocument(request, reply, { text: formatHipsList(records), contentType: TEXT, modified: null });
}

/** Fastify plugin: a HiPS node (IVOA HiPS 1.0, sections 4 and 5) under /hips/, its list also at /hipslist. */
export async function serveHips(app: FastifyInstance, options: HipsServiceOptions): Promise<void> {
  app.setErrorHandler(replyPlainError);
  const method = ['GET', 'HEAD'];
  const list = (request: FastifyRequest, reply: FastifyReply): FastifyReply => handleList(options, request, reply);
  app.route({ method, url: '/hips/list', handler: list });
  app.route({ method, url: '/hipslist', handler: list });
  app.route({ method, url: '/hips/*', handler: (request, reply) => handleHips(options, request as WildcardRequest, reply) });
}
