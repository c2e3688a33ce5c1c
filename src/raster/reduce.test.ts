import { describe, expect, it } from 'vitest';
import type { Raster } from './raster.ts';
import { reduce, reduceWindow } from './reduce.ts';

/** A picture from one number per pixel and channel. */
function picture(width: number, height: number, at: (x: number, y: number, c: number) => number): Raster {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < data.length; i++) data[i] = at((i >> 2) % width, Math.floor((i >> 2) / width), i & 3);
  return { width, height, data, opaque: false };
}

/** The same mean by brute force: every source pixel weighted by its overlap with the output pixel. */
function slowMean(r: Raster, x0: number, x1: number, y0: number, y1: number, c: number): number {
  let sum = 0;
  for (let y = 0; y < r.height; y++) {
    for (let x = 0; x < r.width; x++) {
      const wx = Math.max(0, Math.min(x1, x + 1) - Math.max(x0, x));
      const wy = Math.max(0, Math.min(y1, y + 1) - Math.max(y0, y));
      sum += r.data[(y * r.width + x) * 4 + c]! * wx * wy;
    }
  }
  return sum / ((x1 - x0) * (y1 - y0));
}

const noise = (x: number, y: number, c: number) => (x * 7919 + y * 104_729 + c * 31 + x * y * 13) % 256;

describe('reduce', () => {
  it.each([
    [8, 6, 4, 3],
    [5, 3, 3, 2],
    [625, 4, 313, 2],
    [7, 7, 7, 7],
    [9, 5, 1, 1],
  ])('averages exactly the area covered: %ix%i to %ix%i (danger: fractional edges forgotten, extent shifted)', (w, h, ow, oh) => {
    const source = picture(w, h, noise);
    const small = reduce(source, ow, oh);
    for (let y = 0; y < oh; y++) {
      for (let x = 0; x < ow; x++) {
        for (let c = 0; c < 4; c++) {
          const exact = slowMean(source, (x * w) / ow, ((x + 1) * w) / ow, (y * h) / oh, ((y + 1) * h) / oh, c);
          expect(Math.abs(small.data[(y * ow + x) * 4 + c]! - exact)).toBeLessThanOrEqual(0.5 + 1e-6);
        }
      }
    }
  });

  it('leaves a constant picture constant (danger: weights that do not sum to one darken every level)', () => {
    const white = picture(1251, 7, () => 255);
    expect(reduce(white, 626, 4).data.every((v) => v === 255)).toBe(true);
  });

  it('never lets a premultiplied colour exceed its alpha (danger: overflow when the alpha is divided out)', () => {
    const source = picture(17, 13, (x, y, c) => (c === 3 ? noise(x, y, 3) : Math.floor(noise(x, y, 3) * ((x % 5) / 4))));
    const { data } = reduce(source, 9, 7);
    for (let i = 0; i < data.length; i += 4) expect(Math.max(data[i]!, data[i + 1]!, data[i + 2]!)).toBeLessThanOrEqual(data[i + 3]!);
  });

  it('halves to the bit as the general way does (danger: the fast road rounding differently from the slow one)', () => {
    const source = picture(64, 48, noise);
    const fast = reduce(source, 32, 24);
    for (let y = 0; y < 24; y++) {
      for (let x = 0; x < 32; x++) {
        for (let c = 0; c < 4; c++) {
          const exact = slowMean(source, 2 * x, 2 * x + 2, 2 * y, 2 * y + 2, c);
          expect(fast.data[(y * 32 + x) * 4 + c]).toBe(Math.floor(exact + 0.5));
        }
      }
    }
    const shifted = reduceWindow(source, { left: 3, top: 5, right: 13, bottom: 11 }, 5, 3);
    expect(shifted.data[(2 * 5 + 4) * 4 + 1]).toBe(Math.floor(slowMean(source, 11, 13, 9, 11, 1) + 0.5));
  });

  it('averages a window with fractional edges as the whole picture would (danger: seams between overview patches)', () => {
    const source = picture(625, 9, noise);
    const whole = reduce(source, 313, 5);
    const ratio = { x: 625 / 313, y: 9 / 5 };
    const window = { left: 100 * ratio.x, right: 163 * ratio.x, top: 2 * ratio.y, bottom: 5 * ratio.y };
    const part = reduceWindow(source, window, 63, 3);
    for (let y = 0; y < 3; y++) {
      const row = whole.data.subarray(((y + 2) * 313 + 100) * 4, ((y + 2) * 313 + 163) * 4);
      expect(part.data.subarray(y * 63 * 4, (y + 1) * 63 * 4)).toEqual(row);
    }
  });
});
