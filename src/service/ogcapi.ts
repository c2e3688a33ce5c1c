import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.ts';
import { writeProblem } from '../protocol/ogcapi/problem.ts';
import { parseOgcQuery } from '../protocol/ogcapi/query.ts';
import { parseOgcPath, type OgcResource } from '../protocol/ogcapi/routes.ts';
import { addVary } from './delivery.ts';
import { createCollections } from './ogcapi/collections.ts';
import { sendOgcDocument } from './ogcapi/documents.ts';
import type { OgcApiService, OgcExchange } from './ogcapi/exchange.ts';
import { sendOgcMap } from './ogcapi/map.ts';
import { sendOgcTile } from './ogcapi/tile.ts';
import { pathBelow } from './rawAddress.ts';
import { replyException } from './replyException.ts';
import type { OgcApiNode } from './types.ts';


/** Works out what is the same for every request. */
export function createOgcApi(node: OgcApiNode, publicUrl: string | null): OgcApiService {
  const features = { maps: node.hasMaps, tiles: node.tiles !== null, dataset: node.dataset.length > 0 };
  return { node, publicUrl, features, collections: createCollections(node) };
}

function resourceOf({ features }: OgcApiService, request: FastifyRequest): OgcResource {
  const resource = parseOgcPath(pathBelow('/ogcapi', request));
  const isOffered = resource !== null && (resource.route.group === 'common' || features[resource.route.group]);
  if (isOffered) return resource;
  throw new GatewayError('INVALID_PARAMETER', 'there is nothing at this address: the collections are listed at /ogcapi/collections', { locator: 'path' });
}

function queryText({ url }: FastifyRequest): string {
  const cut = url.indexOf('?');
  return cut < 0 ? '' : url.slice(cut + 1);
}

async function answer(exchange: OgcExchange): Promise<FastifyReply> {
  const { kind, isPicture } = exchange.resource.route;
  if (!isPicture) return sendOgcDocument(exchange);
  if (exchange.resource.extension === null && !exchange.query.has('f')) addVary(exchange.reply, 'accept');
  return kind === 'map' ? sendOgcMap(exchange) : sendOgcTile(exchange);
}

async function handle(service: OgcApiService, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const resource = resourceOf(service, request);
  await answer({ service, resource, query: parseOgcQuery(queryText(request), resource.route.parameters), request, reply });
  return reply;
}

/** Fastify plugin: OGC API - Maps (20-058) and - Tiles (20-057) below /ogcapi, at the addresses that MapProxy gives them. */
export async function serveOgcApi(app: FastifyInstance, { service }: { readonly service: OgcApiService }): Promise<void> {
  app.setErrorHandler((error, request, reply) => replyException(error, writeProblem(error), request, reply));
  for (const url of ['/ogcapi', '/ogcapi/*']) app.route({ method: ['GET', 'HEAD'], url, handler: (request, reply) => handle(service, request, reply) });
}
