import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { writeWmsCapabilities } from '../../src/protocol/wms/capabilities.ts';
import { TILE_SET_DECLARATIONS } from '../../src/protocol/wms/tileSet.ts';
import { writeWmsException } from '../../src/protocol/wms/exception.ts';
import { writeWmtsCapabilities } from '../../src/protocol/wmts/capabilities.ts';
import { writeWmtsException } from '../../src/protocol/wmts/exception.ts';
import { crs, earthWms, mixedWms, service, wmtsDescription } from './services.ts';
import { validateDtd, validateXsd } from './validate.ts';

const WMS_130 = 'sld/1.1.0/sld_capabilities.xsd';
const WMS_111 = 'wms/1.1.1/WMS_MS_Capabilities.dtd';
const WMTS = 'wmts/1.0/wmtsGetCapabilities_response.xsd';
const OWS_EXCEPTION = 'ows/1.1.0/owsExceptionReport.xsd';

const bareService = { ...service, keywords: [], contact: null, onlineResource: null, abstract: '' };

describe('schemas: the validator is awake', () => {
  it('refuses an element out of order', () => {
    const swapped = writeWmsCapabilities(earthWms, '1.3.0').replace('<Name>WMS</Name>\n', '').replace('<Fees>', '<Name>WMS</Name><Fees>');
    expect(() => validateXsd(swapped, WMS_130)).toThrow();
    const swapped111 = writeWmsCapabilities(earthWms, '1.1.1').replace('<Name>OGC:WMS</Name>\n', '');
    expect(() => validateDtd(swapped111, WMS_111)).toThrow();
    expect(() => validateXsd(writeWmtsCapabilities(wmtsDescription).replace('<MatrixWidth>', '<Matrix>').replace('</MatrixWidth>', '</Matrix>'), WMTS)).toThrow();
  });
});

describe('schemas: WMS', () => {
  it.each([
    ['one body', earthWms],
    ['two bodies', mixedWms],
    ['little metadata', { ...earthWms, service: bareService, infoFormats: [], layerLimit: 3 }],
  ])('capabilities 1.3.0 are valid with %s', (_what, description) => {
    validateXsd(writeWmsCapabilities(description, '1.3.0'), WMS_130);
  });

  it.each([
    ['one body', earthWms],
    ['two bodies', mixedWms],
    ['little metadata', { ...earthWms, service: bareService, infoFormats: [] }],
  ])('capabilities 1.1.1 are valid with %s', (_what, description) => {
    validateDtd(writeWmsCapabilities(description, '1.1.1'), WMS_111);
  });

  it('capabilities 1.1.1 with grids of tiles are valid by the DTD and what they declare themselves', () => {
    const sets = [{ layer: 'moon', crs: crs('IAU_2015:30100'), bbox: [-180, -90, 180, 90], resolutions: [0.703125, 0.3515625], width: 256, height: 256, format: 'image/png' }] as const;
    const document = writeWmsCapabilities({ ...earthWms, tileSets: sets }, '1.1.1');
    expect(document).toContain('<Resolutions>0.703125 0.3515625</Resolutions>');
    expect(document).toContain(TILE_SET_DECLARATIONS.join('\n'));
    validateDtd(document, WMS_111, TILE_SET_DECLARATIONS);
    expect(() => validateDtd(document.replace('<Width>256</Width>', ''), WMS_111, TILE_SET_DECLARATIONS)).toThrow();
    expect(writeWmsCapabilities({ ...earthWms, tileSets: sets }, '1.3.0')).toBe(writeWmsCapabilities(earthWms, '1.3.0'));
  });

  it('exceptions are valid in both versions', () => {
    const error = new GatewayError('LAYER_NOT_DEFINED', "layer '<&>' is not defined", { locator: 'LAYERS' });
    validateXsd(writeWmsException(error, '1.3.0').body, 'wms/1.3.0/exceptions_1_3_0.xsd');
    validateDtd(writeWmsException(error, '1.1.1').body, 'wms/1.1.1/exception_1_1_1.dtd');
  });
});

describe('schemas: WMTS', () => {
  it('capabilities are valid, with limits that begin at 0', () => {
    const document = writeWmtsCapabilities(wmtsDescription);
    expect(document).toContain('<MinTileRow>0</MinTileRow>');
    validateXsd(document, WMTS);
  });

  it('capabilities are valid with KVP alone, RESTful alone, little metadata', () => {
    validateXsd(writeWmtsCapabilities({ ...wmtsDescription, restUrl: null }), WMTS);
    validateXsd(writeWmtsCapabilities({ ...wmtsDescription, kvpUrl: null }), WMTS);
    validateXsd(writeWmtsCapabilities({ ...wmtsDescription, service: bareService }), WMTS);
  });

  it.each(['ServiceIdentification', 'ServiceProvider', 'OperationsMetadata', 'Contents', 'Themes'] as const)('capabilities are valid with the section %s alone', (section) => {
    validateXsd(writeWmtsCapabilities(wmtsDescription, new Set([section])), WMTS);
  });

  it('exceptions are valid with and without locator', () => {
    validateXsd(writeWmtsException(new GatewayError('TILE_OUT_OF_RANGE', 'no', { locator: 'TileRow' })).body, OWS_EXCEPTION);
    validateXsd(writeWmtsException(new Error('x')).body, OWS_EXCEPTION);
  });
});
