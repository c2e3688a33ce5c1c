import type { Bbox } from '../geometry/crs/axis.ts';
import { degreesOnBody } from '../geometry/crs/alias.ts';
import type { Crs } from '../geometry/crs/types.ts';
import type { Frame } from '../geometry/frame/frame.ts';
import { projectBbox } from '../geometry/pyramid/projectBbox.ts';
import type { DegreesBbox } from '../layer/types.ts';

/** What a layer's rectangle needs to become one in a CRS. */
export interface PlacedLayer {
  readonly frame: Frame;
  readonly bbox: DegreesBbox;
}

/**
 * A layer's rectangle in a CRS, x/y order, inside the CRS's domain; null where the CRS shows nothing of the layer. In a CRS of
 * another frame (icrs and galactic) a rectangle says little: then it is the CRS's whole domain.
 */
export function layerExtent({ frame, bbox }: PlacedLayer, crs: Crs): Bbox | null {
  if (crs.frame.id !== frame.id) return crs.extent;
  return projectBbox(degreesOnBody(frame, 'CRS:84'), bbox, crs);
}
