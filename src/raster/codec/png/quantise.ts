import type { Indexed } from './palette.ts';

/** Bits of a red, green, blue and of an alpha that tell colours apart before they are joined. */
const COLOUR_BITS = 5;
const ALPHA_BITS = 4;
const CELLS = 1 << (3 * COLOUR_BITS + ALPHA_BITS);
const BANDS = 4;

/** Colours that lie close to each other, with what they are on the average. */
interface Cells {
  /** Number of the cell of each possible key, from 1; 0 = no pixel has it. */
  readonly table: Int32Array;
  readonly count: number;
  /** Pixels of each cell. */
  readonly pixels: Float64Array;
  /** Mean red, green, blue, alpha of each cell, premultiplied. */
  readonly means: Float64Array;
}

/** Cells [from, to) of an order. `error`: sum of squares along the band in which it is largest. */
interface Box {
  readonly from: number;
  readonly to: number;
  readonly means: readonly number[];
  readonly band: number;
  readonly error: number;
}

/**
 * A picture of many colours by a palette of at most so many: the box of colours in which the error is largest is cut at its mean until
 * there are enough (Heckbert 1982, as improved by Wu 1991). Opaque pixels stay opaque, transparent ones transparent.
 * @param words premultiplied pixels @param colours 2..256
 */
export function quantised(words: Uint32Array, colours: number): Indexed {
  const cells = cellsOf(words);
  const order = Uint32Array.from({ length: cells.count }, (_, i) => i);
  const boxes = startingBoxes(cells, order);
  while (boxes.length < colours) {
    const worst = boxes.reduce((best, box, i) => (box.error > boxes[best]!.error ? i : best), 0);
    const { error, from, to, band, means } = boxes[worst]!;
    if (error === 0) break;
    const middle = partition(order, from, to, (cell) => cells.means[cell * BANDS + band]! <= means[band]!);
    boxes.splice(worst, 1, boxOf(cells, order, from, middle), boxOf(cells, order, middle, to));
  }
  const chosen = new Uint8Array(cells.count);
  boxes.forEach(({ from, to }, i) => order.subarray(from, to).forEach((cell) => (chosen[cell] = i)));
  return { colours: Uint32Array.from(boxes, ({ means }) => wordOf(means)), indices: Uint8Array.from(words, (word) => chosen[cells.table[keyOf(word)]! - 1]!) };
}

/** Opaque and transparent colours have cells of their own. */
function keyOf(word: number): number {
  const colour = ((word & 0xf8) << 7) | ((word >>> 6) & 0x3e0) | ((word >>> 19) & 0x1f);
  const alpha = word >>> 24;
  return (kindOf(alpha) === 1 ? 1 + Math.floor((alpha * ((1 << ALPHA_BITS) - 2)) / 256) : alpha === 0 ? 0 : (1 << ALPHA_BITS) - 1) * (1 << (3 * COLOUR_BITS)) + colour;
}

/** 0 = transparent, 1 = between, 2 = opaque. */
function kindOf(alpha: number): number {
  return alpha === 0 ? 0 : alpha === 255 ? 2 : 1;
}

function cellsOf(words: Uint32Array): Cells {
  const table = new Int32Array(CELLS);
  let count = 0;
  for (let i = 0; i < words.length; i++) {
    const key = keyOf(words[i]!);
    if (table[key] === 0) table[key] = ++count;
  }
  const pixels = new Float64Array(count);
  const means = new Float64Array(count * BANDS);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const cell = table[keyOf(word)]! - 1;
    pixels[cell]!++;
    for (let band = 0; band < BANDS; band++) means[cell * BANDS + band]! += (word >>> (8 * band)) & 255;
  }
  for (let i = 0; i < means.length; i++) means[i]! /= pixels[Math.floor(i / BANDS)]!;
  return { table, count, pixels, means };
}

/** One box for each kind of alpha that there is. */
function startingBoxes(cells: Cells, order: Uint32Array): Box[] {
  const kinds = [0, 1, 2];
  const kindOfCell = (cell: number): number => kindOf(cells.means[cell * BANDS + 3]!);
  order.sort((a, b) => kindOfCell(a) - kindOfCell(b));
  const ends = kinds.map((kind) => order.findLastIndex((cell) => kindOfCell(cell) <= kind) + 1);
  return kinds.flatMap((kind) => {
    const from = kind === 0 ? 0 : ends[kind - 1]!;
    return from < ends[kind]! ? [boxOf(cells, order, from, ends[kind]!)] : [];
  });
}

function boxOf({ pixels, means }: Cells, order: Uint32Array, from: number, to: number): Box {
  const [sums, squares] = [new Float64Array(BANDS), new Float64Array(BANDS)];
  let total = 0;
  for (let i = from; i < to; i++) {
    const cell = order[i]!;
    const weight = pixels[cell]!;
    total += weight;
    for (let band = 0; band < BANDS; band++) {
      const value = means[cell * BANDS + band]!;
      sums[band]! += weight * value;
      squares[band]! += weight * value * value;
    }
  }
  const errors = Array.from(squares, (square, band) => square - (sums[band]! * sums[band]!) / total);
  const band = errors.reduce((best, error, i) => (error > errors[best]! ? i : best), 0);
  return { from, to, means: Array.from(sums, (sum) => sum / total), band, error: to - from < 2 ? 0 : Math.max(0, errors[band]!) };
}

/** Brings the members that belong in front to the front. Returns where the others begin: each side has at least one. */
function partition(order: Uint32Array, from: number, to: number, isInFront: (cell: number) => boolean): number {
  let middle = from;
  for (let i = from; i < to; i++) {
    const cell = order[i]!;
    if (!isInFront(cell)) continue;
    order[i] = order[middle]!;
    order[middle++] = cell;
  }
  return Math.min(Math.max(middle, from + 1), to - 1);
}

function wordOf(means: readonly number[]): number {
  const [r, g, b, a] = means.map(Math.round);
  return ((a! << 24) | (b! << 16) | (g! << 8) | r!) >>> 0;
}
