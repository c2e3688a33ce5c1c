import type { Bbox } from '../../geometry/crs/axis.ts';
import { asTopLeft, setLimits, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import type { WmtsSet } from './types.ts';

/**
 * A set as a layer offers it. @param bbox the layer's rectangle in the set's CRS, x/y order: tiles outside are out of range;
 * null = every tile of the set is served
 */
export function wmtsSet(set: TileMatrixSet, bbox: Bbox | null): WmtsSet {
  const served = asTopLeft(set);
  return { set, served, limits: bbox === null ? null : setLimits(served, bbox) };
}
