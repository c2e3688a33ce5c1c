import type { Progress } from '../task/work.ts';

/** Shows how far a long work is. */
export interface ProgressBar {
  update(progress: Progress): void;
  /** Leaves the last state in sight. */
  end(): void;
}

/** A place to write to. */
export interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const TERMINAL_MS = 200;
const LOG_MS = 10_000;

/** One line that is written over and over on a terminal; elsewhere one line of JSON every ten seconds. @param now milliseconds; for tests */
export function createProgressBar(terminal: Terminal, now: () => number = () => performance.now()): ProgressBar {
  const began = now();
  const interval = terminal.isTTY === true ? TERMINAL_MS : LOG_MS;
  let last = terminal.isTTY === true ? -Infinity : began;
  let state: Progress | null = null;
  const show = (progress: Progress, at: number): void => {
    const pace = paceOf(progress, (at - began) / 1000);
    terminal.write(terminal.isTTY === true ? `\r\u001b[K${barText(progress, pace)}` : `${JSON.stringify(logLine(progress, pace))}\n`);
    last = at;
  };
  return {
    update(progress) {
      state = progress;
      const at = now();
      if (at - last >= interval) show(progress, at);
    },
    end() {
      if (state === null) return;
      show(state, now());
      if (terminal.isTTY === true) terminal.write('\n');
    },
  };
}

interface Pace {
  readonly percent: number;
  /** Tiles made, and looked at, per second. */
  readonly rate: number;
  /** Seconds; null = not known yet. What was there before is passed over quickly and does not count. */
  readonly left: number | null;
}

function paceOf({ done, total, skipped }: Progress, seconds: number): Pace {
  const worked = done - skipped;
  const rate = seconds > 0 ? worked / seconds : 0;
  return { percent: total === 0 ? 100 : (100 * done) / total, rate, left: done === total ? 0 : rate > 0 ? (total - done) / rate : null };
}

function barText({ done, total, failed }: Progress, { percent, rate, left }: Pace): string {
  const trouble = failed === 0 ? '' : `  ${failed} failed`;
  return `${percent.toFixed(1).padStart(5)} %  ${done}/${total}  ${rate.toFixed(rate < 10 ? 1 : 0)} tiles/s  ${left === null ? '--:--' : clock(left)} left${trouble}`;
}

function logLine({ done, total, made, skipped, empty, failed, bytes }: Progress, { percent, rate, left }: Pace): Readonly<Record<string, number | null>> {
  const rounded = (value: number): number => Math.round(value * 10) / 10;
  return { percent: rounded(percent), done, total, made, skipped, empty, failed, bytes, tiles_per_s: rounded(rate), seconds_left: left === null ? null : Math.round(left) };
}

/** 1:02:03, 02:03 */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = parts.slice(1).map((part) => String(part).padStart(2, '0')).join(':');
  return parts[0] === 0 ? two : `${parts[0]}:${two}`;
}
