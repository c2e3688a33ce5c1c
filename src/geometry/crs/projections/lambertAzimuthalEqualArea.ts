import type { Radians } from '../../angles.ts';
import type { Ellipsoid } from '../bodyTable.ts';
import { authalic, eccentricity, parallelRadius } from './latitudes.ts';
import { evaluateSeries } from './series.ts';
import { EDGE_SLACK, QUARTER, type Projection } from './types.ts';

/** 1 + cos(distance) below this is the antipode, which is drawn as the whole rim. */
const ANTIPODE = 1e-15;

/** Lambert azimuthal equal area at (central meridian, phi0) (EPSG 9820; Snyder 1987, eq. 24-1 ... 24-30). Shows all but the antipode. */
export function createLambertAzimuthalEqualArea(shape: Ellipsoid, phi0: Radians): Projection {
  const { a } = shape;
  const { qPole, authalic: series, authalicLatitude } = authalic(shape);
  const radius = a * Math.sqrt(qPole / 2);
  const polar = Math.abs(phi0) >= QUARTER;
  const xi0 = polar ? phi0 : authalicLatitude(phi0);
  const sin0 = Math.sin(xi0);
  const cos0 = polar ? 0 : Math.cos(xi0);
  /** D of Snyder 24-20: makes the scale true at the centre. */
  const widen = polar ? 1 : (a * parallelRadius(eccentricity(shape), phi0)) / (radius * cos0);
  const { fromGeodetic, toGeodetic } = series;

  function forward(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const phi = v[i] as number;
      const xi = phi + evaluateSeries(fromGeodetic, phi);
      const sinXi = Math.sin(xi);
      const cosXi = Math.cos(xi);
      const across = cosXi * Math.cos(u[i] as number);
      const facing = 1 + sin0 * sinXi + cos0 * across;
      const scale = facing > ANTIPODE ? radius * Math.sqrt(2 / facing) : Number.NaN;
      u[i] = scale * widen * cosXi * Math.sin(u[i] as number);
      v[i] = (scale / widen) * (cos0 * sinXi - sin0 * across);
    }
  }

  function inverse(n: number, u: Float64Array, v: Float64Array): void {
    const limit = 1 + EDGE_SLACK;
    for (let i = 0; i < n; i++) {
      const p = (u[i] as number) / (widen * radius);
      const q = ((v[i] as number) * widen) / radius;
      const h = (p * p + q * q) / 4;
      if (h <= limit) {
        const c = Math.sqrt(Math.max(0, 1 - h));
        const facing = 1 - 2 * h;
        const east = p * c;
        const north = q * c;
        const x = facing * cos0 - north * sin0;
        const xi = Math.atan2(facing * sin0 + north * cos0, Math.sqrt(x * x + east * east));
        u[i] = Math.atan2(east, x);
        v[i] = xi + evaluateSeries(toGeodetic, xi);
      } else {
        u[i] = Number.NaN;
        v[i] = Number.NaN;
      }
    }
  }

  const halfX = 2 * radius * widen;
  const halfY = (2 * radius) / widen;
  return { unit: 'metre', extent: [-halfX, -halfY, halfX, halfY], periodX: null, poleLines: false, forward, inverse };
}
