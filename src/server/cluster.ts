import cluster, { type Worker } from 'node:cluster';
import { setTimeout as pause } from 'node:timers/promises';

/** A group of processes that share one port. */
export interface ProcessGroup {
  /** Asks every process to stop cleanly and resolves when all have ended. */
  close(): Promise<void>;
}

/** A process that dies is replaced after this long, so that one that cannot live does not burn the machine. */
const RESTART_MS = 1000;

/** True in a process that startProcesses made. */
export function isGroupMember(): boolean {
  return cluster.isWorker;
}

/** True in the one process of a group that speaks for all, and where there is no group. */
export function isSpokesman(): boolean {
  return !cluster.isWorker || cluster.worker?.id === 1;
}

/**
 * Runs this same command `count` times; the processes listen at one port and the kernel's connections are dealt out in turn. Each
 * has its own memory; the caches on disk are common. What one process fetches from an upstream another may fetch once more if
 * both are asked at the same moment.
 */
export function startProcesses(count: number): ProcessGroup {
  let closing = false;
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.on('exit', () => {
    if (!closing) void pause(RESTART_MS).then(() => (closing ? undefined : cluster.fork()));
  });
  const tellAll = (): void => {
    for (const worker of Object.values(cluster.workers ?? {})) if (worker?.isConnected() === true) worker.send(RELOAD);
  };
  process.on('SIGHUP', tellAll);
  cluster.on('message', (_worker, message) => {
    if (message === RELOAD) tellAll();
  });
  for (let i = 0; i < count; i++) cluster.fork();
  return {
    async close() {
      closing = true;
      process.off('SIGHUP', tellAll);
      await Promise.all(Object.values(cluster.workers ?? {}).map((worker) => (worker === undefined ? undefined : ended(worker))));
    },
  };
}

function ended(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.once('exit', () => resolve());
    // A message, not a signal: Ctrl-C has reached the whole group already, and a second signal would cut what is under way.
    if (worker.isConnected()) worker.send(STOP);
    else if (worker.isDead()) resolve();
  });
}

const STOP = 'stop';
const RELOAD = 'reload';

/** Reloads every process of the group, or this one where there is no group. @param own reloads this process */
export async function reloadGroup(own: () => Promise<{ readonly done: boolean; readonly text: string }>): Promise<{ readonly done: boolean; readonly text: string }> {
  if (!cluster.isWorker) return own();
  const found = await own();
  if (found.done) process.send?.(RELOAD);
  return found;
}

/** In a member of a group: hears of the end from the first process as if by SIGTERM, and of reloads; call the result once all is closed. */
export function joinGroup(reload: () => void): () => void {
  if (!cluster.isWorker) return () => {};
  process.on('message', (message) => {
    if (message === STOP) process.emit('SIGTERM');
    if (message === RELOAD) reload();
  });
  return () => process.disconnect();
}
