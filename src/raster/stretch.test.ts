import { describe, expect, it } from 'vitest';
import { stretched, usualRange } from './stretch.ts';

const RANGE = { low: -100, high: 100, noData: -32768 };

describe('stretched', () => {
  it('is black at low, white at high, and clamps beyond (danger: bytes that wrap round)', () => {
    const { data, opaque } = stretched({ values: Int16Array.of(-100, 0, 100, 300, -300), bands: 1 }, 5, 1, RANGE);
    expect([0, 4, 8, 12, 16].map((i) => data[i])).toEqual([0, 128, 255, 255, 0]);
    expect(opaque).toBe(true);
  });

  it('is transparent where there is no number (danger: holes of a terrain model drawn as its deepest place)', () => {
    const { data, opaque } = stretched({ values: Float32Array.of(Number.NaN, -32768, 0), bands: 1 }, 3, 1, RANGE);
    expect([...data]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 128, 128, 128, 255]);
    expect(opaque).toBe(false);
  });

  it('takes three bands as colours and the first of two (danger: bands read as neighbouring pixels)', () => {
    expect([...stretched({ values: [-100, 0, 100, 7], bands: 4 }, 1, 1, RANGE).data]).toEqual([0, 128, 255, 255]);
    expect([...stretched({ values: [100, -100, -100, 100], bands: 2 }, 2, 1, RANGE).data]).toEqual([255, 255, 255, 255, 0, 0, 0, 255]);
  });

  it('turns round with low > high, and survives low = high (danger: a division by zero)', () => {
    expect(stretched({ values: [0], bands: 1 }, 1, 1, { low: 0, high: -5, noData: null }).data[0]).toBe(0);
    expect(stretched({ values: [-5], bands: 1 }, 1, 1, { low: 0, high: -5, noData: null }).data[0]).toBe(255);
    expect(stretched({ values: [3], bands: 1 }, 1, 1, { low: 3, high: 3, noData: null }).data[3]).toBe(255);
  });
});

describe('usualRange', () => {
  it('leaves out a few extremes and what is no number (danger: one hot pixel makes everything black)', () => {
    const values = Float32Array.from({ length: 1001 }, (_, i) => i);
    values[500] = Number.NaN;
    values[501] = 1e9;
    expect(usualRange({ values, bands: 1 }, 0)).toEqual([6, 996]);
    expect(usualRange({ values: [Number.NaN], bands: 1 }, null)).toEqual([0, 1]);
  });
});
