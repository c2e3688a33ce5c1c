import type { Running } from '../../test/e2e/support/process.ts';
import { quantile, type Figures } from '../measure.ts';
import { getAll } from './client.ts';
import { treeUse } from './processTree.ts';

/** A server that is measured from outside. */
export interface Server {
  readonly url: string;
  readonly process: Running;
}

export interface ServedOptions {
  readonly clients?: number;
  /** Promise of the processor time of one request, milliseconds. */
  readonly goalCpuMs?: number;
  /** Promise of requests per second, on two processors that have nothing else to do. */
  readonly goalPerSecond?: number;
}

/** GETs every path once: latencies as the client sees them, processor time of the server's processes per request. */
export async function measureServed(name: string, server: Server, paths: readonly string[], options: ServedOptions = {}): Promise<Figures> {
  const pid = server.process.child.pid!;
  const before = treeUse(pid).cpuMs;
  const { latencies, wallMs } = await getAll(server.url, paths, options.clients);
  const cpuMs = (treeUse(pid).cpuMs - before) / paths.length;
  return {
    name, runs: paths.length, cpuMs,
    minMs: quantile(latencies, 0), medianMs: quantile(latencies, 0.5), p90Ms: quantile(latencies, 0.9), p99Ms: quantile(latencies, 0.99),
    perSecond: (paths.length * 1000) / wallMs,
    goalMs: null, goalCpuMs: options.goalCpuMs ?? null, goalPerSecond: options.goalPerSecond ?? null,
  };
}
