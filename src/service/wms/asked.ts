import type { MapLayer } from '../../layer/types.ts';
import { chosenValues, wmsNames } from '../../protocol/dimensions.ts';
import { optional, type Kvp } from '../../protocol/params.ts';

/**
 * A layer as a request means it: for the values of its dimensions (OGC 06-042, annex C), and for the parameters that its sources want.
 * Values that are nearest are not looked for. @param others what the request says beside what WMS knows @throws DIMENSION_VALUE_NOT_DEFINED
 */
export function askedLayer(layer: MapLayer, others: Kvp): MapLayer {
  const { dimensions, forwards } = layer;
  if (dimensions.length === 0 && forwards.length === 0) return layer;
  const forwarded = forwards.flatMap((name) => {
    const value = optional(others, name.toUpperCase());
    return value === null ? [] : [[name, value] as const];
  });
  const chosen = chosenValues(dimensions, (name) => wmsNames(name).map((one) => others.get(one)).find((value) => value !== undefined));
  return layer.at({ ...Object.fromEntries(forwarded), ...chosen });
}
