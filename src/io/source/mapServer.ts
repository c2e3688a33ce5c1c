import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import { crsLatticeOfBbox } from '../../geometry/lattice/crsLattice.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import type { EncodedPatch, MapNames, Patch, PatchBytes } from './types.ts';

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
  /** What the same service is to draw above its own layers, the lowest first; absent = nothing. */
  readonly above?: readonly MapNames[];
}

/** How a service draws what another one would, in the same picture. */
export interface Joint {
  /** Services of equal keys answer the same with the names of each other. */
  readonly key: string;
  readonly names: MapNames;
  /** Whether what lies beneath is seen where it shows nothing. */
  readonly isClear: boolean;
}

/** A service that draws any rectangle in several CRSs. */
export interface MapServer {
  /** Those it knows, best first; null = any, by its usual name. */
  readonly crs: readonly NamedCrs[] | null;
  /** Exactly the window. null and errors as in PatchBytes.fetch. */
  ask(window: MapWindow, signal: AbortSignal): Promise<EncodedPatch | null>;
  /** null = it draws its own only. */
  readonly joint: Joint | null;
}

/** Pictures of an upstream in one CRS. @param above as in MapWindow; empty for one without a joint */
export type BytesOf = (srs: NamedCrs, windows: Windows, format: string, above: readonly MapNames[]) => PatchBytes;

/** Windows of an upstream, each asked by itself. */
export function askWindows(bytesOf: BytesOf, crsOf: (name: string) => Crs): MapServer['ask'] {
  return ({ srs, bbox, width, height, format, above = [] }, signal) => {
    const crs = crsOf(srs);
    const grid = { lattice: crsLatticeOfBbox(crs, bbox, width, height), chart: 0, col: 0, row: 0, width, height };
    const patch: Patch = { key: `${srs}/${bbox.join(',')}/${width}x${height}`, level: 0, grid };
    return bytesOf({ name: srs, crs }, { crs, bboxOf: () => bbox }, format, above).fetch(patch, signal);
  };
}
