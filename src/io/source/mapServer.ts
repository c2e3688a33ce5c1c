import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import { crsLatticeOfBbox } from '../../geometry/lattice/crsLattice.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import type { EncodedPatch, Patch, PatchBytes } from './types.ts';

/** Rectangles of one CRS's plane: what a patch means to a service that draws maps. */
export interface Windows {
  readonly crs: Crs;
  /** x/y order. */
  bboxOf(patch: Patch): Bbox;
}

/** A CRS by the name that an upstream has for it ('EPSG:4326' where it means a planet's degrees, say). */
export interface NamedCrs {
  readonly name: string;
  readonly crs: Crs;
}

/** One rectangle of a plane as a picture. Plain data. */
export interface MapWindow {
  /** What the upstream calls the CRS. */
  readonly srs: string;
  /** x/y order, CRS units. */
  readonly bbox: Bbox;
  readonly width: Pixels;
  readonly height: Pixels;
  /** Media type that the caller would like; the source's own options win. */
  readonly format: string;
}

/** A service that draws any rectangle in several CRSs. */
export interface MapServer {
  /** Those it knows, best first; null = any, by its usual name. */
  readonly crs: readonly NamedCrs[] | null;
  /** Exactly the window. null and errors as in PatchBytes.fetch. */
  ask(window: MapWindow, signal: AbortSignal): Promise<EncodedPatch | null>;
}

/** Windows of an upstream, each asked by itself. @param bytesOf the upstream's pictures in one CRS */
export function askWindows(bytesOf: (srs: NamedCrs, windows: Windows, format: string) => PatchBytes, crsOf: (name: string) => Crs): MapServer['ask'] {
  return ({ srs, bbox, width, height, format }, signal) => {
    const crs = crsOf(srs);
    const grid = { lattice: crsLatticeOfBbox(crs, bbox, width, height), chart: 0, col: 0, row: 0, width, height };
    const patch: Patch = { key: `${srs}/${bbox.join(',')}/${width}x${height}`, level: 0, grid };
    return bytesOf({ name: srs, crs }, { crs, bboxOf: () => bbox }, format).fetch(patch, signal);
  };
}
