import { GatewayError } from '../../errors.ts';

/** MapProxy's addresses: column before row. */
export const TILE_TEMPLATE = '/{Layer}/{TileMatrixSet}/{TileMatrix}/{TileCol}/{TileRow}.{Format}';
export const FEATURE_INFO_TEMPLATE = '/{Layer}/{TileMatrixSet}/{TileMatrix}/{TileCol}/{TileRow}/{I}/{J}.{InfoFormat}';

/** A path template taken apart, ready to read paths. */
export interface RestTemplate {
  readonly template: string;
  readonly names: readonly string[];
  readonly pattern: RegExp;
}

const TILE_VARIABLES: readonly string[] = Object.freeze(['Layer', 'TileMatrixSet', 'TileMatrix', 'TileCol', 'TileRow']);
/** Variables that a template may have, dimensions apart. */
export const KNOWN: readonly string[] = Object.freeze([...TILE_VARIABLES, 'Style', 'Format', 'I', 'J', 'InfoFormat']);

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
