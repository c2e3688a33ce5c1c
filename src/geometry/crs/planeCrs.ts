import { TURN, wrapInto } from '../angles.ts';
import type { Radians } from '../angles.ts';
import type { Frame } from '../frame/frame.ts';
import type { Ellipsoid } from './bodyTable.ts';
import { EDGE_SLACK, QUARTER, type Projection } from './projections/types.ts';
import type { Crs } from './types.ts';

/** What makes a CRS out of a projection. */
export interface PlaneCrsDefinition {
  readonly id: string;
  readonly frame: Frame;
  readonly title: string;
  readonly axes: 'xy' | 'yx';
  readonly semiMajorAxis: number | null;
  readonly projection: Projection;
  /** Central meridian, east-positive. */
  readonly centralMeridian: Radians;
  /** -1 where x grows to the west. */
  readonly xSign: 1 | -1;
  /** The projection takes geodetic latitudes of this ellipsoid; null = the frame's own latitudes as they stand. */
  readonly geodeticOn: Ellipsoid | null;
  readonly falseEasting: number;
  readonly falseNorthing: number;
}

/** The parts of a definition that most CRSs do not need. */
export const PLAIN = Object.freeze({
  centralMeridian: 0,
  xSign: 1,
  geodeticOn: null,
  falseEasting: 0,
  falseNorthing: 0,
} as const);

/** (a/b)^2: tan(geodetic) = (a/b)^2 tan(planetocentric). 1 where the latitude is taken as it stands. */
function latitudeRatio(ellipsoid: Ellipsoid | null): number {
  return ellipsoid === null ? 1 : (ellipsoid.a / ellipsoid.b) ** 2;
}

/** Longitude from the meridian in [-pi, pi]; NaN if it is not finite. */
function wrapped(l: number): number {
  if (l <= Math.PI && l >= -Math.PI) return l;
  return Number.isFinite(l) ? wrapInto(l, -Math.PI, TURN) : Number.NaN;
}

/** Frame angles -> projection angles, NaN-safe: longitude from the meridian, latitude as the projection wants it. */
function enterProjection(n: number, lon: Float64Array, lat: Float64Array, meridian: number, ratio: number, u: Float64Array, v: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const l = wrapped((lon[i] as number) - meridian);
    const p = lat[i] as number;
    if (p < QUARTER && p > -QUARTER) {
      u[i] = l;
      v[i] = ratio === 1 ? p : Math.atan(Math.tan(p) * ratio);
    } else {
      const isPole = Math.abs(p) <= QUARTER + EDGE_SLACK;
      u[i] = isPole ? l : Number.NaN;
      v[i] = isPole ? Math.sign(p) * QUARTER : Number.NaN;
    }
    if (l !== l) v[i] = Number.NaN;
  }
}

/** Projection angles -> frame angles in place; NaN stays NaN. */
function leaveProjection(n: number, lon: Float64Array, lat: Float64Array, meridian: number, ratio: number): void {
  if (meridian !== 0) for (let i = 0; i < n; i++) lon[i] = (lon[i] as number) + meridian;
  if (ratio === 1) return;
  for (let i = 0; i < n; i++) {
    const p = lat[i] as number;
    if (p < QUARTER && p > -QUARTER) lat[i] = Math.atan(Math.tan(p) / ratio);
  }
}

function mapExtent(definition: PlaneCrsDefinition): readonly [number, number, number, number] {
  const [minX, minY, maxX, maxY] = definition.projection.extent;
  const { falseEasting: x0, falseNorthing: y0 } = definition;
  const [west, east] = definition.xSign === 1 ? [minX, maxX] : [-maxX, -minX];
  return Object.freeze([west + x0, minY + y0, east + x0, maxY + y0] as const);
}

/**
 * A CRS whose plane is one projection with a central meridian, an x direction and a false origin.
 * Latitudes cross between planetocentric and geodetic here: tan(geodetic) = (a/b)^2 tan(planetocentric)
 * (Snyder 1987, eq. 3-28). The functions use the caller's output arrays as their only working space.
 */
export function createPlaneCrs(definition: PlaneCrsDefinition): Crs {
  const { projection, centralMeridian, xSign, falseEasting, falseNorthing } = definition;
  const ratio = latitudeRatio(definition.geodeticOn);
  const plain = xSign === 1 && falseEasting === 0 && falseNorthing === 0;

  function toSphere(n: number, x: Float64Array, y: Float64Array, lon: Float64Array, lat: Float64Array): void {
    for (let i = 0; i < n; i++) {
      lon[i] = ((x[i] as number) - falseEasting) * xSign;
      lat[i] = (y[i] as number) - falseNorthing;
    }
    projection.inverse(n, lon, lat);
    leaveProjection(n, lon, lat, centralMeridian, ratio);
  }

  function fromSphere(n: number, lon: Float64Array, lat: Float64Array, x: Float64Array, y: Float64Array): void {
    enterProjection(n, lon, lat, centralMeridian, ratio, x, y);
    projection.forward(n, x, y);
    if (plain) return;
    for (let i = 0; i < n; i++) {
      x[i] = (x[i] as number) * xSign + falseEasting;
      y[i] = (y[i] as number) + falseNorthing;
    }
  }

  return Object.freeze({
    id: definition.id,
    frame: definition.frame,
    title: definition.title,
    unit: projection.unit,
    axes: definition.axes,
    semiMajorAxis: definition.semiMajorAxis,
    extent: mapExtent(definition),
    periodX: projection.periodX,
    poleLines: projection.poleLines,
    toSphere,
    fromSphere,
  });
}
