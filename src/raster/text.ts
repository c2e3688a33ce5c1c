import type { Pixels } from '../geometry/lattice/types.ts';
import { emptyRaster, RGBA, type Raster } from './raster.ts';

/**
 * Letters without a font: 5 x 7 dots, columns from the left, one byte each with the topmost dot in the lowest bit; from ' ' to '~'.
 * A picture of an error message must not depend on what is installed.
 */
const GLYPHS =
  '000000000000005f00000007000700147f147f14242a7f2a12231308646236495522500005030000001c2241000041221c00082a1c2a0808083e0808' +
  '00503000000808080808006060000020100804023e5149453e00427f400042615149462141454b311814127f1027454545393c4a4949300171090503' +
  '3649494936064949291e003636000000563600000008142241141414141441221408000201510906324979413e7e1111117e7f494949363e41414122' +
  '7f4141221c7f494949417f090901013e414151327f0808087f00417f41002040413f017f081422417f404040407f0204027f7f0408107f3e4141413e' +
  '7f090909063e4151215e7f09192946464949493101017f01013f4040403f1f2040201f7f2018207f63140814630304780403615149454300007f4141' +
  '020408102041417f000004020102044040404040000102040020545454787f484444383844444420384444487f3854545418087e090102081454543c' +
  '7f0804047800447d40002040443d00007f10284400417f40007c041804787c0804047838444444387c14141408081414187c7c080404084854545420' +
  '043f4440203c4040207c1c2040201c3c4030403c44281028440c5050503c4464544c44000836410000007f000000413608000804081008';

const FIRST = 32;
const LAST = 126;
export const GLYPH_COLUMNS = 5;
export const GLYPH_ROWS = 7;
/** One dot between letters, three between lines. */
const ADVANCE: Pixels = GLYPH_COLUMNS + 1;
const LINE: Pixels = GLYPH_ROWS + 3;
const MARGIN: Pixels = 4;

/** Dots of a column of a character; '?' for what has no glyph. */
function columnOf(character: string, column: number): number {
  const code = character.charCodeAt(0);
  const index = code >= FIRST && code <= LAST ? code - FIRST : '?'.charCodeAt(0) - FIRST;
  const at = (index * GLYPH_COLUMNS + column) * 2;
  return Number.parseInt(GLYPHS.slice(at, at + 2), 16);
}

/** Columns of a character from the left, the topmost dot in the lowest bit; those of '?' for what has no glyph. */
export function dotsOf(character: string): readonly number[] {
  return Array.from({ length: GLYPH_COLUMNS }, (_, column) => columnOf(character, column));
}

/** Signs that are written with others. */
const INSTEAD: { readonly [sign: string]: string } = { '©': '(c)', '®': '(R)', '⁄': '/', '–': '-', '—': '-', '‘': "'", '’': "'", '“': '"', '”': '"', ß: 'ss', æ: 'ae', ø: 'o', ł: 'l' };

/** A text in characters that have glyphs, as far as that goes: without accents. */
export function lettersOf(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll(/[^ -~]/gu, (sign) => INSTEAD[sign] ?? sign);
}

/** Lines of at most `columns` characters, broken between words where that is possible. */
function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let rest = text.trim().replaceAll(/\s+/g, ' ');
  while (rest.length > columns) {
    const space = rest.lastIndexOf(' ', columns);
    const cut = space > 0 ? space : columns;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return rest === '' ? lines : [...lines, rest];
}

/** A rectangle of pixels. */
interface Box {
  readonly x: Pixels;
  readonly y: Pixels;
  readonly width: Pixels;
  readonly height: Pixels;
}

/** @param pixel premultiplied */
function fill(raster: Raster, { x, y, width, height }: Box, pixel: readonly [number, number, number, number]): void {
  for (let row = Math.max(0, y); row < Math.min(raster.height, y + height); row++) {
    for (let col = Math.max(0, x); col < Math.min(raster.width, x + width); col++) raster.data.set(pixel, (row * raster.width + col) * RGBA);
  }
}

function drawLine(raster: Raster, line: string, x: Pixels, y: Pixels): void {
  [...line].forEach((character, i) => {
    dotsOf(character).forEach((dots, column) => {
      for (let row = 0; row < GLYPH_ROWS; row++) {
        if ((dots >> row) % 2 === 1) fill(raster, { x: x + i * ADVANCE + column, y: y + row, width: 1, height: 1 }, [0, 0, 0, 255]);
      }
    });
  });
}

/** Where a text stands, and how much of the picture is seen through the white behind it. */
export interface TextPlace {
  readonly corner: 'top left' | 'bottom right';
  /** 0..255 */
  readonly opacity: number;
}

const NOTICE: TextPlace = { corner: 'top left', opacity: 255 };

/** A transparent picture with a text in one corner, black on white, cut where the picture ends. */
export function textRaster(text: string, width: Pixels, height: Pixels, { corner, opacity }: TextPlace = NOTICE): Raster {
  const raster = emptyRaster(width, height);
  const lines = wrapped(lettersOf(text), Math.max(1, Math.floor((width - 2 * MARGIN + 1) / ADVANCE)));
  const longest = lines.reduce((most, line) => Math.max(most, line.length), 0);
  const size = { width: 2 * MARGIN + longest * ADVANCE - 1, height: 2 * MARGIN + lines.length * LINE - 3 };
  const box: Box = corner === 'top left' ? { x: 0, y: 0, ...size } : { x: width - size.width, y: height - size.height, ...size };
  fill(raster, box, [opacity, opacity, opacity, opacity]);
  lines.forEach((line, i) => drawLine(raster, line, box.x + MARGIN, box.y + MARGIN + i * LINE));
  return raster;
}
