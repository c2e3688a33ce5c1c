import { createHash } from 'node:crypto';
import { GatewayError } from '../../errors.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import { createCrsLattice } from '../../geometry/lattice/crsLattice.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import { coarsestFor, evenUp, halvings, wholePixels } from './ladder.ts';
import type { Ladder } from './ladder.ts';
import type { Excerpt, Level, Patch, Tiling } from './types.ts';

/** [minX, minY, maxX, maxY] in the plane of a CRS, x to the right and y up. */
export type Bbox = readonly [number, number, number, number];

/** A tiling of one rectangle of a CRS's plane. */
export interface CrsTiling extends Tiling {
  readonly crs: Crs;
  readonly bbox: Bbox;
  /** Halving step of each level along columns and rows: levels[i] is steps[i].cols halvings of the finest one's columns. */
  readonly steps: readonly Step[];
  /** A patch that is not cut along the borders of the others, for those who want it; `patchAt` never gives it. */
  excerpt(excerpt: Excerpt): Patch;
  /** What a patch covers. Borders shared by patches, of one level or of several, are the same number to the last bit. */
  bboxOf(patch: Patch): Bbox;
}

export interface Step {
  readonly cols: number;
  readonly rows: number;
}

/** How fine the finest level is. */
export type Fineness =
  /** Size of its pixels, CRS units; rounded so that whole pixels fill the bbox. */
  | { readonly finestCell: number }
  /** Levels, the coarsest one patch across. */
  | { readonly maxLevels: number };

const DEFAULT_PATCH: Pixels = 1024;
/** Levels more than this many patches across are also offered with fewer columns, for the rows near the poles. */
const POLAR_PATCHES = 16;
/** Sizes stay exact in 32-bit arithmetic. */
const MAX_SIDE: Pixels = 2 ** 30;
/** A bbox this close to a full turn, in parts of one, is a full turn. */
const TURN_SLACK = 1e-9;

/**
 * The grid in which a source without one of its own (a WMS) is read: from the finest level, each level halves the one before,
 * until one patch holds all. Patches at the right and bottom are cut to the bbox. Where the plane is periodic, whole circles
 * have an even number of columns.
 * @throws GatewayError CONFIG_INVALID for an empty bbox or a cell that would need more than 2^30 pixels a side
 */
export function crsTiling(crs: Crs, bbox: Bbox, fineness: Fineness & { readonly patchSize?: Pixels }): CrsTiling {
  const patchSize = fineness.patchSize ?? DEFAULT_PATCH;
  const [minX, minY, maxX, maxY] = bbox;
  const [spanX, spanY] = [maxX - minX, maxY - minY];
  if (!(spanX > 0 && spanY > 0 && Number.isFinite(spanX) && Number.isFinite(spanY))) {
    throw new GatewayError('CONFIG_INVALID', `the bbox ${bbox.join(', ')} is empty; expected minX < maxX and minY < maxY`, { locator: 'bbox' });
  }
  const cell =
    'finestCell' in fineness ? fineness.finestCell : Math.max(spanX, spanY) / (patchSize * 2 ** (fineness.maxLevels - 1));
  if (!(cell > 0 && Math.max(spanX, spanY) / cell <= MAX_SIDE)) {
    throw new GatewayError('CONFIG_INVALID', `pixels of ${cell} do not suit the bbox ${bbox.join(', ')}; at most 2^30 fit a side`, { locator: 'bbox' });
  }
  const circle = isFullCircle(crs, bbox);
  const cols = wholePixels(spanX, cell);
  const ladder = halvings(circle ? evenUp(cols) : cols, wholePixels(spanY, cell), patchSize, circle);
  return ladderTiling(crs, bbox, ladder, patchSize);
}

/** True where the bbox is as wide as the plane's period: its left and right borders are the same line. */
export function isFullCircle(crs: Crs, [minX, , maxX]: Bbox): boolean {
  return crs.periodX !== null && Math.abs(maxX - minX - crs.periodX) <= TURN_SLACK * crs.periodX;
}

