import type { Frame } from '../frame/frame.ts';

/**
 * A coordinate reference system as a pair of batch functions between its plane and the frame's sphere.
 *
 * Plane coordinates are (x, y) as a map shows them: x grows to the right, y grows up, in the CRS's unit, whatever the axis
 * order of the registry is (`axes` says how a protocol must swap them). Sphere coordinates are radians: east-positive
 * longitude, planetocentric latitude (spherical on the sky).
 */
export interface Crs {
  /** Canonical identifier: 'IAU_2015:30100', 'EPSG:4326', 'HIPS:ICRS'. */
  readonly id: string;
  readonly frame: Frame;
  readonly title: string;
  readonly unit: 'degree' | 'metre';
  /** Order of the registry's axes, as WMS 1.3.0 and WMTS need it: 'xy' (E,N / lon,lat) or 'yx' (lat,lon / N,E). */
  readonly axes: 'xy' | 'yx';
  /** Largest radius of the CRS's ellipsoid, metres; null on the sky. */
  readonly semiMajorAxis: number | null;
  /** The domain in plane coordinates: [minX, minY, maxX, maxY]. A bbox may reach beyond it where the plane is periodic. */
  readonly extent: readonly [number, number, number, number];
  /** Length in x after which the plane repeats (360 for degrees, 2 pi R for cylindrical metres); null where it does not. */
  readonly periodX: number | null;
  /**
   * True where y = extent[1] and y = extent[3] are the poles drawn as whole lines (plate carree, equirectangular), so that
   * crossing them leads to the opposite meridian.
   */
  readonly poleLines: boolean;
  /** Plane -> sphere for n points; lon = lat = NaN outside the domain. Never allocates; out may not alias in. */
  toSphere(n: number, x: Float64Array, y: Float64Array, lon: Float64Array, lat: Float64Array): void;
  /** Sphere -> plane for n points; x = y = NaN where the CRS cannot show the point. x lies in extent for periodic CRSs. */
  fromSphere(n: number, lon: Float64Array, lat: Float64Array, x: Float64Array, y: Float64Array): void;
}
