import type { Bbox } from '../../geometry/crs/axis.ts';
import { wrapInto } from '../../geometry/angles.ts';

const TURN = 360;

function clampLatitude(lat: number): number {
  return Math.min(90, Math.max(-90, lat));
}

/**
 * A rectangle of east-positive degrees, in whatever turn of longitude (0..360, 280..290), as capabilities documents may write
 * it: west < east inside [-180, 180], latitudes inside [-90, 90]. What crosses the antimeridian becomes the whole circle.
 */
export function geographicBbox([west, south, east, north]: Bbox): Bbox {
  const minY = clampLatitude(south);
  const maxY = clampLatitude(north);
  const start = west >= -180 && west < 180 ? west : wrapInto(west, -180, TURN);
  const end = start === west ? east : start + (east - west);
  return east - west >= TURN || end > 180 ? [-180, minY, 180, maxY] : [start, minY, end, maxY];
}
