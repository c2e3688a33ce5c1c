import type { FastifyReply } from 'fastify';
import { tileBbox } from '../../geometry/pyramid/tileMatrixSet.ts';
import { pictureFormatOf } from '../../protocol/ogcapi/negotiate.ts';
import { resolveTile } from '../../protocol/wmts/resolve.ts';
import type { WmtsTileRequest } from '../../protocol/wmts/types.ts';
import type { Encoded } from '../../layer/types.ts';
import { clientSignal } from '../clientSignal.ts';
import { gridOf, layersAt, type MapWindow } from '../mapWindow.ts';
import { sendEncoded } from '../reply.ts';
import { deliveryOf, type OgcExchange } from './exchange.ts';
import { tiledCollections, type TiledCollections } from './tilesets.ts';

/** Under transparent pixels of formats without alpha. */
const WHITE = 0xffffff;

function windowOf({ set, tile: { matrix, col, row } }: WmtsTileRequest): MapWindow {
  return { crs: set.crs, bbox: tileBbox(matrix, col, row), width: matrix.tileWidth, height: matrix.tileHeight };
}

/** The tile of one collection is that of WMTS; several on each other are a map of the tile's rectangle. null = nothing is there. */
async function pictureOf({ service, reply }: OgcExchange, { chosen }: TiledCollections, asked: WmtsTileRequest): Promise<Encoded | null> {
  const [first] = chosen;
  const signal = clientSignal(reply.raw);
  if (chosen.length === 1) return first.tiles!.layer.tile(asked.set, asked.tile, asked.format, 1, signal);
  const window = windowOf(asked);
  const layers = layersAt(chosen.flatMap(({ members }) => members), window);
  return service.node.maps.draw(layers, gridOf(window), { format: asked.format, transparent: true, background: WHITE }, signal);
}

/** Answers with a tile: 204 where the coverage has none. @throws what the parsers and TileLayer.tile throw */
export async function sendOgcTile(exchange: OgcExchange): Promise<FastifyReply> {
  const { resource, query, request, reply } = exchange;
  const tiled = tiledCollections(exchange);
  const { cacheControl } = deliveryOf(exchange, tiled.chosen);
  const format = pictureFormatOf({ extension: resource.extension, f: query.get('f'), accept: request.headers.accept }, tiled.formats);
  const texts = { layer: '', style: '', format, tileMatrixSet: resource.set, tileMatrix: resource.matrix, tileRow: resource.row, tileCol: resource.col, dimension: () => undefined };
  const asked = resolveTile(texts, { layer: (name) => ({ name, styles: [], formats: tiled.formats, infoFormats: [], dimensions: [], sets: tiled.sets }) });
  const encoded = await pictureOf(exchange, tiled, asked);
  return encoded === null ? reply.code(204).header('cache-control', cacheControl).send() : sendEncoded(request, reply, encoded, cacheControl);
}