/** The tiling of a ladder of sizes over one bbox, polar levels included. */
export function ladderTiling(crs: Crs, bbox: Bbox, ladder: Ladder, patchSize: Pixels): CrsTiling {
  const polar = crs.poleLines && isFullCircle(crs, bbox);
  const lastCols = ladder.rows.map((_, rows) => (polar ? lastPolarStep(ladder, rows, patchSize) : rows));
  const steps = lastCols.flatMap((last, rows) => range(rows, last).map((cols) => ({ cols, rows })));
  const firstIndex = lastCols.map((_, rows) => steps.findIndex((step) => step.rows === rows));
  const levels = steps.map((step) => levelOf(crs, bbox, ladder, step, patchSize));
  const names = levels.map((level) => levelName(level));
  return {
    frame: crs.frame,
    crs,
    bbox,
    steps,
    levels,
    levelFor(cols, rows) {
      const wantedCols = coarsestFor(ladder.cols, cols);
      const wantedRows = Math.min(coarsestFor(ladder.rows, rows), wantedCols);
      return firstIndex[wantedRows]! + Math.min(wantedCols, lastCols[wantedRows]!) - wantedRows;
    },
    patchAt: (level, chart, patchCol, patchRow) =>
      chart === 0 ? patchOf(levels[level]!, level, names[level]!, patchCol, patchRow) : null,
    excerpt: ({ level, ...rect }) => {
      const { col, row, width, height } = rect;
      return { key: `${names[level]!}/${col}-${row}-${width}x${height}`, level, grid: { lattice: levels[level]!.lattice, ...rect } };
    },
    bboxOf: ({ level, grid }) => bboxOfRect(bbox, levels[level]!, grid),
  };
}

/** The coarsest columns offered beside `rows` halvings of the rows: at least 16 patches remain across. */
function lastPolarStep({ cols }: Ladder, rows: number, patchSize: Pixels): number {
  let last = rows;
  while (last + 1 < cols.length && cols[last + 1]! >= POLAR_PATCHES * patchSize) last++;
  return last;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function levelOf(crs: Crs, [minX, minY, maxX, maxY]: Bbox, ladder: Ladder, step: Step, patchSize: Pixels): Level {
  const [width, height] = [ladder.cols[step.cols]!, ladder.rows[step.rows]!];
  const cell = { cellX: (maxX - minX) / width, cellY: (maxY - minY) / height };
  return {
    lattice: createCrsLattice({ crs, x0: minX, y0: maxY, ...cell, width, height }),
    colScale: width / ladder.cols[0]!,
    rowScale: height / ladder.rows[0]!,
    patchWidth: patchSize,
    patchHeight: patchSize,
  };
}

/** Part of every patch key of a level: its size to read, and a digest of all else, so that a changed bbox asks anew. */
function levelName({ lattice, patchWidth, patchHeight }: Level): string {
  const digest = createHash('sha256').update(`${lattice.id} ${patchWidth} ${patchHeight}`).digest('hex');
  return `${lattice.width}x${lattice.height}-${digest.slice(0, 8)}`;
}

function patchOf({ lattice, patchWidth, patchHeight }: Level, level: number, name: string, patchCol: number, patchRow: number): Patch | null {
  const [col, row] = [patchCol * patchWidth, patchRow * patchHeight];
  if (col < 0 || row < 0 || col >= lattice.width || row >= lattice.height) return null;
  const width = Math.min(patchWidth, lattice.width - col);
  const height = Math.min(patchHeight, lattice.height - row);
  return { key: `${name}/${patchCol}/${patchRow}`, level, grid: { lattice, chart: 0, col, row, width, height } };
}

function bboxOfRect(bbox: Bbox, { lattice }: Level, { col, row, width, height }: Patch['grid']): Bbox {
  const [minX, minY, maxX, maxY] = bbox;
  const x = (c: number) => (c === lattice.width ? maxX : minX + ((maxX - minX) * c) / lattice.width);
  const y = (r: number) => (r === lattice.height ? minY : maxY - ((maxY - minY) * r) / lattice.height);
  return [x(col), y(row + height), x(col + width), y(row)];
}
