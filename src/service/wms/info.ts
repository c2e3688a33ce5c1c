import type { Bbox } from '../../geometry/crs/axis.ts';
import { rotatePoints, rotationBetween } from '../../geometry/frame/rotation.ts';
import { crsLatticeOfBbox } from '../../geometry/lattice/crsLattice.ts';
import type { MapLayer } from '../../layer/types.ts';
import type { FeatureInfo, FeatureInfoLayer } from '../../protocol/wms/featureInfo.ts';
import type { WmsFeatureInfoRequest, WmsMapRequest } from '../../protocol/wms/types.ts';

/** A coarse pixel, radians: where the size of a pixel has no meaning. */
const COARSE = 0.1;

/** The rectangle of one pixel of a map, CRS units. */
function pixelBbox({ bbox, width, height }: WmsMapRequest, col: number, row: number): Bbox {
  const [minX, minY, maxX, maxY] = bbox;
  const [dx, dy] = [(maxX - minX) / width, (maxY - minY) / height];
  return [minX + col * dx, maxY - (row + 1) * dy, minX + (col + 1) * dx, maxY - row * dy];
}

interface Place {
  readonly x: number;
  readonly y: number;
  /** Radians, of the layer's frame; NaN outside the CRS's domain. */
  readonly lon: number;
  readonly lat: number;
  readonly pixelAngle: number;
}

function placeOn({ frame }: MapLayer, { map, col, row }: WmsFeatureInfoRequest): Place {
  const bbox = pixelBbox(map, col, row);
  const [x, y] = [(bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2];
  const [lon, lat] = [new Float64Array(1), new Float64Array(1)];
  map.crs.toSphere(1, Float64Array.of(x), Float64Array.of(y), lon, lat);
  const rotation = rotationBetween(map.crs.frame, frame);
  if (rotation !== null) rotatePoints(rotation, 1, lon, lat);
  const angle = crsLatticeOfBbox(map.crs, bbox, 1, 1).pixelAngle;
  return { x, y, lon: lon[0]!, lat: lat[0]!, pixelAngle: angle > 0 ? angle : COARSE };
}

async function infoOf(layer: MapLayer, asked: WmsFeatureInfoRequest, signal: AbortSignal): Promise<FeatureInfoLayer | null> {
  const { x, y, lon, lat, pixelAngle } = placeOn(layer, asked);
  if (Number.isNaN(lon)) return null;
  const { value, ...info } = await layer.info(lon, lat, pixelAngle, signal);
  return { name: layer.name, ...info, crs: [x, y], value: value.length === 0 ? null : value };
}

/** What each layer shows under the pixel; layers of a place off the body are left out. @throws what MapLayer.info throws */
export async function wmsFeatureInfo(layers: readonly MapLayer[], asked: WmsFeatureInfoRequest, signal: AbortSignal): Promise<FeatureInfo> {
  const found = await Promise.all(layers.filter(({ queryable }) => queryable).map((layer) => infoOf(layer, asked, signal)));
  return { layers: found.filter((info) => info !== null) };
}
