import type { PixelGrid } from '../lattice/types.ts';

/** Resolutions at which something is drawn, metres per pixel; null = no limit. Degrees count as on the equator of the body. */
export interface ResolutionRange {
  /** The coarsest, inclusive: MapProxy's min_res. */
  readonly coarsest: number | null;
  /** The finest, exclusive where it is coarser than this: MapProxy's max_res. */
  readonly finest: number | null;
}

/** So much coarser a picture may be, metres: MapProxy's slack. */
const SLACK = 1e-6;

/** MapProxy's rule (`ResolutionRange.contains`): both sides of a pixel must lie within. @param x, y metres per pixel */
export function isWithinRange({ coarsest, finest }: ResolutionRange, x: number, y: number): boolean {
  if (coarsest !== null && Math.max(x, y) >= coarsest + SLACK) return false;
  return finest === null || Math.min(x, y) >= finest;
}

/** Metres per pixel of a grid, along its columns and rows. @param radius of the body, for pixels that are angles */
export function metresPerPixel({ lattice: { spec, pixelAngle } }: PixelGrid, radius: number): readonly [x: number, y: number] {
  if (spec.kind === 'healpix') return [pixelAngle * radius, pixelAngle * radius];
  return [spec.cellX * spec.unitMetres, spec.cellY * spec.unitMetres];
}
