import { describe, expect, it } from 'vitest';
import { isPassing, pauseBefore } from './retry.ts';

describe('pauses between tries', () => {
  it('doubles, and stays below five seconds (danger: hammering an upstream that is down; a client waiting for ever)', () => {
    expect([1, 2, 3].map((n) => pauseBefore(n, undefined, 0, 0.5))).toEqual([200, 400, 800]);
    expect(pauseBefore(30, undefined, 0, 0.5)).toBe(5000);
  });

  it('obeys Retry-After in both forms, and gives up when it asks for too much', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(pauseBefore(1, '2', now, 0.5)).toBe(2000);
    expect(pauseBefore(1, 'Thu, 01 Jan 2026 00:00:03 GMT', now, 0.5)).toBe(3000);
    expect(pauseBefore(1, 'Wed, 31 Dec 2025 00:00:00 GMT', now, 0.5)).toBe(0);
    expect(pauseBefore(1, '120', now, 0.5)).toBeNull();
    expect(pauseBefore(1, 'soon', now, 0.5)).toBe(200);
  });

  it('retries only what may pass (danger: asking three times for each missing tile)', () => {
    expect([429, 502, 503, 504].every(isPassing)).toBe(true);
    expect([200, 304, 400, 401, 403, 404, 410, 500, 501].some(isPassing)).toBe(false);
  });
});
