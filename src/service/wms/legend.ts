import { degreesOnBody } from '../../geometry/crs/alias.ts';
import { crsLatticeOfBbox } from '../../geometry/lattice/crsLattice.ts';
import type { PixelGrid, Pixels } from '../../geometry/lattice/types.ts';
import type { DegreesBbox, MapLayer } from '../../layer/types.ts';

/** Longer side of a legend. */
const SIDE: Pixels = 128;

export interface LegendSize {
  readonly width: Pixels;
  readonly height: Pixels;
}

function aroundAll(layers: readonly MapLayer[]): DegreesBbox {
  return layers.map(({ bbox }) => bbox).reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
}

/** Size of the legend of a layer or group: its rectangle in degrees, the longer side 128 pixels. */
export function legendSize(layers: readonly MapLayer[]): LegendSize {
  const [west, south, east, north] = aroundAll(layers);
  const [x, y] = [east - west, north - south];
  const scale = SIDE / Math.max(x, y);
  return { width: Math.max(1, Math.round(x * scale)), height: Math.max(1, Math.round(y * scale)) };
}

/** A legend is a small picture of all that the layers show, in degrees. */
export function legendGrid(layers: readonly MapLayer[], { width, height }: LegendSize): PixelGrid {
  const crs = degreesOnBody(layers[0]!.frame, 'CRS:84');
  return { lattice: crsLatticeOfBbox(crs, aroundAll(layers), width, height), chart: 0, col: 0, row: 0, width, height };
}
