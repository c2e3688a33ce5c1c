import { EDGE_SLACK, type Projection } from './types.ts';

const PER_RADIAN = 180 / Math.PI;
const PER_DEGREE = Math.PI / 180;
const POLE = 90 * (1 + EDGE_SLACK);

function forward(n: number, u: Float64Array, v: Float64Array): void {
  for (let i = 0; i < n; i++) {
    u[i] = (u[i] as number) * PER_RADIAN;
    v[i] = (v[i] as number) * PER_RADIAN;
  }
}

function inverse(n: number, u: Float64Array, v: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const x = u[i] as number;
    const y = v[i] as number;
    if (Number.isFinite(x) && y <= POLE && y >= -POLE) {
      u[i] = x * PER_DEGREE;
      v[i] = (y > 90 ? 90 : y < -90 ? -90 : y) * PER_DEGREE;
    } else {
      u[i] = Number.NaN;
      v[i] = Number.NaN;
    }
  }
}

/** Longitude and latitude in degrees as a plane (plate carree): the projection of every geographic CRS. */
export const DEGREES: Projection = Object.freeze<Projection>({
  unit: 'degree',
  extent: [-180, -90, 180, 90],
  periodX: 360,
  poleLines: true,
  forward,
  inverse,
});
