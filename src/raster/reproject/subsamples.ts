import type { Pixels } from '../../geometry/lattice/types.ts';
import type { Kernel } from './types.ts';

/**
 * Where a target pixel covers several source pixels the kernel is widened by sampling it at n x n points spread over the target
 * pixel's own footprint: the effective kernel is the footprint convolved with the kernel, in its true, rotated or sheared shape,
 * which a separable kernel stretched along the source's axes cannot have (at a pole the footprint is a full circle of longitude).
 */

/** At most 16 x 16 samples; beyond, the levels of the source have done the averaging. */
export const MAX_SUBSAMPLES = 16;
/** A footprint this little wider than a source pixel is still sampled once. */
const TOLERATED_SHRINK = 1.1;

/**
 * Samples per pixel and axis, so that neighbouring samples are at most about a source pixel apart.
 * @param cols, rows source pixels per target pixel along the source's axes
 */
export function subsamplesFor(kernel: Kernel, cols: Pixels, rows: Pixels): number {
  const shrink = Math.max(cols, rows);
  if (kernel === 'nearest' || !(shrink > TOLERATED_SHRINK)) return 1;
  return Math.min(MAX_SUBSAMPLES, Math.ceil(shrink));
}
