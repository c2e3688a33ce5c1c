import { describe, expect, it } from 'vitest';
import type { Raster } from '../raster.ts';
import { compileCodecKernels } from './kernels.ts';
import { BAND_PIXELS, PLAIN_SAMPLER, simdSampler } from './samples.ts';

/** Danger: a vector's tail, a band's border, or bytes left over from the picture before. One sampler for all, as in a codec. */
const simd = simdSampler(compileCodecKernels()!());
const COUNTS = [1, 2, 3, 4, 5, 7, 15, 16, 17, 67, BAND_PIXELS - 1, BAND_PIXELS, BAND_PIXELS + 3, 3 * BAND_PIXELS + 5];

/** Numbers that repeat after more than any vector or band. */
function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 24);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

describe('three bytes spread to pixels by SIMD', () => {
  it.each(COUNTS)('are those of the plain loop, %i of them', (count) => {
    const rgb = bytes(3 * count);
    const raster = simd.spread(rgb, count, 1);
    expect([raster.width, raster.height, raster.opaque]).toEqual([count, 1, true]);
    expect(isSame(raster.data, PLAIN_SAMPLER.spread(rgb, count, 1).data)).toBe(true);
  });

  it('may begin anywhere, and go to a part of shared memory, whatever it held', () => {
    const rgb = bytes(3 * 1000 + 1).subarray(1);
    const shared = new Uint8Array(new SharedArrayBuffer(4 * 1000 + 8)).fill(77);
    const raster = simd.spread(rgb, 10, 100, shared.subarray(4, 4004));
    expect(raster.data.buffer).toBe(shared.buffer);
    expect(isSame(raster.data, PLAIN_SAMPLER.spread(rgb, 10, 100).data)).toBe(true);
    expect([...shared.subarray(0, 4), ...shared.subarray(4004)]).toEqual(Array.from({ length: 8 }, () => 77));
  });
});

describe('samples taken by SIMD', () => {
  const pixels = (count: number, isGrey: boolean, alphas: 'full' | 'some'): Raster => {
    const noise = bytes(4 * count);
    const data = new Uint8Array(4 * count);
    for (let i = 0; i < data.length; i += 4) {
      const alpha = alphas === 'full' ? 255 : [0, 255, noise[i + 3]!][noise[i]! % 3]!;
      for (let c = 0; c < 3; c++) data[i + c] = Math.floor((noise[isGrey ? i : i + c]! * alpha) / 255);
      data[i + 3] = alpha;
    }
    return { width: count, height: 1, data, opaque: false };
  };

  for (const isGrey of [true, false]) {
    for (const alphas of ['full', 'some'] as const) {
      it.each(COUNTS)(`are those of the plain loop, ${isGrey ? 'grey' : 'colour'}, ${alphas} alpha, %i pixels`, (count) => {
        const raster = pixels(count, isGrey, alphas);
        const [fast, plain] = [simd.straight(raster), PLAIN_SAMPLER.straight(raster)];
        expect(fast.channels).toBe(plain.channels);
        expect(isSame(fast.data, plain.data)).toBe(true);
      });
    }
  }

  it('are found to be coloured or see-through by the last pixel alone (danger: a picture told by its first rows)', () => {
    const count = BAND_PIXELS + 2;
    const grey = new Uint8Array(4 * count).fill(255);
    const coloured = grey.slice();
    coloured[4 * count - 2] = 9;
    const seen = grey.slice();
    seen.fill(100, 4 * count - 4);
    const channels = [grey, coloured, seen].map((data) => simd.straight({ width: count, height: 1, data, opaque: false }).channels);
    expect(channels).toEqual([1, 3, 2]);
  });
});
