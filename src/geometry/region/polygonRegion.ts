import type { Bbox } from '../crs/axis.ts';
import type { Crs } from '../crs/types.ts';
import type { SpherePoints } from '../lattice/types.ts';
import { overlapping, planePolygon, type PlanePolygon, type Polygon } from './planePolygon.ts';
import type { Overlap, Region, Shape } from './types.ts';

/** Points handled at once. */
const BATCH = 1024;
/** Radians; an outline that comes this near to a pole has a corner there. */
const POLE = Math.PI / 2 - 1e-9;
/** Part of the width of a plane that does not repeat: an outline that jumps further has met its border. */
const JUMP = 0.25;

/**
 * What lies in any of some polygons of a CRS's plane: edges are straight there, as in MapProxy. Where the plane repeats, polygons
 * may go on beyond its border: degrees from 170 to 190 are a polygon over the antimeridian.
 */
export function polygonRegion(crs: Crs, polygons: readonly Polygon[]): Region {
  const ready = polygons.map(planePolygon);
  return {
    frame: crs.frame,
    contains(n, at, out) {
      const x = new Float64Array(BATCH);
      const y = new Float64Array(BATCH);
      for (let start = 0; start < n; start += BATCH) {
        const m = Math.min(BATCH, n - start);
        crs.fromSphere(m, at.lon.subarray(start, start + m), at.lat.subarray(start, start + m), x, y);
        markInside(ready, crs.periodX, x.subarray(0, m), y.subarray(0, m), out.subarray(start, start + m));
      }
    },
    overlap: (shape) => overlapIn(crs, ready, shape),
  };
}

function markInside(polygons: readonly PlanePolygon[], period: number | null, x: Float64Array, y: Float64Array, out: Uint8Array): void {
  out.fill(0);
  const box = boxAround(x, y);
  for (const polygon of polygons) {
    for (const shift of shiftsOf(polygon.bbox, box, period)) {
      for (let i = 0; i < x.length; i++) {
        if (out[i] === 0 && polygon.has(x[i]! + shift, y[i]!)) out[i] = 1;
      }
    }
  }
}

/** What to add to x so that the rectangle may meet the polygon's: whole turns. */
function shiftsOf(polygon: Bbox, box: Bbox, period: number | null): readonly number[] {
  if (period === null) return overlapping(polygon, box) ? [0] : [];
  const shifts: number[] = [];
  for (let k = Math.ceil((polygon[0] - box[2]) / period); k * period <= polygon[2] - box[0]; k++) shifts.push(k * period);
  return shifts;
}

/** The rectangle around points; those that are NaN are left out. */
function boxAround(x: Float64Array, y: Float64Array): Bbox {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) continue;
    minX = Math.min(minX, x[i]!);
    minY = Math.min(minY, y[i]!);
    maxX = Math.max(maxX, x[i]!);
    maxY = Math.max(maxY, y[i]!);
  }
  return [minX, minY, maxX, maxY];
}

function overlapIn(crs: Crs, polygons: readonly PlanePolygon[], { outline: given, centre }: Shape): Overlap {
  const outline = crs.periodX === null ? given : withPoleLines(given);
  const n = outline.lon.length;
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  crs.fromSphere(n, outline.lon, outline.lat, x, y);
  const pole = circledPole(outline);
  if (crs.periodX !== null && (pole !== 0 || y.some(Number.isNaN))) return overlapOfBand(polygons, bandOf(crs, y, outline.lat, pole));
  if (pole !== 0 || !isWhole(crs, x, y)) return 'partial';
  const box = boxAround(x, y);
  const middle = { x: new Float64Array(1), y: new Float64Array(1) };
  crs.fromSphere(1, centre.lon, centre.lat, middle.x, middle.y);
  let overlap: Overlap = 'outside';
  for (const polygon of polygons) {
    for (const shift of shiftsOf(polygon.bbox, box, crs.periodX)) {
      if (polygon.meets(x.map((one) => one + shift), y, [box[0] + shift, box[1], box[2] + shift, box[3]])) overlap = 'partial';
      else if (holds(polygon, middle.x[0]!, middle.y[0]!, box, shift, crs.periodX)) return 'inside';
    }
  }
  return overlap;
}

/** Where a pole is a line, a corner at it is a stretch of that line, from the meridian on which the outline comes to the one on which it goes. */
function withPoleLines(outline: SpherePoints): SpherePoints {
  if (!outline.lat.some(isPole)) return outline;
  const n = outline.lon.length;
  const [lon, lat]: [number[], number[]] = [[], []];
  for (let i = 0; i < n; i++) {
    const [before, after] = [(i + n - 1) % n, (i + 1) % n];
    const isCorner = isPole(outline.lat[i]!) && !isPole(outline.lat[before]!) && !isPole(outline.lat[after]!);
    for (const j of isCorner ? [before, after] : [i]) {
      lon.push(outline.lon[j]!);
      lat.push(outline.lat[i]!);
    }
  }
  return { lon: Float64Array.from(lon), lat: Float64Array.from(lat) };
}

function isPole(lat: number): boolean {
  return Math.abs(lat) > POLE;
}

/** The lowest and the highest y of an outline that reaches the border of the plane. */
function bandOf({ extent }: Crs, y: Float64Array, lat: Float64Array, pole: number): readonly [number, number] {
  const known = y.filter(Number.isFinite);
  const lost = (sign: number): boolean => pole === sign || y.some((one, i) => Number.isNaN(one) && !(lat[i]! * sign < 0));
  return [lost(-1) ? extent[1] : Math.min(...known), lost(1) ? extent[3] : Math.max(...known)];
}

/** A shape that holds a pole reaches over all longitudes: only how far it comes down tells that it is outside. */
function overlapOfBand(polygons: readonly PlanePolygon[], [from, to]: readonly [number, number]): Overlap {
  return polygons.some(({ bbox }) => bbox[1] <= to && bbox[3] >= from) ? 'partial' : 'outside';
}

/** Whether a polygon whose border does not meet the outline has its middle, which is unwrapped as the outline is. */
function holds(polygon: PlanePolygon, x: number, y: number, [minX, , maxX]: Bbox, shift: number, period: number | null): boolean {
  const turns = period === null ? 0 : Math.round(((minX + maxX) / 2 - x) / period) * period;
  return polygon.has(x + turns + shift, y);
}

/** 1 or -1 where the outline goes around the axis, so that it holds the north or the south pole, whichever is nearer; else 0. */
function circledPole({ lon, lat }: SpherePoints): number {
  let turned = 0;
  let sum = 0;
  for (let i = 0, j = lon.length - 1; i < lon.length; j = i++) {
    const step = lon[i]! - lon[j]!;
    turned += step - 2 * Math.PI * Math.round(step / (2 * Math.PI));
    sum += lat[i]!;
  }
  if (!(Math.abs(turned) > Math.PI)) return 0;
  return sum >= 0 ? 1 : -1;
}

/** Joins the x of an outline that goes over the border of a plane that repeats; false where the plane tears it. */
function isWhole({ periodX, extent }: Crs, x: Float64Array, y: Float64Array): boolean {
  const limit = (extent[2] - extent[0]) * JUMP;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]) || Number.isNaN(y[i])) return false;
    const step = i === 0 ? 0 : x[i]! - x[i - 1]!;
    if (periodX !== null) x[i]! -= periodX * Math.round(step / periodX);
    else if (Math.abs(step) > limit) return false;
  }
  return true;
}
