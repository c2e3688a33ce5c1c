import { adjustedOfId } from '../crs/adjusted.ts';
import { crsOnFrame } from '../crs/alias.ts';
import { globeOfId } from '../crs/globe.ts';
import type { Crs } from '../crs/types.ts';
import type { Frame } from '../frame/frame.ts';
import { GatewayError } from '../../errors.ts';
import { createCrsLattice } from './crsLattice.ts';
import { healpixLattice } from './healpixLattice.ts';
import type { Lattice, LatticeSpec, PixelGrid } from './types.ts';

/** A pixel grid as plain data. */
export interface GridSpec extends Omit<PixelGrid, 'lattice'> {
  readonly lattice: LatticeSpec;
}

/** The plain data of a grid. */
export function specOfGrid({ lattice, chart, col, row, width, height }: PixelGrid): GridSpec {
  return { lattice: lattice.spec, chart, col, row, width, height };
}

/** The grid again. @param crsOf reads identifiers (a registry's) */
export function gridOfSpec(spec: GridSpec, crsOf: (identifier: string) => Crs): PixelGrid {
  return { ...spec, lattice: latticeOfSpec(spec.lattice, crsOf) };
}

/** @throws CRS_NOT_SUPPORTED, FRAME_MISMATCH for a spec that no lattice here has */
export function latticeOfSpec(spec: LatticeSpec, crsOf: (identifier: string) => Crs): Lattice {
  if (spec.kind === 'healpix') return healpixLattice(spec.frame, spec.pixelOrder);
  return createCrsLattice({ ...spec, crs: crsOfSpec(spec.crs, spec.frame, crsOf) });
}

/** The CRS of a lattice again. @throws CRS_NOT_SUPPORTED, FRAME_MISMATCH */
export function crsOfSpec(id: string, frame: Frame, crsOf: (identifier: string) => Crs): Crs {
  const named = (plain: string): Crs | null => crsOnFrame(crsOf(plain), frame);
  const crs = globeOfId(id, frame) ?? adjustedOfId(id, named) ?? named(id);
  if (crs === null) throw new GatewayError('FRAME_MISMATCH', `${id} does not show ${frame.id}`);
  return crs;
}
