/**
 * Trigonometric series of the latitudes of a spheroid. The difference between two of its latitudes is an odd function of
 * period pi, hence sum c[k] sin(2 k x), k >= 1. Coefficients are found by the trapezoid rule, which converges as fast as the
 * series itself; the number of terms follows from the flattening (6 for Mars, dozens for Eros), where the published
 * expansions in the third flattening have a fixed order that fails on flat bodies (Karney 2022, arXiv:2212.05818).
 */
export type SineSeries = Float64Array;

/** Terms below this are dropped, radians: 2e-16 of a radius is 14 nanometres even on Jupiter. */
const NEGLIGIBLE = 2e-16;
/** The upper half of the coefficients below this is rounding noise: the lower half is all there is. */
const NOISE = 1e-15;
const FIRST_NODES = 16;
const MOST_NODES = 512;
const MOST_STEPS = 100;
const STEP_END = 1e-16;

type Basis = (angle: number) => number;

/**
 * Coefficients 1 ... nodes of f on sin(2kx) or cos(2kx), from samples in (0, pi/2). The angles 2 k x are multiples of
 * pi / (2 nodes): reduced as integers into one table, they keep full precision where 2 * k * x would not.
 */
function coefficients(f: (x: number) => number, basis: Basis, nodes: number): Float64Array {
  const turn = 4 * nodes;
  const unit = Math.PI / (2 * nodes);
  const table = Float64Array.from({ length: turn }, (_, m) => basis(m * unit));
  const c = new Float64Array(nodes);
  for (let j = 0; j < nodes; j++) {
    const odd = 2 * j + 1;
    const value = (2 * f((odd * unit) / 2)) / nodes;
    for (let k = 1; k <= nodes; k++) c[k - 1] = (c[k - 1] as number) + value * (table[(k * odd) % turn] as number);
  }
  return c;
}

function significantLength(c: Float64Array, threshold: number): number {
  let length = c.length;
  while (length > 0 && Math.abs(c[length - 1] as number) <= threshold) length--;
  return length;
}

/** Coefficients with as many nodes as it takes for the upper half of them to vanish; the vanishing ones are cut off. */
function converged(f: (x: number) => number, basis: Basis): Float64Array {
  for (let nodes = FIRST_NODES; ; nodes *= 2) {
    const c = coefficients(f, basis, nodes);
    if (significantLength(c, NOISE) <= nodes / 2 || nodes >= MOST_NODES) {
      return c.slice(0, Math.min(significantLength(c, NEGLIGIBLE), nodes / 2));
    }
  }
}

/** The sine series of f, an odd function of period pi. */
export function sineSeries(f: (x: number) => number): SineSeries {
  return converged(f, Math.sin);
}

/** The integral of a positive even function of period pi, from 0: mean * (x + sum series[k] sin(2 k x)). */
export interface IntegralSeries {
  readonly mean: number;
  readonly series: SineSeries;
}

/** Integrates g, an even positive function of period pi. */
export function integralSeries(g: (x: number) => number): IntegralSeries {
  const scale = g(0);
  const cosines = converged((x) => g(x) / scale, Math.cos);
  const nodes = Math.max(FIRST_NODES, 2 * cosines.length);
  let sum = 0;
  for (let j = 0; j < nodes; j++) sum += g(((j + 0.5) * Math.PI) / (2 * nodes));
  const mean = sum / nodes;
  return { mean, series: cosines.map((c, index) => (c * scale) / (2 * (index + 1) * mean)) };
}

/** sum c[k] sin(2 k x) by Clenshaw's recurrence. */
export function evaluateSeries(c: SineSeries, x: number): number {
  const twice = 2 * Math.cos(2 * x);
  let next = 0;
  let current = 0;
  for (let k = c.length - 1; k >= 0; k--) {
    const value = twice * current - next + (c[k] as number);
    next = current;
    current = value;
  }
  return current * Math.sin(2 * x);
}

/**
 * The x in [0, pi/2] with f(x) = target, for a growing f with the target between its ends, by false position with Illinois'
 * halving: for building series, not for batches.
 */
export function invertGrowing(f: (x: number) => number, target: number): number {
  let low = 0;
  let high = Math.PI / 2;
  let below = f(low) - target;
  let above = f(high) - target;
  let x = low;
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = (low * above - high * below) / (above - below);
    if (!(Math.abs(next - x) > STEP_END)) return next;
    x = next;
    const error = f(x) - target;
    if (error === 0) return x;
    if (error > 0) {
      high = x;
      above = error;
      below /= 2;
    } else {
      low = x;
      below = error;
      above /= 2;
    }
  }
  return x;
}
