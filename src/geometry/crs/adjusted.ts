import { DEGREE, type Radians } from '../angles.ts';
import type { Frame } from '../frame/frame.ts';
import { WGS84, EARTH } from './alias.ts';
import { bodyOfName, bodyOfNaif, type Ellipsoid } from './bodyTable.ts';
import type { Crs } from './types.ts';

/** How somebody counts longitudes and latitudes, where that differs from what the reference system says. */
export interface Counting {
  /** Degrees to add to the longitudes, in their own direction, to count from the meridian of the body. */
  readonly lonOffset: number;
  /** Which way longitudes grow; null = as the reference system has it. */
  readonly longitude: 'east' | 'west' | null;
  /** From which latitude y was made; null = as the reference system has it. Without meaning on the sky and on spheres. */
  readonly latitude: 'ocentric' | 'ographic' | null;
}

/**
 * From the direction that a reference system reads to the one that is meant: longitude = sign * read + offset,
 * tan(latitude) = ratio * tan(read).
 */
export interface Adjustment {
  readonly sign: 1 | -1;
  readonly offset: Radians;
  readonly ratio: number;
}

/** The adjustment that changes nothing. */
const NONE: Adjustment = Object.freeze({ sign: 1, offset: 0, ratio: 1 });

export function isNoAdjustment({ sign, offset, ratio }: Adjustment): boolean {
  return sign === 1 && offset === 0 && ratio === 1;
}

/**
 * What a counting means for directions that are read as `read` says.
 * @param frame the body whose spheroid joins the two latitudes (Snyder 1987, eq. 3-28)
 */
export function adjustmentFor(counting: Counting, frame: Frame, read: Required<Pick<Counting, 'longitude' | 'latitude'>>): Adjustment {
  const own = read.longitude ?? 'east';
  const meant = counting.longitude ?? own;
  const direction = meant === 'east' ? 1 : -1;
  return {
    sign: meant === own ? 1 : -1,
    offset: direction * counting.lonOffset * DEGREE,
    ratio: latitudeRatio(counting.latitude, read.latitude, frame),
  };
}

function latitudeRatio(meant: Counting['latitude'], read: Counting['latitude'], frame: Frame): number {
  const shape = spheroidOf(frame);
  if (shape === null || meant === null || meant === read) return 1;
  const ratio = (shape.a / shape.b) ** 2;
  return meant === 'ocentric' ? ratio : 1 / ratio;
}

function spheroidOf(frame: Frame): Ellipsoid | null {
  if (frame.kind === 'sky') return null;
  return frame.id === EARTH.id ? WGS84 : (bodyOfName(frame.id)?.ographic ?? null);
}

/** Read directions become meant ones, in place. */
export function applyAdjustment({ sign, offset, ratio }: Adjustment, n: number, lon: Float64Array, lat: Float64Array): void {
  for (let i = 0; i < n; i++) {
    lon[i] = sign * lon[i]! + offset;
    if (ratio !== 1) lat[i] = Math.atan2(ratio * Math.sin(lat[i]!), Math.cos(lat[i]!));
  }
}

/** The inverse. */
export function undoAdjustment({ sign, offset, ratio }: Adjustment, n: number, lon: Float64Array, lat: Float64Array): void {
  for (let i = 0; i < n; i++) {
    lon[i] = sign * (lon[i]! - offset);
    if (ratio !== 1) lat[i] = Math.atan2(Math.sin(lat[i]!), ratio * Math.cos(lat[i]!));
  }
}

/** The same plane, meant otherwise: the CRS itself where that changes nothing. */
export function adjustedCrs(crs: Crs, counting: Counting): Crs {
  return withAdjustment(crs, adjustmentFor(counting, crs.frame, countingOf(crs)));
}

/** Points handled at once: the scratch of an adjusted CRS is this long. */
const BATCH = 1024;

function withAdjustment(crs: Crs, adjustment: Adjustment): Crs {
  if (isNoAdjustment(adjustment)) return crs;
  const { sign, offset, ratio } = adjustment;
  const lons = new Float64Array(BATCH);
  const lats = new Float64Array(BATCH);
  return Object.freeze({
    ...crs,
    id: `adjusted(${sign},${offset},${ratio})${crs.id}`,
    title: `${crs.title}, counted otherwise`,
    toSphere(n: number, x: Float64Array, y: Float64Array, lon: Float64Array, lat: Float64Array) {
      crs.toSphere(n, x, y, lon, lat);
      applyAdjustment(adjustment, n, lon, lat);
    },
    fromSphere(n: number, lon: Float64Array, lat: Float64Array, x: Float64Array, y: Float64Array) {
      for (let start = 0; start < n; start += BATCH) {
        const m = Math.min(BATCH, n - start);
        lons.set(lon.subarray(start, start + m));
        lats.set(lat.subarray(start, start + m));
        undoAdjustment(adjustment, m, lons, lats);
        crs.fromSphere(m, lons, lats, x.subarray(start, start + m), y.subarray(start, start + m));
      }
    },
  });
}

/** The adjusted CRS of an identifier that adjustedCrs has made, or null where it is no such one. @param crsOf reads the rest of it */
export function adjustedOfId(id: string, crsOf: (identifier: string) => Crs | null): Crs | null {
  const [, sign, offset, ratio, base] = /^adjusted\((-?1),([^,]+),([^)]+)\)(.+)$/.exec(id) ?? [];
  const crs = base === undefined ? null : crsOf(base);
  return crs === null ? null : withAdjustment(crs, { ...NONE, sign: sign === '-1' ? -1 : 1, offset: Number(offset), ratio: Number(ratio) });
}

/** How a reference system itself counts. Of a projected one, `latitude` is the one that its projection takes. */
export function countingOf(crs: Crs): { readonly longitude: 'east' | 'west'; readonly latitude: 'ocentric' | 'ographic' } {
  const [, number] = /^IAU_2015:(\d+)/.exec(crs.id) ?? [];
  if (number !== undefined) return countingOfIau(Number(number));
  const isMercator = crs.id === 'EPSG:3857' && crs.frame.id !== EARTH.id;
  if (crs.unit === 'metre') return { longitude: 'east', latitude: crs.semiMajorAxis === null || isMercator ? 'ocentric' : 'ographic' };
  const x = new Float64Array(1);
  const y = new Float64Array(1);
  crs.fromSphere(1, Float64Array.of(10 * DEGREE), Float64Array.of(45 * DEGREE), x, y);
  return { longitude: x[0]! < 0 ? 'west' : 'east', latitude: Math.abs(y[0]! - 45) < 1e-9 ? 'ocentric' : 'ographic' };
}

/** Base 0: sphere; 1: planetographic; 2: planetocentric degrees, but projections of the planetographic latitude. */
function countingOfIau(code: number): { readonly longitude: 'east' | 'west'; readonly latitude: 'ocentric' | 'ographic' } {
  const suffix = code % 100;
  const base = suffix % 5;
  const west = base === 1 && bodyOfNaif(Math.floor(code / 100))?.ographic?.longitude === 'west';
  return { longitude: west ? 'west' : 'east', latitude: base === 0 || suffix === 2 ? 'ocentric' : 'ographic' };
}
