import { GatewayError } from '../../errors.ts';
import { resolveFeatureInfo, resolveTile, type TileTexts } from './resolve.ts';
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

export interface TemplateOptions {
  /** Variables that it must have. */
  readonly required?: readonly string[];
  /** Where it stands in the configuration. */
  readonly option?: string;
  /** Variables that it may have beside those of the standard, whatever their case: the dimensions of all layers. */
  readonly dimensions?: readonly string[];
}

/**
 * Reads `{Variable}` out of a path template (OGC 07-057r7, 10.2.1). The last dot of a segment parts
 * name and extension. @throws CONFIG_INVALID for unknown, repeated or missing variables
 */
export function restTemplate(template: string, { required = TILE_VARIABLES, option = 'restful_template', dimensions = [] }: TemplateOptions = {}): RestTemplate {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map((found) => found[1] as string);
  const wrong = names.find((name, i) => !(KNOWN.includes(name) || isOneOf(name, dimensions)) || names.indexOf(name) !== i) ?? required.find((name) => !names.includes(name));
  if (wrong !== undefined) {
    throw new GatewayError('CONFIG_INVALID', `template '${template}': variable {${wrong}} is unknown, repeated or missing; needed are ${required.join(', ')}, known ${[...KNOWN, ...dimensions].join(', ')}`, {
      locator: `services.wmts.${option}`,
    });
  }
  const pattern = template
    .split(/\{\w+\}/)
    .map(escapePattern)
    .reduce((before, after, i) => `${before}(${isExtension(names[i - 1]) ? '[^/.]+' : '[^/]+?'})${after}`);
  return { template, names, pattern: new RegExp(`^${pattern}$`) };
}

function isOneOf(name: string, names: readonly string[]): boolean {
  return names.some((one) => one.toLowerCase() === name.toLowerCase());
}

function isExtension(name: string | undefined): boolean {
  return name === 'Format' || name === 'InfoFormat';
}

export interface RestTemplates {
  readonly tile: RestTemplate;
  readonly featureInfo: RestTemplate;
}

/** The templates of a configuration. @throws CONFIG_INVALID, the locator saying which of the two is wrong */
export function restTemplates(tile: string, featureInfo: string, dimensions: readonly string[] = []): RestTemplates {
  return {
    tile: restTemplate(tile, { dimensions }),
    featureInfo: restTemplate(featureInfo, { dimensions, required: [...TILE_VARIABLES, 'I', 'J'], option: 'restful_featureinfo_template' }),
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

function tileTextsOf(values: ReadonlyMap<string, string>, defaultFormat: string): TileTexts {
  const lower = new Map([...values].map(([name, value]) => [name.toLowerCase(), value]));
  return {
    layer: values.get('Layer') ?? '',
    style: values.get('Style') ?? '',
    format: values.get('Format') ?? defaultFormat,
    tileMatrixSet: values.get('TileMatrixSet') ?? '',
    tileMatrix: values.get('TileMatrix') ?? '',
    tileRow: values.get('TileRow') ?? '',
    tileCol: values.get('TileCol') ?? '',
    dimension: (name) => lower.get(name.toLowerCase()),
  };
}

/** Dimensions that the layer does not have are 'default' in an address, as in MapProxy. @throws DIMENSION_VALUE_NOT_DEFINED */
function checkStrangers(values: ReadonlyMap<string, string>, offer: WmtsOffer): void {
  const own = offer.layer(values.get('Layer') ?? '')?.dimensions.map(({ name }) => name.toLowerCase());
  const wrong = [...values].find(([name, value]) => own !== undefined && !KNOWN.includes(name) && !own.includes(name.toLowerCase()) && value !== 'default');
  if (wrong === undefined) return;
  throw new GatewayError('DIMENSION_VALUE_NOT_DEFINED', `layer '${values.get('Layer')}' has no dimension '${wrong[0]}': write 'default' there`, { locator: wrong[0] });
}

/**
 * A RESTful request, checked. null where the path fits no template: 404, not an exception report.
 * @param path below the service, still %-encoded: '/moon/MOON_GEOGRAPHIC/3/1/2.png'
 * @throws as parseWmtsKvp
 */
export function parseWmtsPath(path: string, offer: WmtsOffer, templates: RestTemplates = DEFAULT_TEMPLATES): WmtsRequest | null {
  if (path === CAPABILITIES_PATH) return { kind: 'capabilities', form: 'rest', sections: new Set(SECTIONS), contentType: 'application/xml' };
  const tile = read(templates.tile, path);
  const defaultFormat = (values: ReadonlyMap<string, string>) => offer.layer(values.get('Layer') ?? '')?.formats[0] ?? '';
  if (tile !== null) {
    checkStrangers(tile, offer);
    return resolveTile(tileTextsOf(tile, defaultFormat(tile)), offer);
  }
  const info = read(templates.featureInfo, path);
  if (info === null) return null;
  checkStrangers(info, offer);
  const pixel = { i: info.get('I') ?? '', j: info.get('J') ?? '', infoFormat: info.get('InfoFormat') ?? '', featureCount: 1 };
  return resolveFeatureInfo({ ...tileTextsOf(info, ''), ...pixel }, offer);
}

/**
 * A template with a layer's own values filled in, the other variables left to the client; dimensions that are not the layer's are
 * 'default'.
 */
export function fillTemplate({ template }: RestTemplate, values: { readonly [variable: string]: string }, dimensions: readonly string[] = []): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value !== undefined) return encodeURIComponent(value);
    return KNOWN.includes(name) || isOneOf(name, dimensions) ? whole : 'default';
  });
}
