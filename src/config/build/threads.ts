import path from 'node:path';
import { specOfGrid, type GridSpec } from '../../geometry/lattice/spec.ts';
import type { MetaJob } from '../../layer/meta.ts';
import type { AllskyJob, PaintJob, Painter, PictureJob } from '../../layer/painter.ts';
import { createPool } from '../../worker/pool.ts';
import type { LoadedConfig } from '../types.ts';
import type { Ask, SharedQuestion } from './shared.ts';

/** A PaintJob as plain data. */
export type PaintMessage = AllskyJob | MetaJob | (Omit<PictureJob, 'grid'> & { readonly grid: GridSpec });

/** What a rendering thread starts from: the configuration as it was loaded, so that an edited file changes nothing half-way. */
export interface ThreadData {
  readonly loaded: Omit<LoadedConfig, 'locate' | 'options'>;
  /** Part of server.limits.memory_cache_mb for each thread. */
  readonly memoryShare: number;
}

/** Jobs at once in a thread: some wait for bytes or for the codec while one computes. */
const JOBS_PER_THREAD = 4;
/** Beyond this many waiting jobs, clients are told to come again. */
const QUEUE_LIMIT = 2000;

export interface PaintingThreads extends Painter {
  /** Starts the threads before the first job wants them. */
  start(): void;
  close(): Promise<void>;
}

/** Threads that paint whole pictures: only the job goes in and compressed bytes come out. They start with the first job. */
export function createPaintingThreads(
  loaded: LoadedConfig,
  /** `begin` hears of each job, and is told when it ends. */
  options: { readonly threads: number; begin(): () => void; report(error: unknown): void },
  answer: Ask,
): PaintingThreads {
  const { config, warnings, file, files, directory, modified } = loaded;
  const pool = createPool<PaintMessage, readonly Uint8Array[], SharedQuestion, unknown>({
    entry: new URL(`../../worker/paint${path.extname(import.meta.url)}`, import.meta.url), // .ts in a checkout, .js when published
    workerData: { loaded: { config, warnings, file, files, directory, modified }, memoryShare: 0.5 / options.threads } satisfies ThreadData,
    threads: options.threads,
    jobsPerThread: JOBS_PER_THREAD,
    queueLimit: QUEUE_LIMIT,
    answerer: answer,
    report: options.report,
  });
  return {
    async paint(job, { priority, signal }) {
      const end = options.begin();
      try {
        return await pool.run(messageOf(job), { priority, signal, affinity: affinityOf(job) });
      } finally {
        end();
      }
    },
    start: () => pool.start(),
    close: () => pool.close(),
  };
}

function messageOf(job: PaintJob): PaintMessage {
  return job.kind === 'picture' ? { ...job, grid: specOfGrid(job.grid) } : job;
}

/** Neighbouring pictures of a layer go to the same thread, which holds their decoded source. Side of a neighbourhood, pixels. */
const NEIGHBOURHOOD = 2048;

function affinityOf(job: PaintJob): number {
  if (job.kind === 'allsky') return 0;
  if (job.kind === 'meta') return Math.abs(Math.trunc(job.bbox[0]) + Math.trunc(job.bbox[1])); // holds nothing: spread
  const { chart, col, row } = job.grid;
  return Math.abs(chart * 5 + Math.floor(col / NEIGHBOURHOOD) * 3 + Math.floor(row / NEIGHBOURHOOD));
}
