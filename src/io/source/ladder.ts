import type { Pixels } from '../../geometry/lattice/types.ts';

/** Sizes of the levels of a picture or grid along one side, finest first. */
export interface Ladder {
  readonly cols: readonly Pixels[];
  readonly rows: readonly Pixels[];
}

/** An extent this close to a whole number of pixels, in parts of a pixel, is one. */
const WHOLE_SLACK = 1e-6;

/** The size in whole pixels of a length: exact where it divides, else the next larger. */
export function wholePixels(length: number, cell: number): Pixels {
  const exact = length / cell;
  const nearest = Math.round(exact);
  return Math.max(1, Math.abs(exact - nearest) < WHOLE_SLACK ? nearest : Math.ceil(exact));
}

/** n, or n + 1 if n is odd. */
export function evenUp(n: Pixels): Pixels {
  return n + (n % 2);
}

/**
 * Halves both sides, rounding up, until the longer one fits into `atMost`. The extent stays the same, so pixels of a level
 * are (nearly) twice as long as those of the finer one.
 * @param evenCols keeps columns even from the second level on, so that a full circle can be crossed at the poles
 */
export function halvings(cols: Pixels, rows: Pixels, atMost: Pixels, evenCols: boolean): Ladder {
  const ladder = { cols: [cols], rows: [rows] };
  let [c, r] = [cols, rows];
  while (Math.max(c, r) > atMost) {
    c = evenCols ? evenUp(Math.ceil(c / 2)) : Math.ceil(c / 2);
    r = Math.ceil(r / 2);
    ladder.cols.push(c);
    ladder.rows.push(r);
  }
  return ladder;
}

/**
 * The coarsest step of one side that still has a pixel for each target pixel of `wanted` finest pixels. A thousandth of slack:
 * a target on the very pixels of a level must get that level, whatever rounding says.
 */
export function coarsestFor(sizes: readonly Pixels[], wanted: Pixels): number {
  let k = sizes.length - 1;
  while (k > 0 && sizes[0]! / sizes[k]! > wanted * 1.001) k--;
  return k;
}
