import { GatewayError } from '../../errors.ts';
import { swapBbox, swapPoint, type Bbox } from '../../geometry/crs/axis.ts';
import { samePlane } from '../../geometry/crs/samePlane.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import { projectBbox } from '../../geometry/pyramid/projectBbox.ts';
import { parseNumber, splitList } from '../params.ts';
import type { OgcQuery } from './query.ts';

/** Reads what a request says of its place; every result is in the plane of the map's CRS, x/y order. */
export interface AreaReader {
  /** The map's. */
  readonly crs: Crs;
  /** Of bbox, subset and center where they name none: degrees, longitude first. */
  readonly degrees: Crs;
  /** @throws CRS_NOT_SUPPORTED with the parameter as locator */
  crsNamed(identifier: string, locator: string): Crs;
}

function invalid(locator: string, message: string): GatewayError {
  return new GatewayError('INVALID_PARAMETER', message, { locator });
}

function crsOfParameter(query: OgcQuery, name: string, reader: AreaReader): Crs {
  const identifier = query.get(name);
  return identifier === undefined ? reader.degrees : reader.crsNamed(identifier, name);
}

/** In degrees the box of which the west is east of its east crosses the 180th meridian (RFC 7946, 5.2). */
function unrolled(bbox: Bbox, { unit }: Crs): Bbox {
  const [minX, minY, maxX, maxY] = bbox;
  return unit === 'degree' && minX > maxX && minX <= 180 && maxX >= -180 ? [minX, minY, maxX + 360, maxY] : bbox;
}

/** @throws INVALID_PARAMETER where the box is empty or not on the map */
function onMap(bbox: Bbox, from: Crs, { crs }: AreaReader, locator: string, text: string): Bbox {
  const box = unrolled(bbox, from);
  if (box[0] >= box[2] || box[1] >= box[3]) throw invalid(locator, `${locator} '${text}' is empty or upside down: its minima must be below its maxima`);
  const projected = samePlane(from, crs) ? box : projectBbox(from, box, crs);
  if (projected !== null) return projected;
  throw invalid(locator, `nothing of ${locator} '${text}' in ${from.id} can be shown in ${crs.id}`);
}

function readBbox(text: string, query: OgcQuery, reader: AreaReader): Bbox {
  const from = crsOfParameter(query, 'bbox-crs', reader);
  const numbers = splitList(text).map((part) => parseNumber(part, 'bbox'));
  if (numbers.length !== 4 && numbers.length !== 6) throw invalid('bbox', `bbox '${text}' has ${numbers.length} numbers, expected 4, or 6 with heights`);
  const plane = numbers.length === 4 ? numbers : [0, 1, 3, 4].map((i) => numbers[i] as number);
  return onMap(swapBbox(from, plane as unknown as Bbox), from, reader, 'bbox', text);
}

const X_AXES: ReadonlySet<string> = new Set(['lon', 'long', 'longitude', 'x', 'e', 'easting']);
const Y_AXES: ReadonlySet<string> = new Set(['lat', 'latitude', 'y', 'n', 'northing']);

/** subset=Lon(-10:20),Lat(30:40): an interval for each axis. */
function readSubset(text: string, query: OgcQuery, reader: AreaReader): Bbox {
  const intervals = new Map<'x' | 'y', readonly [number, number]>();
  for (const part of splitList(text)) {
    const [, name = '', low = '', high = ''] = /^\s*(\w+)\(([^:()]+):([^:()]+)\)\s*$/.exec(part) ?? [];
    const axis = X_AXES.has(name.toLowerCase()) ? 'x' : Y_AXES.has(name.toLowerCase()) ? 'y' : null;
    if (axis === null || intervals.has(axis)) throw invalid('subset', `subset '${part}' is no interval of an axis of its own; expected Lon(from:to),Lat(from:to), or E and N`);
    intervals.set(axis, [parseNumber(low, 'subset'), parseNumber(high, 'subset')]);
  }
  const [x, y] = [intervals.get('x'), intervals.get('y')];
  if (x === undefined || y === undefined) throw invalid('subset', `subset '${text}' must have an interval of each axis`);
  return onMap([x[0], y[0], x[1], y[1]], crsOfParameter(query, 'subset-crs', reader), reader, 'subset', text);
}

/** The rectangle that a request names; null = none. @throws INVALID_PARAMETER, CRS_NOT_SUPPORTED */
export function parseArea(query: OgcQuery, reader: AreaReader): Bbox | null {
  const [bbox, subset] = [query.get('bbox'), query.get('subset')];
  if (bbox !== undefined && subset !== undefined) throw invalid('subset', 'bbox and subset exclude each other');
  if (bbox !== undefined) return readBbox(bbox, query, reader);
  return subset === undefined ? null : readSubset(subset, query, reader);
}

/** The point that a request names as its centre; null = none. @throws INVALID_PARAMETER, CRS_NOT_SUPPORTED */
export function parseCentre(query: OgcQuery, reader: AreaReader): readonly [number, number] | null {
  const text = query.get('center');
  if (text === undefined) return null;
  const from = crsOfParameter(query, 'center-crs', reader);
  const numbers = splitList(text).map((part) => parseNumber(part, 'center'));
  if (numbers.length !== 2) throw invalid('center', `center '${text}' has ${numbers.length} numbers, expected 2`);
  const [x, y] = swapPoint(from, numbers as unknown as readonly [number, number]);
  if (samePlane(from, reader.crs)) return [x, y];
  return projected([x, y], from, reader.crs, text);
}

function projected([x, y]: readonly [number, number], from: Crs, to: Crs, text: string): readonly [number, number] {
  const [lon, lat, toX, toY] = [new Float64Array(1), new Float64Array(1), new Float64Array(1), new Float64Array(1)];
  from.toSphere(1, Float64Array.of(x), Float64Array.of(y), lon, lat);
  to.fromSphere(1, lon, lat, toX, toY);
  const isShown = from.frame.id === to.frame.id && Number.isFinite(toX[0]) && Number.isFinite(toY[0]);
  if (isShown) return [toX[0] as number, toY[0] as number];
  throw invalid('center', `center '${text}' in ${from.id} cannot be shown in ${to.id}`);
}
