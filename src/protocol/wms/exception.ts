import { GatewayError } from '../../errors.ts';
import { element, textElement, writeXml } from '../element.ts';
import { publicMessage, statusOf, type ErrorReply } from '../errorReply.ts';
import type { WmsVersion } from './types.ts';

/** Media type of exceptions in XML. */
const CONTENT_TYPE: { readonly [version in WmsVersion]: string } = Object.freeze({
  '1.1.1': 'application/vnd.ogc.se_xml',
  '1.3.0': 'text/xml; charset=utf-8',
});

const PIXEL_LOCATORS: readonly string[] = Object.freeze(['I', 'J', 'X', 'Y']);

/** Codes of OGC 06-042, table E.1 (01-068r3, A.3), and those of OWS Common where WMS has none. */
function codeOf(error: GatewayError, version: WmsVersion): string {
  switch (error.code) {
    case 'LAYER_NOT_DEFINED':
      return 'LayerNotDefined';
    case 'STYLE_NOT_DEFINED':
      return 'StyleNotDefined';
    case 'DIMENSION_VALUE_NOT_DEFINED':
      return 'InvalidDimensionValue';
    case 'FORMAT_NOT_SUPPORTED':
      return 'InvalidFormat';
    case 'CRS_NOT_SUPPORTED':
    case 'FRAME_MISMATCH':
      return version === '1.3.0' ? 'InvalidCRS' : 'InvalidSRS';
    case 'OPERATION_NOT_SUPPORTED':
      return error.locator === 'QUERY_LAYERS' ? 'LayerNotQueryable' : 'OperationNotSupported';
    case 'MISSING_PARAMETER':
      return 'MissingParameterValue';
    case 'INVALID_PARAMETER':
      return PIXEL_LOCATORS.includes(error.locator ?? '') ? 'InvalidPoint' : 'InvalidParameterValue';
    case 'TOO_LARGE':
    case 'TILE_OUT_OF_RANGE':
      return 'InvalidParameterValue';
    default:
      return 'NoApplicableCode';
  }
}

/**
 * The exception report of a failed request. 1.1.1 knows no locator. An operation that is not offered is the client's
 * mistake here: 400, not OWS Common's 501. Anything that is no GatewayError answers 500 without details.
 */
export function writeWmsException(error: unknown, version: WmsVersion): ErrorReply {
  const known = error instanceof GatewayError ? error : null;
  const code = known === null ? 'NoApplicableCode' : codeOf(known, version);
  const status = known?.code === 'OPERATION_NOT_SUPPORTED' ? 400 : statusOf(error);
  const locator = version === '1.3.0' && status < 500 ? known?.locator : null;
  const exception = textElement('ServiceException', publicMessage(error), { code, locator });
  const body = version === '1.3.0' ? report130(exception) : report111(exception);
  return { status, contentType: CONTENT_TYPE[version], body };
}

type Exception = ReturnType<typeof textElement>;

function report130(exception: Exception): string {
  return writeXml(
    element(
      'ServiceExceptionReport',
      {
        version: '1.3.0',
        xmlns: 'http://www.opengis.net/ogc',
        'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
        'xsi:schemaLocation': 'http://www.opengis.net/ogc http://schemas.opengis.net/wms/1.3.0/exceptions_1_3_0.xsd',
      },
      exception,
    ),
  );
}

function report111(exception: Exception): string {
  const doctype = '<!DOCTYPE ServiceExceptionReport SYSTEM "http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd">\n';
  return writeXml(element('ServiceExceptionReport', { version: '1.1.1' }, exception), doctype);
}
