import type { Pixels } from '../../geometry/lattice/types.ts';

/**
 * A smooth function over a rectangle by nine of its values: at the corners, the middles of the sides and the centre, row by row.
 * Between them it is biquadratic: a u^2 v^2 + ... + i, with (u, v) in [0, 1]^2 from the top left corner.
 */
export type Nodes = readonly number[];

/** Where the nodes lie, and the factors of the three rows (or columns) of nodes at v: Lagrange's polynomials. */
export const NODE_U: readonly number[] = Object.freeze([0, 0.5, 1, 0, 0.5, 1, 0, 0.5, 1]);
export const NODE_V: readonly number[] = Object.freeze([0, 0, 0, 0.5, 0.5, 0.5, 1, 1, 1]);

/** out[0] + out[1] u + out[2] u^2: the surface along the row at v, minus `origin`. */
export function rowAt(nodes: Nodes, v: number, origin: number, out: Float64Array): void {
  const last = (2 * v - 1) * v;
  const middle = 4 * v * (1 - v);
  combine(nodes, last - 2 * v + 1, middle, last, origin, out);
}

/** out[0] + out[1] u + out[2] u^2: the derivative of the surface by v, along the row at v. */
export function slopeAt(nodes: Nodes, v: number, out: Float64Array): void {
  combine(nodes, 4 * v - 3, 4 - 8 * v, 4 * v - 1, 0, out);
}

/** The quadratic through f0 n[0..2] + f1 n[3..5] + f2 n[6..8], the nodes counted from `origin`. */
function combine(n: Nodes, f0: number, f1: number, f2: number, origin: number, out: Float64Array): void {
  const a = (n[0]! - origin) * f0 + (n[3]! - origin) * f1 + (n[6]! - origin) * f2;
  const b = (n[1]! - origin) * f0 + (n[4]! - origin) * f1 + (n[7]! - origin) * f2;
  const c = (n[2]! - origin) * f0 + (n[5]! - origin) * f1 + (n[8]! - origin) * f2;
  out[0] = a;
  out[1] = 4 * b - 3 * a - c;
  out[2] = 2 * (a + c) - 4 * b;
}

/** The surface at a point of its square. */
export function valueAt(nodes: Nodes, u: number, v: number): number {
  const row = new Float64Array(3);
  rowAt(nodes, v, 0, row);
  return row[0]! + u * (row[1]! + u * row[2]!);
}

/** Overshoot beyond the nodes that is rounding. */
const ROUNDING = 1e-6;

/**
 * An interval that holds the surface over its square: that of its control points (a Bezier surface lies in their hull).
 * Where they stay within rounding of the nodes' own interval, the latter: a border that the map meets exactly is not crossed.
 */
export function boundsOf(n: Nodes): readonly [number, number] {
  // By index: taking an array apart makes an iterator, and these run for every block.
  const a = n[0]!, b = n[1]!, c = n[2]!, d = n[3]!, e = n[4]!, f = n[5]!, g = n[6]!, h = n[7]!, i = n[8]!;
  const low = Math.min(a, b, c, d, e, f, g, h, i);
  const high = Math.max(a, b, c, d, e, f, g, h, i);
  const top = 2 * b - (a + c) / 2;
  const centre = 2 * e - (d + f) / 2;
  const bottom = 2 * h - (g + i) / 2;
  const left = 2 * d - (a + g) / 2;
  const middle = 2 * centre - (top + bottom) / 2;
  const right = 2 * f - (c + i) / 2;
  const min = Math.min(top, bottom, left, middle, right);
  const max = Math.max(top, bottom, left, middle, right);
  return [min < low - ROUNDING ? min : low, max > high + ROUNDING ? max : high];
}

/**
 * How far the surface strays, within a cell of width x height cells, from the plane that touches it at the cell's centre: a bound.
 */
export function sagOf(n: Nodes, width: Pixels, height: Pixels): number {
  // By index: taking an array apart makes an iterator, and these run for every block.
  const a = n[0]!, b = n[1]!, c = n[2]!, d = n[3]!, e = n[4]!, f = n[5]!, g = n[6]!, h = n[7]!, i = n[8]!;
  const alongU = Math.max(Math.abs(a - 2 * b + c), Math.abs(d - 2 * e + f), Math.abs(g - 2 * h + i));
  const alongV = Math.max(Math.abs(a - 2 * d + g), Math.abs(b - 2 * e + h), Math.abs(c - 2 * f + i));
  const across = Math.abs(a - c - g + i) + 4 * (alongU + alongV);
  return alongU / (2 * width * width) + alongV / (2 * height * height) + across / (4 * width * height);
}

/** Least of the nodes. */
export function leastOf(n: Nodes): number {
  let least = n[0]!;
  for (let k = 1; k < 9; k++) if (n[k]! < least) least = n[k]!;
  return least;
}

/** Greatest of the nodes. */
export function greatestOf(n: Nodes): number {
  let greatest = n[0]!;
  for (let k = 1; k < 9; k++) if (n[k]! > greatest) greatest = n[k]!;
  return greatest;
}
