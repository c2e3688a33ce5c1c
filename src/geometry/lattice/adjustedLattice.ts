import { applyAdjustment, undoAdjustment, type Adjustment } from '../crs/adjusted.ts';
import { spherePoints } from './points.ts';
import type { Lattice, LatticePoints } from './types.ts';

/** Points handled at once: the scratch of a lattice is this long. */
const BATCH = 1024;

/**
 * The same pixels, whose directions are counted otherwise: a HiPS with another meridian, to the west, or planetographic. Its spec
 * is that of the lattice as it stands: it cannot be a target in another thread.
 */
export function adjustedLattice(lattice: Lattice, adjustment: Adjustment): Lattice {
  const scratch = spherePoints(BATCH);
  return {
    ...lattice,
    id: `${lattice.id}:adjusted(${adjustment.sign},${adjustment.offset},${adjustment.ratio})`,
    toSphere(n, px, out) {
      lattice.toSphere(n, px, out);
      applyAdjustment(adjustment, n, out.lon, out.lat);
    },
    toPixels(n, at, out) {
      for (let start = 0; start < n; start += BATCH) {
        const m = Math.min(BATCH, n - start);
        scratch.lon.set(at.lon.subarray(start, start + m));
        scratch.lat.set(at.lat.subarray(start, start + m));
        undoAdjustment(adjustment, m, scratch.lon, scratch.lat);
        lattice.toPixels(m, scratch, partOf(out, start, start + m));
      }
    },
  };
}

function partOf({ chart, col, row }: LatticePoints, from: number, to: number): LatticePoints {
  return { chart: chart.subarray(from, to), col: col.subarray(from, to), row: row.subarray(from, to) };
}
