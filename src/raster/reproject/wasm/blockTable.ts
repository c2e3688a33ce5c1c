import type { Mosaic } from '../mosaic.ts';
import { greatestOf, leastOf } from '../surface.ts';
import { MAX_BLOCK_SPAN, type SmoothBlock } from '../types.ts';

/** Bytes of a block in the table, and where its whole numbers are: the layout of assembly/rows.ts. */
export const BLOCK_BYTES = 176;
const DOUBLES = BLOCK_BYTES / Float64Array.BYTES_PER_ELEMENT;
const INTS = BLOCK_BYTES / Int32Array.BYTES_PER_ELEMENT;
const FIRST_INT = 144 / Int32Array.BYTES_PER_ELEMENT;

/** Source pixels left of, and above, everything that a block reads. */
const MARGIN = 4;

/** Two views of the table's memory, from its start. */
export interface BlockTable {
  readonly doubles: Float64Array;
  readonly ints: Int32Array;
}

/** Where the sample of a pixel is looked for: 0 = the pixel that holds it, 1/2 = the pixels whose centres surround it. */
export type Offset = 0 | 0.5;

/**
 * Writes a block as the kernels read it: nodes counted from an origin next to the block.
 * @param offset 0 for nearest, which counts from the mosaic's own corner and has no limit
 * @returns false (nothing is written) if the block spans more than MAX_BLOCK_SPAN source pixels
 */
export function writeBlock(table: BlockTable, at: number, block: SmoothBlock, mosaic: Pick<Mosaic, 'col' | 'row' | 'width'>, offset: Offset): boolean {
  const { cols, rows } = block;
  const left = leastOf(cols);
  const top = leastOf(rows);
  if (offset > 0 && Math.max(greatestOf(cols) - left, greatestOf(rows) - top) > MAX_BLOCK_SPAN) return false;
  const originCol = offset === 0 ? mosaic.col : Math.floor(left) - MARGIN;
  const originRow = offset === 0 ? mosaic.row : Math.floor(top) - MARGIN;
  const { doubles, ints } = table;
  const first = at * DOUBLES;
  for (let k = 0; k < 9; k++) {
    doubles[first + 2 * k] = cols[k]! - (originCol + offset);
    doubles[first + 2 * k + 1] = rows[k]! - (originRow + offset);
  }
  const int = at * INTS + FIRST_INT;
  ints[int] = block.x;
  ints[int + 1] = block.y;
  ints[int + 2] = block.width;
  ints[int + 3] = block.height;
  ints[int + 4] = block.samplesX;
  ints[int + 5] = block.samplesY;
  ints[int + 6] = (originRow - mosaic.row) * mosaic.width + originCol - mosaic.col;
  return true;
}
