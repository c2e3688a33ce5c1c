import { tileBbox } from '../geometry/pyramid/tileMatrixSet.ts';
import type { TileLayer } from '../layer/types.ts';
import { writeFeatureInfo } from '../protocol/wms/featureInfo.ts';
import type { WmtsFeatureInfoRequest } from '../protocol/wmts/types.ts';

/** Plane coordinates of the centre of a tile's pixel, x/y order. */
function pixelCentre({ tile, col, row }: WmtsFeatureInfoRequest): readonly [number, number] {
  const { matrix } = tile.tile;
  const [minX, , , maxY] = tileBbox(matrix, tile.tile.col, tile.tile.row);
  return [minX + (col + 0.5) * matrix.cellSize, maxY - (row + 0.5) * matrix.cellSize];
}

/** The answer to a GetFeatureInfo: its text and the header to send with it. @throws what TileLayer.info throws */
export async function wmtsFeatureInfo(
  layer: TileLayer,
  asked: WmtsFeatureInfoRequest,
  signal: AbortSignal,
): Promise<{ readonly contentType: string; readonly body: string }> {
  const { set, tile } = asked.tile;
  const { lon, lat, value, unit, hips } = await layer.info(set, tile, asked.col, asked.row, signal);
  const found = { name: layer.name, lon, lat, crs: pixelCentre(asked), value: value.length === 0 ? null : value, unit, hips };
  return writeFeatureInfo({ layers: [found] }, asked.infoFormat);
}
