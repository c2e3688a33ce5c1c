import { facesToSphere, sphereToFaces } from './face.ts';

/**
 * Which face lies beyond each edge of each face, and how it is turned. Nothing is copied from a table: a step across the
 * edge is taken on the sphere, and the neighbour is asked where it sees the point.
 *
 * For the edge `side` of a face, a point (x, y) beyond it, in the face's own continued unit square, is the point
 * (xx x + xy y + x0, yx x + yy y + y0) of `face`; the 2x2 part is a signed permutation (a quarter turn at the caps).
 */
export interface Gluing {
  readonly face: number;
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** The edges: beyond x < 0 (south-west), x > 1 (north-east), y < 0 (south-east), y > 1 (north-west). */
export const SIDES = [
  { x: -1, y: 0 },
  { x: 1, y: 0 },
  { x: 0, y: -1 },
  { x: 0, y: 1 },
] as const;

type Vector = readonly [number, number, number];

/** Unit vector of a point of a face. */
function vectorOf(face: number, x: number, y: number): Vector {
  const lon = new Float64Array(1);
  const lat = new Float64Array(1);
  facesToSphere(1, Int8Array.of(face), Float64Array.of(x), Float64Array.of(y), 1, lon, lat);
  const c = Math.cos(lat[0]!);
  return [c * Math.cos(lon[0]!), c * Math.sin(lon[0]!), Math.sin(lat[0]!)];
}

/** The face point that a direction falls on. */
function faceOf([vx, vy, vz]: Vector): { face: number; x: number; y: number } {
  const face = new Int8Array(1);
  const x = new Float64Array(1);
  const y = new Float64Array(1);
  const lon = Float64Array.of(Math.atan2(vy, vx));
  const lat = Float64Array.of(Math.atan2(vz, Math.hypot(vx, vy)));
  sphereToFaces(1, lon, lat, 1, face, x, y);
  return { face: face[0]!, x: x[0]!, y: y[0]! };
}

/** Half of the step taken across an edge, in face widths. */
const STEP = 1e-4;

/** Where the neighbour sees the point just beyond the edge, `along` of the way along it. */
function stepAcross(face: number, side: (typeof SIDES)[number], along: number): { face: number; x: number; y: number } {
  const edgeX = side.x === 0 ? along : (side.x + 1) / 2;
  const edgeY = side.y === 0 ? along : (side.y + 1) / 2;
  const inside = vectorOf(face, edgeX - side.x * STEP, edgeY - side.y * STEP);
  const edge = vectorOf(face, edgeX, edgeY);
  return faceOf([2 * edge[0] - inside[0], 2 * edge[1] - inside[1], 2 * edge[2] - inside[2]]);
}

function glue(face: number, side: (typeof SIDES)[number]): Gluing {
  const [near, far] = [0.3, 0.7];
  const p = stepAcross(face, side, near);
  const q = stepAcross(face, side, far);
  // Along the edge: the images of the two points are 0.4 apart in one of the neighbour's axes.
  const alongX = Math.round((q.x - p.x) / (far - near));
  const alongY = Math.round((q.y - p.y) / (far - near));
  // Across: away from the neighbour's edge that the points are next to.
  const acrossX = alongX === 0 ? (p.x < 0.5 ? 1 : -1) : 0;
  const acrossY = alongY === 0 ? (p.y < 0.5 ? 1 : -1) : 0;
  const outward = side.x + side.y;
  const [xx, yx] = side.x === 0 ? [alongX, alongY] : [acrossX * outward, acrossY * outward];
  const [xy, yy] = side.y === 0 ? [alongX, alongY] : [acrossX * outward, acrossY * outward];
  const edgeX = side.x === 0 ? near : (side.x + 1) / 2;
  const edgeY = side.y === 0 ? near : (side.y + 1) / 2;
  const x0 = Math.round(p.x - xx * edgeX - xy * edgeY);
  const y0 = Math.round(p.y - yx * edgeX - yy * edgeY);
  return { face: p.face, xx, xy, x0, yx, yy, y0 };
}

/** GLUINGS[face * 4 + index of side in SIDES]. */
export const GLUINGS: readonly Gluing[] = Object.freeze(
  Array.from({ length: 48 }, (_, i) => Object.freeze(glue(i >> 2, SIDES[i & 3]!))),
);

function sideOf(x: number, y: number, width: number): number {
  return x < 0 ? 0 : x >= width ? 1 : y < 0 ? 2 : y >= width ? 3 : -1;
}

/** Applies the gluing of one side to a cell of a face that is `width` cells wide. Writes face, x, y to out. */
function cross(side: number, face: number, x: number, y: number, width: number, out: Float64Array): void {
  const g = GLUINGS[face * 4 + side]!;
  // Cells are points at +1/2: the half-cell terms of a signed permutation are 0 or -1 cell.
  out[0] = g.face;
  out[1] = g.xx * x + g.xy * y + g.x0 * width + (g.xx + g.xy < 0 ? -1 : 0);
  out[2] = g.yx * x + g.yy * y + g.y0 * width + (g.yx + g.yy < 0 ? -1 : 0);
}

/**
 * The cell beyond the edges of a face: at most one face width away. Writes face, x, y (integers) to out[0..2].
 * @returns false where nothing is adjacent: beyond both edges of a corner where only three faces meet
 */
export function neighbourCell(face: number, x: number, y: number, width: number, out: Float64Array): boolean {
  const side = sideOf(x, y, width);
  if (side < 0) {
    out[0] = face;
    out[1] = x;
    out[2] = y;
    return true;
  }
  cross(side, face, x, y, width, out);
  const again = sideOf(out[1]!, out[2]!, width);
  if (again < 0) return true;
  return aroundCorner(face, x, y, width, again, out);
}

/** Beyond two edges at once: both ways round must meet, else the corner has only three faces. `out` holds the way by x. */
function aroundCorner(face: number, x: number, y: number, width: number, again: number, out: Float64Array): boolean {
  cross(again, out[0]!, out[1]!, out[2]!, width, out);
  const [byXFace, byXx, byXy] = [out[0]!, out[1]!, out[2]!];
  cross(y < 0 ? 2 : 3, face, x, y, width, out);
  const side = sideOf(out[1]!, out[2]!, width);
  if (side < 0) return false;
  cross(side, out[0]!, out[1]!, out[2]!, width, out);
  return out[0] === byXFace && out[1] === byXx && out[2] === byXy && sideOf(byXx, byXy, width) < 0;
}
