import { GatewayError } from '../../errors.ts';
import { element, textElement, writeXml } from '../element.ts';
import { publicMessage, statusOf, type ErrorReply } from '../errorReply.ts';

interface OwsCode {
  readonly code: string;
  readonly locator: string | null;
}

/** Codes of OGC 06-121r3, table 25, and TileOutOfRange of OGC 07-057r7, table 24. */
function owsCode(error: GatewayError): OwsCode {
  const { locator } = error;
  switch (error.code) {
    case 'LAYER_NOT_DEFINED':
    case 'STYLE_NOT_DEFINED':
    case 'DIMENSION_VALUE_NOT_DEFINED':
    case 'FORMAT_NOT_SUPPORTED':
    case 'CRS_NOT_SUPPORTED':
    case 'FRAME_MISMATCH':
    case 'TOO_LARGE':
      return { code: 'InvalidParameterValue', locator };
    case 'INVALID_PARAMETER':
      return locator === 'AcceptVersions' ? { code: 'VersionNegotiationFailed', locator: null } : { code: 'InvalidParameterValue', locator };
    case 'MISSING_PARAMETER':
      return { code: 'MissingParameterValue', locator };
    case 'TILE_OUT_OF_RANGE':
      return { code: 'TileOutOfRange', locator };
    case 'OPERATION_NOT_SUPPORTED':
      return { code: 'OperationNotSupported', locator };
    default:
      return { code: 'NoApplicableCode', locator: null };
  }
}

/**
 * The exception report of a failed WMTS request (OGC 06-121r3, clause 8). Anything that is no GatewayError answers 500 without
 * details. Statuses: 400, 501 for OperationNotSupported, 502/504 for a source that failed.
 */
export function writeWmtsException(error: unknown): ErrorReply {
  const { code, locator } = error instanceof GatewayError ? owsCode(error) : { code: 'NoApplicableCode', locator: null };
  const report = element(
    'ows:ExceptionReport',
    {
      version: '1.0.0',
      'xml:lang': 'en',
      'xmlns:ows': 'http://www.opengis.net/ows/1.1',
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xsi:schemaLocation': 'http://www.opengis.net/ows/1.1 http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd',
    },
    element('ows:Exception', { exceptionCode: code, locator }, textElement('ows:ExceptionText', publicMessage(error))),
  );
  return { status: statusOf(error), contentType: 'text/xml; charset=utf-8', body: writeXml(report) };
}
