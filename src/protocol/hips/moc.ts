import { GatewayError } from '../../errors.ts';
import { cellCount, MAX_ORDER } from '../../geometry/healpix/morton.ts';

/** One HEALPix cell, NESTED numbering. */
export interface MocCell {
  readonly order: number;
  readonly npix: number;
}

/**
 * A coverage on one sphere: the IVOA's Multi-Order Coverage map, kept as its range view (MOC 2.0, section 4.3) with numbers of
 * order 24, which are safe integers. Which sphere it is on is its owner's business.
 */
export interface Moc {
  /** start0, end0, start1, end1, ...: half-open ranges of order-24 cells, ascending, neither overlapping nor touching. Not written to. */
  readonly ranges: Float64Array;
}

/** How much of a cell a coverage covers: all, something, nothing. */
export type MocOverlap = 'inside' | 'partial' | 'outside';

/** Number of order-24 cells in a cell. */
function span(order: number): number {
  return 4 ** (MAX_ORDER - order);
}

/** The coverage made of the given cells, in any order and with any overlap. @throws GatewayError TILE_OUT_OF_RANGE */
export function mocOfCells(cells: Iterable<MocCell>): Moc {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const cell of cells) {
    checkCell(cell);
    const size = span(cell.order);
    starts.push(cell.npix * size);
    ends.push((cell.npix + 1) * size);
  }
  return mocOfRanges(Float64Array.from(starts), Float64Array.from(ends));
}

function checkCell({ order, npix }: MocCell): void {
  const good = Number.isInteger(order) && order >= 0 && order <= MAX_ORDER && Number.isInteger(npix) && npix >= 0 && npix < cellCount(order);
  if (good) return;
  throw new GatewayError(
    'TILE_OUT_OF_RANGE',
    `${order}/${npix} is no HEALPix cell: order must be 0 to ${MAX_ORDER} and npix 0 to 12*4^order - 1`,
    { locator: 'moc' },
  );
}

/**
 * The coverage made of ranges [starts[i], ends[i]) of order-24 cells, in any order and with any overlap; empty ones are not
 * allowed. Sorts both arrays in place. A gap of the union lies just before the i-th start when the i earlier ranges have all
 * ended, that is, when the i-th smallest end is smaller.
 */
export function mocOfRanges(starts: Float64Array, ends: Float64Array): Moc {
  starts.sort();
  ends.sort();
  const ranges: number[] = [];
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] as number;
    if (i === 0 || (ends[i - 1] as number) < start) {
      if (i > 0) ranges.push(ends[i - 1] as number);
      ranges.push(start);
    }
  }
  if (ends.length > 0) ranges.push(ends[ends.length - 1] as number);
  return { ranges: Float64Array.from(ranges) };
}

/** What both cover. */
export function mocIntersection(a: Moc, b: Moc): Moc {
  const ranges: number[] = [];
  for (let i = 0, j = 0; i < a.ranges.length && j < b.ranges.length; ) {
    const start = Math.max(a.ranges[i] as number, b.ranges[j] as number);
    const [endA, endB] = [a.ranges[i + 1] as number, b.ranges[j + 1] as number];
    if (start < Math.min(endA, endB)) ranges.push(start, Math.min(endA, endB));
    if (endA <= endB) i += 2;
    else j += 2;
  }
  return { ranges: Float64Array.from(ranges) };
}

/** Blocks [first, last] of cells of an order that a coverage touches, ascending, no cell in two of them. */
function* blocksAt({ ranges }: Moc, order: number): Generator<readonly [first: number, last: number]> {
  const size = span(order);
  for (let i = 0, next = 0; i < ranges.length; i += 2) {
    const first = Math.max(next, Math.floor((ranges[i] as number) / size));
    const last = Math.ceil((ranges[i + 1] as number) / size) - 1;
    if (first <= last) yield [first, last];
    next = Math.max(next, last + 1);
  }
}

/** Numbers of the cells of an order that a coverage touches, ascending; one after the other, as there may be many. */
export function* mocCellsAt(moc: Moc, order: number): Generator<number> {
  for (const [first, last] of blocksAt(moc, order)) for (let npix = first; npix <= last; npix++) yield npix;
}

/** How many these are. */
export function mocCountAt(moc: Moc, order: number): number {
  return [...blocksAt(moc, order)].reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** The whole sphere. */
export function wholeSphere(): Moc {
  return { ranges: Float64Array.of(0, cellCount(MAX_ORDER)) };
}

/**
 * The canonical cells of a coverage (MOC 2.0, section 5.1): no cell twice, no four siblings instead of their parent, ascending by
 * order and number.
 */
export function mocCells(moc: Moc): readonly MocCell[] {
  const cells: MocCell[] = [];
  for (let i = 0; i < moc.ranges.length; i += 2) {
    let start = moc.ranges[i] as number;
    const end = moc.ranges[i + 1] as number;
    while (start < end) {
      const order = coarsestOrderAt(start, end);
      cells.push({ order, npix: start / span(order) });
      start += span(order);
    }
  }
  return cells.sort((a, b) => a.order - b.order || a.npix - b.npix);
}

/** Order of the largest cell that begins at `start` and does not pass `end`. */
function coarsestOrderAt(start: number, end: number): number {
  let order = MAX_ORDER;
  while (order > 0 && start % span(order - 1) === 0 && start + span(order - 1) <= end) order--;
  return order;
}

/** Whether a cell lies in the coverage, touches it, or lies outside. The cell must exist: nothing is checked here. */
export function mocContains({ ranges }: Moc, order: number, npix: number): MocOverlap {
  const size = span(order);
  const start = npix * size;
  const end = start + size;
  const first = firstRangeEndingAfter(ranges, start);
  if (first === ranges.length || (ranges[first] as number) >= end) return 'outside';
  return (ranges[first] as number) <= start && (ranges[first + 1] as number) >= end ? 'inside' : 'partial';
}

/** Index in `ranges` of the start of the first range whose end is beyond `position`; ranges.length when there is none. */
function firstRangeEndingAfter(ranges: Float64Array, position: number): number {
  let low = 0;
  let high = ranges.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[2 * middle + 1] as number) > position) high = middle;
    else low = middle + 1;
  }
  return 2 * low;
}

/** Covered fraction of the sphere, [0, 1]: `moc_sky_fraction`. */
export function skyFraction({ ranges }: Moc): number {
  let covered = 0;
  for (let i = 0; i < ranges.length; i += 2) covered += (ranges[i + 1] as number) - (ranges[i] as number);
  return covered / cellCount(MAX_ORDER);
}
