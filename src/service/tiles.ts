import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.ts';
import type { Bbox } from '../geometry/crs/axis.ts';
import type { TileMatrixSet } from '../geometry/pyramid/tileMatrixSet.ts';
import type { DegreesBbox, Encoded, TileLayer } from '../layer/types.ts';
import { resolveLayerSpec } from '../protocol/tms/layerSpec.ts';
import { parseOrigin, parseTilesPath, type LayerSpec, type TilePath } from '../protocol/tms/path.ts';
import { resolveTileNumbers, type TileCounting } from '../protocol/tms/profile.ts';
import { tileJson } from '../protocol/tms/tileJson.ts';
import { EXTENSION_OF, type ImageFormat } from '../raster/format.ts';
import { refuse } from './access/refusal.ts';
import { clientSignal } from './clientSignal.ts';
import { publicAddress } from './publicAddress.ts';
import { kvpOf, pathBelow } from './rawAddress.ts';
import { allowOrigins, documentCacheControl } from './delivery.ts';
import { sendDocument, sendEncoded } from './reply.ts';
import { replyPlainError } from './replyError.ts';
import type { TilesNode } from './types.ts';

/** What the XYZ and TMS services need to know. */
export interface TileServiceOptions {
  readonly node: TilesNode;
  readonly publicUrl: string | null;
}

/** A layer on one of its grids. */
export interface LayerOnGrid {
  readonly layer: TileLayer;
  readonly set: TileMatrixSet;
}


/** The layer and grid of an address. @throws LAYER_NOT_DEFINED */
export function layerOnGrid(node: TilesNode, spec: LayerSpec): LayerOnGrid {
  const { layers } = node;
  const found = resolveLayerSpec(spec, (name) => layers.get(name)?.sets);
  const layer = found === null ? undefined : layers.get(found.layer);
  if (found === null || layer === undefined) {
    refuse(node, spec.layer);
    const known = layers.get(spec.layer)?.sets.map((set) => set.id).join(', ');
    const said = known === undefined ? `There are no tiles of a layer '${spec.layer}' here` : `The layer '${spec.layer}' has no grid '${spec.spec}': ${known}`;
    throw new GatewayError('LAYER_NOT_DEFINED', said, { locator: 'layer' });
  }
  return { layer, set: found.set };
}

function checkFormat({ name, formats }: TileLayer, format: ImageFormat): void {
  if (formats.includes(format)) return;
  const offered = formats.map((each) => EXTENSION_OF[each]).join(', ');
  throw new GatewayError('FORMAT_NOT_SUPPORTED', `'${EXTENSION_OF[format]}' is not offered by the layer '${name}': ${offered}`, { locator: 'format' });
}

/** A tile that an address names by numbers. */
export type NumberedTile = TilePath & { readonly scale: 1 | 2 };

/** The tile of a layer on a grid and how it goes out; null = the coverage has nothing there. @throws what TileLayer.tile throws */
export async function tileOnGrid(
  node: TilesNode,
  { layer, set }: LayerOnGrid,
  asked: NumberedTile,
  counting: TileCounting,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<{ readonly encoded: Encoded | null; readonly cacheControl: string }> {
  const { origins, cacheControl } = node.deliveryOf(layer.name);
  allowOrigins(request, reply, origins);
  checkFormat(layer, asked.format);
  const address = resolveTileNumbers(set, asked, counting);
  const encoded = await layer.tile(set, address, asked.format, asked.scale, clientSignal(reply.raw));
  return { encoded, cacheControl };
}

/** Answers with a tile; 404 where the coverage ends. @throws what TileLayer.tile throws */
export async function sendNumberedTile(node: TilesNode, asked: NumberedTile, counting: TileCounting, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const found = layerOnGrid(node, asked);
  const { encoded, cacheControl } = await tileOnGrid(node, found, asked, counting, request, reply);
  if (encoded !== null) return sendEncoded(request, reply, encoded, cacheControl);
  throw new GatewayError('NO_COVERAGE', `Tile ${asked.z}/${asked.x}/${asked.y} lies outside the coverage of the layer '${found.layer.name}'`);
}

/** The same rectangle in -180..180; the whole circle where it would cross the 180th meridian, which TileJSON cannot say. */
function plainBounds([west, south, east, north]: DegreesBbox): Bbox {
  const shift = 360 * Math.floor((west + 180) / 360);
  const [w, e] = [west - shift, east - shift];
  return e > 180 ? [-180, south, 180, north] : [w, south, e, north];
}

/** Public address of a layer on a grid, without trailing slash. */
function tilesUrl(publicUrl: string, { layer, set }: LayerOnGrid): string {
  return `${publicUrl}/tiles/${encodeURIComponent(layer.name)}/${encodeURIComponent(set.id)}`;
}

function sendTileJson({ node, publicUrl }: TileServiceOptions, spec: LayerSpec, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const found = layerOnGrid(node, spec);
  const { layer, set } = found;
  const delivery = node.deliveryOf(layer.name);
  allowOrigins(request, reply, delivery.origins);
  const document = tileJson({
    title: layer.title,
    abstract: layer.abstract,
    attribution: '',
    set,
    format: layer.formats[0] ?? 'image/png',
    geographicBbox: plainBounds(layer.bbox),
    url: tilesUrl(publicAddress(publicUrl, request), found),
    origin: node.tms?.origin ?? null,
  });
  return sendDocument(request, reply, { text: JSON.stringify(document), contentType: 'application/json', modified: null }, documentCacheControl(delivery));
}

async function handleTiles(options: TileServiceOptions, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const asked = parseTilesPath(pathBelow('/tiles', request));
  if (asked === null) {
    throw new GatewayError('INVALID_PARAMETER', 'There is no tile at this address: /tiles/{layer}/{grid}/{z}/{x}/{y}.{png|jpg|webp}, or /tiles/{layer}/{grid}.json');
  }
  if (asked.kind === 'tileJson') return sendTileJson(options, asked, request, reply);
  const origin = parseOrigin(kvpOf(request).get('ORIGIN')) ?? options.node.tms?.origin ?? null;
  return sendNumberedTile(options.node, asked, { origin, useProfile: false }, request, reply);
}

/**
 * Fastify plugin: XYZ tiles below /tiles as MapProxy numbers them (the grid's first level is 0; rows from the corner that
 * ?origin=sw|nw, the configuration or the grid says), @2x, and a TileJSON document per layer and grid.
 */
export async function serveTiles(app: FastifyInstance, options: TileServiceOptions): Promise<void> {
  app.setErrorHandler(replyPlainError);
  app.route({ method: ['GET', 'HEAD'], url: '/tiles/*', handler: (request, reply) => handleTiles(options, request, reply) });
}
