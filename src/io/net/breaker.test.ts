import { describe, expect, it } from 'vitest';
import { createBreaker } from './breaker.ts';

/**
 * Dangers: a host that is down keeps every client waiting for a minute; one that is well is left alone because of a few broken addresses;
 * one that has recovered is never asked again.
 */
function clocked() {
  let at = 0;
  const breaker = createBreaker('http://maps', () => at);
  const passes = (): boolean => {
    try {
      breaker.check();
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'UPSTREAM_FAILED', message: expect.stringContaining('http://maps did not answer') as string });
      return false;
    }
  };
  const fail = (times: number): void => {
    for (let i = 0; i < times; i++) breaker.failed();
  };
  return { breaker, passes, fail, wait: (ms: number) => void (at += ms) };
}

describe('a host that does not answer', () => {
  it('is left alone after five failures in a row, not after five in all', () => {
    const { breaker, passes, fail } = clocked();
    fail(4);
    expect(passes()).toBe(true);
    breaker.answered();
    fail(4);
    expect(passes()).toBe(true);
    fail(1);
    expect(passes()).toBe(false);
  });

  it('is asked by one request after each pause, which doubles up to half a minute', () => {
    const { passes, fail, wait } = clocked();
    fail(5);
    for (const pause of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      wait(pause - 1);
      expect(passes()).toBe(false);
      wait(1);
      expect([passes(), passes()]).toEqual([true, false]);
      fail(1);
    }
  });

  it('has one pause, however many requests were on their way', () => {
    const { passes, fail, wait } = clocked();
    fail(13);
    wait(1000);
    expect(passes()).toBe(true);
  });

  it('is asked by another when the client of the one has left', () => {
    const { passes, fail, wait } = clocked();
    fail(5);
    wait(1000);
    expect(passes()).toBe(true); // neither answered nor failed
    wait(1000);
    expect(passes()).toBe(true);
  });

  it('is as good as new once it answers', () => {
    const { breaker, passes, fail, wait } = clocked();
    fail(5);
    wait(1000);
    expect(passes()).toBe(true);
    breaker.answered();
    expect([passes(), passes()]).toEqual([true, true]);
    fail(4);
    expect(passes()).toBe(true);
  });
});
