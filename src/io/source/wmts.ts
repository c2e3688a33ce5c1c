import { GatewayError } from '../../errors.ts';
import type { TileAddress } from '../../geometry/pyramid/tileMatrixSet.ts';
import type { WmtsCapabilities, WmtsSetLink, WmtsUpstreamLayer, WmtsUpstreamSet } from '../../protocol/wmts/readCapabilities.ts';
import { linkedAddress, withParameters } from './address.ts';

/** What the operator wants of a WMTS; null = the gateway chooses. */
export interface WmtsWish {
  readonly layer: string;
  readonly tileMatrixSet: string | null;
  readonly style: string | null;
  /** Media type. */
  readonly format: string | null;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly encoding: 'rest' | 'kvp' | null;
}

/** What is asked of it then; plain data. */
export interface WmtsChoice {
  readonly set: WmtsUpstreamSet;
  /** By matrix; null = all tiles. */
  readonly limits: WmtsSetLink['limits'];
  /** Address of a tile with {TileMatrix}, {TileRow} and {TileCol}. */
  readonly template: string;
}

/** Formats that can be decoded, the one that loses nothing first. */
const FORMATS = ['image/png', 'image/webp', 'image/jpeg', 'image/jpg', 'image/gif'] as const;

/**
 * One layer of a WMTS in one set, style and format.
 * @param url the address of the capabilities
 * @param rank how welcome a CRS is, by its name in the document: the highest wins, the first of equals; negative = never
 * @throws CONFIG_INVALID, locator 'layer', 'tile_matrix_set', 'style', 'request_format' or 'encoding', naming what there is
 */
export function chooseWmts(capabilities: WmtsCapabilities, wish: WmtsWish, url: string, rank: (crs: string) => number): WmtsChoice {
  const layer = named(capabilities.layers, wish.layer, 'layer');
  const { set, link } = setOf(capabilities, layer, wish.tileMatrixSet, rank);
  const values: Readonly<Record<string, string>> = {
    ...Object.fromEntries(layer.dimensions.map(({ id, value }) => [id, value])),
    ...wish.dimensions,
  };
  const template = templateOf(capabilities, layer, { ...wish, set: set.id, values, style: styleOf(layer, wish.style) }, url);
  return { set, limits: link.limits, template };
}

function named<T extends { readonly id: string }>(all: readonly T[], id: string, locator: string): T {
  const found = all.find((one) => one.id === id);
  if (found === undefined) throw wrong(locator, `the WMTS has no '${id}'`, all.map((one) => one.id));
  return found;
}

function wrong(locator: string, message: string, there: readonly string[]): GatewayError {
  const most = 30;
  const names = `${there.slice(0, most).join(', ')}${there.length > most ? `, and ${there.length - most} more` : ''}`;
  return new GatewayError('CONFIG_INVALID', `${message}; there is: ${names || 'nothing'}`, { locator });
}

function setOf(
  { sets }: WmtsCapabilities,
  { links }: WmtsUpstreamLayer,
  wanted: string | null,
  rank: (crs: string) => number,
): { readonly set: WmtsUpstreamSet; readonly link: WmtsSetLink } {
  const linked = links.flatMap((link) => sets.filter(({ id }) => id === link.set).map((set) => ({ set, link })));
  const locator = 'tile_matrix_set';
  if (wanted !== null) {
    const found = linked.find(({ set }) => set.id === wanted);
    if (found === undefined) throw wrong(locator, `the layer has no tile matrix set '${wanted}'`, linked.map(({ set }) => set.id));
    return found;
  }
  const [best] = linked.filter(({ set }) => rank(set.crs) >= 0).sort((a, b) => rank(b.set.crs) - rank(a.set.crs));
  if (best === undefined) throw wrong(locator, 'no tile matrix set of the layer has a known reference system', linked.map(({ set }) => `${set.id} (${set.crs})`));
  return best;
}

