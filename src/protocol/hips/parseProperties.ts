import { GatewayError } from '../../errors.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { MAX_ORDER } from '../../geometry/healpix/morton.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import { readFrame } from './frameName.ts';
import type { HipsPairs } from './pairs.ts';
import { pairValue, readPairs } from './pairs.ts';
import type { HipsTileFormat } from './tileFormat.ts';
import { readTileFormats } from './tileFormat.ts';

/** Where a viewer should begin, degrees; longitude east-positive on a body. `fov` is the width of the view. */
export interface HipsView {
  readonly lon: number;
  readonly lat: number;
  readonly fov: number;
}

/** What a properties file says, narrowed to what can be relied on. null = not said. */
export interface HipsDescription {
  readonly creatorDid: string | null;
  readonly title: string | null;
  readonly description: string | null;
  /** 'image', 'cube', 'catalog', 'meta', 'spectral-cube', ...; 'image' when not said. */
  readonly dataproductType: string;
  readonly color: boolean;
  /** Deepest order of tiles, 0 to 24; deeper HiPS are read down to 24. */
  readonly order: number;
  /** Shallowest order that has tiles, 0 to `order`. */
  readonly orderMin: number;
  /** Power of two, 1 to 4096. Tiles on the wire may differ and are to be rescaled. */
  readonly tileWidth: Pixels;
  /** Known picture and measurement formats in the order given; empty when none is named. */
  readonly formats: readonly HipsTileFormat[];
  /** null when the file does not say which body: the operator has to. */
  readonly frame: Frame | null;
  /** Version of the data: worth a place in cache keys. */
  readonly releaseDate: Date | null;
  /** hips_service_url, hips_service_url_1, ...: http(s) addresses without trailing slash. Often stale; only fall-backs. */
  readonly serviceUrls: readonly string[];
  /** Physical values to show as black and white. */
  readonly pixelCut: readonly [min: number, max: number] | null;
  readonly dataRange: readonly [min: number, max: number] | null;
  readonly bitpix: number | null;
  readonly cubeDepth: number | null;
  readonly skyFraction: number | null;
  readonly view: HipsView | null;
  readonly copyright: string | null;
  readonly copyrightUrl: string | null;
  /** Every pair as written. */
  readonly keys: HipsPairs;
}

/** Tile width where none is given, or none that is a power of two (HiPS 1.0, section 4.4.1; Aladin Lite does the same). */
const DEFAULT_TILE_WIDTH = 512;
const MAX_TILE_WIDTH = 4096;

/** Shallowest order of HiPS made before orders 0 to 2 were: Aladin's own default. */
const OLD_ORDER_MIN = 3;

/**
 * Reads a properties file, as found in the wild: see readPairs for its syntax and pairs.ts for older names of keys.
 * @throws GatewayError UPSTREAM_FAILED when it is none (an HTML page sent with status 200) or does not say its order
 */
export function parseProperties(text: string): HipsDescription {
  const keys = readPairs(text);
  const order = readOrder(keys, text);
  return {
    ...readTexts(keys),
    ...readData(keys),
    order,
    orderMin: Math.min(order, wholeNumber(pairValue(keys, 'hips_order_min')) ?? defaultOrderMin(keys)),
    tileWidth: readTileWidth(keys),
    formats: readTileFormats(pairValue(keys, 'hips_tile_format') ?? ''),
    frame: readFrame(pairValue(keys, 'hips_frame'), pairValue(keys, 'hips_body')),
    releaseDate: readDate(pairValue(keys, 'hips_release_date')),
    serviceUrls: readServiceUrls(keys),
    view: readView(keys),
    keys,
  };
}

function readTexts(keys: HipsPairs): Pick<HipsDescription, 'creatorDid' | 'title' | 'description' | 'copyright' | 'copyrightUrl'> {
  return {
    creatorDid: pairValue(keys, 'creator_did'),
    title: pairValue(keys, 'obs_title'),
    description: pairValue(keys, 'obs_description'),
    copyright: pairValue(keys, 'obs_copyright'),
    copyrightUrl: pairValue(keys, 'obs_copyright_url'),
  };
}

