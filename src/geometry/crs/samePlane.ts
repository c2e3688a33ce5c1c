import type { Crs } from './types.ts';

/** Where the planes are compared, as parts of the domain of the first. */
const PROBES = [0.5, 0.31, 0.73, 0.42, 0.66];
/** Of the size of the domain: far less than any pixel. */
const CLOSE = 1e-9;

/**
 * Whether two CRSs put every place at the same numbers (x/y order, whatever their axes): EPSG:3857 and EPSG:900913, EPSG:4326 and
 * CRS:84, EPSG:4326 of Mars and IAU_2015:49900. Found by trying, so that neither names nor definitions matter.
 */
export function samePlane(a: Crs, b: Crs): boolean {
  if (a === b) return true;
  if (a.frame.id !== b.frame.id || a.frame.kind !== b.frame.kind || a.unit !== b.unit) return false;
  const [minX, minY, maxX, maxY] = a.extent;
  const n = PROBES.length;
  const wantedX = Float64Array.from(PROBES, (part) => minX + (maxX - minX) * part);
  const wantedY = Float64Array.from(PROBES, (_, i) => minY + (maxY - minY) * PROBES[n - 1 - i]!);
  const [lon, lat] = [new Float64Array(n), new Float64Array(n)];
  const [x, y] = [new Float64Array(n), new Float64Array(n)];
  a.toSphere(n, wantedX, wantedY, lon, lat);
  b.fromSphere(n, lon, lat, x, y);
  const [spanX, spanY] = [(maxX - minX) * CLOSE, (maxY - minY) * CLOSE];
  return PROBES.every((_, i) => {
    if (Number.isNaN(lon[i])) return true;
    return Math.abs(x[i]! - wantedX[i]!) <= spanX && Math.abs(y[i]! - wantedY[i]!) <= spanY;
  });
}
