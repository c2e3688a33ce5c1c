/** Statuses that a second try may cure: too many requests, and a gateway or server that is down or slow (RFC 9110, RFC 6585). */
const PASSING_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** First pause between tries; each further one is twice as long. */
const FIRST_PAUSE_MS = 200;
/** No pause is longer: a client is waiting. An upstream that asks for more gets no second try. */
const LONGEST_PAUSE_MS = 5000;

/** True for statuses worth another try. */
export function isPassing(status: number): boolean {
  return PASSING_STATUSES.has(status);
}

/** True for statuses with which a host, or a proxy before it, says that it does not work at all. */
export function isDown(status: number): boolean {
  return isPassing(status) && status !== 429;
}

/**
 * How long to wait before the next try, milliseconds; null = give up, as the upstream asks for more patience than a client has.
 * @param attempt tries made so far, >= 1
 * @param retryAfter value of a Retry-After header (seconds or HTTP date, RFC 9110, 10.2.3), or undefined
 * @param now clock, milliseconds since 1970
 * @param jitter random number in [0, 1): spreads the retries of many requests that failed together
 */
export function pauseBefore(attempt: number, retryAfter: string | undefined, now: number, jitter: number): number | null {
  const backOff = FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.75 + jitter / 2);
  const asked = retryAfter === undefined ? null : retryAfterMs(retryAfter, now);
  if (asked === null) return Math.min(backOff, LONGEST_PAUSE_MS);
  return asked > LONGEST_PAUSE_MS ? null : Math.max(asked, 0);
}

function retryAfterMs(value: string, now: number): number | null {
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : at - now;
}
