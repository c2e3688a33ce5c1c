import { latticePoints } from '../../geometry/lattice/points.ts';
import type { LatticePoints, PixelGrid, Pixels } from '../../geometry/lattice/types.ts';
import type { Tiling } from '../tiling.ts';
import type { Box, Piece } from './piece.ts';
import type { PointMap } from './pointMap.ts';
import { samplesAlong } from './subsamples.ts';
import type { Nodes } from './surface.ts';
import type { Kernel } from './types.ts';

/** A pixel resolved sample by sample, in finest-level coordinates; the level is not yet applied. */
export interface ResolvedPixel extends Box, Sampling {
  /** samplesX * samplesY points. */
  readonly at: LatticePoints;
}

interface Sampling {
  readonly level: number;
  /** Samples per pixel along the target's columns and rows. */
  readonly samplesX: number;
  readonly samplesY: number;
}

/**
 * What single pixels read. One that averages over several source pixels, all on one chart, is a piece of its own: the plane through
 * three exact points of it. For any other each sample goes through the exact formulas, all in one batch. Pixels without a point in the
 * source are left out.
 * @param levels those that pieces read already: no patch of another one is fetched for a single pixel, unless there are no pieces
 */
export function resolvePixels(
  pixels: readonly Box[],
  target: PixelGrid,
  tiling: Tiling,
  map: PointMap,
  kernel: Kernel,
  levels: ReadonlySet<number>,
): { readonly pieces: readonly Piece[]; readonly exact: readonly ResolvedPixel[] } {
  const stencil = stencilsOf(pixels, map);
  const levelFor = tiling.levels.map((_, level) => nearest(level, levels));
  const { lattice } = tiling.levels[0]!;
  const pieces: Piece[] = [];
  const single: (Box & Sampling)[] = [];
  pixels.forEach((pixel, i) => {
    const plane = planeAt(stencil, i * STENCIL, lattice.periodCols);
    if (plane !== null) {
      const sampling = samplingOf(plane, tiling, kernel, levelFor);
      if (sampling.samplesX * sampling.samplesY === 1) single.push({ ...pixel, ...sampling });
      else pieces.push(pieceOn(plane, pixel, sampling, tiling));
    } else if (isTouched(stencil, i * STENCIL)) {
      single.push({ ...pixel, ...samplingOf(unknownPlane(target.lattice.pixelAngle / lattice.pixelAngle), tiling, kernel, levelFor) });
    }
  });
  return { pieces, exact: resolve(single, map) };
}

function resolve(pixels: readonly (Box & Sampling)[], map: PointMap): readonly ResolvedPixel[] {
  const at = latticePoints(pixels.reduce((sum, { samplesX, samplesY }) => sum + samplesX * samplesY, 0));
  let end = 0;
  for (const { x, y, samplesX, samplesY } of pixels) {
    for (let s = 0; s < samplesX * samplesY; s++, end++) {
      at.col[end] = x + ((s % samplesX) + 0.5) / samplesX;
      at.row[end] = y + (Math.floor(s / samplesX) + 0.5) / samplesY;
    }
  }
  map.apply(end, at);
  let start = 0;
  return pixels.map((pixel) => {
    const from = start;
    start += pixel.samplesX * pixel.samplesY;
    return { ...pixel, at: { chart: at.chart.subarray(from, start), col: at.col.subarray(from, start), row: at.row.subarray(from, start) } };
  });
}

/** Points per pixel: its centre, and a quarter of a pixel to the right and below. */
const STENCIL = 3;
const STENCIL_AT = 0.5;
const STENCIL_STEP = 0.25;

function stencilsOf(pixels: readonly Box[], map: PointMap): LatticePoints {
  const at = latticePoints(pixels.length * STENCIL);
  pixels.forEach(({ x, y }, i) => {
    for (let k = 0; k < STENCIL; k++) {
      at.col[i * STENCIL + k] = x + STENCIL_AT + (k === 1 ? STENCIL_STEP : 0);
      at.row[i * STENCIL + k] = y + STENCIL_AT + (k === 2 ? STENCIL_STEP : 0);
    }
  });
  map.apply(at.col.length, at);
  return at;
}

