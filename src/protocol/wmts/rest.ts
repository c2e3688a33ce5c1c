import { GatewayError } from '../../errors.ts';
import { INFO_EXTENSION_OF } from '../wms/featureInfo.ts';
import { resolveFeatureInfo, resolveTile } from './resolve.ts';
import { SECTIONS, type WmtsOffer, type WmtsRequest } from './types.ts';

/** MapProxy's addresses: column before row. */
export const TILE_TEMPLATE = '/{Layer}/{TileMatrixSet}/{TileMatrix}/{TileCol}/{TileRow}.{Format}';
export const FEATURE_INFO_TEMPLATE = '/{Layer}/{TileMatrixSet}/{TileMatrix}/{TileCol}/{TileRow}/{I}/{J}.{InfoFormat}';
/** Path of the capabilities document below the service. */
export const CAPABILITIES_PATH = '/1.0.0/WMTSCapabilities.xml';

/** A path template taken apart, ready to read paths. */
export interface RestTemplate {
  readonly template: string;
  readonly names: readonly string[];
  readonly pattern: RegExp;
}

const TILE_VARIABLES: readonly string[] = Object.freeze(['Layer', 'TileMatrixSet', 'TileMatrix', 'TileCol', 'TileRow']);
const KNOWN: readonly string[] = Object.freeze([...TILE_VARIABLES, 'Style', 'Format', 'I', 'J', 'InfoFormat']);

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/**
 * Reads `{Variable}` out of a path template (OGC 07-057r7, 10.2.1). The last dot of a segment parts
 * name and extension. @throws CONFIG_INVALID for unknown, repeated or missing variables
 */
export function restTemplate(template: string, required: readonly string[] = TILE_VARIABLES, option: string = 'restful_template'): RestTemplate {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map((found) => found[1] as string);
  const wrong = names.find((name, i) => !KNOWN.includes(name) || names.indexOf(name) !== i) ?? required.find((name) => !names.includes(name));
  if (wrong !== undefined) {
    throw new GatewayError('CONFIG_INVALID', `template '${template}': variable {${wrong}} is unknown, repeated or missing; needed are ${required.join(', ')}, known ${KNOWN.join(', ')}`, {
      locator: `services.wmts.${option}`,
    });
  }
  const pattern = template
    .split(/\{\w+\}/)
    .map(escapePattern)
    .reduce((before, after, i) => `${before}(${isExtension(names[i - 1]) ? '[^/.]+' : '[^/]+?'})${after}`);
  return { template, names, pattern: new RegExp(`^${pattern}$`) };
}

function isExtension(name: string | undefined): boolean {
  return name === 'Format' || name === 'InfoFormat';
}

export interface RestTemplates {
  readonly tile: RestTemplate;
  readonly featureInfo: RestTemplate;
}

/** The templates of a configuration. @throws CONFIG_INVALID, the locator saying which of the two is wrong */
export function restTemplates(tile: string, featureInfo: string): RestTemplates {
  return {
    tile: restTemplate(tile),
    featureInfo: restTemplate(featureInfo, [...TILE_VARIABLES, 'I', 'J'], 'restful_featureinfo_template'),
  };
}

/** The default templates. */
export const DEFAULT_TEMPLATES: RestTemplates = Object.freeze(restTemplates(TILE_TEMPLATE, FEATURE_INFO_TEMPLATE));

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function read({ names, pattern }: RestTemplate, path: string): ReadonlyMap<string, string> | null {
  const found = pattern.exec(path);
  return found === null ? null : new Map(names.map((name, i) => [name, decodeSegment(found[i + 1] as string)]));
}

function tileTextsOf(values: ReadonlyMap<string, string>, defaultFormat: string) {
  return {
    layer: values.get('Layer') ?? '',
    style: values.get('Style') ?? '',
    format: values.get('Format') ?? defaultFormat,
    tileMatrixSet: values.get('TileMatrixSet') ?? '',
    tileMatrix: values.get('TileMatrix') ?? '',
    tileRow: values.get('TileRow') ?? '',
    tileCol: values.get('TileCol') ?? '',
  };
}

/**
 * A RESTful request, checked. null where the path fits no template: 404, not an exception report.
 * @param path below the service, still %-encoded: '/moon/MOON_GEOGRAPHIC/3/1/2.png'
 * @throws as parseWmtsKvp
 */
export function parseWmtsPath(path: string, offer: WmtsOffer, templates: RestTemplates = DEFAULT_TEMPLATES): WmtsRequest | null {
  if (path === CAPABILITIES_PATH) return { kind: 'capabilities', sections: new Set(SECTIONS), contentType: 'application/xml' };
  const tile = read(templates.tile, path);
  const defaultFormat = (values: ReadonlyMap<string, string>) => offer.layer(values.get('Layer') ?? '')?.formats[0] ?? '';
  if (tile !== null) return resolveTile(tileTextsOf(tile, defaultFormat(tile)), offer);
  const info = read(templates.featureInfo, path);
  if (info === null) return null;
  const pixel = { i: info.get('I') ?? '', j: info.get('J') ?? '', infoFormat: info.get('InfoFormat') ?? '' };
  return resolveFeatureInfo({ ...tileTextsOf(info, ''), ...pixel }, offer, (format) => INFO_EXTENSION_OF[format]);
}

/** A template with a layer's own values filled in, the other variables left to the client. */
export function fillTemplate({ template }: RestTemplate, values: { readonly [variable: string]: string }): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : encodeURIComponent(value);
  });
}
