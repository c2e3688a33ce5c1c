import { wrapInto } from '../../geometry/angles.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import type { Level, Tiling } from '../tiling.ts';
import type { Blocks } from './blocks.ts';
import type { ResolvedPixel } from './exact.ts';
import type { Piece } from './piece.ts';
import { RIM } from './rim.ts';
import { strayOf } from './subsamples.ts';
import { boundsOf, sagOf, type Nodes } from './surface.ts';
import { KERNEL_REACH, type ExactBlock, type Extent, type Kernel, type PlanBlock, type PlanPart, type SeamBlock } from './types.ts';

/**
 * Sorts pieces and exact samples by the chart and level they read, brings the samples to level coordinates, and finds the window of
 * each: on a lattice that closes on itself, the shortest arc of columns that holds them all.
 */
export function collectParts(
  tiling: Tiling,
  { smooth, seams }: Omit<Blocks, 'exact'>,
  pixels: { readonly pieces: readonly Piece[]; readonly exact: readonly ResolvedPixel[] },
  kernel: Kernel,
): { readonly parts: readonly PlanPart[]; readonly seams: readonly SeamBlock[]; readonly exact: readonly ExactBlock[] } {
  const drafts = new Map<number, Draft>();
  const charts = tiling.levels[0]!.lattice.chartCount;
  const draftOf = (level: number, chart: number): Draft => {
    const key = level * charts + chart;
    let draft = drafts.get(key);
    if (draft === undefined) {
      draft = createDraft(drafts.size, level, chart, tiling.levels[level]!);
      drafts.set(key, draft);
    }
    return draft;
  };
  for (const pieces of [smooth, pixels.pieces]) {
    for (const piece of pieces) {
      const draft = draftOf(piece.level, piece.chart);
      draft.blocks.push(blockOf(piece, draft));
    }
  }
  const halves = seams.map((seam) => seam.halves.map((half) => {
    const draft = draftOf(half.level, half.chart);
    return { draft, block: blockOf(half, draft) };
  }));
  const exact = pixels.exact.map((box) => exactBlock(box, tiling, draftOf));
  const all = [...drafts.values()];
  for (const draft of all) draft.start = arcStart(draft);
  for (const draft of all) if (draft.period !== null) draft.blocks = draft.blocks.map((block) => placed(block, draft));
  for (const block of exact) placeSamples(block, all);
  for (const draft of all) for (const block of draft.blocks) growByBlock(draft, block);
  const seamBlocks = seams.map(({ x, y, width, height, side }, i) => ({
    x, y, width, height, side,
    halves: halves[i]!.map(({ draft, block: unplaced }) => {
      const block = draft.period === null ? unplaced : placed(unplaced, draft);
      growByBlock(draft, block);
      return { part: draft.index, block };
    }),
  }));
  for (const block of exact) growBySamples(block, all);
  return { parts: all.map((draft) => finish(draft, KERNEL_REACH[kernel])), seams: seamBlocks, exact };
}

/** Resolution of the occupancy of a closed lattice. */
const BINS = 512;

interface Draft {
  readonly index: number;
  readonly level: number;
  readonly chart: number;
  readonly period: number | null;
  /** Which parts of the circle are read. */
  readonly bins: Uint8Array;
  blocks: PlanBlock[];
  start: number;
  minCol: number;
  maxCol: number;
  minRow: number;
  maxRow: number;
  /** How far samples lie from their pixels' centres. */
  stray: Pixels;
}

function createDraft(index: number, level: number, chart: number, { lattice }: Level): Draft {
  return {
    index,
    level,
    chart,
    period: lattice.periodCols,
    bins: new Uint8Array(lattice.periodCols === null ? 0 : BINS),
    blocks: [],
    start: 0,
    minCol: Infinity,
    maxCol: -Infinity,
    minRow: Infinity,
    maxRow: -Infinity,
    stray: 0,
  };
}

/** A piece and what it reads; the bins of that are marked. */
function blockOf({ x, y, width, height, cols, rows, samplesX, samplesY }: Piece, { period, bins }: Draft): PlanBlock {
  const extent = extentOf(cols, rows, width, height, samplesX * samplesY > 1);
  if (period !== null) occupy(bins, extent.c0 / period, extent.c1 / period);
  return { x, y, width, height, cols, rows, samplesX, samplesY, extent };
}

