import { describe, expect, it } from 'vitest';
import type { Raster } from './raster.ts';
import { lettersOf } from './text.ts';
import { markPlaceOf, watermarkRaster, type Watermark } from './watermark.ts';

const MARK: Watermark = { text: 'HHH', fontSize: 24, colour: 0x804020, opacity: 100 };

function alphas({ data, width, height }: Raster): readonly (readonly number[])[] {
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (__, x) => data[(y * width + x) * 4 + 3]!));
}

/** First and last column and row that show anything. */
function extent(raster: Raster): readonly number[] {
  const rows = alphas(raster);
  const shown = rows.flatMap((row, y) => row.flatMap((alpha, x) => (alpha > 0 ? [[x, y] as const] : [])));
  const [xs, ys] = [shown.map(([x]) => x), shown.map(([, y]) => y)];
  return [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
}

describe('a watermark', () => {
  it('stands in the middle, as large as its font says (danger: off by half a tile)', () => {
    const [left, right, top, bottom] = extent(watermarkRaster(MARK, 'centre', 256, 200));
    expect([left! + right! + 1, top! + bottom! + 1]).toEqual([256, 200]);
    expect(bottom! - top! + 1).toBeGreaterThanOrEqual(17); // a capital of a font of 24 pixels
    expect(bottom! - top! + 1).toBeLessThanOrEqual(20);
  });

  it('on the edges: neighbours make one text (danger: a text cut, or with a gap)', () => {
    const edge = alphas(watermarkRaster({ ...MARK, text: 'Moon' }, 'edges', 128, 64));
    const middle = alphas(watermarkRaster({ ...MARK, text: 'Moon' }, 'centre', 128, 64));
    const joined = edge.map((row) => [...row.slice(64), ...row.slice(0, 64)]);
    expect(joined).toEqual(middle);
  });

  it('has its colour and opacity, premultiplied, and soft edges', () => {
    const { data } = watermarkRaster({ ...MARK, fontSize: 70 }, 'centre', 400, 100);
    const most = data.reduce((found, _, i) => (i % 4 === 3 && data[i]! > data[found]! ? i : found), 3);
    expect([...data.subarray(most - 3, most + 1)]).toEqual([50, 25, 13, 100]);
    const levels = new Set(alphas(watermarkRaster(MARK, 'centre', 256, 64)).flat());
    expect(levels.size).toBeGreaterThan(3);
    expect(Math.max(...levels)).toBe(100);
  });

  it('of two lines stands one above the other; a long one is cut', () => {
    const [, , top, bottom] = extent(watermarkRaster({ ...MARK, text: 'H\nH' }, 'centre', 100, 100));
    expect([top! + bottom! + 1, bottom! - top! > 38]).toEqual([100, true]);
    expect(extent(watermarkRaster({ ...MARK, text: 'H'.repeat(99) }, 'centre', 64, 64)).slice(0, 2)).toEqual([0, 63]);
  });
});

it('every tile, or every second one', () => {
  expect([[0, 0], [1, 0], [0, 1], [5, 3]].map(([col, row]) => markPlaceOf(col!, row!, false))).toEqual(['centre', 'centre', 'edges', 'edges']);
  expect([[0, 0], [1, 0], [0, 1], [5, 3]].map(([col, row]) => markPlaceOf(col!, row!, true))).toEqual([null, 'centre', 'centre', null]);
});

it('letters without a glyph are written with others', () => {
  expect(lettersOf('© Zürich – ½ 日')).toBe('(c) Zurich - 1/2 日');
});
