import { rotatePoints, rotationBetween } from '../../geometry/frame/rotation.ts';
import { spherePoints } from '../../geometry/lattice/points.ts';
import type { Lattice, LatticePoints, PixelGrid } from '../../geometry/lattice/types.ts';

/**
 * The exact map from target pixels to a source lattice: pixel -> sphere -> frame of the source -> lattice.
 * Call with points relative to the grid's corner in `at` (pixel (0, 0) has its centre at (0.5, 0.5)); the result is written over
 * them, chart -1 outside.
 */
export interface PointMap {
  apply(n: number, at: LatticePoints): void;
  /** Points mapped so far. */
  readonly count: number;
}

/** @throws FRAME_MISMATCH when no rotation leads from the target's frame to the source's */
export function createPointMap(target: PixelGrid, source: Lattice): PointMap {
  const rotation = rotationBetween(target.lattice.frame, source.frame);
  let scratch = spherePoints(1024);
  let count = 0;
  return {
    get count() {
      return count;
    },
    apply(n, at) {
      if (scratch.lon.length < n) scratch = spherePoints(2 * n);
      moveToChart(target, n, at);
      target.lattice.toSphere(n, at, scratch);
      if (rotation !== null) rotatePoints(rotation, n, scratch.lon, scratch.lat);
      source.toPixels(n, scratch, at);
      count += n;
    },
  };
}

function moveToChart({ chart, col, row }: PixelGrid, n: number, at: LatticePoints): void {
  for (let i = 0; i < n; i++) {
    at.chart[i] = chart;
    at.col[i]! += col;
    at.row[i]! += row;
  }
}
