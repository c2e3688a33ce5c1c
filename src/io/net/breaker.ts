import { GatewayError } from '../../errors.ts';

/** Leaves a host alone that does not answer: its clients hear so at once, instead of waiting for it in thousands. */
export interface Breaker {
  /**
   * True where this request is the one that tries a host which is left alone: it should be heard of, whatever becomes of its client.
   * @throws GatewayError UPSTREAM_FAILED while the host is left alone
   */
  check(): boolean;
  /** It answered, whatever it said. */
  answered(): void;
  /** It did not, for all the tries that a request has. */
  failed(): void;
}

/** Failures in a row, over all requests, after which a host is left alone. */
const FAILURES = 5;
const FIRST_PAUSE_MS = 1000;
/** Each pause is twice as long as the one before, up to this. */
const LONGEST_PAUSE_MS = 30_000;

/** @param host for the message @param now clock, milliseconds */
export function createBreaker(host: string, now: () => number): Breaker {
  let failures = 0;
  let pause = 0;
  let closedUntil = 0;
  /** Whether the request of this pause is under way. */
  let isTrying = false;
  const leaveAlone = (ms: number): void => {
    pause = Math.min(LONGEST_PAUSE_MS, ms);
    closedUntil = now() + pause;
    isTrying = false;
  };
  return {
    check() {
      if (failures < FAILURES) return false;
      const left = closedUntil - now();
      if (left > 0) throw new GatewayError('UPSTREAM_FAILED', `${host} did not answer ${failures} requests in a row; it is asked again in ${Math.ceil(left / 1000)} s`);
      closedUntil = now() + pause; // if this one never ends, another may try then
      isTrying = true;
      return true;
    },
    answered() {
      failures = 0;
      isTrying = false;
    },
    failed() {
      failures++;
      if (failures === FAILURES) leaveAlone(FIRST_PAUSE_MS);
      else if (isTrying) leaveAlone(pause * 2); // the others were on their way before
    },
  };
}