function styleOf({ styles }: WmtsUpstreamLayer, wanted: string | null): string {
  if (wanted !== null && styles.length > 0 && !styles.includes(wanted)) throw wrong('style', `the layer has no style '${wanted}'`, styles);
  return wanted ?? styles[0] ?? 'default';
}

interface Filled extends WmtsWish {
  readonly set: string;
  readonly style: string;
  readonly values: Readonly<Record<string, string>>;
}

function templateOf({ kvpUrl }: WmtsCapabilities, layer: WmtsUpstreamLayer, filled: Filled, url: string): string {
  const offered = layer.templates.map(({ format }) => format);
  const rest = filled.encoding === 'kvp' ? null : pickFormat(offered, filled.format);
  if (rest !== null) return restTemplate(layer.templates.find(({ format }) => format === rest)!.template, filled, url);
  if (filled.encoding === 'rest') throw wrong('encoding', 'the layer has no addresses of such tiles', offered);
  const format = pickFormat(layer.formats, filled.format);
  if (format === null) throw wrong('request_format', `the layer has no tiles ${filled.format === null ? 'that can be read' : `in ${filled.format}`}`, layer.formats);
  return kvpTemplate(kvpUrl === null ? url : linkedAddress(kvpUrl, url), layer.id, format, filled);
}

function pickFormat(offered: readonly string[], wanted: string | null): string | null {
  const bare = (format: string): string => format.replace(/\s*;.*$/, '').toLowerCase();
  if (wanted !== null) return offered.find((format) => format === wanted) ?? offered.find((format) => bare(format) === bare(wanted)) ?? null;
  for (const known of FORMATS) {
    const found = offered.find((format) => bare(format) === known);
    if (found !== undefined) return found;
  }
  return null;
}

/** OGC 07-057r7, 10.2.1; names count whatever their case. */
function restTemplate(template: string, { set, style, values }: Filled, url: string): string {
  const known: Readonly<Record<string, string>> = { ...lowerCased(values), style, tilematrixset: set };
  const filled = template.replaceAll(/\{([^{}]+)\}/g, (text, name: string) => {
    const value = known[name.toLowerCase()];
    return value === undefined ? (TILE_VARIABLES[name.toLowerCase()] ?? text) : encoded(value);
  });
  const missing = /\{(?!Tile(?:Matrix|Row|Col)\})[^{}]*\}/.exec(filled)?.[0];
  if (missing !== undefined) throw wrong('dimensions', `the addresses of tiles need a value for ${missing}`, Object.keys(values));
  return linkedAddress(filled, url);
}

const TILE_VARIABLES: Readonly<Record<string, string>> = { tilematrix: '{TileMatrix}', tilerow: '{TileRow}', tilecol: '{TileCol}' };

function lowerCased(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]));
}

/** OGC 07-057r7, 8.1. */
function kvpTemplate(url: string, layer: string, format: string, { set, style, values }: Filled): string {
  const parameters = {
    SERVICE: 'WMTS', REQUEST: 'GetTile', VERSION: '1.0.0', LAYER: layer, STYLE: style, FORMAT: format, ...values, TILEMATRIXSET: set,
  };
  return `${withParameters(url, parameters)}&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}`;
}

/** The address of a tile. */
export function wmtsAddress(template: string, { matrix, col, row }: TileAddress): string {
  return template.replaceAll('{TileMatrix}', encoded(matrix.id)).replaceAll('{TileRow}', String(row)).replaceAll('{TileCol}', String(col));
}

function encoded(value: string): string {
  return encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%2C', ',');
}

/** The address of the capabilities of a service; that of a document as it is. */
export function wmtsCapabilitiesUrl(url: string): string {
  if (/[?&]request=/i.test(url) || /\.xml(?:[?#]|$)/i.test(url)) return url;
  return withParameters(url, { SERVICE: 'WMTS', REQUEST: 'GetCapabilities', VERSION: '1.0.0' });
}
