import type { Pixels } from '../geometry/lattice/types.ts';
import { emptyRaster, RGBA, type Raster } from './raster.ts';
import { dotsOf, GLYPH_COLUMNS, GLYPH_ROWS, lettersOf } from './text.ts';

/** A text that is laid over pictures. */
export interface Watermark {
  /** Lines are parted by '\n'. */
  readonly text: string;
  /** Height of the letters' body. */
  readonly fontSize: Pixels;
  /** 0xRRGGBB */
  readonly colour: number;
  /** 0..255 */
  readonly opacity: number;
}

/** In the middle of a tile, or on its left and right edge, where the neighbours go on with it. */
export type MarkPlace = 'centre' | 'edges';

/**
 * Where a tile is marked, by its numbers: in every second row on the edges; wide = every second tile in the middle, in turns, others not at
 * all (null). MapProxy's `tile_watermark_placement`.
 */
export function markPlaceOf(col: number, row: number, isWide: boolean): MarkPlace | null {
  if (isWide) return col % 2 === row % 2 ? null : 'centre';
  return row % 2 === 0 ? 'centre' : 'edges';
}

/** Height of a capital letter in parts of the body: that of DejaVu Sans, with which MapProxy writes. */
const CAPITAL = 0.73;
/** Dots from a letter to the next, from a line to the next. */
const ADVANCE = GLYPH_COLUMNS + 1;
const LINE = GLYPH_ROWS + 3;

/** The mark alone, on a transparent picture; what does not fit is cut off. */
export function watermarkRaster(mark: Watermark, place: MarkPlace, width: Pixels, height: Pixels): Raster {
  const dot = (mark.fontSize * CAPITAL) / GLYPH_ROWS;
  const lines = mark.text.split('\n').map(lettersOf);
  const textWidth = (Math.max(...lines.map((line) => line.length)) * ADVANCE - 1) * dot;
  const top = (height - (lines.length * LINE - 3) * dot) / 2;
  const covered = new Float32Array(width * height);
  for (const middle of place === 'centre' ? [width / 2] : [0, width]) {
    lines.forEach((line, i) => writeLine(line, { covered, width, height }, middle - textWidth / 2, top + i * LINE * dot, dot));
  }
  return coloured(covered, mark, width, height);
}

/** How much of each pixel is covered, 0..1. */
interface Sheet {
  readonly covered: Float32Array;
  readonly width: Pixels;
  readonly height: Pixels;
}

function writeLine(line: string, sheet: Sheet, left: number, top: number, dot: number): void {
  [...line].forEach((character, i) => {
    dotsOf(character).forEach((column, x) => {
      for (let y = 0; y < GLYPH_ROWS; y++) {
        if ((column >> y) % 2 === 1) cover(sheet, left + (i * ADVANCE + x) * dot, top + y * dot, dot);
      }
    });
  });
}

/** A square, each pixel by the part of it that is covered. */
function cover({ covered, width, height }: Sheet, left: number, top: number, size: number): void {
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, top + size); y++) {
    const rows = Math.min(y + 1, top + size) - Math.max(y, top);
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, left + size); x++) {
      covered[y * width + x]! += rows * (Math.min(x + 1, left + size) - Math.max(x, left));
    }
  }
}

function coloured(covered: Float32Array, { colour, opacity }: Watermark, width: Pixels, height: Pixels): Raster {
  const raster = emptyRaster(width, height);
  covered.forEach((part, i) => {
    const alpha = Math.round(Math.min(1, part) * opacity);
    const bands = [colour >> 16, (colour >> 8) & 255, colour & 255].map((band) => Math.round((band * alpha) / 255));
    raster.data.set([...bands, alpha], i * RGBA);
  });
  return raster;
}
