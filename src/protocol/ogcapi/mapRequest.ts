import { GatewayError } from '../../errors.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import { parseInteger, parseNumber } from '../params.ts';
import { cellSizeOfScale, PIXEL_SIZE } from '../scale.ts';
import { checkPixels, MAX_SIDE } from '../wms/values.ts';
import { parseColour } from './colour.ts';
import { parseArea, parseCentre } from './mapArea.ts';
import { mapWindow, type MapWindow } from './mapWindow.ts';
import type { OgcQuery } from './query.ts';

/** What a map may be asked of: everything that the parser checks a request against. */
export interface OgcMapOffer {
  /** What is drawn lies on this. */
  readonly frame: Frame;
  /** The CRS of a map that names none. */
  readonly defaultCrs: Crs;
  /** Degrees, longitude first, on the frame: what coordinates are in unless they say otherwise. */
  readonly degrees: Crs;
  readonly maxWidth: Pixels;
  readonly maxHeight: Pixels;
  /** May be a CRS of another body. @throws CRS_NOT_SUPPORTED */
  resolveCrs(identifier: string): Crs;
  /** What there is to show, in a CRS; null = nothing of it. */
  extentIn(crs: Crs): Bbox | null;
}

/** A map, checked. */
export interface OgcMapRequest extends MapWindow {
  readonly crs: Crs;
  readonly transparent: boolean;
  /** 0xRRGGBB */
  readonly background: number;
}

const WHITE = 0xffffff;

function shareDirections(a: Frame, b: Frame): boolean {
  return a.id === b.id || (a.kind === 'sky' && b.kind === 'sky');
}

function crsNamed(identifier: string, locator: string, { frame, resolveCrs }: OgcMapOffer): Crs {
  let crs: Crs;
  try {
    crs = resolveCrs(identifier);
  } catch (cause) {
    throw cause instanceof GatewayError ? new GatewayError(cause.code, cause.message, { locator, cause }) : cause;
  }
  if (shareDirections(crs.frame, frame)) return crs;
  throw new GatewayError('CRS_NOT_SUPPORTED', `what is asked for shows '${frame.id}', not '${crs.frame.id}' of ${locator} '${identifier}'`, { locator });
}

function sideOf(query: OgcQuery, name: 'width' | 'height'): Pixels | null {
  const text = query.get(name);
  if (text === undefined) return null;
  const side = parseInteger(text, name);
  if (side >= 1 && side <= MAX_SIDE) return side;
  throw new GatewayError(side < 1 ? 'INVALID_PARAMETER' : 'TOO_LARGE', `${name} is ${side}, allowed are 1 to ${MAX_SIDE}`, { locator: name });
}

function positive(query: OgcQuery, name: string): number | null {
  const text = query.get(name);
  if (text === undefined) return null;
  const value = parseNumber(text, name);
  if (value > 0) return value;
  throw new GatewayError('INVALID_PARAMETER', `${name} is ${value}, expected a number above 0`, { locator: name });
}

/** Size of a pixel, CRS units, of the scale that is asked for, on a display of `mm-per-pixel`. */
function cellSizeOf(query: OgcQuery, crs: Crs): number | null {
  const scale = positive(query, 'scale-denominator');
  const millimetres = positive(query, 'mm-per-pixel') ?? PIXEL_SIZE * 1000;
  return scale === null ? null : cellSizeOfScale(crs, scale * (millimetres / (PIXEL_SIZE * 1000)), 'body');
}

/** As the standard has it: transparent, unless there is a colour to lie on or the request says otherwise. */
function isTransparent(query: OgcQuery): boolean {
  const text = query.get('transparent')?.toLowerCase();
  if (text === undefined) return !query.has('bgcolor');
  if (text === 'true' || text === 'false') return text === 'true';
  throw new GatewayError('INVALID_PARAMETER', `transparent '${text}' is neither true nor false`, { locator: 'transparent' });
}

function largest({ width, height }: MapWindow): void {
  if (Math.max(width, height) <= MAX_SIDE) return;
  throw new GatewayError('TOO_LARGE', `the map would have ${width} x ${height} pixels, allowed are ${MAX_SIDE} a side`, { locator: 'scale-denominator' });
}

/**
 * The parameters of a map (OGC 20-058).
 * @throws INVALID_PARAMETER, CRS_NOT_SUPPORTED, TOO_LARGE, each with the parameter as locator
 */
export function parseOgcMap(query: OgcQuery, offer: OgcMapOffer): OgcMapRequest {
  const named = query.get('crs');
  const crs = named === undefined ? offer.defaultCrs : crsNamed(named, 'crs', offer);
  const reader = { crs, degrees: offer.degrees, crsNamed: (identifier: string, locator: string) => crsNamed(identifier, locator, offer) };
  const extent = offer.extentIn(crs);
  if (extent === null) throw new GatewayError('CRS_NOT_SUPPORTED', `nothing of what is asked for can be shown in ${crs.id}`, { locator: 'crs' });
  const window = mapWindow(
    { bbox: parseArea(query, reader), centre: parseCentre(query, reader), width: sideOf(query, 'width'), height: sideOf(query, 'height'), cellSize: cellSizeOf(query, crs) },
    extent,
  );
  largest(window);
  checkPixels(window.width, window.height, offer.maxWidth, offer.maxHeight, 'width');
  const colour = query.get('bgcolor');
  return { ...window, crs, transparent: isTransparent(query), background: colour === undefined ? WHITE : parseColour(colour, 'bgcolor') };
}
