import { swapPoint } from '../../geometry/crs/axis.ts';
import { formatCrsUrn, parseCrsCode } from '../../geometry/crs/code.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { TileMatrix, TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { element, textElement, type XmlElement } from '../element.ts';
import { scaleDenominator, type DegreeScale } from '../scale.ts';

/** The URN of a CRS: 'urn:ogc:def:crs:IAU_2015::49910'. */
export function crsUrn(crs: Pick<Crs, 'id'>): string {
  return formatCrsUrn(parseCrsCode(crs.id));
}

/** TopLeftCorner comes in the axis order of the registry (OGC 07-057r7, table 7): '90 -180' for geographic CRSs. */
function matrixElement(matrix: TileMatrix, crs: Crs, degrees: DegreeScale): XmlElement {
  return element(
    'TileMatrix',
    {},
    textElement('ows:Identifier', matrix.id),
    textElement('ScaleDenominator', scaleDenominator(crs, matrix.cellSize, degrees)),
    textElement('TopLeftCorner', swapPoint(crs, matrix.pointOfOrigin).join(' ')),
    textElement('TileWidth', matrix.tileWidth),
    textElement('TileHeight', matrix.tileHeight),
    textElement('MatrixWidth', matrix.matrixWidth),
    textElement('MatrixHeight', matrix.matrixHeight),
  );
}

/** A TileMatrixSet element. @param set rows from the top (asTopLeft) */
export function tileMatrixSetElement(set: TileMatrixSet, degrees: DegreeScale): XmlElement {
  return element(
    'TileMatrixSet',
    {},
    textElement('ows:Identifier', set.id),
    textElement('ows:SupportedCRS', crsUrn(set.crs)),
    set.tileMatrices.map((matrix) => matrixElement(matrix, set.crs, degrees)),
  );
}
