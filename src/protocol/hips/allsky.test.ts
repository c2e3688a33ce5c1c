import { describe, expect, it } from 'vitest';
import { cellCount } from '../../geometry/healpix/morton.ts';
import { allskyLayout } from './allsky.ts';

describe('allskyLayout (1.6)', () => {
  it('is 27 columns by 29 rows, 1728 x 1856 at order 3 with 64 px', () => {
    const { columns, rows, width, height } = allskyLayout(3, 64);
    expect([columns, rows, width, height]).toEqual([27, 29, 1728, 1856]);
  });

  it.each([[0, 3, 4], [1, 6, 8], [2, 13, 15]])('order %d is %d columns by %d rows', (order, columns, rows) => {
    expect(allskyLayout(order, 32)).toMatchObject({ columns, rows, width: 32 * columns, height: 32 * rows });
  });

  it('places tiles left to right and top to bottom', () => {
    const { place } = allskyLayout(3, 64);
    expect(place(0)).toEqual({ x: 0, y: 0 });
    expect(place(26)).toEqual({ x: 26 * 64, y: 0 });
    expect(place(27)).toEqual({ x: 0, y: 64 });
    expect(place(767)).toEqual({ x: 11 * 64, y: 28 * 64 });
  });

  it.each([0, 1, 2, 3])('gives each tile of order %d a place of its own inside the picture', (order) => {
    const { place, width, height } = allskyLayout(order, 8);
    const places = Array.from({ length: cellCount(order) }, (_, npix) => place(npix));
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(cellCount(order));
    expect(places.every(({ x, y }) => x % 8 === 0 && y % 8 === 0 && x + 8 <= width && y + 8 <= height)).toBe(true);
  });

  it.each([-1, 4, 1.5])('refuses order %d', (order) => {
    expect(() => allskyLayout(order, 64)).toThrow(/no Allsky of order/);
  });
});
