import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of utime and stime in /proc/PID/stat per second (USER_HZ, 100 on every Linux of the last twenty years). */
const TICKS_PER_SECOND = 100;
/** Fields of /proc/PID/stat after the command, counted from 0 = state (proc(5)). */
const PARENT = 1;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** What a process and all its descendants use. Linux only. */
export interface TreeUse {
  /** Processor time since the start of each, milliseconds, in steps of 10. */
  readonly cpuMs: number;
  /** Resident memory, MB (2^20 bytes), shared pages counted once per process. */
  readonly residentMb: number;
}

/** @throws when the process has ended */
export function treeUse(pid: number): TreeUse {
  const processes = allProcesses();
  const tree = [pid];
  for (const parent of tree) tree.push(...processes.filter((one) => one.parent === parent).map((one) => one.pid));
  const use = tree.map((one) => ({ cpuMs: processes.find(({ pid: id }) => id === one)?.cpuMs ?? 0, residentMb: residentMb(one) }));
  return { cpuMs: sum(use.map((one) => one.cpuMs)), residentMb: sum(use.map((one) => one.residentMb)) };
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
}

function allProcesses(): Process[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const stat = readOrNull(`/proc/${pid}/stat`);
    if (stat === null) return [];
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]);
    return [{ pid: Number(pid), parent: Number(fields[PARENT]), cpuMs: (ticks * 1000) / TICKS_PER_SECOND }];
  });
}

function residentMb(pid: number): number {
  const status = readOrNull(`/proc/${pid}/status`) ?? '';
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
}

/** A process may end between being listed and being read. */
function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
