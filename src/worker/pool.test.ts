import { afterEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../errors.ts';
import { createPool, type Pool, type PoolOptions } from './pool.ts';

/** What the thread of these tests is asked; it is written as text below, because a test needs no file of its own for it. */
type Job = { readonly do: 'echo' | 'wait' | 'fail' | 'ask' | 'die' | 'bytes'; readonly value: number };

const rpc = new URL('./rpc.ts', import.meta.url).href;
const errors = new URL('../errors.ts', import.meta.url).href;
const ENTRY = new URL(`data:text/javascript,${encodeURIComponent(`
import { parentPort, threadId } from 'node:worker_threads';
import { createRpc } from '${rpc}';
import { GatewayError } from '${errors}';
const line = createRpc(parentPort, async (job, signal) => {
  if (job.do === 'fail') throw new GatewayError('TILE_OUT_OF_RANGE', 'no tile ' + job.value, { locator: 'npix' });
  if (job.do === 'die') process.exit(1);
  if (job.do === 'bytes') return new Uint8Array(3).fill(job.value);
  if (job.do === 'ask') return line.ask(job.value, signal);
  if (job.do === 'wait') await new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, job.value);
    signal.addEventListener('abort', () => { clearTimeout(timer); reject(new Error('stopped')); });
  });
  return { value: job.value, threadId };
}, (answer) => {
  if (answer instanceof Uint8Array) answer.buffer.transfer(0);
});
`)}`);

const pools: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function pool(options: Partial<PoolOptions<number, number>> = {}): Pool<Job, unknown> {
  const one = createPool<Job, unknown, number, number>({
    entry: ENTRY, workerData: null, threads: 2, jobsPerThread: 1, queueLimit: 10, answerer: async (n) => n * 2, report: () => {}, ...options,
  });
  pools.push(one);
  return one;
}

const interactive = { priority: 'interactive', affinity: 0, kind: 'any' } as const;
const never = new AbortController().signal;

describe('threads that run jobs', () => {
  it('hand back what the job gives, and typed errors with code and locator', async () => {
    const p = pool();
    expect(await p.run({ do: 'echo', value: 7 }, { ...interactive, signal: never })).toMatchObject({ value: 7 });
    const failed = p.run({ do: 'fail', value: 5 }, { ...interactive, signal: never });
    await expect(failed).rejects.toMatchObject({ code: 'TILE_OUT_OF_RANGE', locator: 'npix', message: 'no tile 5' });
    await expect(failed).rejects.toBeInstanceOf(GatewayError);
  });

  it('may give bytes back as soon as they are sent', async () => {
    expect(await pool().run({ do: 'bytes', value: 7 }, { ...interactive, signal: never })).toEqual(new Uint8Array([7, 7, 7]));
  });

  it('may ask back', async () => {
    expect(await pool().run({ do: 'ask', value: 21 }, { ...interactive, signal: never })).toBe(42);
  });

  it('keep equal affinity on one thread while it has room, and use the other when it has none', async () => {
    const p = pool();
    const first = (await p.run({ do: 'echo', value: 1 }, { ...interactive, signal: never })) as { threadId: number };
    const again = (await p.run({ do: 'echo', value: 1 }, { ...interactive, signal: never })) as { threadId: number };
    const busy = p.run({ do: 'wait', value: 300 }, { ...interactive, signal: never });
    const meanwhile = (await p.run({ do: 'echo', value: 1 }, { ...interactive, signal: never })) as { threadId: number };
    expect(again.threadId).toBe(first.threadId);
    expect(meanwhile.threadId).not.toBe(first.threadId);
    await busy;
  });

  it('let a waiting client go before batch work that came first', async () => {
    const p = pool({ threads: 1 });
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    await Promise.all([
      p.run({ do: 'wait', value: 100 }, { ...interactive, signal: never }),
      p.run({ do: 'echo', value: 1 }, { ...interactive, priority: 'batch', signal: never }).then(note('batch')),
      p.run({ do: 'echo', value: 2 }, { ...interactive, signal: never }).then(note('client')),
    ]);
    expect(order).toEqual(['client', 'batch']);
  });

  it('stop a job whose client left, running or waiting, and go on', async () => {
    const p = pool({ threads: 1 });
    const gone = new AbortController();
    const running = p.run({ do: 'wait', value: 60_000 }, { ...interactive, signal: gone.signal });
    const waiting = p.run({ do: 'wait', value: 60_000 }, { ...interactive, signal: gone.signal });
    gone.abort(new Error('left'));
    await expect(running).rejects.toThrow('left');
    await expect(waiting).rejects.toThrow('left');
    expect(await p.run({ do: 'echo', value: 3 }, { ...interactive, signal: never })).toMatchObject({ value: 3 });
  });

  it('leave a place for what jobs of another kind wait for (danger: maps take all places, and wait for tiles of this very server that have none)', async () => {
    const p: Pool<Job, unknown> = pool({
      threads: 1, jobsPerThread: 2,
      answerer: async (n) => ((await p.run({ do: 'echo', value: n + 1 }, { ...interactive, kind: 'tiles', signal: never })) as { value: number }).value,
    });
    const maps = [1, 2, 3, 4, 5, 6].map((value) => p.run({ do: 'ask', value }, { ...interactive, kind: 'maps', signal: never }));
    expect(await Promise.all(maps)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(p.waiting).toBe(0);
  });

  it('refuse more than the queue holds', async () => {
    const p = pool({ threads: 1, queueLimit: 1 });
    const jobs = [1, 2, 3].map(() => p.run({ do: 'wait', value: 50 }, { ...interactive, signal: never }));
    await expect(jobs[2]).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    await Promise.all(jobs.slice(0, 2));
  });

  it('are replaced when they die; their jobs fail instead of hanging', async () => {
    const p = pool({ threads: 1 });
    await expect(p.run({ do: 'die', value: 0 }, { ...interactive, signal: never })).rejects.toThrow('ended');
    expect(await p.run({ do: 'echo', value: 4 }, { ...interactive, signal: never })).toMatchObject({ value: 4 });
  });
});
