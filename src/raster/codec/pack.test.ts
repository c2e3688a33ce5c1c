import { describe, expect, it } from 'vitest';
import { flattened } from './pack.ts';

/** Danger: pixels are packed four at a time, and the last one to three of a picture come out wrong. */
describe('pixels without alpha', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 257])('of a row of %i', (width) => {
    const data = Uint8Array.from({ length: 4 * width }, (_, i) => (i % 4 === 3 ? 255 : (i * 37 + 200) % 256));
    const { data: rgb, channels } = flattened({ width, height: 1, data, opaque: true }, 0);
    expect(channels).toBe(3);
    expect([...rgb]).toEqual([...data].filter((_, i) => i % 4 !== 3));
  });
});
