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

function quantile(times: readonly number[], part: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
}

/** One line per figure, as people read it. */
export function formatFigures(f: Figures): string {
  const figure = (label: string, ms: number): string => `${label} ${ms.toFixed(2).padStart(7)}`;
  const goal = f.goalMs === null ? '' : `   goal ${f.goalMs}${f.medianMs <= f.goalMs ? '' : ', MISSED in this run'}`;
  const parts = [figure('median', f.medianMs), figure('min', f.minMs), figure('p90', f.p90Ms), figure('cpu', f.cpuMs)];
  return `${f.name.padEnd(60)} ${parts.join('  ')} ms${goal}`;
}
