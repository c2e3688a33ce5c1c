import { placeOf } from '../../geometry/lattice/pointedPixel.ts';
import type { MapLayer } from '../../layer/types.ts';
import type { FeatureInfoLayer } from '../../protocol/wms/featureInfo.ts';
import type { WmsFeatureInfoRequest } from '../../protocol/wms/types.ts';
import type { InfoAnswer } from '../infoAnswer.ts';

/** What a layer shows under the pixel; null for a place off the body. */
async function infoOf(layer: MapLayer, { map, col, row }: WmsFeatureInfoRequest, signal: AbortSignal): Promise<FeatureInfoLayer | null> {
  const { x, y, lon, lat, pixelAngle } = placeOf({ ...map, col, row }, layer.frame);
  if (Number.isNaN(lon)) return null;
  const { value, ...info } = await layer.info(lon, lat, pixelAngle, signal);
  return { name: layer.name, ...info, crs: [x, y], value: value.length === 0 ? null : value };
}

/**
 * What is known of the pixel, each layer once: of layers that ask upstreams what these say, of the others what they show.
 * @throws what MapLayer.info and MapLayer.askInfo throw
 */
export async function wmsFeatureInfo(layers: readonly MapLayer[], asked: WmsFeatureInfoRequest, signal: AbortSignal): Promise<InfoAnswer> {
  const { map: { crs, bbox, width, height }, col, row, infoFormat: format, featureCount } = asked;
  const question = { crs, bbox, width, height, col, row, format, featureCount };
  const queried = [...new Map(layers.filter(({ queryable }) => queryable).map((layer) => [layer.name, layer])).values()];
  const [found, said] = await Promise.all([
    Promise.all(queried.filter(({ askInfo }) => askInfo === undefined).map((layer) => infoOf(layer, asked, signal))),
    Promise.all(queried.map(({ askInfo }) => askInfo?.(question, signal) ?? [])),
  ]);
  return { own: found.filter((info) => info !== null), said: said.flat() };
}
