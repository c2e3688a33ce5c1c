import type { Bbox } from '../crs/axis.ts';
import type { Crs } from '../crs/types.ts';
import { samePlane } from '../crs/samePlane.ts';
import type { Pixels } from '../lattice/types.ts';

/** Steps along each side: MapProxy's 16 points around a rectangle. */
const STEPS = 4;

/**
 * The rectangle around the outline of a rectangle, in another CRS of the same frame, from 16 points of the outline as in MapProxy:
 * what lies inside may stick out of it (a pole). Points that `to` cannot show are left out; null when there are no others.
 */
export function envelopeBbox(from: Crs, bbox: Bbox, to: Crs): Bbox | null {
  if (samePlane(from, to)) return bbox;
  if (from.frame.id !== to.frame.id) return null;
  const { x, y } = outline(bbox);
  const [lon, lat] = [new Float64Array(x.length), new Float64Array(x.length)];
  from.toSphere(x.length, x, y, lon, lat);
  to.fromSphere(x.length, lon, lat, x, y);
  const shown = [...x.keys()].filter((i) => Number.isFinite(x[i]) && Number.isFinite(y[i]));
  if (shown.length === 0) return null;
  const [xs, ys] = [shown.map((i) => x[i]!), shown.map((i) => y[i]!)];
  return unseamed(from, bbox, to, [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]);
}

function outline([minX, minY, maxX, maxY]: Bbox): { readonly x: Float64Array; readonly y: Float64Array } {
  const at = Array.from({ length: STEPS + 1 }, (_, i) => i / STEPS);
  const across = at.map((part) => minX + (maxX - minX) * part);
  const up = at.slice(1, -1).map((part) => minY + (maxY - minY) * part);
  return {
    x: Float64Array.of(...across, ...across, ...up.map(() => minX), ...up.map(() => maxX)),
    y: Float64Array.of(...across.map(() => minY), ...across.map(() => maxY), ...up, ...up),
  };
}

/** Between two planes that both repeat, a whole turn stays one: rounding may have put its right edge at the left. */
function unseamed(from: Crs, bbox: Bbox, to: Crs, found: Bbox): Bbox {
  if (from.periodX === null || to.periodX === null) return found;
  const turn = (bbox[2] - bbox[0]) / from.periodX;
  return turn > 1 - 1e-9 ? [to.extent[0], found[1], to.extent[2], found[3]] : found;
}

/** MapProxy's resolution of a map: of its two sides the finer one, units per pixel. */
export function resolutionOf([minX, minY, maxX, maxY]: Bbox, width: Pixels, height: Pixels): number {
  return Math.min((maxX - minX) / width, (maxY - minY) / height);
}
