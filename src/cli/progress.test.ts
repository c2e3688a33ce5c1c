import { describe, expect, it } from 'vitest';
import { clock, createProgressBar } from './progress.ts';

const NOTHING = { total: 200, made: 0, skipped: 0, empty: 0, failed: 0, bytes: 0 };

describe('createProgressBar', () => {
  function written(isTTY: boolean): { readonly lines: string[]; readonly bar: ReturnType<typeof createProgressBar>; at(ms: number): void } {
    const lines: string[] = [];
    let time = 0;
    const bar = createProgressBar({ isTTY, write: (text) => lines.push(text) }, () => time);
    return { lines, bar, at: (ms) => { time = ms; } };
  }

  it('on a terminal: one line, written over, with rate and time left', () => {
    const { lines, bar, at } = written(true);
    at(1000);
    bar.update({ ...NOTHING, done: 50, made: 50 });
    at(1100);
    bar.update({ ...NOTHING, done: 60, made: 60 }); // too soon
    at(2000);
    bar.update({ ...NOTHING, done: 100, made: 99, failed: 1 });
    bar.end();
    expect(lines).toEqual([
      '\r\u001b[K 25.0 %  50/200  50 tiles/s  00:03 left',
      '\r\u001b[K 50.0 %  100/200  50 tiles/s  00:02 left  1 failed',
      '\r\u001b[K 50.0 %  100/200  50 tiles/s  00:02 left  1 failed',
      '\n',
    ]);
  });

  it('elsewhere: a line of JSON every ten seconds; what was there before does not make it look fast', () => {
    const { lines, bar, at } = written(false);
    at(9000);
    bar.update({ ...NOTHING, done: 110, skipped: 100, made: 10 });
    expect(lines).toEqual([]);
    at(10_000);
    bar.update({ ...NOTHING, done: 120, skipped: 100, made: 20, bytes: 5 });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { percent: 60, done: 120, total: 200, made: 20, skipped: 100, empty: 0, failed: 0, bytes: 5, tiles_per_s: 2, seconds_left: 40 },
    ]);
  });
});

it.each([[0, '00:00'], [59.6, '01:00'], [3599, '59:59'], [3723, '1:02:03'], [360_000, '100:00:00']])('clock(%d) is %s', (seconds, text) => {
  expect(clock(seconds)).toBe(text);
});
