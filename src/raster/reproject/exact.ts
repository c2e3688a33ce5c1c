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

/** Maps every sample of a box through the exact formulas. */
export function resolveBox(box: Box, target: PixelGrid, tiling: Tiling, map: PointMap, kernel: Kernel): ResolvedBox | null {
  const footprint = footprintOf(box, target, tiling, map);
  if (footprint === null) return null;
  const level = tiling.levelFor(footprint.minCols, footprint.minRows);
  const { colScale, rowScale } = tiling.levels[level]!;
  const subsamples = subsamplesFor(kernel, footprint.maxCols * colScale, footprint.maxRows * rowScale);
  const at = samplePoints(box, subsamples);
  map.apply(at.col.length, at);
  return { ...box, level, subsamples, at };
}

/** Sample positions, pixel by pixel, spread evenly over each pixel. */
function samplePoints({ x, y, width, height }: Box, n: number): LatticePoints {
  const at = latticePoints(width * height * n * n);
  let i = 0;
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
  return at;
}

interface Footprint {
  minCols: Pixels;
  minRows: Pixels;
  maxCols: Pixels;
  maxRows: Pixels;
}

/** Points per pixel: a corner, half-way points to the right and below. */
const STENCIL = 3;

/**
 * Range of source pixels per target pixel over the box, by differences inside each pixel. Differences across a tear do not count;
 * where nothing else is left, the ratio of the pixel angles stands in. null when no point of the box is in the source.
 */
function footprintOf({ x, y, width, height }: Box, target: PixelGrid, tiling: Tiling, map: PointMap): Footprint | null {
  const at = latticePoints(width * height * STENCIL);
  for (let i = 0; i < width * height; i++) {
    const cx = x + (i % width) + 0.25;
    const cy = y + Math.floor(i / width) + 0.25;
    for (let k = 0; k < STENCIL; k++) {
      at.col[i * STENCIL + k] = cx + (k === 1 ? 0.5 : 0);
      at.row[i * STENCIL + k] = cy + (k === 2 ? 0.5 : 0);
    }
  }
  map.apply(width * height * STENCIL, at);
  return measure(at, tiling, target);
}

function measure(at: LatticePoints, tiling: Tiling, target: PixelGrid): Footprint | null {
  const { periodCols, pixelAngle } = tiling.levels[0]!.lattice;
  const range: Footprint = { minCols: Infinity, minRows: Infinity, maxCols: 0, maxRows: 0 };
  let inside = false;
  for (let i = 0; i < at.col.length; i += STENCIL) {
    inside ||= at.chart[i]! >= 0 || at.chart[i + 1]! >= 0 || at.chart[i + 2]! >= 0;
    if (at.chart[i]! < 0 || at.chart[i + 1] !== at.chart[i] || at.chart[i + 2] !== at.chart[i]) continue;
    const cols = 2 * Math.hypot(step(at.col, i, 1, periodCols), step(at.col, i, 2, periodCols));
    const rows = 2 * Math.hypot(step(at.row, i, 1, null), step(at.row, i, 2, null));
    range.minCols = Math.min(range.minCols, cols);
    range.maxCols = Math.max(range.maxCols, cols);
    range.minRows = Math.min(range.minRows, rows);
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
