import { GatewayError } from '../../errors.ts';
import { optional, required, splitList, type Kvp } from '../params.ts';
import { parseFeatureCount } from '../wms/values.ts';
import { resolveFeatureInfo, resolveTile, type TileTexts } from './resolve.ts';
import { SECTIONS, WMTS_VERSION, type Section, type WmtsCapabilitiesRequest, type WmtsOffer, type WmtsRequest } from './types.ts';

function requireService(kvp: Kvp): void {
  const service = required(kvp, 'SERVICE', 'service');
  if (service.trim().toUpperCase() === 'WMTS') return;
  throw new GatewayError('INVALID_PARAMETER', `SERVICE '${service}' is not WMTS`, { locator: 'service' });
}

function requireVersion(kvp: Kvp): void {
  const version = required(kvp, 'VERSION', 'version');
  if (version.trim() === WMTS_VERSION) return;
  throw new GatewayError('INVALID_PARAMETER', `VERSION '${version}' is not ${WMTS_VERSION}`, { locator: 'version' });
}

/** Throws with the locator AcceptVersions where none of the client's versions is spoken (written as VersionNegotiationFailed). */
function checkAcceptVersions(kvp: Kvp): void {
  const accepted = optional(kvp, 'ACCEPTVERSIONS');
  if (accepted === null || splitList(accepted).some((version) => version.trim() === WMTS_VERSION)) return;
  throw new GatewayError('INVALID_PARAMETER', `none of the versions '${accepted}' is spoken, only ${WMTS_VERSION}`, { locator: 'AcceptVersions' });
}

function parseSections(kvp: Kvp): ReadonlySet<Section> {
  if (!kvp.has('SECTIONS')) return new Set(SECTIONS);
  const names = splitList(required(kvp, 'SECTIONS', 'sections')).map((name) => name.trim());
  const unknown = names.find((name) => name !== 'All' && !SECTIONS.includes(name as Section));
  if (unknown !== undefined) {
    throw new GatewayError('INVALID_PARAMETER', `section '${unknown}' is unknown; known are All, ${SECTIONS.join(', ')}`, { locator: 'sections' });
  }
  return new Set(names.includes('All') ? SECTIONS : (names as Section[]));
}

const XML_TYPES: readonly string[] = Object.freeze(['application/xml', 'text/xml']);

function parseCapabilities(kvp: Kvp): WmtsCapabilitiesRequest {
  checkAcceptVersions(kvp);
  const wished = splitList(optional(kvp, 'ACCEPTFORMATS') ?? '').map((type) => type.trim());
  const contentType = wished.find((type) => XML_TYPES.includes(type)) ?? 'application/xml';
  return { kind: 'capabilities', form: 'kvp', sections: parseSections(kvp), contentType };
}

/** STYLE must be there but may be empty, which is what clients without styles send. */
function requireStyleText(kvp: Kvp): string {
  return kvp.get('STYLE') ?? required(kvp, 'STYLE', 'Style');
}

function tileTexts(kvp: Kvp, formatRequired: boolean): TileTexts {
  return {
    layer: required(kvp, 'LAYER', 'Layer'),
    style: requireStyleText(kvp),
    format: formatRequired ? required(kvp, 'FORMAT', 'Format') : (optional(kvp, 'FORMAT') ?? ''),
    tileMatrixSet: required(kvp, 'TILEMATRIXSET', 'TileMatrixSet'),
    tileMatrix: required(kvp, 'TILEMATRIX', 'TileMatrix'),
    tileRow: required(kvp, 'TILEROW', 'TileRow'),
    tileCol: required(kvp, 'TILECOL', 'TileCol'),
    dimension: (name) => kvp.get(name.toUpperCase()),
  };
}

/**
 * A KVP request of WMTS 1.0.0 (OGC 07-057r7, clause 8), checked against what the service offers. Names are read whatever their
 * case, unknown ones ignored, updateSequence too (none is advertised).
 * @throws MISSING_PARAMETER, INVALID_PARAMETER, DIMENSION_VALUE_NOT_DEFINED, LAYER_NOT_DEFINED, FORMAT_NOT_SUPPORTED, TILE_OUT_OF_RANGE,
 * OPERATION_NOT_SUPPORTED, each with the standard's name of the parameter as locator
 */
export function parseWmtsKvp(kvp: Kvp, offer: WmtsOffer): WmtsRequest {
  requireService(kvp);
  const request = required(kvp, 'REQUEST', 'request').trim();
  switch (request.toLowerCase()) {
    case 'getcapabilities':
      return parseCapabilities(kvp);
    case 'gettile':
      requireVersion(kvp);
      return resolveTile(tileTexts(kvp, true), offer);
    case 'getfeatureinfo': {
      requireVersion(kvp);
      const pixel = { i: required(kvp, 'I'), j: required(kvp, 'J'), infoFormat: required(kvp, 'INFOFORMAT', 'InfoFormat'), featureCount: parseFeatureCount(kvp) };
      return resolveFeatureInfo({ ...tileTexts(kvp, false), ...pixel }, offer);
    }
    default:
      throw new GatewayError('INVALID_PARAMETER', `REQUEST '${request}' is not supported; supported are GetCapabilities, GetTile and GetFeatureInfo`, {
        locator: 'request',
      });
  }
}
