import { Worker } from 'node:worker_threads';
import { GatewayError } from '../errors.ts';
import { createRpc, type Answerer, type Rpc } from './rpc.ts';

/** Who waits: a client in front of a screen goes before a batch job, whatever came first. */
export type Priority = 'interactive' | 'batch';

export interface RunOptions {
  readonly priority: Priority;
  /** Jobs with equal affinity go to the same thread while it has room: it may hold their decoded tiles. */
  readonly affinity: number;
  /** Jobs of one kind never take all places of a thread: they may wait for what jobs of another kind make. */
  readonly kind: string;
  readonly signal: AbortSignal;
}

export interface PoolOptions<TheirQ, TheirA> {
  /** Module that each thread runs; answers jobs through `createRpc(parentPort, ...)`. */
  readonly entry: URL;
  readonly workerData: unknown;
  readonly threads: number;
  /** Jobs at once in a thread: while one waits for bytes, another computes. One place is for another kind than that of the others. */
  readonly jobsPerThread: number;
  /** Jobs that may wait; beyond, interactive ones are refused (TOO_LARGE would be wrong: UPSTREAM_TIMEOUT = come again). */
  readonly queueLimit: number;
  /** Answers what threads ask back (bytes of an upstream). */
  readonly answerer: Answerer<TheirQ, TheirA>;
  /** A thread that died is replaced; here it is reported. */
  report(error: unknown): void;
}

export interface Pool<Job, Result> {
  run(job: Job, options: RunOptions): Promise<Result>;
  /** Starts the threads now instead of at the first job. */
  start(): void;
  /** Tells every thread that runs something, as a job beside its others; whether it succeeds is not heard of. */
  tellAll(job: Job): void;
  /** Jobs waiting for a thread. */
  readonly waiting: number;
  close(): Promise<void>;
}

/**
 * What a thread makes is pixels, which lie outside of its heap, and little else: this is three times the 4 MB in which new objects lie.
 * V8 would let it grow to 48, which it fills before it looks for garbage, and each thread would hold that.
 */
const YOUNG_MB = 12;

interface Thread<Job, Result> {
  readonly worker: Worker;
  readonly rpc: Rpc<Job, Result>;
  /** The kinds of the jobs that run. */
  readonly running: string[];
}

interface Waiting<Job, Result> {
  readonly job: Job;
  readonly options: RunOptions;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

const NEVER = new AbortController().signal;

/** Threads that run whole jobs; only the job and its compressed result cross the border. Threads start at the first job. */
export function createPool<Job, Result, TheirQ, TheirA>(options: PoolOptions<TheirQ, TheirA>): Pool<Job, Result> {
  const threads: Thread<Job, Result>[] = [];
  const queues: { readonly [priority in Priority]: Waiting<Job, Result>[] } = { interactive: [], batch: [] };
  let closed = false;

  const start = (at: number): void => {
    const worker = new Worker(options.entry, { workerData: options.workerData, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    const rpc = createRpc<Job, Result, TheirQ, TheirA>(worker, options.answerer);
    threads[at] = { worker, rpc, running: [] };
    worker.unref();
    worker.on('error', (error) => {
      options.report(error);
      rpc.fail(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', () => {
      rpc.fail(new Error('a rendering thread ended'));
      if (!closed) start(at);
    });
  };

  const startAll = (): void => {
    for (let i = threads.length; i < options.threads; i++) start(i);
  };

  const hasRoom = ({ running }: Thread<Job, Result>, kind: string): boolean => {
    if (running.length >= options.jobsPerThread) return false;
    return options.jobsPerThread === 1 || running.filter((one) => one === kind).length < options.jobsPerThread - 1;
  };

  /** The thread of the affinity if it has room, else the one with least to do; null when all are full. */
  const roomFor = ({ affinity, kind }: RunOptions): Thread<Job, Result> | null => {
    const preferred = threads[affinity % threads.length]!;
    if (hasRoom(preferred, kind)) return preferred;
    const able = threads.filter((thread) => hasRoom(thread, kind));
    return able.length === 0 ? null : able.reduce((a, b) => (b.running.length < a.running.length ? b : a));
  };

  const launch = async (thread: Thread<Job, Result>, one: Waiting<Job, Result>): Promise<void> => {
    const { kind } = one.options;
    thread.running.push(kind);
    try {
      one.resolve(await thread.rpc.ask(one.job, one.options.signal));
    } catch (error) {
      one.reject(error);
    } finally {
      thread.running.splice(thread.running.indexOf(kind), 1);
      next();
    }
  };

  const next = (): void => {
    const queue = queues.interactive.length > 0 ? queues.interactive : queues.batch;
    const full = new Set<string>();
    for (let i = 0; i < queue.length; i++) {
      const one = queue[i]!;
      const { kind, signal } = one.options;
      if (full.has(kind) && !signal.aborted) continue;
      const thread = signal.aborted ? null : roomFor(one.options);
      if (thread === null && !signal.aborted) {
        full.add(kind);
        continue;
      }
      queue.splice(i, 1);
      if (thread === null) one.reject(signal.reason);
      else void launch(thread, one);
      return next();
    }
  };

  return {
    get waiting() {
      return queues.interactive.length + queues.batch.length;
    },
    start: startAll,
    tellAll(job) {
      if (!closed) for (const { rpc } of threads) rpc.ask(job, NEVER).catch(() => {});
    },
    run(job, runOptions) {
      startAll();
      const queue = queues[runOptions.priority];
      if (queue.length >= options.queueLimit) {
        return Promise.reject(new GatewayError('UPSTREAM_TIMEOUT', `${queue.length} jobs are waiting already`));
      }
      return new Promise<Result>((resolve, reject) => {
        queue.push({ job, options: runOptions, resolve, reject });
        next();
      });
    },
    async close() {
      closed = true;
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}
