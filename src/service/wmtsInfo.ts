import { placeOf, type PointedPixel } from '../geometry/lattice/pointedPixel.ts';
import { tileBbox } from '../geometry/pyramid/tileMatrixSet.ts';
import type { TileLayer } from '../layer/types.ts';
import type { WmtsFeatureInfoRequest } from '../protocol/wmts/types.ts';
import type { InfoAnswer } from './infoAnswer.ts';

/** A pixel of a tile, the tile as a map. */
function pixelOf({ tile: { set, tile }, col, row }: WmtsFeatureInfoRequest): PointedPixel {
  const { tileWidth: width, tileHeight: height } = tile.matrix;
  return { crs: set.crs, bbox: tileBbox(tile.matrix, tile.col, tile.row), width, height, col, row };
}

/** What the upstreams of a layer say of a pixel, or what it shows. @throws what TileLayer.info and TileLayer.askInfo throw */
export async function wmtsFeatureInfo(layer: TileLayer, asked: WmtsFeatureInfoRequest, signal: AbortSignal): Promise<InfoAnswer> {
  const { set, tile } = asked.tile;
  const pixel = pixelOf(asked);
  if (layer.askInfo !== undefined) return { own: [], said: await layer.askInfo({ ...pixel, format: asked.infoFormat, featureCount: asked.featureCount }, signal) };
  const { lon, lat, value, unit, hips } = await layer.info(set, tile, asked.col, asked.row, signal);
  const { x, y } = placeOf(pixel, layer.frame);
  return { own: [{ name: layer.name, lon, lat, crs: [x, y], value: value.length === 0 ? null : value, unit, hips }], said: [] };
}
