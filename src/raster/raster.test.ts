import { describe, expect, it } from 'vitest';
import { release } from './raster.ts';

describe('release', () => {
  it('gives back memory that is the bytes alone, and leaves what others see (danger: a neighbour in a pool of small buffers, or another thread, losing its bytes)', () => {
    const own = new Uint8Array(16);
    release(own);
    expect(own.length).toBe(0);
    release(own);
    const whole = new Uint8Array(16);
    release(whole.subarray(4));
    release(whole.subarray(0, 8));
    const shared = new Uint8Array(new SharedArrayBuffer(16));
    release(shared);
    expect([whole.length, shared.length]).toEqual([16, 16]);
  });
});
