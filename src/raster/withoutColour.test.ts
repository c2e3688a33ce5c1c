import { describe, expect, it } from 'vitest';
import type { Raster } from './raster.ts';
import { withoutColour } from './withoutColour.ts';

function row(...pixels: readonly (readonly [number, number, number, number])[]): Raster {
  return { width: pixels.length, height: 1, data: Uint8Array.from(pixels.flat()), opaque: pixels.every(([, , , alpha]) => alpha === 255) };
}

/** Dangers: bands swapped, a tolerance that reaches one too far, half transparent pixels compared premultiplied, memory of others written to. */
describe('withoutColour', () => {
  it('clears what differs by the tolerance in each band, and no more', () => {
    const found = withoutColour(row([10, 20, 30, 255], [15, 15, 35, 255], [16, 20, 30, 255], [10, 14, 30, 255], [30, 20, 10, 255]), 0x0a141e, 5);
    expect([...found.data].filter((_, i) => i % 4 === 3)).toEqual([0, 0, 255, 255, 255]);
    expect([...found.data.subarray(0, 8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(found.opaque).toBe(false);
  });

  it('reads half transparent pixels as their colour', () => {
    expect([...withoutColour(row([64, 128, 0, 128]), 0x80ff00, 1).data]).toEqual([0, 0, 0, 0]);
  });

  it('leaves the picture that it was given as it is, and hands it out where nothing has the colour', () => {
    const given = row([1, 2, 3, 255], [200, 0, 0, 255]);
    expect(withoutColour(given, 0xffffff, 5)).toBe(given);
    withoutColour(given, 0xc80000, 0);
    expect([...given.data.subarray(4)]).toEqual([200, 0, 0, 255]);
  });
});
