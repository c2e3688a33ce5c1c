import { GatewayError } from '../../errors.ts';
import { flipRow, matrixOf, requireTile, type TileAddress, type TileLimits, type TileMatrix } from '../../geometry/pyramid/tileMatrixSet.ts';
import { chosenValues } from '../dimensions.ts';
import { imageFormatOf } from '../imageFormat.ts';
import { parseInteger } from '../params.ts';
import type { WmtsFeatureInfoRequest, WmtsLayerOffer, WmtsOffer, WmtsSet, WmtsTileRequest } from './types.ts';

/** The texts of a tile request, wherever they came from. */
export interface TileTexts {
  readonly layer: string;
  /** '' = default */
  readonly style: string;
  /** Media type or file extension. */
  readonly format: string;
  readonly tileMatrixSet: string;
  readonly tileMatrix: string;
  readonly tileRow: string;
  readonly tileCol: string;
  /** What the request says of a dimension; undefined or '' = nothing. */
  dimension(name: string): string | undefined;
}

/** What a GetFeatureInfo has beside the tile. */
export interface PixelTexts {
  readonly i: string;
  readonly j: string;
  /** Media type, or file extension in RESTful addresses. */
  readonly infoFormat: string;
  readonly featureCount: number;
}

const DEFAULT_STYLE = 'default';

function invalid(locator: string, value: string, allowed: Iterable<string>): GatewayError {
  return new GatewayError('INVALID_PARAMETER', `${locator} '${value}' is not offered; offered are ${[...allowed].join(', ')}`, { locator });
}

function requireLayer(name: string, offer: WmtsOffer): WmtsLayerOffer {
  const layer = offer.layer(name);
  if (layer === undefined) throw new GatewayError('LAYER_NOT_DEFINED', `layer '${name}' is not defined`, { locator: 'Layer' });
  return layer;
}

function requireStyle(style: string, layer: WmtsLayerOffer): string {
  if (style === '' || style === DEFAULT_STYLE) return DEFAULT_STYLE;
  if (layer.styles.includes(style)) return style;
  throw invalid('Style', style, [DEFAULT_STYLE, ...layer.styles]);
}

function requireSet(id: string, layer: WmtsLayerOffer): WmtsSet {
  const set = layer.sets.get(id);
  if (set === undefined) throw invalid('TileMatrixSet', id, layer.sets.keys());
  return set;
}

function requireMatrix(id: string, { served }: WmtsSet): TileMatrix {
  const matrix = matrixOf(served, id);
  if (matrix === null) {
    throw invalid(
      'TileMatrix',
      id,
      served.tileMatrices.map((known) => known.id),
    );
  }
  return matrix;
}

/** What a layer without tiles in a matrix has there. */
const NO_TILES: TileLimits = Object.freeze({ minCol: 0, maxCol: -1, minRow: 0, maxRow: -1 });

/** The tile in the numbers of the configured set. */
function requireAddress(texts: TileTexts, offered: WmtsSet): TileAddress {
  const shown = requireMatrix(texts.tileMatrix, offered);
  const shownRow = parseInteger(texts.tileRow, 'TileRow');
  const shownCol = parseInteger(texts.tileCol, 'TileCol');
  const limits = offered.limits === null ? undefined : (offered.limits.get(shown.id) ?? NO_TILES);
  const { col, row } = requireTile(shown, shownCol, shownRow, limits);
  const matrix = matrixOf(offered.set, shown.id) ?? shown;
  return { matrix, col, row: matrix.cornerOfOrigin === 'topLeft' ? row : flipRow(matrix, row) };
}

/**
 * A tile request checked against the layer.
 * @throws LAYER_NOT_DEFINED, INVALID_PARAMETER, DIMENSION_VALUE_NOT_DEFINED, FORMAT_NOT_SUPPORTED, TILE_OUT_OF_RANGE with the standard's names as locators
 */
export function resolveTile(texts: TileTexts, offer: WmtsOffer): WmtsTileRequest {
  const layer = requireLayer(texts.layer, offer);
  const style = requireStyle(texts.style, layer);
  const format = imageFormatOf(texts.format);
  if (format === null || !layer.formats.includes(format)) {
    throw new GatewayError('FORMAT_NOT_SUPPORTED', `format '${texts.format}' is not offered; offered are ${layer.formats.join(', ')}`, { locator: 'Format' });
  }
  const offered = requireSet(texts.tileMatrixSet, layer);
  const values = chosenValues(layer.dimensions, texts.dimension);
  return { kind: 'tile', layer: layer.name, style, set: offered.set, tile: requireAddress(texts, offered), format, values };
}

function requirePixel(name: 'I' | 'J', text: string, side: number): number {
  const value = parseInteger(text, name);
  if (value >= 0 && value < side) return value;
  throw new GatewayError('INVALID_PARAMETER', `${name} is ${value}, outside 0..${side - 1}`, { locator: name });
}

/** As resolveTile, and besides OPERATION_NOT_SUPPORTED where the layer is not queryable. A format is known by its media type and its extension, as in MapProxy. */
export function resolveFeatureInfo(texts: TileTexts & PixelTexts, offer: WmtsOffer): WmtsFeatureInfoRequest {
  const layer = requireLayer(texts.layer, offer);
  if (layer.infoFormats.length === 0) {
    throw new GatewayError('OPERATION_NOT_SUPPORTED', `layer '${layer.name}' is not queryable`, { locator: 'GetFeatureInfo' });
  }
  const tile = resolveTile({ ...texts, format: texts.format || (layer.formats[0] ?? '') }, offer);
  const infoFormat = layer.infoFormats.find(({ mediaType, extension }) => mediaType === texts.infoFormat || extension === texts.infoFormat)?.mediaType;
  if (infoFormat === undefined) throw invalid('InfoFormat', texts.infoFormat, layer.infoFormats.map(({ mediaType }) => mediaType));
  const { tileWidth, tileHeight } = tile.tile.matrix;
  return { kind: 'featureInfo', tile, col: requirePixel('I', texts.i, tileWidth), row: requirePixel('J', texts.j, tileHeight), infoFormat, featureCount: texts.featureCount };
}
