import type { Crs } from '../geometry/crs/types.ts';

/** The standard's rendering pixel, metres (OGC 05-078r4, 10.2; OGC 07-057r7, 6.1). */
export const PIXEL_SIZE = 0.00028;

/** Equatorial radius of WGS 84, metres: the one that GDAL, QGIS and MapProxy put behind degrees of any body. */
const EARTH_RADIUS = 6378137;

/**
 * What a degree measures in scale denominators. 'earth': always WGS 84's equator, as MapProxy writes and as GDAL and QGIS read
 * whatever the body; 'body': the CRS's own equator, as the standards say (OGC 17-083r4, 6.1.1).
 */
export type DegreeScale = 'earth' | 'body';

/** Metres in one unit of a CRS: 1, or the length of a degree of the equator. The sky counts as the Earth. */
export function metresPerUnit(crs: Pick<Crs, 'unit' | 'semiMajorAxis'>, degrees: DegreeScale): number {
  if (crs.unit === 'metre') return 1;
  const radius = degrees === 'body' ? (crs.semiMajorAxis ?? EARTH_RADIUS) : EARTH_RADIUS;
  return (2 * Math.PI * radius) / 360;
}

/** Scale denominator of a cell size in CRS units. */
export function scaleDenominator(crs: Pick<Crs, 'unit' | 'semiMajorAxis'>, cellSize: number, degrees: DegreeScale): number {
  return (cellSize * metresPerUnit(crs, degrees)) / PIXEL_SIZE;
}

/** Cell size in CRS units of a scale denominator; the inverse. */
export function cellSizeOfScale(crs: Pick<Crs, 'unit' | 'semiMajorAxis'>, denominator: number, degrees: DegreeScale): number {
  return (denominator * PIXEL_SIZE) / metresPerUnit(crs, degrees);
}
