import { describe, expect, it } from 'vitest';
import { createSingleFlight } from './singleFlight.ts';

/** Work that ends when told to, and says when it was aborted. */
function manual() {
  const state = { started: 0, aborted: false };
  let settle: { resolve(value: string): void; reject(error: Error): void };
  const work = (signal: AbortSignal) => {
    state.started++;
    signal.addEventListener('abort', () => (state.aborted = true));
    return new Promise<string>((resolve, reject) => (settle = { resolve, reject }));
  };
  return { state, work, resolve: (v: string) => settle.resolve(v), reject: (e: Error) => settle.reject(e) };
}

const never = new AbortController().signal;
const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('single flight', () => {
  it('starts the work once for concurrent callers, again later (danger: a hot tile fetched a hundred times; stale for ever)', async () => {
    const flights = createSingleFlight<string>();
    const job = manual();
    const both = Promise.all([flights.run('k', never, job.work), flights.run('k', never, job.work)]);
    await tick();
    expect(job.state.started).toBe(1);
    job.resolve('done');
    expect(await both).toEqual(['done', 'done']);
    const again = flights.run('k', never, job.work);
    await tick();
    expect(job.state.started).toBe(2);
    job.resolve('again');
    expect(await again).toBe('again');
  });

  it('forgets a failure (danger: one upstream hiccup remembered for ever)', async () => {
    const flights = createSingleFlight<string>();
    await expect(flights.run('k', never, () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    await expect(flights.run('k', never, () => Promise.resolve('up'))).resolves.toBe('up');
  });

  it('keeps keys apart', async () => {
    const flights = createSingleFlight<string>();
    const answers = ['a', 'b'].map((key) => flights.run(key, never, () => Promise.resolve(key)));
    expect(await Promise.all(answers)).toEqual(['a', 'b']);
  });

  it('lets one caller leave without harming the other (danger: a closed tab kills everybody\'s tile)', async () => {
    const flights = createSingleFlight<string>();
    const job = manual();
    const leaver = new AbortController();
    const left = flights.run('k', leaver.signal, job.work);
    const stays = flights.run('k', never, job.work);
    await tick();
    leaver.abort(new Error('closed'));
    await expect(left).rejects.toThrow('closed');
    expect(job.state.aborted).toBe(false);
    job.resolve('done');
    expect(await stays).toBe('done');
  });

  it('aborts the work when all have left, and the next caller starts afresh (danger: joining aborted work)', async () => {
    const flights = createSingleFlight<string>();
    const job = manual();
    const leavers = [new AbortController(), new AbortController()];
    const results = leavers.map((l) => flights.run('k', l.signal, job.work));
    await tick();
    for (const l of leavers) l.abort(new Error('closed'));
    for (const r of results) await expect(r).rejects.toThrow('closed');
    expect(job.state.aborted).toBe(true);
    const next = flights.run('k', never, job.work);
    await tick();
    expect(job.state.started).toBe(2);
    job.resolve('fresh');
    expect(await next).toBe('fresh');
  });

  it('refuses a caller who left before coming', async () => {
    const flights = createSingleFlight<string>();
    const job = manual();
    await expect(flights.run('k', AbortSignal.abort(new Error('gone')), job.work)).rejects.toThrow('gone');
    expect(job.state.started).toBe(0);
  });
});
