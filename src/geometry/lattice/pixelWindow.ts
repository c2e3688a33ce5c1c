import type { Bbox } from '../crs/axis.ts';
import type { PixelGrid, Pixels } from './types.ts';

/** A rectangle of the pixels of a grid, counted from its upper left corner. */
export interface PixelWindow {
  readonly col: Pixels;
  readonly row: Pixels;
  /** 0 = nothing of the grid lies in it. */
  readonly width: Pixels;
  readonly height: Pixels;
}

/** Parts of a pixel that rounding may take away at an edge. */
const SLACK = 1e-6;

/** The pixels of a grid of a CRS whose centres lie in a rectangle; null = all of them. @param bbox CRS units, x/y order */
export function windowOfBbox({ lattice: { spec }, col, row, width, height }: PixelGrid, [minX, minY, maxX, maxY]: Bbox): PixelWindow | null {
  if (spec.kind !== 'crs') return null;
  const [left, right] = between((minX - spec.x0) / spec.cellX - col, (maxX - spec.x0) / spec.cellX - col, width);
  const [top, bottom] = between((spec.y0 - maxY) / spec.cellY - row, (spec.y0 - minY) / spec.cellY - row, height);
  if (left === 0 && top === 0 && right === width && bottom === height) return null;
  return { col: left, row: top, width: right - left, height: bottom - top };
}

/** First and last + 1 of the pixels with their centres between two edges. */
function between(low: number, high: number, size: Pixels): readonly [Pixels, Pixels] {
  const first = Math.min(size, Math.max(0, Math.ceil(low - 0.5 - SLACK)));
  const end = Math.min(size, Math.max(0, Math.floor(high - 0.5 + SLACK) + 1));
  return [first, Math.max(first, end)];
}

/** A window as a grid of its own, of the same pixels. */
export function gridOfWindow(grid: PixelGrid, { col, row, width, height }: PixelWindow): PixelGrid {
  return { ...grid, col: grid.col + col, row: grid.row + row, width, height };
}
