import type { Server } from '../support/served.ts';
import { measureServed } from '../support/served.ts';
import { quantile } from '../measure.ts';
import type { Load } from './wrk.ts';

/** What one program spent on a piece of work that others did as well. */
export interface Row {
  readonly work: string;
  readonly who: string;
  /** Processor time of all its processes per piece, milliseconds; null = it could not be measured, and why. */
  readonly cpuMs: number | null;
  readonly perSecond: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly note: string;
}

/** A program in a series: it answers its share of the requests in every round. */
export interface Contestant {
  readonly who: string;
  readonly server: Server;
  /** Requests of each round, none of them asked before. */
  readonly rounds: readonly (readonly string[])[];
  readonly note?: string;
}

/** Requests under way at once, for every contestant alike. */
const CLIENTS = 4;

/** Lets the contestants take turns, so that whatever else the machine does meets all of them; medians of the rounds. */
export async function takeTurns(work: string, contestants: readonly Contestant[]): Promise<Row[]> {
  const taken = contestants.map(() => [] as { cpuMs: number; perSecond: number; p50Ms: number }[]);
  for (let round = 0; round < contestants[0]!.rounds.length; round++) {
    for (const [i, { who, server, rounds }] of contestants.entries()) {
      const figures = await measureServed(who, server, rounds[round]!, { clients: CLIENTS });
      taken[i]!.push({ cpuMs: figures.cpuMs, perSecond: figures.perSecond!, p50Ms: figures.medianMs });
    }
  }
  return contestants.map(({ who, note = '' }, i): Row => {
    const median = (of: 'cpuMs' | 'perSecond' | 'p50Ms'): number => quantile(taken[i]!.map((one) => one[of]), 0.5);
    return { work, who, cpuMs: median('cpuMs'), perSecond: median('perSecond'), p50Ms: median('p50Ms'), p99Ms: null, note };
  });
}

/** Medians of several runs under load. */
export function rowOfLoads(work: string, who: string, loads: readonly (Load | null)[], note = ''): Row {
  const known = loads.filter((load) => load !== null);
  if (known.length === 0) return absent(work, who, 'wrk is not installed');
  const median = (of: keyof Load): number => quantile(known.map((load) => load[of]), 0.5);
  return { work, who, cpuMs: median('cpuMs'), perSecond: median('perSecond'), p50Ms: median('p50Ms'), p99Ms: median('p99Ms'), note };
}

/** A peer that is not there is said to be not there. */
export function absent(work: string, who: string, why: string): Row {
  return { work, who, cpuMs: null, perSecond: null, p50Ms: null, p99Ms: null, note: `ABSENT: ${why}` };
}

/** The first row of each piece of work is the gateway: the others are shown as multiples of it. */
export function tableOf(rows: readonly Row[]): string {
  const lines = ['| work | who | CPU ms each | times ours | per second | p50 ms | p99 ms | |', '|---|---|---:|---:|---:|---:|---:|---|'];
  for (const row of rows) {
    const ours = rows.find((one) => one.work === row.work)!;
    const times = row.cpuMs === null || ours.cpuMs === null || row === ours ? '' : format(row.cpuMs / ours.cpuMs);
    lines.push(`| ${row.work} | ${row.who} | ${format(row.cpuMs)} | ${times} | ${format(row.perSecond)} | ${format(row.p50Ms)} | ${format(row.p99Ms)} | ${row.note} |`);
  }
  return lines.join('\n');
}

/** Three significant digits at least. */
function format(x: number | null): string {
  if (x === null) return '';
  return x >= 100 ? x.toFixed(0) : x.toPrecision(3);
}
