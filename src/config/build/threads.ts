import path from 'node:path';
import { GatewayError } from '../../errors.ts';
import { specOfGrid, type GridSpec } from '../../geometry/lattice/spec.ts';
import type { MetaJob } from '../../layer/meta.ts';
import { isWhole, type AllskyJob, type PaintJob, type Painter, type PictureJob } from '../../layer/painter.ts';
import { asJob, type Reader } from '../../io/source/rasterPool.ts';
import { createPool } from '../../worker/pool.ts';
import type { LoadedConfig } from '../types.ts';
import type { Ask, SharedQuestion } from './shared.ts';

/** A PaintJob as plain data. */
export type PaintMessage = AllskyJob | MetaJob | (Omit<PictureJob, 'grid'> & { readonly grid: GridSpec });

/** What a rendering thread is told about a member of its team: to paint; to make ready what it will paint with; to forget it. */
export interface TeamMessage {
  readonly member: number;
  /** As whom it reads decoded patches; absent where it does not paint. */
  readonly reader?: Reader['id'];
  readonly job: PaintMessage | { readonly kind: 'prepare' } | { readonly kind: 'forget' };
}

/** What a rendering thread asks on behalf of a member; 'start' is answered by a ThreadStart. */
export interface TeamQuestion {
  readonly member: number;
  /** Of the job that asks; null = of none. */
  readonly reader: Reader['id'] | null;
  readonly question: SharedQuestion | { readonly kind: 'start' };
}

/** What a rendering thread starts a member from: the configuration as it was loaded, so that an edited file changes nothing half-way. */
export interface ThreadStart {
  readonly loaded: Omit<LoadedConfig, 'locate' | 'options'>;
  /** Memory that each of its sources may use for decoded patches in one thread. */
  readonly decodedBytes: number;
}

/** Jobs at once in a thread: some wait for bytes or for the codec while one computes. Four of one kind. */
const JOBS_PER_THREAD = 5;
/** Beyond this many waiting jobs, clients are told to come again. */
const QUEUE_LIMIT = 2000;

/** The painter of one gateway. */
export interface PaintingThreads extends Painter {
  /** Starts the threads, and makes this gateway ready in them, before the first job wants it. */
  start(): void;
  /** Threads forget this gateway. */
  close(): Promise<void>;
}

/** How a gateway works with its threads. */
export interface MemberOptions extends Pick<ThreadStart, 'decodedBytes'> {
  /** Hears of each job, and is told when it ends. */
  begin(): Reader;
  readonly answer: Ask;
}

/** Threads that paint whole pictures for any number of gateways: only the job goes in and compressed bytes come out. They start with the first job. */
export interface PaintingTeam {
  readonly threads: number;
  join(loaded: LoadedConfig, options: MemberOptions): PaintingThreads;
  close(): Promise<void>;
}

export function createPaintingTeam({ threads, report }: { readonly threads: number; report(error: unknown): void }): PaintingTeam {
  const members = new Map<number, { readonly start: ThreadStart; readonly answer: Ask }>();
  const pool = createPool<TeamMessage, readonly Uint8Array[], TeamQuestion, unknown>({
    entry: new URL(`../../worker/paint${path.extname(import.meta.url)}`, import.meta.url), // .ts in a checkout, .js when published
    workerData: null,
    threads,
    jobsPerThread: JOBS_PER_THREAD,
    queueLimit: QUEUE_LIMIT,
    async answerer({ member, reader, question }, signal) {
      const known = members.get(member);
      if (known === undefined) throw new GatewayError('UPSTREAM_FAILED', `the gateway ${member} has closed`);
      return question.kind === 'start' ? known.start : known.answer(question, signal, reader);
    },
    report,
  });
  let joined = 0;
  return {
    threads,
    join(loaded, { decodedBytes, begin, answer }) {
      const member = joined++;
      const { config, warnings, file, files, directory, modified } = loaded;
      members.set(member, { start: { loaded: { config, warnings, file, files, directory, modified }, decodedBytes }, answer });
      return {
        paint(job, { priority, signal }) {
          return asJob(begin, (made) => isWhole(job, made), ({ id }) => pool.run({ member, reader: id, job: messageOf(job) }, { priority, signal, affinity: affinityOf(job), kind: kindOf(job) }));
        },
        start() {
          pool.start();
          pool.tellAll({ member, job: { kind: 'prepare' } });
        },
        async close() {
          members.delete(member);
          pool.tellAll({ member, job: { kind: 'forget' } });
        },
      };
    },
    close: () => pool.close(),
  };
}

function messageOf(job: PaintJob): PaintMessage {
  return job.kind === 'picture' ? { ...job, grid: specOfGrid(job.grid) } : job;
}

/** Maps of a HiPS wait for its tiles, which this gateway may have to paint itself, as the demo does; a HiPS of a map server for maps. */
function kindOf(job: PaintJob): string {
  return job.kind === 'allsky' || (job.kind === 'picture' && job.grid.lattice.chartCount > 1) ? 'hips' : 'maps';
}

/** Neighbouring pictures of a layer go to the same thread, which holds their decoded source. Side of a neighbourhood, pixels. */
const NEIGHBOURHOOD = 2048;

function affinityOf(job: PaintJob): number {
  if (job.kind === 'allsky') return 0;
  if (job.kind === 'meta') return Math.abs(Math.trunc(job.bbox[0]) + Math.trunc(job.bbox[1])); // holds nothing: spread
  const { chart, col, row } = job.grid;
  return Math.abs(chart * 5 + Math.floor(col / NEIGHBOURHOOD) * 3 + Math.floor(row / NEIGHBOURHOOD));
}