function readData(
  keys: HipsPairs,
): Pick<HipsDescription, 'dataproductType' | 'color' | 'pixelCut' | 'dataRange' | 'bitpix' | 'cubeDepth' | 'skyFraction'> {
  return {
    dataproductType: readType(keys),
    color: /\bcolor\b/i.test(pairValue(keys, 'dataproduct_subtype') ?? '') || isTrue(keys, 'isColored') || isTrue(keys, 'isColor'),
    pixelCut: readPair(pairValue(keys, 'hips_pixel_cut')),
    dataRange: readPair(pairValue(keys, 'hips_data_range')),
    bitpix: readNumber(pairValue(keys, 'hips_pixel_bitpix')),
    cubeDepth: wholeNumber(pairValue(keys, 'hips_cube_depth')),
    skyFraction: readNumber(pairValue(keys, 'moc_sky_fraction')),
  };
}

function readOrder(keys: HipsPairs, text: string): number {
  const value = pairValue(keys, 'hips_order');
  const order = wholeNumber(value);
  if (order !== null) return Math.min(order, MAX_ORDER);
  if (value === null && /^\s*<(?:!doctype|html|\?xml)/i.test(text)) throw unreadable('it is a web page, not a properties file');
  throw unreadable(value === null ? 'it has no hips_order' : `hips_order = ${value.slice(0, 40)} is no whole number`);
}

function unreadable(why: string): GatewayError {
  return new GatewayError('UPSTREAM_FAILED', `the properties of the HiPS cannot be used: ${why}`, { locator: 'properties' });
}

/** 0, but 3 for HiPS of the time before 1.4, when Hipsgen began to make orders 0 to 2. */
function defaultOrderMin(keys: HipsPairs): number {
  const version = readNumber(keys.get('hips_version') ?? null);
  const old = version === null ? !keys.has('hips_order') : version < 1.4;
  return old ? OLD_ORDER_MIN : 0;
}

function readTileWidth(keys: HipsPairs): Pixels {
  const given = wholeNumber(pairValue(keys, 'hips_tile_width'));
  const shift = wholeNumber(keys.get('tileOrder') ?? null);
  const width = given ?? (shift === null ? DEFAULT_TILE_WIDTH : 2 ** shift);
  return width <= MAX_TILE_WIDTH && Number.isInteger(Math.log2(width)) ? width : DEFAULT_TILE_WIDTH;
}

function readType(keys: HipsPairs): string {
  const type = pairValue(keys, 'dataproduct_type');
  if (type !== null) return type.toLowerCase();
  if (isTrue(keys, 'isCatalog')) return 'catalog';
  if (isTrue(keys, 'isCube')) return 'cube';
  return isTrue(keys, 'isMeta') ? 'meta' : 'image';
}

function isTrue(keys: HipsPairs, key: string): boolean {
  return /^(?:true|yes|1)$/i.test(keys.get(key) ?? '');
}

function wholeNumber(text: string | null): number | null {
  const value = readNumber(text);
  return value !== null && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function readNumber(text: string | null): number | null {
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

function readPair(text: string | null): readonly [number, number] | null {
  const [first, second, ...more] = (text ?? '').split(/[\s,]+/).map((word) => readNumber(word));
  return typeof first === 'number' && typeof second === 'number' && more.length === 0 ? [first, second] : null;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d*)?)?)?Z?$/;

/** ISO 8601 to the day, minute or second, always UTC; null for anything else (older files have local spellings). */
function readDate(text: string | null): Date | null {
  const match = DATE.exec(text ?? '');
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map((digits) => Number(digits ?? 0));
  const date = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second));
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day ? date : null;
}

function readServiceUrls(keys: HipsPairs): readonly string[] {
  const numbered = [...keys.keys()].flatMap((key) => {
    const match = /^hips_service_url(?:_(\d+))?$/.exec(key);
    return match === null ? [] : [{ key, rank: Number(match[1] ?? -1) }];
  });
  const urls = numbered.sort((a, b) => a.rank - b.rank).map(({ key }) => (keys.get(key) ?? '').replace(/\/+$/, ''));
  return [...new Set(urls.filter((url) => /^https?:\/\/[^\s/]/i.test(url)))];
}

function readView(keys: HipsPairs): HipsView | null {
  const target = readPair(keys.get('target') ?? null);
  const lon = readNumber(keys.get('hips_initial_ra') ?? null) ?? target?.[0] ?? null;
  const lat = readNumber(keys.get('hips_initial_dec') ?? null) ?? target?.[1] ?? null;
  const fov = readNumber(pairValue(keys, 'hips_initial_fov'));
  return lon === null || lat === null || fov === null ? null : { lon, lat, fov };
}
