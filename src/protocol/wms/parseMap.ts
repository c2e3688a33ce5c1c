import { GatewayError } from '../../errors.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { MapFormat } from '../../raster/format.ts';
import { optional, required, splitList, type Kvp } from '../params.ts';
import type { WmsLayerOffer, WmsMapRequest, WmsOffer, WmsVersion } from './types.ts';
import { checkPixels, parseBackground, parseBbox, parseExceptions, parseSide, parseTiled, parseTransparent, requireFormat } from './values.ts';

/** The style that every layer has. */
export const DEFAULT_STYLE = 'default';

/** The layers of a comma-separated parameter. @throws LAYER_NOT_DEFINED, MISSING_PARAMETER, INVALID_PARAMETER beyond layerLimit */
export function requireLayers(kvp: Kvp, name: 'LAYERS' | 'QUERY_LAYERS', offer: WmsOffer): readonly WmsLayerOffer[] {
  const names = splitList(required(kvp, name));
  if (offer.layerLimit !== null && names.length > offer.layerLimit) {
    throw new GatewayError('INVALID_PARAMETER', `${name} holds ${names.length} names, allowed are ${offer.layerLimit}`, { locator: name });
  }
  return names.map((layer) => requireLayer(layer, name, offer));
}

/** One layer by name. @throws LAYER_NOT_DEFINED */
export function requireLayer(name: string, locator: string, offer: WmsOffer): WmsLayerOffer {
  const layer = offer.layer(name);
  if (layer === undefined) throw new GatewayError('LAYER_NOT_DEFINED', `layer '${name}' is not defined`, { locator });
  return layer;
}

/** The style of a layer: '' is the default one. @throws STYLE_NOT_DEFINED */
export function requireStyle(style: string, layer: WmsLayerOffer, locator: string): string {
  if (style === '' || style === DEFAULT_STYLE) return DEFAULT_STYLE;
  if (layer.styles.includes(style)) return style;
  const known = [DEFAULT_STYLE, ...layer.styles].join(', ');
  throw new GatewayError('STYLE_NOT_DEFINED', `style '${style}' is not defined for layer '${layer.name}'; defined are ${known}`, { locator });
}

/** STYLES: one per layer, or nothing but commas for all defaults. */
function parseStyles(kvp: Kvp, layers: readonly WmsLayerOffer[]): readonly string[] {
  const styles = splitList(optional(kvp, 'STYLES') ?? '');
  if (styles.every((style) => style === '')) return layers.map(() => DEFAULT_STYLE);
  if (styles.length !== layers.length) {
    throw new GatewayError('STYLE_NOT_DEFINED', `STYLES holds ${styles.length} names for ${layers.length} layers`, { locator: 'STYLES' });
  }
  return layers.map((layer, i) => requireStyle(styles[i] as string, layer, 'STYLES'));
}

function shareDirections(a: Frame, b: Frame): boolean {
  return a.id === b.id || (a.kind === 'sky' && b.kind === 'sky');
}

/**
 * The one CRS of all layers. Bodies never mix; the frames of the sky are rotations of each other.
 * @throws CRS_NOT_SUPPORTED naming the layer's body
 */
function requireCrs(kvp: Kvp, version: WmsVersion, layers: readonly WmsLayerOffer[], offer: WmsOffer): Crs {
  const [name, other] = version === '1.3.0' ? ['CRS', 'SRS'] : ['SRS', 'CRS'];
  const identifier = optional(kvp, name as string) ?? required(kvp, other as string, name);
  const all = layers.map((layer) => offer.crsOf(identifier, layer));
  layers.forEach((layer, i) => {
    const { frame } = all[i] as Crs;
    if (shareDirections(frame, layer.frame) && shareDirections(frame, (all[0] as Crs).frame)) return;
    const shown = (all[0] as Crs).frame.id;
    throw new GatewayError('CRS_NOT_SUPPORTED', `layer '${layer.name}' shows '${layer.frame.id}', not '${shown}' of ${name} '${identifier}'`, {
      locator: name as string,
    });
  });
  return all[0] as Crs;
}

/** Of GetMap, and of GetFeatureInfo besides. */
const KNOWN: ReadonlySet<string> = new Set([
  'SERVICE', 'VERSION', 'WMTVER', 'REQUEST', 'LAYERS', 'STYLES', 'CRS', 'SRS', 'BBOX', 'WIDTH', 'HEIGHT', 'FORMAT', 'TRANSPARENT', 'BGCOLOR', 'EXCEPTIONS', 'TILED',
  'QUERY_LAYERS', 'INFO_FORMAT', 'FEATURE_COUNT', 'I', 'J', 'X', 'Y',
]);

function othersOf(kvp: Kvp): Kvp {
  return new Map([...kvp].filter(([name]) => !KNOWN.has(name)));
}

/** The map of a GetMap, or behind a GetFeatureInfo, whose format may be absent (then `fallbackFormat`). */
export function parseMap(kvp: Kvp, version: WmsVersion, offer: WmsOffer, fallbackFormat: MapFormat | null): WmsMapRequest {
  const layers = requireLayers(kvp, 'LAYERS', offer);
  const styles = parseStyles(kvp, layers);
  const crs = requireCrs(kvp, version, layers, offer);
  const bbox = parseBbox(required(kvp, 'BBOX'), version, crs, offer.axesOf(crs));
  const width = parseSide(kvp, 'WIDTH');
  const height = parseSide(kvp, 'HEIGHT');
  checkPixels(width, height, offer.maxWidth, offer.maxHeight);
  const format = requireFormat(fallbackFormat === null ? required(kvp, 'FORMAT') : (optional(kvp, 'FORMAT') ?? fallbackFormat), offer.formats);
  return {
    kind: 'map',
    version,
    layers: layers.map((layer) => layer.name),
    styles,
    crs,
    bbox,
    width,
    height,
    format,
    transparent: parseTransparent(kvp),
    background: parseBackground(kvp),
    exceptions: parseExceptions(kvp),
    tiled: parseTiled(kvp),
    others: othersOf(kvp),
  };
}
