import type { Bbox } from '../crs/axis.ts';
import type { Crs } from '../crs/types.ts';

/** Points per side of the net laid over the rectangle; MapProxy takes 16 and only the edge, which misses poles inside. */
const NET = 33;

/** The net's points in the plane of `to`, row by row; NaN where it cannot show them. */
function projectNet(from: Crs, [minX, minY, maxX, maxY]: Bbox, to: Crs): { readonly x: Float64Array; readonly y: Float64Array } {
  const count = NET * NET;
  const x = Float64Array.from({ length: count }, (_, i) => minX + ((maxX - minX) * (i % NET)) / (NET - 1));
  const y = Float64Array.from({ length: count }, (_, i) => minY + ((maxY - minY) * Math.floor(i / NET)) / (NET - 1));
  const lon = new Float64Array(count);
  const lat = new Float64Array(count);
  from.toSphere(count, x, y, lon, lat);
  to.fromSphere(count, lon, lat, x, y);
  return { x, y };
}

function hull(values: Float64Array, least: number, most: number): readonly [number, number] {
  const found = values.filter((value) => Number.isFinite(value));
  const low = found.reduce((a, b) => Math.min(a, b), Infinity);
  const high = found.reduce((a, b) => Math.max(a, b), -Infinity);
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
  const { x, y } = projectNet(from, bbox, to);
  const [minX, maxX] = crossesSeam(x, to.periodX) ? [to.extent[0], to.extent[2]] : hull(x, to.extent[0], to.extent[2]);
  const [minY, maxY] = hull(y, to.extent[1], to.extent[3]);
  return minX < maxX && minY < maxY ? [minX, minY, maxX, maxY] : null;
}
