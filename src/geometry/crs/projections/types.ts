/**
 * A map projection as two batch functions that work in place. Angles are radians: u is the longitude from the central
 * meridian in [-pi, pi], v the latitude the formula wants (geodetic on an ellipsoid). Plane coordinates are in the
 * projection's unit, u = x to the east, v = y to the north, without false origin.
 */
export interface Projection {
  readonly unit: 'degree' | 'metre';
  /** [minX, minY, maxX, maxY] of the map; of its useful part where the plane reaches to infinity. */
  readonly extent: readonly [number, number, number, number];
  /** Length in x after which the plane repeats; null where it does not. */
  readonly periodX: number | null;
  /** True where minY and maxY of the extent are the poles, drawn as straight lines along x. */
  readonly poleLines: boolean;
  /** Angles -> plane for the first n points; both coordinates become NaN where the point is not on the map. */
  forward(n: number, u: Float64Array, v: Float64Array): void;
  /** Plane -> angles for the first n points; both become NaN outside the map. u may leave [-pi, pi] where x is periodic. */
  inverse(n: number, u: Float64Array, v: Float64Array): void;
}

/**
 * Relative slack of every domain test, so that an edge computed with rounding is still on the map: 1e-11 of the radius
 * is 34 micrometres on Mars. What lies within the slack is moved onto the edge.
 */
export const EDGE_SLACK = 1e-11;

/** A right angle, radians. */
export const QUARTER = Math.PI / 2;
