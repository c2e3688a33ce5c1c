import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OgcFeatures } from '../../protocol/ogcapi/features.ts';
import type { OgcQuery } from '../../protocol/ogcapi/query.ts';
import type { OgcResource } from '../../protocol/ogcapi/routes.ts';
import { allowOrigins, commonDelivery } from '../delivery.ts';
import type { Delivery, OgcApiNode } from '../types.ts';
import type { OgcCollection, OgcCollections } from './collections.ts';

/** The service ready to answer: what is the same for every request. */
export interface OgcApiService {
  readonly node: OgcApiNode;
  readonly publicUrl: string | null;
  readonly features: OgcFeatures;
  readonly collections: OgcCollections;
}

/** One request on its way through the service, its address and parameters read. */
export interface OgcExchange {
  readonly service: OgcApiService;
  readonly resource: OgcResource;
  readonly query: OgcQuery;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Says which pages may read what is shown of collections. */
export function deliveryOf({ service, request, reply }: OgcExchange, chosen: readonly [OgcCollection, ...OgcCollection[]]): Delivery {
  const names = chosen.flatMap(({ members, description }) => (members.length === 0 ? [description.id] : members.map(({ layer }) => layer.name)));
  const [first, ...others] = names.map((name) => service.node.maps.deliveryOf(name));
  const delivery = commonDelivery([first!, ...others]);
  allowOrigins(request, reply, delivery.origins);
  return delivery;
}
