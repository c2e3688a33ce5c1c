import type { Radians } from '../angles.ts';
import { placeOf, type PointedPixel } from '../lattice/pointedPixel.ts';
import type { Region } from './types.ts';

/** Whether one direction of the region's frame lies in it. */
export function regionHolds(region: Region, lon: Radians, lat: Radians): boolean {
  const inside = new Uint8Array(1);
  region.contains(1, { lon: Float64Array.of(lon), lat: Float64Array.of(lat) }, inside);
  return inside[0] === 1;
}

/** Whether the centre of a pixel lies in a region. */
export function regionHoldsPixel(region: Region, pixel: PointedPixel): boolean {
  const { lon, lat } = placeOf(pixel, region.frame);
  return regionHolds(region, lon, lat);
}