/** Where a block's samples lie. Those of a mean are spread over the plane that touches the surface at the pixel's centre. */
function extentOf(cols: Nodes, rows: Nodes, width: Pixels, height: Pixels, isMean: boolean): Extent {
  const col = boundsOf(cols);
  const row = boundsOf(rows);
  const sagCols = isMean ? sagOf(cols, width, height) : 0;
  const sagRows = isMean ? sagOf(rows, width, height) : 0;
  return { c0: col[0] - sagCols, c1: col[1] + sagCols, r0: row[0] - sagRows, r1: row[1] + sagRows };
}

/** Marks the bins of an arc, both in turns. */
function occupy(bins: Uint8Array, from: number, to: number): void {
  const first = Math.floor(from * BINS);
  const last = Math.min(Math.floor(to * BINS), first + BINS - 1);
  for (let b = first; b <= last; b++) bins[((b % BINS) + BINS) % BINS] = 1;
}

function exactBlock(box: ResolvedPixel, tiling: Tiling, draftOf: (level: number, chart: number) => Draft): ExactBlock {
  const { at, level } = box;
  const { colScale, rowScale, colOffset = 0, rowOffset = 0 } = tiling.levels[level]!;
  const n = at.col.length;
  const block = { ...box, part: new Int16Array(n), col: new Float64Array(n), row: new Float64Array(n) };
  for (let i = 0; i < n; i++) {
    if (at.chart[i]! < 0) {
      block.part[i] = -1;
      continue;
    }
    const draft = draftOf(level, at.chart[i]!);
    block.part[i] = draft.index;
    block.col[i] = at.col[i]! * colScale + colOffset;
    block.row[i] = at.row[i]! * rowScale + rowOffset;
    if (draft.period !== null) occupy(draft.bins, block.col[i]! / draft.period, block.col[i]! / draft.period);
  }
  return block;
}

/** First column after the widest empty arc; 0 when the whole circle is read or the lattice does not close. */
function arcStart({ bins, period }: Draft): number {
  if (period === null) return 0;
  let [best, bestEnd, run] = [0, 0, 0];
  for (let b = 0; b < 2 * BINS; b++) {
    run = bins[b % BINS] === 0 ? run + 1 : 0;
    if (run > best) [best, bestEnd] = [run, b];
    if (best >= BINS) break;
  }
  return best === 0 ? 0 : (((bestEnd + 1) % BINS) / BINS) * period;
}

function placed(block: PlanBlock, { start, period }: Draft): PlanBlock {
  const { c0, c1, r0, r1 } = block.extent;
  const shift = wrapInto(c0, start, period!) - c0;
  if (shift === 0) return block;
  return { ...block, cols: block.cols.map((col) => col + shift), extent: { c0: c0 + shift, c1: c1 + shift, r0, r1 } };
}

function placeSamples(block: ExactBlock, drafts: readonly Draft[]): void {
  for (let i = 0; i < block.col.length; i++) {
    const draft = drafts[block.part[i]!];
    if (draft !== undefined && draft.period !== null) block.col[i] = wrapInto(block.col[i]!, draft.start, draft.period);
  }
}

function grow(draft: Draft, col: number, row: number): void {
  if (col < draft.minCol) draft.minCol = col;
  if (col > draft.maxCol) draft.maxCol = col;
  if (row < draft.minRow) draft.minRow = row;
  if (row > draft.maxRow) draft.maxRow = row;
}

function growByBlock(draft: Draft, { samplesX, samplesY, extent: { c0, c1, r0, r1 } }: PlanBlock): void {
  grow(draft, c0, r0);
  grow(draft, c1, r1);
  draft.stray = Math.max(draft.stray, strayOf(samplesX, samplesY));
}

function growBySamples({ part, col, row }: ExactBlock, drafts: readonly Draft[]): void {
  for (let i = 0; i < part.length; i++) {
    const draft = drafts[part[i]!];
    if (draft !== undefined) grow(draft, col[i]!, row[i]!);
  }
}

function finish(draft: Draft, reach: number): PlanPart {
  const col = Math.floor(draft.minCol) - reach;
  const row = Math.floor(draft.minRow) - reach;
  return {
    level: draft.level,
    chart: draft.chart,
    col,
    row,
    width: Math.floor(draft.maxCol) + reach + 1 - col,
    height: Math.floor(draft.maxRow) + reach + 1 - row,
    rim: Math.min(RIM, Math.ceil(draft.stray) + reach + 2),
    blocks: draft.blocks,
  };
}
