import { GatewayError } from '../../errors.ts';
import type { WmtsSetLink, WmtsUpstreamMatrix, WmtsUpstreamSet } from '../../protocol/wmts/readCapabilities.ts';
import { linkedAddress } from './address.ts';

/** A JSON document of an upstream, of which nothing is certain. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

export interface OgcLink {
  readonly href: string;
  readonly rel: string;
  readonly type: string;
}

const REL = 'http://www.opengis.net/def/rel/ogc/1.0/';

function member(json: Json | undefined, key: string): Json | undefined {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as { readonly [key: string]: Json | undefined })[key] : undefined;
}

function listAt(json: Json | undefined, key: string): readonly Json[] {
  const value = member(json, key);
  return Array.isArray(value) ? value : [];
}

function textIn(json: Json | undefined, key: string): string {
  const value = member(json, key);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** @throws UPSTREAM_FAILED */
export function readJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new GatewayError('UPSTREAM_FAILED', `not a JSON document: ${text.slice(0, 40)}`, { cause });
  }
}

/** Links of a document, their addresses absolute (OGC API - Common, 19-072, clause 8.2). @param url of the document */
export function linksOf(json: Json, url: string): readonly OgcLink[] {
  return listAt(json, 'links').flatMap((link) => {
    const href = textIn(link, 'href');
    const wanted = textIn(link, 'rel');
    const isNeeded = wanted === 'self' || wanted === 'item' || /(?:^|\/|:)(?:map|tilesets-map|tiling-scheme)\]?$/.test(wanted);
    return href === '' || !isNeeded ? [] : [{ href: linkedAddress(href, url), rel: wanted, type: textIn(link, 'type') }];
  });
}

/** The address of the first link of a relation and of the first media type of which there is one; null = none. */
export function linkTo(links: readonly OgcLink[], relation: string, types: readonly string[]): string | null {
  const fitting = links.filter(({ rel }) => rel === relation || rel === `${REL}${relation}` || rel === `[ogc-rel:${relation}]`);
  for (const type of types) {
    const found = fitting.find((link) => link.type.split(';')[0]!.trim() === type);
    if (found !== undefined) return found.href;
  }
  return fitting.find((link) => link.type === '')?.href ?? null;
}

/** Media types of JSON documents, and of pictures that can be decoded, the one that loses nothing first. */
export const JSON_TYPES: readonly string[] = ['application/json', 'application/geo+json', 'application/ld+json'];
export const PICTURE_TYPES: readonly string[] = ['image/png', 'image/webp', 'image/jpeg', 'image/jpg'];

/** The address of the collection, or of the dataset itself. */
export function collectionUrl(landingPage: string, collection: string | null): string {
  const base = landingPage.replace(/\/+$/, '');
  return collection === null ? base : `${base}/collections/${encodeURIComponent(collection)}`;
}

/** CRSs of a collection, those that it is asked for in and the one that it is stored in, as they are written. */
export function crsListOf(json: Json): readonly string[] {
  const named = [...listAt(json, 'crs'), member(json, 'storageCrs') ?? ''].filter((crs): crs is string => typeof crs === 'string' && crs !== '');
  return [...new Set(named)];
}

/** One entry of a list of tile sets (OGC 20-057, clause 9). */
export interface OgcTileset {
  /** Address of its description. */
  readonly url: string | null;
  /** Address of its tile matrix set; null = only named. */
  readonly setUrl: string | null;
  /** Identifier of its tile matrix set, as far as it can be told. */
  readonly setId: string;
  readonly crs: string;
}

/** Map tile sets of a list; vector tiles are left out. */
export function tilesetsOf(json: Json, url: string): readonly OgcTileset[] {
  return listAt(json, 'tilesets')
    .filter((tileset) => ['map', ''].includes(textIn(tileset, 'dataType')))
    .map((tileset) => {
      const links = linksOf(tileset, url);
      const setUrl = linkTo(links, 'tiling-scheme', JSON_TYPES);
      const named = textIn(tileset, 'tileMatrixSetId') || textIn(tileset, 'tileMatrixSetURI') || (setUrl ?? '');
      return {
        url: linkTo(links, 'self', JSON_TYPES),
        setUrl,
        setId: decodeURIComponent(named.replace(/[?#].*$/, '').replace(/^.*\//, '')),
        crs: crsText(member(tileset, 'crs')),
      };
    });
}

/** A CRS as a text, or as OGC TMS 2.0 writes it: {uri}, {wkt}, {referenceSystem}. */
function crsText(json: Json | undefined): string {
  return typeof json === 'string' ? json : textIn(json, 'uri');
}

/** Where a tile set says it has tiles; null = everywhere. */
export function tilesetLimits(json: Json): WmtsSetLink['limits'] {
  const entries = listAt(json, 'tileMatrixSetLimits');
  if (entries.length === 0) return null;
  return entries.map((entry) => {
    const number = (key: string): number => Number(member(entry, key));
    return [textIn(entry, 'tileMatrix'), { minCol: number('minTileCol'), maxCol: number('maxTileCol'), minRow: number('minTileRow'), maxRow: number('maxTileRow') }];
  });
}

/**
 * A tile matrix set in JSON: OGC 17-083r4 (2.0) or r2 (1.0).
 * @throws UPSTREAM_FAILED for what has no matrix
 */
export function readTileMatrixSet(json: Json): WmtsUpstreamSet {
  const list = listAt(json, 'tileMatrices');
  const matrices = (list.length > 0 ? list : listAt(json, 'tileMatrix')).flatMap(matrixOf);
  if (matrices.length === 0) throw new GatewayError('UPSTREAM_FAILED', 'not a tile matrix set: it has no matrices');
  return { id: textIn(json, 'id') || textIn(json, 'identifier'), crs: crsText(member(json, 'crs')) || textIn(json, 'supportedCRS'), matrices };
}

function matrixOf(json: Json): readonly WmtsUpstreamMatrix[] {
  const number = (key: string): number => Number(member(json, key) ?? Number.NaN);
  const origin = listAt(json, 'pointOfOrigin');
  const [first, second] = (origin.length === 2 ? origin : listAt(json, 'topLeftCorner')).map(Number);
  const cellSize = number('cellSize');
  const found: WmtsUpstreamMatrix = {
    id: textIn(json, 'id') || textIn(json, 'identifier'),
    scaleDenominator: number('scaleDenominator'),
    corner: [first ?? Number.NaN, second ?? Number.NaN],
    fromBelow: textIn(json, 'cornerOfOrigin') === 'bottomLeft',
    tileWidth: number('tileWidth'),
    tileHeight: number('tileHeight'),
    matrixWidth: number('matrixWidth'),
    matrixHeight: number('matrixHeight'),
    ...(cellSize > 0 ? { cellSize } : {}),
  };
  const makesSense = found.tileWidth > 0 && found.tileHeight > 0 && found.matrixWidth > 0 && found.matrixHeight > 0;
  return makesSense && Number.isFinite(found.corner[0] + found.corner[1]) && (cellSize > 0 || found.scaleDenominator > 0) ? [found] : [];
}

/** The template of a tile's address in the names that wmtsAddress fills. */
export function tileTemplateOf(href: string): string {
  const names: Readonly<Record<string, string>> = { tilematrix: '{TileMatrix}', tilerow: '{TileRow}', tilecol: '{TileCol}' };
  return href.replaceAll(/\{([^{}]+)\}/g, (text, name: string) => names[name.toLowerCase()] ?? text);
}
