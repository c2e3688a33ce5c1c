import { describe, expect, it } from 'vitest';
import { cellCount } from '../../geometry/healpix/morton.ts';
import { mocCells, mocCellsAt, mocContains, mocCountAt, mocIntersection, mocOfCells, mocOfRanges, skyFraction, wholeSphere } from './moc.ts';
import type { MocCell } from './moc.ts';

function cells(order: number, ...npix: readonly number[]): readonly MocCell[] {
  return npix.map((n) => ({ order, npix: n }));
}

describe('mocOfCells and mocCells (MOC 2.0, 5.1: canonical form)', () => {
  it('replaces four siblings by their parent, over several orders', () => {
    expect(mocCells(mocOfCells(cells(2, 16, 17, 18, 19)))).toEqual(cells(1, 4));
    expect(mocCells(mocOfCells([...cells(1, 1, 2, 3), ...cells(2, 0, 1, 2, 3)]))).toEqual(cells(0, 0));
  });

  it('does not join neighbours that are no siblings', () => {
    expect(mocCells(mocOfCells(cells(2, 17, 18, 19, 20)))).toEqual(cells(2, 17, 18, 19, 20));
  });

  it('drops repeated cells and cells inside others, and sorts by order and number', () => {
    const given = [...cells(4, 27), ...cells(3, 5, 2, 3, 1, 3), ...cells(5, 4 * 4 * 2 + 7)];
    expect(mocCells(mocOfCells(given))).toEqual([...cells(3, 1, 2, 3, 5), ...cells(4, 27)]);
  });

  it('is exact at the deepest order', () => {
    const last = cellCount(24) - 1;
    const moc = mocOfCells(cells(24, last, 0));
    expect(mocCells(moc)).toEqual(cells(24, 0, last));
    expect([...moc.ranges]).toEqual([0, 1, last, last + 1]);
  });

  it('keeps nothing as nothing', () => {
    expect(mocCells(mocOfCells([]))).toEqual([]);
    expect(skyFraction(mocOfCells([]))).toBe(0);
    expect(mocContains(mocOfCells([]), 0, 0)).toBe('outside');
  });

  it.each([[0, 12], [-1, 0], [25, 0], [3, 768], [3, 1.5], [1.5, 0], [3, -1]])('refuses %d/%d', (order, npix) => {
    expect(() => mocOfCells([{ order, npix }])).toThrow(/is no HEALPix cell/);
  });

  it('equals a set of cells over random unions', () => {
    let seed = 7;
    const random = (n: number): number => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed % n;
    };
    for (let round = 0; round < 50; round++) {
      const given = Array.from({ length: 1 + random(40) }, () => ({ order: 3, npix: random(96) }));
      const wanted = new Set(given.map(({ npix }) => npix));
      const moc = mocOfCells(given);
      expect(skyFraction(moc)).toBeCloseTo(wanted.size / 768, 12);
      for (let npix = 0; npix < 96; npix++) expect(mocContains(moc, 3, npix)).toBe(wanted.has(npix) ? 'inside' : 'outside');
      expect(mocOfCells(mocCells(moc))).toEqual(moc);
    }
  });
});

describe('mocOfRanges', () => {
  it('joins ranges that overlap or touch and keeps gaps', () => {
    const moc = mocOfRanges(Float64Array.of(30, 0, 5, 20, 12), Float64Array.of(40, 10, 7, 30, 13));
    expect([...moc.ranges]).toEqual([0, 10, 12, 13, 20, 40]);
  });
});

describe('mocContains', () => {
  const moc = mocOfCells([...cells(3, 1, 2, 3, 5), ...cells(4, 27)]);

  it('sees a tile, its descendants and its ancestors', () => {
    expect(mocContains(moc, 3, 5)).toBe('inside');
    expect(mocContains(moc, 9, 5 * 4 ** 6 + 4095)).toBe('inside');
    expect(mocContains(moc, 24, 5 * 4 ** 21)).toBe('inside');
    expect(mocContains(moc, 3, 6)).toBe('partial'); // 4/27 is its last child
    expect(mocContains(moc, 0, 0)).toBe('partial');
    expect(mocContains(moc, 3, 0)).toBe('outside');
    expect(mocContains(moc, 3, 4)).toBe('outside');
    expect(mocContains(moc, 4, 26)).toBe('outside');
    expect(mocContains(moc, 0, 1)).toBe('outside');
    expect(mocContains(moc, 24, cellCount(24) - 1)).toBe('outside');
  });

  it('knows an ancestor whose children are all covered by several cells', () => {
    const joined = mocOfCells([...cells(3, 4, 5, 6), ...cells(4, 28, 29, 30, 31)]);
    expect(mocContains(joined, 2, 1)).toBe('inside');
  });
});

describe('skyFraction', () => {
  it('is the share of the sphere', () => {
    expect(skyFraction(wholeSphere())).toBe(1);
    expect(skyFraction(mocOfCells(cells(0, 3)))).toBeCloseTo(1 / 12, 15);
    expect(skyFraction(mocOfCells(cells(3, 0, 700)))).toBeCloseTo(2 / 768, 15);
    expect(mocCells(wholeSphere())).toEqual(cells(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
  });
});

describe('mocIntersection', () => {
  it('keeps what both cover', () => {
    const a = mocOfCells([...cells(1, 4, 6), ...cells(3, 0, 1, 2)]);
    const b = mocOfCells([...cells(0, 1), ...cells(4, 3, 4, 100)]);
    expect(mocCells(mocIntersection(a, b))).toEqual([...cells(1, 4, 6), ...cells(4, 3, 4)]);
    expect(mocIntersection(b, a)).toEqual(mocIntersection(a, b));
    expect(mocIntersection(a, wholeSphere())).toEqual(a);
    expect(mocCells(mocIntersection(a, mocOfCells([])))).toEqual([]);
  });
});

describe('mocCellsAt, mocCountAt', () => {
  it('name every cell that is touched, once', () => {
    const moc = mocOfCells([...cells(3, 0, 2, 17), ...cells(1, 5)]);
    expect([0, 1, 2, 3].map((order) => [...mocCellsAt(moc, order)])).toEqual([[0, 1], [0, 1, 5], [0, 4, 20, 21, 22, 23], [0, 2, 17, ...Array.from({ length: 16 }, (_, i) => 80 + i)]]);
    for (let order = 0; order < 5; order++) {
      const touched = Array.from({ length: cellCount(order) }, (_, npix) => npix).filter((npix) => mocContains(moc, order, npix) !== 'outside');
      expect([...mocCellsAt(moc, order)]).toEqual(touched);
      expect(mocCountAt(moc, order)).toBe(touched.length);
    }
    expect(mocCountAt(wholeSphere(), 20)).toBe(cellCount(20));
  });
});
