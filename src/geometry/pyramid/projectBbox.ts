import type { Bbox } from '../crs/axis.ts';
import type { Crs } from '../crs/types.ts';

/** Points per side of the net laid over the rectangle; MapProxy takes 16 and only the edge, which misses poles inside. */
const NET = 33;

interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The net's points in the plane of `to`, row by row; NaN where it cannot show them. */
function projectNet(from: Crs, bbox: Bbox, to: Crs): Points {
  const { x, y } = netOf(bbox);
  moved(from, to, x, y);
  return { x, y };
}

function netOf([minX, minY, maxX, maxY]: Bbox): Points {
  const count = NET * NET;
  const x = Float64Array.from({ length: count }, (_, i) => minX + ((maxX - minX) * (i % NET)) / (NET - 1));
  const y = Float64Array.from({ length: count }, (_, i) => minY + ((maxY - minY) * Math.floor(i / NET)) / (NET - 1));
  return { x, y };
}

/** Takes points from one plane to another, in place. */
function moved(from: Crs, to: Crs, x: Float64Array, y: Float64Array): void {
  const lon = new Float64Array(x.length);
  const lat = new Float64Array(x.length);
  from.toSphere(x.length, x, y, lon, lat);
  to.fromSphere(x.length, lon, lat, x, y);
}

/**
 * Points of the whole plane of `to` that lie in the rectangle: where the net reaches places that cannot be shown (a pole, in Mercator), they
 * reach the edge of what can.
 */
function pointsInside(from: Crs, [minX, minY, maxX, maxY]: Bbox, to: Crs): Points {
  const net = netOf(to.extent);
  const [x, y] = [net.x.slice(), net.y.slice()];
  moved(to, from, x, y);
  const inside = (_value: number, i: number): boolean => x[i]! >= minX && x[i]! <= maxX && y[i]! >= minY && y[i]! <= maxY;
  return { x: net.x.filter(inside), y: net.y.filter(inside) };
}

const NO_POINTS: Points = Object.freeze({ x: new Float64Array(0), y: new Float64Array(0) });

function hull(lists: readonly Float64Array[], least: number, most: number): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const list of lists) {
    for (const value of list) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return [Math.max(low, least), Math.min(high, most)];
}

/** True where neighbours along a row lie on both sides of the seam at which the plane repeats. */
function crossesSeam(x: Float64Array, period: number | null): boolean {
  if (period === null) return false;
  return x.some((value, i) => i % NET > 0 && Math.abs(value - (x[i - 1] as number)) > period / 2);
}

/**
 * The rectangle around what a rectangle shows, in another CRS of the same frame, within that CRS's domain; its whole width
 * where the seam of longitude is crossed. null where the CRS shows nothing of it, or has another frame. From samples: exact
 * between cylindrical CRSs, else good to about a thousandth of the side.
 */
export function projectBbox(from: Crs, bbox: Bbox, to: Crs): Bbox | null {
  if (from.frame.id !== to.frame.id) return null;
  const known = rememberedFor(from, to);
  const key = bbox.join();
  let found = known.get(key);
  if (found === undefined) {
    if (known.size >= REMEMBERED) known.clear();
    found = project(from, bbox, to);
    known.set(key, found);
  }
  return found;
}

/** Rectangles that are remembered for a pair of systems: hundreds of layers ask for those of a few. */
const REMEMBERED = 64;

const remembered = new WeakMap<Crs, WeakMap<Crs, Map<string, Bbox | null>>>();

function rememberedFor(from: Crs, to: Crs): Map<string, Bbox | null> {
  const targets = remembered.get(from) ?? new WeakMap<Crs, Map<string, Bbox | null>>();
  remembered.set(from, targets);
  const known = targets.get(to) ?? new Map<string, Bbox | null>();
  targets.set(to, known);
  return known;
}

function project(from: Crs, bbox: Bbox, to: Crs): Bbox | null {
  const { x, y } = projectNet(from, bbox, to);
  const more = x.some(Number.isNaN) ? pointsInside(from, bbox, to) : NO_POINTS;
  const [minX, maxX] = crossesSeam(x, to.periodX) ? [to.extent[0], to.extent[2]] : hull([x, more.x], to.extent[0], to.extent[2]);
  const [minY, maxY] = hull([y, more.y], to.extent[1], to.extent[3]);
  return minX < maxX && minY < maxY ? [minX, minY, maxX, maxY] : null;
}
