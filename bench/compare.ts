import { readFileSync } from 'node:fs';
import type { Amount, Figures } from './measure.ts';

/**
 * Two runs of the benches side by side: `node bench/compare.ts OLD.json NEW.json`, files of `npm run bench -- --json FILE`.
 * Prints new : old of each figure that both have; below 1 the new run is faster or smaller.
 */
const NAME_WIDTH = 72;
const [oldFile, newFile] = process.argv.slice(2);
if (oldFile === undefined || newFile === undefined) {
  console.error('usage: node bench/compare.ts OLD.json NEW.json');
  process.exit(2);
}
const [before, after] = [read(oldFile), read(newFile)];
console.log(`${'new : old'.padEnd(NAME_WIDTH)}   median      cpu`);
for (const [name, now] of after) {
  const then = before.get(name);
  console.log(`${name.padEnd(NAME_WIDTH)} ${then === undefined ? '     new' : ratios(then, now)}`);
}
for (const name of before.keys()) if (!after.has(name)) console.log(`${name.padEnd(NAME_WIDTH)}     gone`);

function read(file: string): Map<string, Figures | Amount> {
  const { results } = JSON.parse(readFileSync(file, 'utf8')) as { readonly results: readonly (Figures | Amount)[] };
  return new Map(results.map((one) => [one.name, one]));
}

function ratios(then: Figures | Amount, now: Figures | Amount): string {
  const ratio = (a: number, b: number): string => (a === 0 ? '-' : (b / a).toFixed(2)).padStart(8);
  if ('amount' in then || 'amount' in now) return 'amount' in then && 'amount' in now ? ratio(then.amount, now.amount) : '       -';
  return `${ratio(then.medianMs, now.medianMs)} ${ratio(then.cpuMs, now.cpuMs)}`;
}
