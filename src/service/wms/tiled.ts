import { GatewayError } from '../../errors.ts';
import { samePlane } from '../../geometry/crs/samePlane.ts';
import { flipRow, tileBbox, type TileAddress, type TileMatrix, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { tileOfBbox } from '../../geometry/pyramid/tileOfBbox.ts';
import type { TileLayer } from '../../layer/types.ts';
import type { WmsTileSet } from '../../protocol/wms/tileSet.ts';
import type { WmsMapRequest } from '../../protocol/wms/types.ts';
import type { ImageFormat } from '../../raster/format.ts';
import type { TilesNode } from '../types.ts';

/** A tile that a GetMap with tiled=true names by its rectangle. */
export interface TiledMap {
  readonly layer: TileLayer;
  readonly set: TileMatrixSet;
  readonly tile: TileAddress;
  readonly format: ImageFormat;
}

function refused(locator: string, message: string): GatewayError {
  return new GatewayError('INVALID_PARAMETER', `tiled=true: ${message}`, { locator });
}

function sizesOf(sets: readonly TileMatrixSet[]): string {
  return [...new Set(sets.flatMap(({ tileMatrices }) => tileMatrices.map(({ tileWidth, tileHeight }) => `${tileWidth} x ${tileHeight}`)))].join(', ');
}

function hasSize({ tileMatrices }: TileMatrixSet, { width, height }: WmsMapRequest): boolean {
  return tileMatrices.some(({ tileWidth, tileHeight }) => tileWidth === width && tileHeight === height);
}

/** The tile of a layer that a map is. @throws INVALID_PARAMETER, FORMAT_NOT_SUPPORTED where it is none, saying why, as MapProxy does */
export function tiledMap(layer: TileLayer, asked: WmsMapRequest): TiledMap {
  const { name, formats } = layer;
  const format = formats.find((offered) => offered === asked.format);
  if (format === undefined) throw new GatewayError('FORMAT_NOT_SUPPORTED', `tiled=true: tiles of '${name}' are ${formats.join(', ')}, not ${asked.format}`, { locator: 'FORMAT' });
  const sets = layer.sets.filter(({ crs }) => samePlane(crs, asked.crs));
  if (sets.length === 0) throw refused('SRS', `the layer '${name}' has no tiles in ${asked.crs.id}; it has in ${layer.sets.map(({ crs }) => crs.id).join(', ')}`);
  if (!sets.some((set) => hasSize(set, asked))) throw refused('WIDTH', `a tile of '${name}' has ${sizesOf(sets)} pixels, not ${asked.width} x ${asked.height}`);
  for (const set of sets) {
    const tile = tileOfBbox(set, asked.bbox, asked.width, asked.height);
    if (tile !== null) return { layer, set, tile, format };
  }
  throw refused('BBOX', `BBOX is that of no tile of '${name}' on ${sets.map(({ id }) => id).join(', ')}`);
}

/** Whether a matrix begins at the lower left corner of its set, where clients of tiled WMS count from. */
function isAnchored(matrix: TileMatrix, { bbox }: TileMatrixSet): boolean {
  const [minX, minY] = tileBbox(matrix, 0, matrix.cornerOfOrigin === 'topLeft' ? flipRow(matrix, 0) : 0);
  return Math.max(Math.abs(minX - bbox[0]), Math.abs(minY - bbox[1])) <= matrix.cellSize / 10;
}

function tileSetOf({ name, formats }: TileLayer, set: TileMatrixSet): readonly WmsTileSet[] {
  const [first] = set.tileMatrices as readonly [TileMatrix];
  const usable = set.tileMatrices.filter((matrix) => isAnchored(matrix, set) && matrix.tileWidth === first.tileWidth && matrix.tileHeight === first.tileHeight);
  const isSpoken = !set.crs.id.startsWith('CRS:');
  if (!isSpoken || usable.length === 0) return [];
  const resolutions = usable.map(({ cellSize }) => cellSize);
  return [{ layer: name, crs: set.crs, bbox: set.bbox, resolutions, width: first.tileWidth, height: first.tileHeight, format: formats[0]! }];
}

/** Every grid of every layer, as capabilities with tiled=true list them. */
export function tileSets(tiles: TilesNode | null): readonly WmsTileSet[] {
  return [...(tiles?.layers.values() ?? [])].flatMap((layer) => layer.sets.flatMap((set) => tileSetOf(layer, set)));
}
