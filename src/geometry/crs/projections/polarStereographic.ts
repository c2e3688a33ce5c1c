import type { Radians } from '../../angles.ts';
import type { Ellipsoid } from '../bodyTable.ts';
import { conformal, eccentricity, parallelRadius } from './latitudes.ts';
import { evaluateSeries } from './series.ts';
import { QUARTER, type Projection } from './types.ts';

/** tan(pi/4 - chi/2) of the conformal latitude chi: 0 at the north pole, growing to infinity at the south pole (Snyder 1987, eq. 15-9). */
export function conformalColatitude(e: number, phi: Radians): number {
  return Math.tan(Math.PI / 4 - phi / 2) * Math.exp(e * Math.atanh(e * Math.sin(phi)));
}

/** How the scale is fixed: at the pole (variant A, EPSG 9810) or on a parallel of true scale (variant B, EPSG 9829). */
export type PolarScale = { readonly atPole: number } | { readonly trueAt: Radians };

/** Metres per unit of conformalColatitude (Snyder 1987, eq. 21-33 and 21-34). */
function scaleOf({ a }: Ellipsoid, e: number, scale: PolarScale): number {
  if ('trueAt' in scale) {
    const phi = Math.abs(scale.trueAt);
    return (a * parallelRadius(e, phi)) / conformalColatitude(e, phi);
  }
  return (2 * a * scale.atPole) / Math.sqrt((1 + e) ** (1 + e) * (1 - e) ** (1 - e));
}

/**
 * Polar stereographic, x to the right along longitude +90 from the central meridian; the central meridian points down on the
 * north map and up on the south map. Shows everything but the opposite pole; the extent is the square around the hemisphere.
 */
export function createPolarStereographic(shape: Ellipsoid, pole: 'north' | 'south', scale: PolarScale): Projection {
  const e = eccentricity(shape);
  const metres = scaleOf(shape, e, scale);
  const { toGeodetic } = conformal(shape);
  const side = pole === 'north' ? 1 : -1;

  function forward(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const lambda = u[i] as number;
      const phi = side * (v[i] as number);
      const rho = phi > -QUARTER ? metres * conformalColatitude(e, phi) : Number.NaN;
      u[i] = rho * Math.sin(lambda);
      v[i] = -side * rho * Math.cos(lambda);
    }
  }

  function inverse(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const x = u[i] as number;
      const y = -side * (v[i] as number);
      const rho = Math.sqrt(x * x + y * y);
      const chi = QUARTER - 2 * Math.atan(rho / metres);
      const onMap = rho < Infinity;
      u[i] = onMap ? Math.atan2(x, y) : Number.NaN;
      v[i] = onMap ? side * (chi + evaluateSeries(toGeodetic, chi)) : Number.NaN;
    }
  }

  const half = metres * conformalColatitude(e, 0);
  return { unit: 'metre', extent: [-half, -half, half, half], periodX: null, poleLines: false, forward, inverse };
}