function isTouched({ chart }: LatticePoints, first: number): boolean {
  return chart[first]! >= 0 || chart[first + 1]! >= 0 || chart[first + 2]! >= 0;
}

/** A plane over a pixel: finest-level coordinates at its upper left corner, and how they grow along its sides. */
interface Plane {
  readonly chart: number;
  readonly col: number;
  readonly colX: number;
  readonly colY: number;
  readonly row: number;
  readonly rowX: number;
  readonly rowY: number;
}

/** The plane through a pixel's stencil; null where its points are not on one chart. */
function planeAt({ chart, col, row }: LatticePoints, first: number, period: Pixels | null): Plane | null {
  const c = chart[first]!;
  if (c < 0 || chart[first + 1] !== c || chart[first + 2] !== c) return null;
  const colX = slopeTo(col, first, 1, period);
  const colY = slopeTo(col, first, 2, period);
  const rowX = slopeTo(row, first, 1, null);
  const rowY = slopeTo(row, first, 2, null);
  return { chart: c, col: col[first]! - STENCIL_AT * (colX + colY), colX, colY, row: row[first]! - STENCIL_AT * (rowX + rowY), rowX, rowY };
}

/** Growth from a stencil's first point to another, per pixel; the shorter way on a lattice that closes. */
function slopeTo(values: Float64Array, first: number, point: number, period: Pixels | null): number {
  const d = values[first + point]! - values[first]!;
  return (period === null ? d : d - period * Math.round(d / period)) / STENCIL_STEP;
}

/** Stands in where a tear goes through a pixel: a square as large as the ratio of the pixels' angles. */
function unknownPlane(ratio: number): Plane {
  return { chart: -1, col: NaN, colX: ratio, colY: 0, row: NaN, rowX: 0, rowY: ratio };
}

function samplingOf({ colX, colY, rowX, rowY }: Plane, tiling: Tiling, kernel: Kernel, levelFor: readonly number[]): Sampling {
  const level = levelFor[tiling.levelFor(Math.sqrt(colX * colX + colY * colY), Math.sqrt(rowX * rowX + rowY * rowY))]!;
  const { colScale, rowScale } = tiling.levels[level]!;
  return {
    level,
    samplesX: samplesAlong(kernel, Math.sqrt((colX * colScale) ** 2 + (rowX * rowScale) ** 2)),
    samplesY: samplesAlong(kernel, Math.sqrt((colY * colScale) ** 2 + (rowY * rowScale) ** 2)),
  };
}

/** The coarsest of some levels that is not coarser than one; else the finest of them, else that one. */
function nearest(level: number, levels: ReadonlySet<number>): number {
  const finer = [...levels].filter((other) => other <= level);
  if (finer.length > 0) return Math.max(...finer);
  return levels.size > 0 ? Math.min(...levels) : level;
}

function pieceOn(plane: Plane, { x, y, width, height }: Box, { level, samplesX, samplesY }: Sampling, tiling: Tiling): Piece {
  const { chart, col, colX, colY, row, rowX, rowY } = plane;
  const { colScale, rowScale, colOffset = 0, rowOffset = 0 } = tiling.levels[level]!;
  const cols = nodesOf(col * colScale + colOffset, colX * colScale, colY * colScale);
  const rows = nodesOf(row * rowScale + rowOffset, rowX * rowScale, rowY * rowScale);
  return { x, y, width, height, chart, level, samplesX, samplesY, cols, rows };
}

/** The nine nodes of a plane. */
function nodesOf(corner: number, alongX: number, alongY: number): Nodes {
  const [top, middle, bottom] = [corner, corner + alongY / 2, corner + alongY];
  const half = alongX / 2;
  return [top, top + half, top + alongX, middle, middle + half, middle + alongX, bottom, bottom + half, bottom + alongX];
}
