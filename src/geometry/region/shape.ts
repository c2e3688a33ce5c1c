import { rotatePoints, type Rotation } from '../frame/rotation.ts';
import { latticePoints, spherePoints } from '../lattice/points.ts';
import type { PixelGrid, SpherePoints } from '../lattice/types.ts';
import type { Shape } from './types.ts';

/** Steps along each side of a rectangle: a side that is bent by a tenth of its length is met within half a thousandth of it. */
const STEPS = 16;
/** Points of an outline. */
const OUTLINE = 4 * STEPS;

/** The corners in order, each with the step to the next one. */
const SIDES: readonly (readonly [number, number, number, number])[] = [[0, 0, 1, 0], [1, 0, 0, 1], [1, 1, -1, 0], [0, 1, 0, -1]];

/** The rectangle of a grid on the sphere of its lattice. */
export function shapeOfGrid({ lattice, chart, col, row, width, height }: PixelGrid): Shape {
  const at = latticePoints(OUTLINE + 1);
  at.chart.fill(chart);
  SIDES.forEach(([u, v, du, dv], side) => {
    for (let i = 0; i < STEPS; i++) {
      at.col[side * STEPS + i] = col + (u + (du * i) / STEPS) * width;
      at.row[side * STEPS + i] = row + (v + (dv * i) / STEPS) * height;
    }
  });
  at.col[OUTLINE] = col + width / 2;
  at.row[OUTLINE] = row + height / 2;
  const sphere = spherePoints(OUTLINE + 1);
  lattice.toSphere(OUTLINE + 1, at, sphere);
  return { outline: pointsOf(sphere, 0, OUTLINE), centre: pointsOf(sphere, OUTLINE, OUTLINE + 1) };
}

function pointsOf({ lon, lat }: SpherePoints, from: number, to: number): SpherePoints {
  return { lon: lon.subarray(from, to), lat: lat.subarray(from, to) };
}

/** The same shape in another frame. */
export function rotatedShape({ outline, centre }: Shape, rotation: Rotation): Shape {
  return { outline: rotated(outline, rotation), centre: rotated(centre, rotation) };
}

/** Copies of points in another frame. */
export function rotated({ lon, lat }: SpherePoints, rotation: Rotation): SpherePoints {
  const turned = { lon: Float64Array.from(lon), lat: Float64Array.from(lat) };
  rotatePoints(rotation, lon.length, turned.lon, turned.lat);
  return turned;
}
