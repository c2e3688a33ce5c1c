import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../test/e2e/support/process.ts';
import { treeUse } from '../support/processTree.ts';
import type { Server } from '../support/served.ts';
import { onPath } from './find.ts';

export interface Load {
  readonly perSecond: number;
  /** Processor time of the server's processes per request. */
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** `wrk -t2 -c16` over the paths in turn, on the same machine as the server; null when wrk is not installed. @throws when an answer is not 200 */
export async function wrk(server: Server, paths: readonly string[], seconds: number): Promise<Load | null> {
  const program = onPath('wrk');
  if (program === null) return null;
  const folder = await mkdtemp(join(tmpdir(), 'bench-wrk-'));
  try {
    await writeFile(join(folder, 'paths.lua'), script(paths));
    const pid = server.process.child.pid!;
    const before = treeUse(pid).cpuMs;
    const output = await run(program, ['-t2', '-c16', `-d${seconds}s`, '--latency', '-s', join(folder, 'paths.lua'), server.url], (seconds + 30) * 1000);
    const cpuMs = treeUse(pid).cpuMs - before;
    if (/Non-2xx/.test(output)) throw new Error(output);
    const requests = Number(/(\d+) requests in/.exec(output)![1]);
    return {
      perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)![1]), cpuMs: cpuMs / requests,
      p50Ms: latency(output, '50'), p99Ms: latency(output, '99'),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function script(paths: readonly string[]): string {
  return `
local paths = {${paths.map((path) => JSON.stringify(path)).join(',')}}
local requests = {}
local at = 0
init = function() for i, path in ipairs(paths) do requests[i] = wrk.format("GET", path) end end
request = function() at = at % #requests + 1; return requests[at] end
`;
}

const UNIT_MS: { readonly [unit: string]: number } = { us: 0.001, ms: 1, s: 1000 };

function latency(output: string, percent: string): number {
  const [, number, unit] = new RegExp(`^\\s+${percent}%\\s+([\\d.]+)(us|ms|s)$`, 'm').exec(output)!;
  return Number(number) * UNIT_MS[unit!]!;
}
