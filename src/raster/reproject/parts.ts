import { wrapInto } from '../../geometry/angles.ts';
import type { Level, Tiling } from '../tiling.ts';
import type { Blocks } from './blocks.ts';
import type { ResolvedPixel } from './exact.ts';
import type { Piece } from './piece.ts';
import { boundsOf, sagOf, type Nodes } from './surface.ts';
import { KERNEL_REACH, type ExactBlock, type Kernel, type PlanPart, type SeamBlock, type SmoothBlock } from './types.ts';

/**
 * Sorts pieces and exact samples by the chart and level they read, brings them to level coordinates, and finds the window of
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
  readonly colScale: number;
  readonly rowScale: number;
  readonly colOffset: number;
  readonly rowOffset: number;
  readonly period: number | null;
  /** Which parts of the circle are read. */
  readonly bins: Uint8Array;
  blocks: SmoothBlock[];
  start: number;
  minCol: number;
  maxCol: number;
  minRow: number;
  maxRow: number;
}

function createDraft(index: number, level: number, chart: number, { colScale, rowScale, colOffset = 0, rowOffset = 0, lattice }: Level): Draft {
  return {
    index,
    level,
    chart,
    colScale,
    rowScale,
    colOffset,
    rowOffset,
    period: lattice.periodCols,
    bins: new Uint8Array(lattice.periodCols === null ? 0 : BINS),
    blocks: [],
    start: 0,
    minCol: Infinity,
    maxCol: -Infinity,
    minRow: Infinity,
    maxRow: -Infinity,
  };
}

/** A piece in level coordinates; the bins that it reads are marked. */
function blockOf({ x, y, width, height, cols: finestCols, rows, samplesX, samplesY }: Piece, draft: Draft): SmoothBlock {
  const { colScale, rowScale, colOffset, rowOffset, period } = draft;
  const cols = scaled(finestCols, colScale, colOffset);
  if (period !== null) {
    const [from, to] = boundsOf(cols);
    occupy(draft.bins, from / period, to / period);
  }
  return { x, y, width, height, cols, rows: scaled(rows, rowScale, rowOffset), samplesX, samplesY };
}

function scaled(nodes: Nodes, scale: number, offset: number): Nodes {
  if (scale === 1 && offset === 0) return nodes;
  const v = (k: number): number => nodes[k]! * scale + offset;
  return [v(0), v(1), v(2), v(3), v(4), v(5), v(6), v(7), v(8)];
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

function placed(block: SmoothBlock, { start, period }: Draft): SmoothBlock {
  const [from] = boundsOf(block.cols);
  const shift = wrapInto(from, start, period!) - from;
  return shift === 0 ? block : { ...block, cols: block.cols.map((col) => col + shift) };
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

function growByBlock(draft: Draft, block: SmoothBlock): void {
  const { c0, c1, r0, r1 } = reachOf(block);
  grow(draft, c0, r0);
  grow(draft, c1, r1);
}

/** Everything of the level that the samples of a block lie in, kernel not counted. */
export interface Extent {
  readonly c0: number;
  readonly c1: number;
  readonly r0: number;
  readonly r1: number;
}

/** Where a block's samples lie. Those of a mean are spread over the plane that touches the surface at the pixel's centre. */
export function reachOf({ cols, rows, width, height, samplesX, samplesY }: SmoothBlock): Extent {
  const isMean = samplesX * samplesY > 1;
  const [c0, c1] = boundsOf(cols);
  const [r0, r1] = boundsOf(rows);
  const sagCols = isMean ? sagOf(cols, width, height) : 0;
  const sagRows = isMean ? sagOf(rows, width, height) : 0;
  return { c0: c0 - sagCols, c1: c1 + sagCols, r0: r0 - sagRows, r1: r1 + sagRows };
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
    blocks: draft.blocks,
  };
}
