/** Figures of one repeated piece of work, milliseconds. */
export interface Figures {
  readonly name: string;
  readonly runs: number;
  readonly minMs: number;
  readonly medianMs: number;
  /** Nine of ten runs were at most this long. */
  readonly p90Ms: number;
  /** Median of the processor time of the whole process, compiler and collector threads included. */
  readonly cpuMs: number;
  /** What the project promises of the median on a quiet machine; null = no promise. */
  readonly goalMs: number | null;
  /** Of requests to a server, whose `cpuMs` is the mean of its whole process tree: one of a hundred took longer. */
  readonly p99Ms?: number;
  /** Requests answered per second. */
  readonly perSecond?: number;
  /** What the project promises of `cpuMs`. */
  readonly goalCpuMs?: number | null;
  /** What the project promises of `perSecond`, on two processors. */
  readonly goalPerSecond?: number | null;
}

/** A figure that is no time. */
export interface Amount {
  readonly name: string;
  readonly amount: number;
  readonly unit: string;
  /** The most that the project promises; null = no promise. */
  readonly goal: number | null;
}

export interface MeasureOptions {
  readonly runs: number;
  readonly goalMs?: number;
}

/** Warm-up runs before counting: the compiler has seen the loop by then. */
const WARM_UP = 12;

/** Times `work` one run after another. What it returns is kept alive until the end, so that nothing is optimised away. */
export async function measure(name: string, work: () => unknown, { runs, goalMs }: MeasureOptions): Promise<Figures> {
  for (let i = 0; i < Math.min(WARM_UP, runs); i++) await work();
  const wall: number[] = [];
  const cpu: number[] = [];
  let sink: unknown;
  for (let i = 0; i < runs; i++) {
    const usage = process.cpuUsage();
    const start = performance.now();
    sink = await work();
    wall.push(performance.now() - start);
    const { user, system } = process.cpuUsage(usage);
    cpu.push((user + system) / 1000);
  }
  if (sink === measure) throw new Error('unreachable');
  return {
    name, runs, minMs: quantile(wall, 0), medianMs: quantile(wall, 0.5), p90Ms: quantile(wall, 0.9), cpuMs: quantile(cpu, 0.5),
    goalMs: goalMs ?? null,
  };
}

/** The smallest of `times` that at least `part` of them do not exceed; part in [0, 1]. */
export function quantile(times: readonly number[], part: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
}

/** One line per figure, as people read it. */
export function formatFigures(f: Figures | Amount): string {
  if ('amount' in f) return `${f.name.padEnd(NAME_WIDTH)} ${f.amount.toFixed(2).padStart(14)} ${f.unit}${promise(f.goal, f.amount <= (f.goal ?? Infinity), f.unit)}`;
  const figure = (label: string, ms: number): string => `${label} ${ms.toFixed(2).padStart(7)}`;
  const parts = [figure('median', f.medianMs), figure('min', f.minMs), figure('p90', f.p90Ms), figure('cpu', f.cpuMs)];
  const rate = f.perSecond === undefined ? '' : `  ${f.perSecond.toFixed(0)}/s`;
  const goals = [
    promise(f.goalMs, f.medianMs <= (f.goalMs ?? Infinity), ''),
    promise(f.goalCpuMs ?? null, f.cpuMs <= (f.goalCpuMs ?? Infinity), 'cpu'),
    promise(f.goalPerSecond ?? null, (f.perSecond ?? 0) >= (f.goalPerSecond ?? 0), '/s'),
  ];
  return `${f.name.padEnd(NAME_WIDTH)} ${parts.join('  ')} ms${rate}${goals.join('')}`;
}

const NAME_WIDTH = 60;

function promise(goal: number | null, kept: boolean, unit: string): string {
  if (goal === null) return '';
  return `   goal ${goal}${unit === '' ? '' : ` ${unit}`}${kept ? '' : ', MISSED in this run'}`;
}
