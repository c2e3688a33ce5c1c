import type { Crs } from './types.ts';

/** A rectangle: minX, minY, maxX, maxY in x/y order. */
export type Bbox = readonly [number, number, number, number];

/**
 * A rectangle between the order of the registry's axes (WMS 1.3.0, WMTS) and x/y order. Its own inverse.
 * OGC 06-042, 6.7.2: coordinates are listed in the axis order of the CRS definition.
 */
export function swapBbox(crs: Pick<Crs, 'axes'>, bbox: Bbox): Bbox {
  return crs.axes === 'xy' ? bbox : [bbox[1], bbox[0], bbox[3], bbox[2]];
}

/** A point between the order of the registry's axes and x/y order. Its own inverse. */
export function swapPoint(crs: Pick<Crs, 'axes'>, point: readonly [number, number]): readonly [number, number] {
  return crs.axes === 'xy' ? point : [point[1], point[0]];
}
