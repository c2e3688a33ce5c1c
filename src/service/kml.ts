import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.ts';
import { degreesOnBody } from '../geometry/crs/alias.ts';
import type { Bbox } from '../geometry/crs/axis.ts';
import { samePlane } from '../geometry/crs/samePlane.ts';
import { setLimits, tileBbox, type TileAddress, type TileMatrixSet } from '../geometry/pyramid/tileMatrixSet.ts';
import type { TileLayer } from '../layer/types.ts';
import { KML_TYPE, writeKml, type KmlDocument, type KmlTile } from '../protocol/kml/document.ts';
import { parseKmlPath, type KmlPath } from '../protocol/kml/path.ts';
import { childrenOf, firstTiles, hasChildren, kmlNumbers, type Shown } from '../protocol/kml/superoverlay.ts';
import { resolveLayerSpec, specOfSet } from '../protocol/tms/layerSpec.ts';
import type { LayerSpec } from '../protocol/tms/path.ts';
import { resolveTileNumbers } from '../protocol/tms/profile.ts';
import { EXTENSION_OF } from '../raster/format.ts';
import { refuse } from './access/refusal.ts';
import { allowOrigins, documentCacheControl } from './delivery.ts';
import { layerExtent } from './layerExtent.ts';
import { publicAddress } from './publicAddress.ts';
import { pathBelow } from './rawAddress.ts';
import { sendDocument, sendEncoded } from './reply.ts';
import { replyPlainError } from './replyError.ts';
import { tileOnGrid, type LayerOnGrid, type TileServiceOptions } from './tiles.ts';
import type { TilesNode } from './types.ts';

/** Levels from the first one of the grid, rows from below whatever the grid does. */
const COUNTING = { origin: 'sw', useProfile: false } as const;

/** A picture is laid on the globe by its edges in degrees: true where the plane of the set is just these. */
function isGeographic({ crs }: TileMatrixSet): boolean {
  return crs.frame.kind === 'body' && samePlane(crs, degreesOnBody(crs.frame, 'CRS:84'));
}

function geographicSets(layer: TileLayer | undefined): readonly TileMatrixSet[] | undefined {
  return layer?.sets.filter(isGeographic);
}

/** @throws LAYER_NOT_DEFINED */
function geographicGrid(node: TilesNode, spec: LayerSpec): LayerOnGrid {
  const { layers } = node;
  const found = resolveLayerSpec(spec, (name) => geographicSets(layers.get(name)));
  const layer = found === null ? undefined : layers.get(found.layer);
  if (found !== null && layer !== undefined) return { layer, set: found.set };
  refuse(node, spec.layer);
  const known = geographicSets(layers.get(spec.layer))?.map(({ id }) => id).join(', ');
  const said = known === undefined
    ? `There are no tiles of a layer '${spec.layer}' here`
    : `The layer '${spec.layer}' has ${known === '' ? 'no grid in degrees, which KML needs' : `no grid in degrees '${spec.spec}': ${known}`}`;
  throw new GatewayError('LAYER_NOT_DEFINED', said, { locator: 'layer' });
}

/** The layer and its grid in addresses: the reference system, as in MapProxy, unless the configuration wants names or two grids share it. */
function pathOf({ kml }: TilesNode, { layer, set }: LayerOnGrid): string {
  const first = geographicSets(layer)!.find(({ crs }) => crs.id === set.crs.id);
  const spec = kml?.useGridNames === true || first !== set ? set.id : specOfSet(set);
  return `${encodeURIComponent(layer.name)}/${encodeURIComponent(spec)}`;
}

function shownOf({ layer, set }: LayerOnGrid): Shown {
  const extent = layerExtent(layer, set.crs);
  return extent === null ? new Map() : setLimits(set, extent);
}

function within([west, south, east, north]: Bbox, { bbox }: TileMatrixSet): Bbox {
  return [Math.max(west, bbox[0]), Math.max(south, bbox[1]), Math.min(east, bbox[2]), Math.min(north, bbox[3])];
}

function kmlTile({ layer, set }: LayerOnGrid, tile: TileAddress, url: string): KmlTile {
  const { z, x, y } = kmlNumbers(set, tile);
  const address = `${url}/${z}/${x}/${y}`;
  return {
    z, x, y,
    bbox: tileBbox(tile.matrix, tile.col, tile.row),
    picture: `${address}.${EXTENSION_OF[layer.formats[0] ?? 'image/png']}`,
    document: hasChildren(set, tile) ? `${address}.kml` : null,
  };
}

function targetOf({ frame }: TileLayer): KmlDocument['target'] {
  return frame.id === 'moon' || frame.id === 'mars' ? frame.id : null;
}

/** @throws TILE_OUT_OF_RANGE */
function documentOf(found: LayerOnGrid, asked: Exclude<KmlPath, { kind: 'tile' }>, url: string): KmlDocument {
  const { layer, set } = found;
  const parent = asked.kind === 'root' ? null : resolveTileNumbers(set, asked, COUNTING);
  const tiles = parent === null ? firstTiles(set, shownOf(found)) : childrenOf(set, parent, shownOf(found));
  return {
    name: layer.name,
    target: targetOf(layer),
    bbox: parent === null ? set.bbox : within(tileBbox(parent.matrix, parent.col, parent.row), set),
    tileSize: set.tileMatrices[0]!.tileWidth,
    tiles: tiles.map((tile) => kmlTile(found, tile, url)),
  };
}

function sendKml({ node, publicUrl }: TileServiceOptions, asked: Exclude<KmlPath, { kind: 'tile' }>, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const found = geographicGrid(node, asked);
  const delivery = node.deliveryOf(found.layer.name);
  allowOrigins(request, reply, delivery.origins);
  const url = `${publicAddress(publicUrl, request)}/kml/${pathOf(node, found)}`;
  return sendDocument(request, reply, { text: writeKml(documentOf(found, asked, url)), contentType: KML_TYPE, modified: null }, documentCacheControl(delivery));
}

/** Outside the coverage there is a transparent picture: globes draw a cross where one is missing. */
async function sendPicture({ node }: TileServiceOptions, asked: Extract<KmlPath, { kind: 'tile' }>, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const found = geographicGrid(node, asked);
  const { encoded, cacheControl } = await tileOnGrid(node, found, { ...asked, scale: 1 }, COUNTING, request, reply);
  const { tileWidth, tileHeight } = found.set.tileMatrices[0]!;
  return sendEncoded(request, reply, encoded ?? (await node.blank(tileWidth, tileHeight, asked.format, found.layer.modified)), cacheControl);
}

/** Fastify plugin: KML 2.2 superoverlays below /kml of grids in degrees, at MapProxy's addresses. */
export async function serveKml(app: FastifyInstance, options: TileServiceOptions): Promise<void> {
  app.setErrorHandler(replyPlainError);
  app.route({
    method: ['GET', 'HEAD'],
    url: '/kml/*',
    handler: (request, reply) => {
      const asked = parseKmlPath(pathBelow('/kml', request));
      if (asked === null) throw new GatewayError('INVALID_PARAMETER', 'There is nothing at this address: /kml/{layer}/{grid}, or /kml/{layer}/{grid}/{z}/{x}/{y}.{kml|png|jpg|webp}');
      return asked.kind === 'tile' ? sendPicture(options, asked, request, reply) : sendKml(options, asked, request, reply);
    },
  });
}
