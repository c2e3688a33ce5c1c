import type { Frame } from '../frame/frame.ts';
import type { SpherePoints } from '../lattice/types.ts';

/** How much of a shape lies in a region: all of it, some of it (or that cannot be told cheaply), nothing. */
export type Overlap = 'inside' | 'partial' | 'outside';

/** A patch of the sphere, by samples: radians in some frame, NaN where a sample has no place on the sphere. */
export interface Shape {
  /** Points along the border, in order; the last is joined to the first. */
  readonly outline: SpherePoints;
  /** One point in the middle. */
  readonly centre: SpherePoints;
}

/** A part of a sphere: where a source or a cache has something to show. Immutable; its methods keep no state. */
export interface Region {
  /** The frame of all directions that it is asked about. */
  readonly frame: Frame;
  /** Writes 1 for each of the first n directions that lies in the region, else 0 (also for NaN). */
  contains(n: number, at: SpherePoints, out: Uint8Array): void;
  /** 'inside' and 'outside' are certain, but for what the samples of the outline miss between them. */
  overlap(shape: Shape): Overlap;
}
