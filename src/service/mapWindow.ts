import type { Bbox } from '../geometry/crs/axis.ts';
import type { Crs } from '../geometry/crs/types.ts';
import { crsLatticeOfBbox } from '../geometry/lattice/crsLattice.ts';
import type { PixelGrid, Pixels } from '../geometry/lattice/types.ts';
import type { MapLayer } from '../layer/types.ts';
import { metresPerUnit } from '../protocol/scale.ts';
import { isDrawnAt, type RangedLayer } from './wms/tree.ts';

/** The rectangle of a map and its pixels, whatever protocol asked for it. */
export interface MapWindow {
  readonly crs: Crs;
  /** CRS units, x/y order. */
  readonly bbox: Bbox;
  readonly width: Pixels;
  readonly height: Pixels;
}

/** Metres per pixel: the finer of both axes; degrees are those of the body's equator. */
function resolutionOf({ crs, bbox: [minX, minY, maxX, maxY], width, height }: MapWindow): number {
  return Math.min((maxX - minX) / width, (maxY - minY) / height) * metresPerUnit(crs, 'body');
}

/** Those of some layers that are drawn at the map's resolution. */
export function layersAt(members: readonly RangedLayer[], window: MapWindow): readonly MapLayer[] {
  const res = resolutionOf(window);
  return members.filter((member) => isDrawnAt(res, member)).map(({ layer }) => layer);
}

/** The pixels of a map. */
export function gridOf({ crs, bbox, width, height }: MapWindow): PixelGrid {
  return { lattice: crsLatticeOfBbox(crs, bbox, width, height), chart: 0, col: 0, row: 0, width, height };
}
