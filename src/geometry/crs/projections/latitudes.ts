import type { Radians } from '../../angles.ts';
import type { Ellipsoid } from '../bodyTable.ts';
import { evaluateSeries, integralSeries, invertGrowing, sineSeries, type SineSeries } from './series.ts';

/** First eccentricity of a spheroid; 0 for a sphere. */
export function eccentricity(shape: Ellipsoid): number {
  return Math.sqrt(1 - (shape.b / shape.a) ** 2);
}

/** cos(phi) / sqrt(1 - e^2 sin^2 phi): radius of the parallel over a (Snyder 1987, eq. 14-15). */
export function parallelRadius(e: number, phi: Radians): number {
  const s = e * Math.sin(phi);
  return Math.cos(phi) / Math.sqrt(1 - s * s);
}

/** An auxiliary latitude as two sine series: auxiliary = geodetic + fromGeodetic(geodetic), and back. Empty on a sphere. */
export interface AuxiliaryLatitude {
  readonly fromGeodetic: SineSeries;
  readonly toGeodetic: SineSeries;
}

const NONE: SineSeries = new Float64Array(0);
const SAME: AuxiliaryLatitude = Object.freeze({ fromGeodetic: NONE, toGeodetic: NONE });

function auxiliary(exact: (phi: Radians) => Radians): AuxiliaryLatitude {
  return {
    fromGeodetic: sineSeries((phi) => exact(phi) - phi),
    toGeodetic: sineSeries((angle) => invertGrowing(exact, angle) - angle),
  };
}

/** Conformal latitude, radians (Snyder 1987, eq. 3-1, in the form of Karney 2011, eq. 7-9). phi in (-pi/2, pi/2). */
export function conformalLatitude(e: number, phi: Radians): Radians {
  return Math.atan(Math.sinh(Math.asinh(Math.tan(phi)) - e * Math.atanh(e * Math.sin(phi))));
}

/** The conformal latitude of a spheroid. */
export function conformal(shape: Ellipsoid): AuxiliaryLatitude {
  const e = eccentricity(shape);
  return e === 0 ? SAME : auxiliary((phi) => conformalLatitude(e, phi));
}

/** Meridian arcs of a spheroid: arc length = radius * rectifying latitude. */
export interface MeridianArc {
  /** Radius of the sphere with the same meridian, metres. */
  readonly radius: number;
  readonly rectifying: AuxiliaryLatitude;
  /** Rectifying latitude, exactly; for building. phi in (-pi/2, pi/2). */
  rectifyingLatitude(phi: Radians): Radians;
}

/** The meridian arc, integrated over the parametric latitude: ds = sqrt(a^2 sin^2 + b^2 cos^2). */
export function meridianArc({ a, b }: Ellipsoid): MeridianArc {
  if (a === b) return { radius: a, rectifying: SAME, rectifyingLatitude: (phi) => phi };
  const { mean, series } = integralSeries((beta) => Math.sqrt((a * Math.sin(beta)) ** 2 + (b * Math.cos(beta)) ** 2));
  const rectifyingLatitude = (phi: Radians): Radians => {
    const beta = Math.atan((b / a) * Math.tan(phi));
    return beta + evaluateSeries(series, beta);
  };
  return { radius: mean, rectifying: auxiliary(rectifyingLatitude), rectifyingLatitude };
}

/** Areas of zones of a spheroid. */
export interface Authalic {
  /** q at the pole (Snyder 1987, eq. 3-12). */
  readonly qPole: number;
  readonly authalic: AuxiliaryLatitude;
  /** Authalic latitude, exactly; for building. */
  authalicLatitude(phi: Radians): Radians;
}

/** q of a spheroid (Snyder 1987, eq. 3-12): area of a zone from the equator over pi a^2. */
export function zoneArea(e: number, phi: Radians): number {
  const s = Math.sin(phi);
  if (e === 0) return 2 * s;
  return (1 - e * e) * (s / (1 - (e * s) ** 2) + Math.atanh(e * s) / e);
}

/** zoneArea(e, pi/2) - zoneArea(e, phi) without cancellation at the pole. */
function areaToPole(e: number, phi: Radians): number {
  const s = Math.sin(phi);
  const rest = 2 * Math.sin(Math.PI / 4 - phi / 2) ** 2;
  const e2 = e * e;
  return (rest * (1 + e2 * s)) / (1 - e2 * s * s) + ((1 - e2) * Math.atanh((e * rest) / (1 - e2 * s))) / e;
}

/** The authalic latitude of a spheroid: equal areas on a sphere of radius a sqrt(qPole / 2). */
export function authalic(shape: Ellipsoid): Authalic {
  const e = eccentricity(shape);
  if (e === 0) return { qPole: 2, authalic: SAME, authalicLatitude: (phi) => phi };
  const qPole = zoneArea(e, Math.PI / 2);
  const authalicLatitude = (phi: Radians): Radians => {
    const q = zoneArea(e, phi);
    return Math.atan2(q, Math.sqrt(areaToPole(e, phi) * (qPole + q)));
  };
  return { qPole, authalic: auxiliary(authalicLatitude), authalicLatitude };
}
