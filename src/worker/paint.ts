import { parentPort, workerData } from 'node:worker_threads';
import { assemble } from '../config/build.ts';
import { sharedByOtherThread, type SharedQuestion } from '../config/build/shared.ts';
import type { PaintMessage, ThreadData } from '../config/build/threads.ts';
import { gridOfSpec } from '../geometry/lattice/spec.ts';
import type { Crs } from '../geometry/crs/types.ts';
import { createLocalPainter, type Painter, type PaintJob } from '../layer/painter.ts';
import { createRpc, type Rpc } from './rpc.ts';

/** A rendering thread: builds the same layers from the same configuration and paints what it is asked to. */
if (parentPort === null) throw new Error('this module runs in a worker thread');
const { loaded, memoryShare } = workerData as ThreadData;

const rpc: Rpc<SharedQuestion, unknown> = createRpc<SharedQuestion, unknown, PaintMessage, readonly Uint8Array[]>(parentPort, async (message, signal) => {
  const { painter, crsOf } = await ready;
  const job: PaintJob = message.kind === 'picture' ? { ...message, grid: gridOfSpec(message.grid, crsOf) } : message;
  return (await painter.paint(job, { priority: 'interactive', signal })).map(owned);
});

/** Bytes that own their whole buffer: a view would be sent with everything around it. */
function owned(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

interface Ready {
  readonly painter: Painter;
  crsOf(identifier: string): Crs;
}

const ready: Promise<Ready> = assemble(
  { ...loaded, options: [], locate: () => ({ file: loaded.file, line: 1, column: 1 }) },
  {
    report: (error) => process.emitWarning(error instanceof Error ? error : String(error)),
    shared: sharedByOtherThread((question, signal) => rpc.ask(question, signal)),
    painterOver: createLocalPainter,
    memoryShare,
  },
).then(({ layers, context }) => ({ painter: createLocalPainter(layers, context.drawers, context.codec), crsOf: context.registry.crsOf }));
