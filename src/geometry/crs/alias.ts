import { bodyFrame, type Frame } from '../frame/frame.ts';
import { bodyOfName, type Ellipsoid } from './bodyTable.ts';
import { createPlaneCrs, PLAIN } from './planeCrs.ts';
import { DEGREES } from './projections/degrees.ts';
import { createMercator } from './projections/mercator.ts';
import type { Crs } from './types.ts';

/** WGS 84 (EPSG:7030): semi-axes in metres, b = a (1 - 1/298.257223563). */
export const WGS84: Ellipsoid = Object.freeze({ a: 6378137, b: 6378137 * (1 - 1 / 298.257223563) });

/** The frame of terrestrial CRSs: planetocentric directions on WGS 84. */
export const EARTH: Frame = Object.freeze(bodyFrame('Earth'));

/** The two identifiers that the world uses for degrees, and their axis order. */
const AXES_OF = Object.freeze({ 'EPSG:4326': 'yx', 'CRS:84': 'xy' } as const);

export type DegreesId = keyof typeof AXES_OF;

/**
 * `EPSG:4326` (lat, lon in WMS 1.3.0) or `CRS:84` (lon, lat) for the given frame. On Earth these are WGS 84 with geodetic
 * latitudes. On every other body and on the sky they are the compatibility alias that most planetary servers and clients
 * use: degrees as they stand (east-positive, planetocentric or spherical), east to the right; on the sky the picture is
 * therefore mirrored with respect to what an astronomer sees.
 */
export function degreesOnBody(frame: Frame, id: DegreesId): Crs {
  const key = `${frame.kind} ${frame.id} ${id}`;
  const crs = degrees.get(key) ?? createDegrees(frame, id);
  degrees.set(key, crs);
  return crs;
}

/** The same object for the same frame: what is worked out for a CRS is remembered with it. */
const degrees = new Map<string, Crs>();

function createDegrees(frame: Frame, id: DegreesId): Crs {
  const earth = isEarth(frame);
  return createPlaneCrs({
    ...PLAIN,
    id,
    frame,
    title: earth ? 'WGS 84, degrees' : `Degrees on ${frame.id}, east-positive`,
    axes: AXES_OF[id],
    semiMajorAxis: earth ? WGS84.a : radiusOf(frame),
    geodeticOn: earth ? WGS84 : null,
    projection: DEGREES,
  });
}

/**
 * `EPSG:3857` for the given frame: the square of all web maps, made of degrees as they stand (on Earth: geodetic, the
 * registered CRS). Its metres are those of Earth's equator whatever the body is.
 */
export function webMercatorOnBody(frame: Frame): Crs {
  const earth = isEarth(frame);
  return createPlaneCrs({
    ...PLAIN,
    id: 'EPSG:3857',
    frame,
    title: earth ? 'WGS 84 / Pseudo-Mercator' : `Web Mercator of ${frame.id}, degrees as they stand`,
    axes: 'xy',
    semiMajorAxis: WGS84.a,
    geodeticOn: earth ? WGS84 : null,
    projection: createMercator(WGS84.a),
  });
}

/**
 * The CRS to draw in when a client names `crs` for a layer of the given frame: the same one where the frame is the same or
 * both are frames of the sky (a rotation is known); the alias on this frame for EPSG:4326, CRS:84 and EPSG:3857; null
 * where it belongs to another body.
 */
export function crsOnFrame(crs: Crs, frame: Frame): Crs | null {
  if (crs.frame.kind === frame.kind && (crs.frame.id === frame.id || frame.kind === 'sky')) return crs;
  if (crs.id === 'EPSG:4326' || crs.id === 'CRS:84') return degreesOnBody(frame, crs.id);
  return crs.id === 'EPSG:3857' ? webMercatorOnBody(frame) : null;
}

function isEarth(frame: Frame): boolean {
  return frame.id === EARTH.id && frame.kind === 'body';
}

/** Radius of a body of the IAU table, metres; null on the sky and for a body that is not in the table. */
function radiusOf(frame: Frame): number | null {
  return frame.kind === 'body' ? (bodyOfName(frame.id)?.radius ?? null) : null;
}
