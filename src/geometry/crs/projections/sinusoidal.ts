import type { Ellipsoid } from '../bodyTable.ts';
import { eccentricity, meridianArc, parallelRadius } from './latitudes.ts';
import { evaluateSeries } from './series.ts';
import { EDGE_SLACK, QUARTER, type Projection } from './types.ts';

/** Sinusoidal (Snyder 1987, eq. 30-8, 30-9): y = arc of the meridian, x = arc of the parallel. */
export function createSinusoidal(shape: Ellipsoid): Projection {
  const { a } = shape;
  const e = eccentricity(shape);
  const { radius, rectifying } = meridianArc(shape);
  const { fromGeodetic, toGeodetic } = rectifying;
  const top = radius * QUARTER;
  const limit = top * (1 + EDGE_SLACK);
  const slack = a * EDGE_SLACK;

  function forward(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const phi = v[i] as number;
      u[i] = a * parallelRadius(e, phi) * (u[i] as number);
      v[i] = radius * (phi + evaluateSeries(fromGeodetic, phi));
    }
  }

  function inverse(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const x = u[i] as number;
      const y = v[i] as number;
      const mu = y >= top ? QUARTER : y <= -top ? -QUARTER : y / radius;
      const phi = mu + evaluateSeries(toGeodetic, mu);
      const parallel = a * parallelRadius(e, phi);
      if (y <= limit && y >= -limit && Math.abs(x) <= Math.PI * parallel + slack) {
        u[i] = parallel > slack ? Math.max(-Math.PI, Math.min(Math.PI, x / parallel)) : 0;
        v[i] = phi;
      } else {
        u[i] = Number.NaN;
        v[i] = Number.NaN;
      }
    }
  }

  const halfX = Math.PI * a;
  return { unit: 'metre', extent: [-halfX, -top, halfX, top], periodX: null, poleLines: false, forward, inverse };
}
