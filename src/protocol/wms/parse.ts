import { GatewayError } from '../../errors.ts';
import { optional, parseInteger, parseNumber, required, type Kvp } from '../params.ts';
import { parseMap, requireLayer, requireLayers, requireStyle } from './parseMap.ts';
import type { WmsFeatureInfoRequest, WmsLegendRequest, WmsMapRequest, WmsOffer, WmsRequest, WmsVersion } from './types.ts';
import { parseExceptions, parseFeatureCount, parseSide, parseTiled, requireFormat } from './values.ts';
import { askedVersion, negotiateVersion, requiredVersion } from './version.ts';

/** REQUEST in lower case, with the short names of WMS 1.0. */
const KIND_OF: { readonly [request: string]: WmsRequest['kind'] } = Object.freeze({
  getcapabilities: 'capabilities',
  capabilities: 'capabilities',
  getmap: 'map',
  map: 'map',
  getfeatureinfo: 'featureInfo',
  feature_info: 'featureInfo',
  getlegendgraphic: 'legend',
});

function requireKind(kvp: Kvp): WmsRequest['kind'] {
  const service = optional(kvp, 'SERVICE');
  if (service !== null && service.trim().toUpperCase() !== 'WMS') {
    throw new GatewayError('INVALID_PARAMETER', `SERVICE '${service}' is not WMS`, { locator: 'SERVICE' });
  }
  const request = required(kvp, 'REQUEST').trim();
  const known = request.toLowerCase();
  if (Object.hasOwn(KIND_OF, known)) return KIND_OF[known] as WmsRequest['kind'];
  throw new GatewayError(
    'OPERATION_NOT_SUPPORTED',
    `REQUEST '${request}' is not supported; supported are GetCapabilities, GetMap, GetFeatureInfo and GetLegendGraphic`,
    { locator: 'REQUEST' },
  );
}

/** I and J of 1.3.0, X and Y of 1.1.1; either pair is read in both. */
function parsePixel(kvp: Kvp, map: WmsMapRequest): { readonly col: number; readonly row: number } {
  const names = map.version === '1.3.0' ? (['I', 'J'] as const) : (['X', 'Y'] as const);
  const others = map.version === '1.3.0' ? (['X', 'Y'] as const) : (['I', 'J'] as const);
  const [col, row] = [0, 1].map((i) => {
    const name = names[i as 0 | 1];
    const value = parseInteger(optional(kvp, name) ?? required(kvp, others[i as 0 | 1], name), name);
    const side = i === 0 ? map.width : map.height;
    if (value >= 0 && value < side) return value;
    throw new GatewayError('INVALID_PARAMETER', `${name} is ${value}, outside 0..${side - 1}`, { locator: name });
  });
  return { col: col as number, row: row as number };
}

function parseInfoFormat(kvp: Kvp, offer: WmsOffer): string {
  const asked = optional(kvp, 'INFO_FORMAT');
  const wanted = asked?.trim().toLowerCase().replaceAll(/\s/g, '');
  const found = asked === null ? offer.infoFormats[0] : offer.infoFormats.find((format) => format.replaceAll(/\s/g, '') === wanted);
  if (found !== undefined) return found;
  const offered = offer.infoFormats.join(', ');
  throw new GatewayError('FORMAT_NOT_SUPPORTED', `INFO_FORMAT '${asked}' is not offered; offered are ${offered}`, { locator: 'INFO_FORMAT' });
}

function parseFeatureInfo(kvp: Kvp, version: WmsVersion, offer: WmsOffer): WmsFeatureInfoRequest {
  const asked = requireLayers(kvp, 'QUERY_LAYERS', offer);
  const map = parseMap(kvp, version, offer, offer.formats[0] ?? null);
  const silent = asked.find((layer) => !layer.queryable);
  if (silent !== undefined) {
    throw new GatewayError('OPERATION_NOT_SUPPORTED', `layer '${silent.name}' is not queryable`, { locator: 'QUERY_LAYERS' });
  }
  return {
    kind: 'featureInfo',
    map,
    queryLayers: asked.map((layer) => layer.name),
    infoFormat: parseInfoFormat(kvp, offer),
    ...parsePixel(kvp, map),
    featureCount: parseFeatureCount(kvp),
  };
}

function parseLegend(kvp: Kvp, version: WmsVersion, offer: WmsOffer): WmsLegendRequest {
  const layer = requireLayer(required(kvp, 'LAYER'), 'LAYER', offer);
  const format = optional(kvp, 'FORMAT') ?? offer.formats[0] ?? '';
  return {
    kind: 'legend',
    version,
    layer: layer.name,
    style: requireStyle(kvp.get('STYLE') ?? '', layer, 'STYLE'),
    format: format.trim().toLowerCase() === 'application/json' ? 'application/json' : requireFormat(format, offer.formats),
    width: optional(kvp, 'WIDTH') === null ? null : parseSide(kvp, 'WIDTH'),
    height: optional(kvp, 'HEIGHT') === null ? null : parseSide(kvp, 'HEIGHT'),
    scale: parseScale(kvp),
    exceptions: parseExceptions(kvp),
  };
}

function parseScale(kvp: Kvp): number | null {
  const text = optional(kvp, 'SCALE');
  const scale = text === null ? null : parseNumber(text, 'SCALE');
  if (scale === null || scale > 0) return scale;
  throw new GatewayError('INVALID_PARAMETER', `SCALE is ${scale}, expected more than 0`, { locator: 'SCALE' });
}

/**
 * A WMS request of version 1.1.1 or 1.3.0 (OGC 01-068r3, 06-042), checked against what the service offers. Unknown parameters
 * are ignored, names and REQUEST are read whatever their case, SERVICE may be absent.
 * @throws MISSING_PARAMETER, INVALID_PARAMETER, OPERATION_NOT_SUPPORTED, LAYER_NOT_DEFINED, STYLE_NOT_DEFINED,
 * CRS_NOT_SUPPORTED, FORMAT_NOT_SUPPORTED, TOO_LARGE, each with the parameter as locator
 */
export function parseWmsRequest(kvp: Kvp, offer: WmsOffer): WmsRequest {
  const kind = requireKind(kvp);
  if (kind === 'capabilities') return { kind, version: negotiateVersion(askedVersion(kvp), offer.versions), tiled: parseTiled(kvp) };
  const version = requiredVersion(kvp, offer.versions);
  if (kind === 'map') return parseMap(kvp, version, offer, null);
  return kind === 'featureInfo' ? parseFeatureInfo(kvp, version, offer) : parseLegend(kvp, version, offer);
}
