import { GatewayError } from '../../errors.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import type { MapFormat } from '../../raster/format.ts';
import { mapFormatOf } from '../imageFormat.ts';
import { optional, parseInteger, parseNumber, required, splitList, type Kvp } from '../params.ts';
import type { ExceptionFormat, WmsVersion } from './types.ts';

/** The largest side of a picture that every format can hold (WebP: 2^14 - 1). */
export const MAX_SIDE: Pixels = 16383;

const WHITE = 0xffffff;

/** Slack for latitudes that a client rounded. */
const POLE_SLACK = 1e-6;

function invalid(locator: string, message: string): GatewayError {
  return new GatewayError('INVALID_PARAMETER', message, { locator });
}

/**
 * Width or height. Fractions are cut off, as MapProxy does for clients that send '512.0'.
 * @throws MISSING_PARAMETER, INVALID_PARAMETER; TOO_LARGE beyond MAX_SIDE
 */
export function parseSide(kvp: Kvp, name: 'WIDTH' | 'HEIGHT'): Pixels {
  const side = Math.trunc(parseNumber(required(kvp, name), name));
  if (side < 1) throw invalid(name, `${name} is ${side}, expected at least 1`);
  if (side > MAX_SIDE) throw new GatewayError('TOO_LARGE', `${name} is ${side}, allowed are ${MAX_SIDE}`, { locator: name });
  return side;
}

/** Throws TOO_LARGE where a map has more pixels than maxWidth x maxHeight (MapProxy's max_output_pixels). */
export function checkPixels(width: Pixels, height: Pixels, maxWidth: Pixels, maxHeight: Pixels, locator = 'WIDTH'): void {
  if (width * height <= maxWidth * maxHeight) return;
  throw new GatewayError('TOO_LARGE', `a map of ${width} x ${height} has ${width * height} pixels, allowed are ${maxWidth} x ${maxHeight}`, { locator });
}

function isLatitude(value: number): boolean {
  return Math.abs(value) <= 90 + POLE_SLACK;
}

/**
 * True where the numbers cannot be lat,lon but can be lon,lat. Only asked outside EPSG: some clients and servers never swap
 * the axes of other authorities, while everybody knows EPSG:4326.
 */
function isTransposed(crs: Crs, [a, b, c, d]: Bbox): boolean {
  if (crs.unit !== 'degree' || crs.id.startsWith('EPSG:')) return false;
  return !(isLatitude(a) && isLatitude(c)) && isLatitude(b) && isLatitude(d);
}

/**
 * BBOX in x/y order. In 1.3.0 its numbers come in the order of `axes` (OGC 06-042, 6.7.2), in 1.1.1 always as x,y.
 * @throws INVALID_PARAMETER unless four numbers with min < max
 */
export function parseBbox(text: string, version: WmsVersion, crs: Crs, axes: 'xy' | 'yx'): Bbox {
  const numbers = splitList(text);
  if (numbers.length !== 4) throw invalid('BBOX', `BBOX '${text}' has ${numbers.length} numbers, expected 4`);
  const sent = numbers.map((number) => parseNumber(number, 'BBOX')) as unknown as Bbox;
  const swap = version === '1.3.0' && axes === 'yx' && !isTransposed(crs, sent);
  const bbox: Bbox = swap ? [sent[1], sent[0], sent[3], sent[2]] : sent;
  if (bbox[0] < bbox[2] && bbox[1] < bbox[3]) return bbox;
  throw invalid('BBOX', `BBOX '${text}' is empty or upside down: its minima must be below its maxima`);
}

/** A picture format that is on offer. @throws FORMAT_NOT_SUPPORTED naming what is */
export function requireFormat(text: string, offered: readonly MapFormat[], locator: string = 'FORMAT'): MapFormat {
  const format = mapFormatOf(text);
  if (format !== null && offered.includes(format)) return format;
  throw new GatewayError('FORMAT_NOT_SUPPORTED', `format '${text}' is not offered; offered are ${offered.join(', ')}`, { locator });
}

/** TRANSPARENT: true where it says so, whatever the case. */
export function parseTransparent(kvp: Kvp): boolean {
  return optional(kvp, 'TRANSPARENT')?.trim().toLowerCase() === 'true';
}

/** tiled, of WMS-C: true where it says so, whatever the case. */
export function parseTiled(kvp: Kvp): boolean {
  return optional(kvp, 'TILED')?.trim().toLowerCase() === 'true';
}

/** BGCOLOR: 0xRRGGBB; '#RRGGBB' and 'RRGGBB' are read too; white where absent. @throws INVALID_PARAMETER */
export function parseBackground(kvp: Kvp): number {
  const text = optional(kvp, 'BGCOLOR');
  if (text === null) return WHITE;
  const digits = /^(?:0x|#)?([0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (digits === undefined) throw invalid('BGCOLOR', `BGCOLOR '${text}' is not a colour; expected 0xRRGGBB`);
  return Number.parseInt(digits, 16);
}

/** EXCEPTIONS in the names of either version ('INIMAGE', 'application/vnd.ogc.se_blank', ...); XML for all others. */
export function parseExceptions(kvp: Kvp): ExceptionFormat {
  const text = kvp.get('EXCEPTIONS')?.toLowerCase() ?? '';
  if (text.includes('inimage')) return 'inimage';
  return text.includes('blank') ? 'blank' : 'xml';
}

/** FEATURE_COUNT: 1 where absent. @throws INVALID_PARAMETER */
export function parseFeatureCount(kvp: Kvp): number {
  const text = optional(kvp, 'FEATURE_COUNT');
  const count = text === null ? 1 : parseInteger(text, 'FEATURE_COUNT');
  if (count >= 1) return count;
  throw new GatewayError('INVALID_PARAMETER', `FEATURE_COUNT is ${count}, expected at least 1`, { locator: 'FEATURE_COUNT' });
}
