import type { FastifyReply } from 'fastify';
import { GatewayError } from '../../errors.ts';
import { degreesOnBody } from '../../geometry/crs/alias.ts';
import { swapBbox, type Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import { parseOgcMap, type OgcMapOffer } from '../../protocol/ogcapi/mapRequest.ts';
import { pictureFormatOf } from '../../protocol/ogcapi/negotiate.ts';
import { crsAddress } from '../../protocol/ogcapi/tileMatrixSet.ts';
import { clientSignal } from '../clientSignal.ts';
import { layerExtent } from '../layerExtent.ts';
import { gridOf, layersAt } from '../mapWindow.ts';
import { sendEncoded } from '../reply.ts';
import type { MapsNode } from '../types.ts';
import type { RangedLayer } from '../wms/tree.ts';
import { chosenCollections } from './collections.ts';
import { deliveryOf, type OgcExchange } from './exchange.ts';

function extentIn(crs: Crs, members: readonly RangedLayer[]): Bbox | null {
  const boxes = members.map(({ layer }) => layerExtent(layer, crs)).filter((bbox) => bbox !== null);
  return boxes.length === 0 ? null : boxes.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
}

function offerOf(members: readonly RangedLayer[], { crsOf, resolveCrs, maxWidth, maxHeight }: MapsNode): OgcMapOffer {
  const { frame } = members[0]!.layer;
  const degrees = degreesOnBody(frame, 'CRS:84');
  return {
    frame, degrees, maxWidth, maxHeight,
    defaultCrs: crsOf.get(frame.id)?.[0] ?? degrees,
    resolveCrs: (identifier) => resolveCrs(identifier, frame),
    extentIn: (crs) => extentIn(crs, members),
  };
}

/** Answers with a map of the chosen collections, drawn as WMS draws it. @throws what the parsers and MapsNode.draw throw */
export async function sendOgcMap(exchange: OgcExchange): Promise<FastifyReply> {
  const { service: { node: { maps, dataset }, collections }, resource, query, request, reply } = exchange;
  const chosen = chosenCollections(resource.collection, query.get('collections'), dataset, collections);
  const members = chosen.flatMap((collection) => collection.members);
  if (members.length === 0) throw new GatewayError('NO_COVERAGE', `'${chosen[0].description.id}' is offered as tiles only`);
  const { cacheControl } = deliveryOf(exchange, chosen);
  const format = pictureFormatOf({ extension: resource.extension, f: query.get('f'), accept: request.headers.accept }, maps.formats);
  const { transparent, background, ...window } = parseOgcMap(query, offerOf(members, maps));
  const map = await maps.draw(layersAt(members, window), gridOf(window), { format, transparent, background, isMap: true }, clientSignal(reply.raw));
  reply.headers({ 'content-crs': `<${crsAddress(window.crs)}>`, 'content-bbox': swapBbox(window.crs, window.bbox).join(',') });
  return sendEncoded(request, reply, map, cacheControl);
}
