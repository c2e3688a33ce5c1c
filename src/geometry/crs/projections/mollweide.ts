import { EDGE_SLACK, QUARTER, type Projection } from './types.ts';

/** Below this the series for w(K) is exact to 1e-15 and Newton's step would only add rounding. */
const SERIES_ONLY = 0.2;
const NEWTON_STEPS = 3;

/**
 * w - sin w = k for k in [0, pi]; w in [0, pi]. Kepler's equation at eccentricity 1: the series of w in (6k)^(1/3), then
 * Newton. w = pi - 2 theta of Mollweide's auxiliary angle, so that nothing cancels at the poles.
 */
function solveKepler(k: number): number {
  const u = Math.cbrt(6 * k);
  const u2 = u * u;
  let w = u * (1 + u2 * (1 / 60 + u2 * (1 / 1400 + u2 * (1 / 25_200 + u2 * (43 / 17_248_000)))));
  if (u < SERIES_ONLY) return w;
  for (let step = 0; step < NEWTON_STEPS; step++) w -= (w - Math.sin(w) - k) / (1 - Math.cos(w));
  return w;
}

/** w - sin w without cancellation. */
function keplerOf(w: number): number {
  if (w > SERIES_ONLY) return w - Math.sin(w);
  const w2 = w * w;
  return ((w * w2) / 6) * (1 - (w2 / 20) * (1 - (w2 / 42) * (1 - (w2 / 72) * (1 - w2 / 110))));
}

/** Mollweide on a sphere of radius a (Snyder 1987, eq. 31-1 ... 31-8); on spheroids the latitude is taken as it comes. */
export function createMollweide(a: number): Projection {
  const halfX = 2 * Math.SQRT2 * a;
  const halfY = Math.SQRT2 * a;
  const perRadian = halfX / Math.PI;

  function forward(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const phi = v[i] as number;
      const colatitude = Math.sin(Math.PI / 4 - Math.abs(phi) / 2);
      const half = solveKepler(2 * Math.PI * colatitude * colatitude) / 2;
      u[i] = perRadian * (u[i] as number) * Math.sin(half);
      v[i] = (phi < 0 ? -halfY : halfY) * Math.cos(half);
    }
  }

  function inverse(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const x = u[i] as number;
      const s = Math.min(1, Math.abs(v[i] as number) / halfY);
      const cosTheta = Math.sqrt((1 - s) * (1 + s));
      if (Math.abs(x) <= halfX * cosTheta + halfX * EDGE_SLACK && Math.abs(v[i] as number) <= halfY * (1 + EDGE_SLACK)) {
        const colatitude = 2 * Math.asin(Math.sqrt(keplerOf(2 * Math.atan2(cosTheta, s)) / (2 * Math.PI)));
        u[i] = cosTheta > EDGE_SLACK ? Math.max(-Math.PI, Math.min(Math.PI, x / (perRadian * cosTheta))) : 0;
        v[i] = (v[i] as number) < 0 ? colatitude - QUARTER : QUARTER - colatitude;
      } else {
        u[i] = Number.NaN;
        v[i] = Number.NaN;
      }
    }
  }

  return { unit: 'metre', extent: [-halfX, -halfY, halfX, halfY], periodX: null, poleLines: false, forward, inverse };
}
