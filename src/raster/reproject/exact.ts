import { latticePoints } from '../../geometry/lattice/points.ts';
import type { LatticePoints, PixelGrid, Pixels } from '../../geometry/lattice/types.ts';
import type { Tiling } from '../tiling.ts';
import type { Box } from './blocks.ts';
import type { PointMap } from './pointMap.ts';
import { subsamplesFor } from './subsamples.ts';
import type { Kernel } from './types.ts';

/** A box resolved sample by sample, in finest-level coordinates; the level is not yet applied. */
export interface ResolvedBox extends Box {
  readonly level: number;
  readonly subsamples: number;
  /** width * height * subsamples^2 points, pixel by pixel. */
  readonly at: LatticePoints;
}

/** Maps every sample of the boxes through the exact formulas, all boxes in one batch; boxes without a point in the source are left out. */
export function resolveBoxes(boxes: readonly Box[], target: PixelGrid, tiling: Tiling, map: PointMap, kernel: Kernel): readonly ResolvedBox[] {
  const sized = footprintsOf(boxes, target, tiling, map).flatMap((footprint, i) => {
    if (footprint === null) return [];
    const level = tiling.levelFor(footprint.minCols, footprint.minRows);
    const { colScale, rowScale } = tiling.levels[level]!;
    const subsamples = subsamplesFor(kernel, footprint.maxCols * colScale, footprint.maxRows * rowScale);
    return [{ ...boxes[i]!, level, subsamples }];
  });
  const count = (box: { width: Pixels; height: Pixels; subsamples: number }): number => box.width * box.height * box.subsamples ** 2;
  const at = latticePoints(sized.reduce((sum, box) => sum + count(box), 0));
  let end = 0;
  for (const box of sized) end = samplePoints(box, box.subsamples, at, end);
  map.apply(end, at);
  let start = 0;
  return sized.map((box) => {
    const points = part(at, start, start + count(box));
    start += count(box);
    return { ...box, at: points };
  });
}

function part({ chart, col, row }: LatticePoints, from: number, to: number): LatticePoints {
  return { chart: chart.subarray(from, to), col: col.subarray(from, to), row: row.subarray(from, to) };
}

/** Sample positions from index `start` on, pixel by pixel, spread evenly over each pixel. Returns the index after the last. */
function samplePoints({ x, y, width, height }: Box, n: number, at: LatticePoints, start: number): number {
  let i = start;
  for (let py = 0; py < height; py++) {
    for (let px = 0; px < width; px++) {
      for (let sy = 0; sy < n; sy++) {
        for (let sx = 0; sx < n; sx++, i++) {
          at.col[i] = x + px + (sx + 0.5) / n;
          at.row[i] = y + py + (sy + 0.5) / n;
        }
      }
    }
  }
  return i;
}

interface Footprint {
  /** Of the smallest pixel: the least of each taken alone would be that of no pixel, and far too small where two charts meet. */
  minCols: Pixels;
  minRows: Pixels;
  maxCols: Pixels;
  maxRows: Pixels;
}

/** Points per pixel: a corner, half-way points to the right and below. */
const STENCIL = 3;

/**
 * Range of source pixels per target pixel over each box, by differences inside each pixel. Differences across a tear do not count;
 * where nothing else is left, the ratio of the pixel angles stands in. null where no point of the box is in the source.
 */
function footprintsOf(boxes: readonly Box[], target: PixelGrid, tiling: Tiling, map: PointMap): readonly (Footprint | null)[] {
  const at = latticePoints(boxes.reduce((sum, box) => sum + box.width * box.height * STENCIL, 0));
  let end = 0;
  for (const { x, y, width, height } of boxes) {
    for (let i = 0; i < width * height; i++) {
      const cx = x + (i % width) + 0.25;
      const cy = y + Math.floor(i / width) + 0.25;
      for (let k = 0; k < STENCIL; k++, end++) {
        at.col[end] = cx + (k === 1 ? 0.5 : 0);
        at.row[end] = cy + (k === 2 ? 0.5 : 0);
      }
    }
  }
  map.apply(end, at);
  let start = 0;
  return boxes.map(({ width, height }) => {
    const from = start;
    start += width * height * STENCIL;
    return measure(at, from, start, tiling, target);
  });
}

function measure(at: LatticePoints, from: number, to: number, tiling: Tiling, target: PixelGrid): Footprint | null {
  const { periodCols, pixelAngle } = tiling.levels[0]!.lattice;
  const range: Footprint = { minCols: Infinity, minRows: Infinity, maxCols: 0, maxRows: 0 };
  let inside = false;
  for (let i = from; i < to; i += STENCIL) {
    inside ||= at.chart[i]! >= 0 || at.chart[i + 1]! >= 0 || at.chart[i + 2]! >= 0;
    if (at.chart[i]! < 0 || at.chart[i + 1] !== at.chart[i] || at.chart[i + 2] !== at.chart[i]) continue;
    const cols = 2 * Math.hypot(step(at.col, i, 1, periodCols), step(at.col, i, 2, periodCols));
    const rows = 2 * Math.hypot(step(at.row, i, 1, null), step(at.row, i, 2, null));
    if (Math.hypot(cols, rows) < Math.hypot(range.minCols, range.minRows)) {
      range.minCols = cols;
      range.minRows = rows;
    }
    range.maxCols = Math.max(range.maxCols, cols);
    range.maxRows = Math.max(range.maxRows, rows);
  }
  if (!inside) return null;
  if (range.maxCols > 0) return range;
  const ratio = target.lattice.pixelAngle / pixelAngle;
  return { minCols: ratio, minRows: ratio, maxCols: ratio, maxRows: ratio };
}

function step(v: Float64Array, i: number, k: number, period: number | null): number {
  const d = v[i + k]! - v[i]!;
  return period === null ? d : d - period * Math.round(d / period);
}
