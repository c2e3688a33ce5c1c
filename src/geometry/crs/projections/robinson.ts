import { EDGE_SLACK, QUARTER, type Projection } from './types.ts';

/** Four coefficients per 5 degrees of latitude: length of the parallel over that of the equator, as PROJ has it (MIT). */
const PARALLELS = Float64Array.of(
  1, 2.2199e-17, -0.0000715515, 0.0000031103,
  0.9986, -0.000482243, -0.000024897, -0.0000013309,
  0.9954, -0.00083103, -0.0000448605, -9.86701e-7,
  0.99, -0.00135364, -0.000059661, 0.0000036777,
  0.9822, -0.00167442, -0.00000449547, -0.00000572411,
  0.973, -0.00214868, -0.0000903571, 1.8736e-8,
  0.96, -0.00305085, -0.0000900761, 0.00000164917,
  0.9427, -0.00382792, -0.0000653386, -0.0000026154,
  0.9216, -0.00467746, -0.00010457, 0.00000481243,
  0.8962, -0.00536223, -0.0000323831, -0.00000543432,
  0.8679, -0.00609363, -0.000113898, 0.00000332484,
  0.835, -0.00698325, -0.0000640253, 9.34959e-7,
  0.7986, -0.00755338, -0.0000500009, 9.35324e-7,
  0.7597, -0.00798324, -0.000035971, -0.00000227626,
  0.7186, -0.00851367, -0.0000701149, -0.0000086303,
  0.6732, -0.00986209, -0.000199569, 0.0000191974,
  0.6213, -0.010418, 0.0000883923, 0.00000624051,
  0.5722, -0.00906601, 0.000182, 0.00000624051,
  0.5322, -0.00677797, 0.000275608, 0.00000624051,
);

/** The same for the distance of the parallel from the equator; 1 at the pole. */
// oxlint-disable oxc/approx-constant -- 0.434 is a distance, not log10(e)
const DISTANCES = Float64Array.of(
  -5.20417e-18, 0.0124, 1.21431e-18, -8.45284e-11,
  0.062, 0.0124, -1.26793e-9, 4.22642e-10,
  0.124, 0.0124, 5.07171e-9, -1.60604e-9,
  0.186, 0.0123999, -1.90189e-8, 6.00152e-9,
  0.248, 0.0124002, 7.10039e-8, -2.24e-8,
  0.31, 0.0123992, -2.64997e-7, 8.35986e-8,
  0.372, 0.0124029, 9.88983e-7, -3.11994e-7,
  0.434, 0.0123893, -0.00000369093, -4.35621e-7,
  0.4958, 0.0123198, -0.0000102252, -3.45523e-7,
  0.5571, 0.0121916, -0.0000154081, -5.82288e-7,
  0.6176, 0.0119938, -0.0000241424, -5.25327e-7,
  0.6769, 0.011713, -0.0000320223, -5.16405e-7,
  0.7346, 0.0113541, -0.0000397684, -6.09052e-7,
  0.7903, 0.0109107, -0.0000489042, -0.00000104739,
  0.8435, 0.0103431, -0.000064615, -1.40374e-9,
  0.8936, 0.00969686, -0.000064636, -0.000008547,
  0.9394, 0.00840947, -0.000192841, -0.0000042106,
  0.9761, 0.00616527, -0.000256, -0.0000042106,
  1, 0.00328947, -0.000319159, -0.0000042106,
);
// oxlint-enable oxc/approx-constant

const TERMS = 4;
const INTERVALS = 18;
const DEGREES_PER_INTERVAL = 5;
const PER_RADIAN = 180 / Math.PI;
const SCALE_X = 0.8487;
const SCALE_Y = 1.3523;
const NEWTON_STEPS = 20;
const NEWTON_END = 1e-13;

/** Cubic of an interval, t degrees from its start. */
function cubic(table: Float64Array, interval: number, t: number): number {
  const k = TERMS * interval;
  return (table[k] as number) + t * ((table[k + 1] as number) + t * ((table[k + 2] as number) + t * (table[k + 3] as number)));
}

function slope(table: Float64Array, interval: number, t: number): number {
  const k = TERMS * interval;
  return (table[k + 1] as number) + t * (2 * (table[k + 2] as number) + 3 * t * (table[k + 3] as number));
}

/** Degrees of latitude from the relative distance to the equator, both in the northern half. */
function latitudeOf(distance: number): number {
  let interval = Math.min(INTERVALS - 1, Math.floor(distance * INTERVALS));
  while (interval > 0 && (DISTANCES[TERMS * interval] as number) > distance) interval--;
  while (interval < INTERVALS - 1 && (DISTANCES[TERMS * (interval + 1)] as number) <= distance) interval++;
  let t = 0;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const change = (cubic(DISTANCES, interval, t) - distance) / slope(DISTANCES, interval, t);
    t -= change;
    if (Math.abs(change) < NEWTON_END) break;
  }
  return interval * DEGREES_PER_INTERVAL + t;
}

/**
 * Robinson on a sphere of radius a, with PROJ's cubic coefficients (which PROJ rounds to 32 bits: differences of 3e-7 a).
 * On spheroids the latitude is taken as it comes.
 */
export function createRobinson(a: number): Projection {
  const perX = a * SCALE_X;
  const perY = a * SCALE_Y;

  function forward(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const phi = v[i] as number;
      const degrees = Math.abs(phi) * PER_RADIAN;
      const interval = Math.min(INTERVALS, Math.floor(degrees / DEGREES_PER_INTERVAL));
      const t = degrees - interval * DEGREES_PER_INTERVAL;
      u[i] = perX * (u[i] as number) * cubic(PARALLELS, interval, t);
      v[i] = (phi < 0 ? -perY : perY) * cubic(DISTANCES, interval, t);
    }
  }

  function inverse(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const y = v[i] as number;
      const distance = Math.abs(y) / perY;
      const degrees = distance >= 1 ? 90 : latitudeOf(distance);
      const interval = Math.min(INTERVALS, Math.floor(degrees / DEGREES_PER_INTERVAL));
      const lambda = (u[i] as number) / (perX * cubic(PARALLELS, interval, degrees - interval * DEGREES_PER_INTERVAL));
      const onMap = distance <= 1 + EDGE_SLACK && Math.abs(lambda) <= Math.PI * (1 + EDGE_SLACK);
      const phi = degrees >= 90 ? QUARTER : degrees / PER_RADIAN;
      u[i] = onMap ? Math.max(-Math.PI, Math.min(Math.PI, lambda)) : Number.NaN;
      v[i] = onMap ? (y < 0 ? -phi : phi) : Number.NaN;
    }
  }

  const halfX = Math.PI * perX;
  return { unit: 'metre', extent: [-halfX, -perY, halfX, perY], periodX: null, poleLines: false, forward, inverse };
}
