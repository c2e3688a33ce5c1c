import type { Bbox } from '../crs/axis.ts';
import type { Crs } from '../crs/types.ts';
import type { Frame } from '../frame/frame.ts';
import { rotatePoints, rotationBetween } from '../frame/rotation.ts';
import { crsLatticeOfBbox } from './crsLattice.ts';
import type { Pixels } from './types.ts';

/** A pixel of a map, as somebody points at it. Plain data but for the CRS. */
export interface PointedPixel {
  readonly crs: Crs;
  /** Outer edges of the map, CRS units, x/y order. */
  readonly bbox: Bbox;
  readonly width: Pixels;
  readonly height: Pixels;
  /** Columns from the left and rows from the top, inside the map. */
  readonly col: Pixels;
  readonly row: Pixels;
}

/** The centre of a pixel. */
export interface PointedPlace {
  /** CRS units. */
  readonly x: number;
  readonly y: number;
  /** Radians, of the frame that was asked for; NaN outside the CRS's domain. */
  readonly lon: number;
  readonly lat: number;
  /** Square root of the pixel's solid angle, radians. */
  readonly pixelAngle: number;
}

/** A coarse pixel, radians: where the size of a pixel has no meaning. */
const COARSE = 0.1;

/** Where a pixel lies on a frame. */
export function placeOf({ crs, bbox: [minX, minY, maxX, maxY], width, height, col, row }: PointedPixel, frame: Frame): PointedPlace {
  const [dx, dy] = [(maxX - minX) / width, (maxY - minY) / height];
  const bbox: Bbox = [minX + col * dx, maxY - (row + 1) * dy, minX + (col + 1) * dx, maxY - row * dy];
  const [x, y] = [(bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2];
  const [lon, lat] = [new Float64Array(1), new Float64Array(1)];
  crs.toSphere(1, Float64Array.of(x), Float64Array.of(y), lon, lat);
  const rotation = rotationBetween(crs.frame, frame);
  if (rotation !== null) rotatePoints(rotation, 1, lon, lat);
  const angle = crsLatticeOfBbox(crs, bbox, 1, 1).pixelAngle;
  return { x, y, lon: lon[0]!, lat: lat[0]!, pixelAngle: angle > 0 ? angle : COARSE };
}

/** Side of the map that is asked about in another plane: room for what servers look for around a pixel. */
const SIDE: Pixels = 101;

/**
 * A pixel of another plane with the same centre and as large on the sphere, in a small map around it that stays within the domain of that
 * plane where it can. null where that plane does not show the place.
 */
export function pixelElsewhere(pixel: PointedPixel, crs: Crs): PointedPixel | null {
  const { lon, lat, pixelAngle } = placeOf(pixel, crs.frame);
  const [x, y] = [new Float64Array(1), new Float64Array(1)];
  if (Number.isNaN(lon)) return null;
  crs.fromSphere(1, Float64Array.of(lon), Float64Array.of(lat), x, y);
  if (Number.isNaN(x[0])) return null;
  const cell = cellAt(crs, x[0]!, y[0]!, pixelAngle);
  const [minX, minY, maxX, maxY] = crs.extent;
  const col = middle(x[0]!, minX, maxX, cell);
  const row = SIDE - 1 - middle(y[0]!, minY, maxY, cell);
  const left = x[0]! - (col + 0.5) * cell;
  const top = y[0]! + (row + 0.5) * cell;
  return { crs, bbox: [left, top - SIDE * cell, left + SIDE * cell, top], width: SIDE, height: SIDE, col, row };
}

/** Share of a pixel over which the scale of a plane is measured: next to a pole it changes within one. */
const PROBE = 1e-3;

/** The side of a square pixel at a place that spans an angle; in degrees that of its meridian. */
function cellAt(crs: Crs, x: number, y: number, pixelAngle: number): number {
  if (crs.unit === 'degree' || crs.semiMajorAxis === null) return (pixelAngle * 180) / Math.PI;
  const probe = pixelAngle * crs.semiMajorAxis * PROBE;
  const { pixelAngle: angle } = crsLatticeOfBbox(crs, [x - probe / 2, y - probe / 2, x + probe / 2, y + probe / 2], 1, 1);
  return angle > 0 ? (probe * pixelAngle) / angle : probe / PROBE;
}

/** Pixels between the place and the near edge of the map, counted from `low`: half of the map, fewer or more at the border of the domain. */
function middle(at: number, low: number, high: number, cell: number): Pixels {
  const half = (SIDE - 1) / 2;
  if (high - low < SIDE * cell) return half;
  const below = Math.floor((at - low) / cell - 0.5);
  const above = Math.floor((high - at) / cell - 0.5);
  if (below < half) return Math.max(0, below);
  return above < half ? SIDE - 1 - Math.max(0, above) : half;
}
