import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.ts';
import { type TileMapDescription, writeTileMap, writeTileMapService, writeTmsServices } from '../protocol/tms/documents.ts';
import { parseTmsPath, type TmsPath } from '../protocol/tms/path.ts';
import { layerExtent } from './layerExtent.ts';
import { publicAddress } from './publicAddress.ts';
import { pathBelow } from './rawAddress.ts';
import { sendDocument } from './reply.ts';
import { replyPlainError } from './replyError.ts';
import { type LayerOnGrid, layerOnGrid, sendNumberedTile, type TileServiceOptions } from './tiles.ts';
import type { TilesNode } from './types.ts';

const XML = 'text/xml; charset=utf-8';

/** @param url public address of /tms without trailing slash */
function describe({ layer, set }: LayerOnGrid, url: string): TileMapDescription {
  return {
    title: layer.title,
    abstract: layer.abstract,
    set,
    format: layer.formats[0] ?? 'image/png',
    bbox: layerExtent(layer, set.crs) ?? set.bbox,
    url: `${url}/1.0.0/${encodeURIComponent(layer.name)}/${encodeURIComponent(set.id)}`,
  };
}

function everyMap({ layers }: TilesNode, url: string): readonly TileMapDescription[] {
  return [...layers.values()].flatMap((layer) => layer.sets.map((set) => describe({ layer, set }, url)));
}

function documentOf({ node, publicUrl }: TileServiceOptions, asked: Exclude<TmsPath, { kind: 'tile' }>, request: FastifyRequest): string {
  const url = `${publicAddress(publicUrl, request)}/tms`;
  switch (asked.kind) {
    case 'services':
      return writeTmsServices(node.service, url);
    case 'tileMaps':
      return writeTileMapService(node.service, everyMap(node, url), url);
    case 'tileMap':
      return writeTileMap(describe(layerOnGrid(node, asked), url));
  }
}

async function handleTms(options: TileServiceOptions, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const asked = parseTmsPath(pathBelow('/tms', request));
  if (asked === null) {
    throw new GatewayError('INVALID_PARAMETER', 'There is no tile map at this address: they are listed at /tms/1.0.0');
  }
  if (asked.kind === 'tile') return sendNumberedTile(options.node, { ...asked, scale: 1 }, { origin: 'sw', useProfile: true }, request, reply);
  return sendDocument(request, reply, { text: documentOf(options, asked, request), contentType: XML, modified: null });
}

/** Fastify plugin: TMS 1.0.0 (OSGeo) below /tms, rows from the bottom and levels by the profile, as MapProxy numbers them. */
export async function serveTms(app: FastifyInstance, options: TileServiceOptions): Promise<void> {
  app.setErrorHandler(replyPlainError);
  const method = ['GET', 'HEAD'];
  for (const url of ['/tms', '/tms/*']) app.route({ method, url, handler: (request, reply) => handleTms(options, request, reply) });
}
