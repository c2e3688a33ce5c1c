import type { PixelGrid, Pixels } from '../geometry/lattice/types.ts';

/** Pixels of a band: 8 MB. Maps up to 2048 x 1024 are one. */
const BAND_PIXELS = 1 << 21;
/** Bands begin at multiples of this in the rows of the lattice, where blocks of a plan do, so that none is cut in two. */
const BLOCK: Pixels = 64;

/** A grid as bands from top to bottom, each to be drawn by itself: pixels do not depend on the grid in which they are drawn. */
export function bandsOf(grid: PixelGrid): readonly PixelGrid[] {
  const { row, width, height } = grid;
  if (width * height <= BAND_PIXELS) return [grid];
  const rows = Math.max(BLOCK, Math.floor(BAND_PIXELS / width / BLOCK) * BLOCK);
  const bands: PixelGrid[] = [];
  for (let top = row; top < row + height; ) {
    const bottom = Math.min(row + height, Math.floor(top / BLOCK) * BLOCK + rows);
    bands.push({ ...grid, row: top, height: bottom - top });
    top = bottom;
  }
  return bands;
}
