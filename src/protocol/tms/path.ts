import { formatOfExtension, type ImageFormat } from '../../raster/format.ts';
import type { TileNumbers } from './profile.ts';

/** A layer and, unless there is but one, its grid: 'EPSG3857', 'IAU_201530100', or the grid's name. */
export interface LayerSpec {
  readonly layer: string;
  readonly spec: string | null;
}

/** A tile below /tms/1.0.0 or /tiles. */
export interface TilePath extends LayerSpec, TileNumbers {
  readonly kind: 'tile';
  readonly format: ImageFormat;
}

/** What an address below /tms means. */
export type TmsPath =
  | { readonly kind: 'services' }
  | { readonly kind: 'tileMaps' }
  | ({ readonly kind: 'tileMap' } & LayerSpec)
  | TilePath;

/** What an address below /tiles means. `scale` 2 = twice as many pixels, '@2x' in the address. */
export type TilesPath = ({ readonly kind: 'tileJson' } & LayerSpec) | (TilePath & { readonly scale: 1 | 2 });

const TILE = /^\/([^/]+)(?:\/([^/]+))?\/(\d{1,3})\/(\d{1,15})\/(\d{1,15})\.(\w+)$/;
const TILE_MAP = /^\/([^/]+)(?:\/([^/]+))?\/?$/;
const TILE_JSON = /^\/([^/]+)(?:\/([^/]+))?\.json$/;
const VERSION = '/1.0.0';
/** What the map libraries put for screens with twice as many pixels. */
const TWICE = /@2x(?=\.\w+$)/;

/** null where a % escape is broken: such an address names nothing. */
function decode(text: string | undefined): string | null {
  try {
    return text === undefined ? null : decodeURIComponent(text);
  } catch {
    return null;
  }
}

function layerSpec(found: RegExpExecArray): LayerSpec | null {
  const layer = decode(found[1]);
  return layer === null ? null : { layer, spec: decode(found[2]) };
}

function tileOf(path: string): TilePath | null {
  const found = TILE.exec(path);
  if (found === null) return null;
  const named = layerSpec(found);
  const extension = (found[6] as string).toLowerCase();
  const format = formatOfExtension(extension === 'jpeg' ? 'jpg' : extension);
  if (named === null || format === undefined) return null;
  return { kind: 'tile', ...named, z: Number(found[3]), x: Number(found[4]), y: Number(found[5]), format };
}

/** An address below /tms, still %-encoded ('/1.0.0/moon/EPSG4326/3/1/2.png'); null where it means nothing (404). */
export function parseTmsPath(path: string): TmsPath | null {
  if (path === '' || path === '/') return { kind: 'services' };
  if (!path.startsWith(VERSION)) return null;
  const rest = path.slice(VERSION.length);
  if (rest === '' || rest === '/') return { kind: 'tileMaps' };
  const tile = tileOf(rest);
  if (tile !== null) return tile;
  const map = TILE_MAP.exec(rest);
  const named = map === null ? null : layerSpec(map);
  return named === null ? null : { kind: 'tileMap', ...named };
}

/**
 * An address below /tiles, still %-encoded: '/moon/MOON_GEOGRAPHIC/3/1/2.png' (MapProxy's '/1.0.0' in front is allowed) or
 * '/moon/MOON_GEOGRAPHIC.json'; '.../2@2x.png' is the tile at twice the pixels. null where it means nothing (404).
 */
export function parseTilesPath(path: string): TilesPath | null {
  const rest = path.startsWith(`${VERSION}/`) ? path.slice(VERSION.length) : path;
  const tile = tileOf(rest.replace(TWICE, ''));
  if (tile !== null) return { ...tile, scale: TWICE.test(rest) ? 2 : 1 };
  const json = TILE_JSON.exec(rest);
  const named = json === null ? null : layerSpec(json);
  return named === null ? null : { kind: 'tileJson', ...named };
}

/** The ?origin= of an address below /tiles; anything else counts as absent, as in MapProxy. */
export function parseOrigin(text: string | null | undefined): 'sw' | 'nw' | null {
  return text === 'sw' || text === 'nw' ? text : null;
}
