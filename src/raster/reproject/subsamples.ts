import type { Pixels } from '../../geometry/lattice/types.ts';
import type { Kernel } from './types.ts';

/**
 * Where a target pixel covers several source pixels the kernel is widened: the pixel's own footprint, in its true, rotated or
 * sheared shape, is averaged by bilinear samples spread evenly over it. A separable kernel stretched along the source's axes
 * cannot do that: at a pole the footprint is a full circle of longitude.
 */

/** Beyond 8 x 8 samples, the levels of the source have done the averaging. */
export const MAX_SUBSAMPLES = 8;
/** A footprint this little wider than a source pixel is still sampled once. */
const TOLERATED_SHRINK = 1.25;
/** Source pixels between samples: a bilinear sample reaches one to each side, so none is missed. */
const SPACING: Pixels = 1.5;

/** Samples along one side of a pixel. @param length of that side, source pixels */
export function samplesAlong(kernel: Kernel, length: Pixels): number {
  if (kernel === 'nearest' || !(length > TOLERATED_SHRINK)) return 1;
  return Math.min(MAX_SUBSAMPLES, Math.max(2, Math.ceil(length / SPACING)));
}

/** How far the samples of a pixel lie from its centre at most, along either axis of the source; Infinity where nothing bounds it. */
export function strayOf(samplesX: number, samplesY: number): Pixels {
  if (Math.max(samplesX, samplesY) >= MAX_SUBSAMPLES) return Infinity;
  return ((samplesX - 1 + samplesY - 1) * SPACING) / 2;
}
