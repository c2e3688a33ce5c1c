import type { Frame } from '../geometry/frame/frame.ts';
import type { Lattice, PixelGrid, Pixels } from '../geometry/lattice/types.ts';

/**
 * One resolution at which a source can be read. Level coordinates are the finest level's times (colScale, rowScale), plus the
 * offsets if there are any, so that one point map serves all levels. A level may be coarser along columns than along rows (near the poles of a cylindrical map).
 */
export interface Level {
  readonly lattice: Lattice;
  /** Columns of this level per column of the finest level, (0, 1]. */
  readonly colScale: number;
  readonly rowScale: number;
  /**
   * Where the finest level's top left corner lies in this level, pixels; absent = 0. For pyramids whose levels share another
   * corner, such as the bottom left one, and whose heights are no whole pixels everywhere.
   */
  readonly colOffset?: number;
  readonly rowOffset?: number;
  /** Every chart is cut from (0, 0) into patches of this size; the last column and row may be cut short. */
  readonly patchWidth: Pixels;
  readonly patchHeight: Pixels;
  /** Its pixels are means that the gateway makes of those of the level before; so are all that follow. Never read by `nearest`. */
  readonly isMean?: true;
}

/** The unit of fetching: one upstream tile, one WMS window, one block of a file. */
export interface Patch {
  /** Unique within its source; stable over restarts (cache key). */
  readonly key: string;
  readonly level: number;
  readonly grid: PixelGrid;
}

/** A rectangle of a level's chart that lies within it, pixels: not bound to the borders of patches. */
export interface Excerpt {
  readonly level: number;
  readonly chart: number;
  readonly col: number;
  readonly row: number;
  readonly width: Pixels;
  readonly height: Pixels;
}

/** How a source's pixels are laid out: pure geometry, no I/O. */
export interface Tiling {
  readonly frame: Frame;
  /** levels[0] is the finest. Never empty. */
  readonly levels: readonly Level[];
  /**
   * Index of the level to read when one target pixel covers `cols` x `rows` finest-level pixels (root-sum-square extents,
   * > 0): the coarsest level that still has at least one pixel per target pixel, so that reading shrinks by [1, 2).
   */
  levelFor(cols: Pixels, rows: Pixels): number;
  /** The patch at a patch position of a level's chart, or null where the source is known to have nothing (coverage). */
  patchAt(level: number, chart: number, patchCol: number, patchRow: number): Patch | null;
}
