import { describe, expect, it } from 'vitest';
import { opaqueRaster, straightSamples } from './pack.ts';

/** Every byte different from its neighbours, and from those a pixel or a word away. */
function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 37 + 11) & 255);
}

describe('opaqueRaster', () => {
  it.each([0, 1, 2, 3, 4, 5, 7, 64, 67])('spreads %i pixels of three bytes (danger: the last one to three go another way)', (count) => {
    const rgb = bytes(3 * count);
    const { data, opaque } = opaqueRaster(rgb, count, 1);
    expect(opaque).toBe(true);
    expect([...data]).toEqual(Array.from({ length: count }, (_, i) => [...rgb.subarray(3 * i, 3 * i + 3), 255]).flat());
  });

  it('reads bytes that begin anywhere (danger: words are read at multiples of four only)', () => {
    const all = bytes(3 * 9 + 1);
    expect([...opaqueRaster(all.subarray(1), 3, 3).data.subarray(0, 8)]).toEqual([all[1], all[2], all[3], 255, all[4], all[5], all[6], 255]);
  });
});

describe('straightSamples', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 257])('packs %i opaque pixels into three bytes each (danger: the last one to three go another way)', (width) => {
    const data = bytes(4 * width).map((byte, i) => (i % 4 === 3 ? 255 : byte));
    const { data: rgb, channels } = straightSamples({ width, height: 1, data, opaque: true });
    expect(channels).toBe(3);
    expect([...rgb]).toEqual([...data].filter((_, i) => i % 4 !== 3));
  });
});
