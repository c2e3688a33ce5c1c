import type { Delivery, Gateway, Origins } from '../../service/types.ts';
import type { Config, LayerConfig } from '../types.ts';

/** How what is about a layer, and what is not, goes out. */
export type Deliveries = Pick<Gateway, 'origins' | 'anyOrigins'> & { readonly deliveryOf: (layer: string) => Delivery };

export function deliveriesOf({ layers, globals }: Config): Deliveries {
  const { access_control_allow_origin: origins } = globals.http;
  const usual: Delivery = { origins, cacheControl: `public, max-age=${globals.tiles.expires_hours * 3600}` };
  const own = new Map(namedLayers(layers).map(({ name, cors, cache_control }): [string, Delivery] => [
    name, { origins: cors ?? usual.origins, cacheControl: cache_control ?? usual.cacheControl },
  ]));
  return {
    origins,
    anyOrigins: [...own.values()].map((delivery) => delivery.origins).reduce(either, origins),
    deliveryOf: (layer) => own.get(layer) ?? usual,
  };
}

function either(a: Origins, b: Origins): Origins {
  return a === '*' || b === '*' ? '*' : [...new Set([...a, ...b])];
}

function namedLayers(layers: readonly LayerConfig[]): readonly (LayerConfig & { readonly name: string })[] {
  return layers.flatMap((layer) => [...(layer.name === null ? [] : [{ ...layer, name: layer.name }]), ...namedLayers(layer.layers)]);
}
