import { swapPoint } from '../../geometry/crs/axis.ts';
import { formatCrsAddress, parseCrsCode } from '../../geometry/crs/code.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { TileMatrix, TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { scaleDenominator } from '../scale.ts';
import { crsUrn } from '../wmts/setElement.ts';

/** Sets of the register of the OGC, by the names that they have here. */
const REGISTERED: readonly string[] = ['WebMercatorQuad', 'WorldCRS84Quad'];

/** The address of a CRS in the register: 'http://www.opengis.net/def/crs/IAU/2015/30110'. */
export function crsAddress({ id }: Pick<Crs, 'id'>): string {
  return formatCrsAddress(parseCrsCode(id));
}

/** MapProxy's grid is the upper part of WebMercatorQuad, and it offers it under that name. */
function isWebMercatorQuad({ id, crs, tileMatrices }: TileMatrixSet): boolean {
  const isQuad = (matrix: TileMatrix, level: number): boolean => matrix.id === String(level) && matrix.matrixWidth === 2 ** level && matrix.matrixHeight === 2 ** level && matrix.tileWidth === 256;
  return id === 'GLOBAL_WEBMERCATOR' && crs.id === 'EPSG:3857' && tileMatrices.every(isQuad);
}

/** The name of a set in addresses of OGC API. */
export function ogcSetId(set: TileMatrixSet): string {
  return isWebMercatorQuad(set) ? 'WebMercatorQuad' : set.id;
}

/** The set's address in the register of the OGC; null = it is not registered. */
export function registeredUri(set: TileMatrixSet): string | null {
  const id = ogcSetId(set);
  return REGISTERED.includes(id) ? `http://www.opengis.net/def/tilematrixset/OGC/1.0/${id}` : null;
}

function axesOf({ axes, unit }: Crs): readonly string[] {
  const xy = unit === 'degree' ? ['Lon', 'Lat'] : ['E', 'N'];
  return axes === 'xy' ? xy : xy.toReversed();
}

function matrixJson(matrix: TileMatrix, crs: Crs) {
  const { id, cellSize, cornerOfOrigin, pointOfOrigin, tileWidth, tileHeight, matrixWidth, matrixHeight } = matrix;
  return {
    id,
    identifier: id,
    scaleDenominator: scaleDenominator(crs, cellSize, 'body'),
    cellSize,
    cornerOfOrigin,
    pointOfOrigin: swapPoint(crs, pointOfOrigin),
    topLeftCorner: swapPoint(crs, pointOfOrigin),
    tileWidth, tileHeight, matrixWidth, matrixHeight,
  };
}

/**
 * A tile matrix set in JSON (OGC 17-083r4, 7.1). Beside the names of version 2.0 stand those of 1.0 (17-083r2), which GDAL before 3.7
 * reads and no other: type, identifier, supportedCRS, topLeftCorner.
 * @param set as it is served, rows from the top
 */
export function tileMatrixSetJson(set: TileMatrixSet): Readonly<Record<string, unknown>> {
  const { crs } = set;
  const uri = registeredUri(set);
  return {
    id: ogcSetId(set),
    type: 'TileMatrixSetType',
    identifier: ogcSetId(set),
    title: `${ogcSetId(set)} (${crs.title})`,
    ...(uri === null ? {} : { uri }),
    crs: crsAddress(crs),
    supportedCRS: crsUrn(crs),
    orderedAxes: axesOf(crs),
    tileMatrices: set.tileMatrices.map((matrix) => matrixJson(matrix, crs)),
  };
}
