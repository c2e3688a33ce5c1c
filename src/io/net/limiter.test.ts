import { describe, expect, it } from 'vitest';
import { createLimiter } from './limiter.ts';

const never = new AbortController().signal;
const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('limiter', () => {
  it('runs no more than its places at once, and all in the end (danger: an upstream flooded; a place lost on failure)', async () => {
    const limiter = createLimiter(2);
    let running = 0;
    let most = 0;
    const job = (fails: boolean) => async () => {
      most = Math.max(most, ++running);
      await tick();
      running--;
      if (fails) throw new Error('failed');
    };
    const jobs = [0, 1, 2, 3, 4, 5, 6].map((i) => limiter.run(never, job(i % 2 === 0)));
    const results = await Promise.allSettled(jobs);
    expect(results.map((r) => r.status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect(most).toBe(2);
  });

  it('lets those who wait give up without taking a place (danger: a queue of dead requests blocks the living)', async () => {
    const limiter = createLimiter(1);
    let free = () => {};
    const first = limiter.run(never, () => new Promise<void>((resolve) => (free = resolve)));
    const leaver = new AbortController();
    let started = false;
    const second = limiter.run(leaver.signal, async () => {
      started = true;
    });
    const third = limiter.run(never, () => Promise.resolve('third'));
    leaver.abort(new Error('closed'));
    await expect(second).rejects.toThrow('closed');
    free();
    await first;
    expect(await third).toBe('third');
    expect(started).toBe(false);
  });
});
