import { AsyncLocalStorage } from 'node:async_hooks';
import { parentPort } from 'node:worker_threads';
import { assemble } from '../config/build.ts';
import { createThreadMemory } from '../config/build/memory.ts';
import { sharedByOtherThread } from '../config/build/shared.ts';
import type { TeamMessage, TeamQuestion, ThreadStart } from '../config/build/threads.ts';
import { gridOfSpec } from '../geometry/lattice/spec.ts';
import type { Crs } from '../geometry/crs/types.ts';
import { createEncodedCache } from '../layer/encoded.ts';
import { createLocalPainter, type Painter, type PaintJob } from '../layer/painter.ts';
import { release } from '../raster/raster.ts';
import { createRpc, type Rpc } from './rpc.ts';

/** A rendering thread: builds the same layers from the same configurations as the gateways that it paints for. */
if (parentPort === null) throw new Error('this module runs in a worker thread');

const NEVER = new AbortController().signal;
const members = new Map<number, Promise<Member>>();
/** The job on whose behalf something is asked, whatever lies between. */
const readers = new AsyncLocalStorage<number | null>();

const rpc: Rpc<TeamQuestion, unknown> = createRpc<TeamQuestion, unknown, TeamMessage, readonly Uint8Array[]>(parentPort, async ({ member, reader = null, job }, signal) => {
  if (job.kind === 'forget') {
    const known = members.get(member);
    members.delete(member);
    await (await known)?.close();
    return [];
  }
  const { painter, crsOf } = await ready(member);
  if (job.kind === 'prepare') return [];
  const asked: PaintJob = job.kind === 'picture' ? { ...job, grid: gridOfSpec(job.grid, crsOf) } : job;
  return (await readers.run(reader, () => painter.paint(asked, { priority: 'interactive', signal }))).map(owned);
}, (made) => made.forEach(release));

/** Bytes that own their whole buffer: a view would be sent with everything around it. */
function owned(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

interface Member {
  readonly painter: Painter;
  crsOf(identifier: string): Crs;
  close(): Promise<void>;
}

function ready(member: number): Promise<Member> {
  let found = members.get(member);
  if (found === undefined) {
    found = begin(member);
    members.set(member, found);
  }
  return found;
}

async function begin(member: number): Promise<Member> {
  const { loaded, decodedBytes } = (await rpc.ask({ member, reader: null, question: { kind: 'start' } }, NEVER)) as ThreadStart;
  const memory = createThreadMemory(decodedBytes);
  const { gateway, context } = await assemble(
    { ...loaded, options: [], locate: () => ({ file: loaded.file, line: 1, column: 1 }) },
    {
      report: (error) => process.emitWarning(error instanceof Error ? error : String(error)),
      shared: sharedByOtherThread((question, signal) => rpc.ask({ member, reader: readers.getStore() ?? null, question }, signal)),
      painterOver: createLocalPainter,
      memory: createEncodedCache(0), // encoded tiles are kept by the serving thread
      decodedBytes,
      remember: memory.remember,
    },
  );
  return { painter: memory.inJobs(createLocalPainter(context, context.codec)), crsOf: context.registry.crsOf, close: gateway.close };
}
