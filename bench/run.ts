import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, resolve } from 'node:path';
import { formatFigures, type Amount, type Figures } from './measure.ts';

/**
 * Runs every bench (bench/NAME.bench.ts), or those named: `npm run bench -- [--quick] [--json FILE] [NAME ...]`.
 * Prints median and spread; --json also writes them.
 */
const args = process.argv.slice(2);
const quick = args.includes('--quick');
const jsonAt = args.indexOf('--json');
const json = jsonAt < 0 ? undefined : args[jsonAt + 1];
const names = args.filter((arg, i) => !arg.startsWith('--') && (jsonAt < 0 || i !== jsonAt + 1));

const all = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.bench.ts'));
const wanted = names.length === 0 ? all : all.filter((file) => names.includes(file.replace('.bench.ts', '')));
if (wanted.length === 0) {
  console.error(`no bench named ${names.join(', ')}; there are: ${all.map((file) => file.replace('.bench.ts', '')).join(', ')}`);
  process.exit(2);
}
console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} processors, Node ${process.version}${quick ? ', quick' : ''}`);
const results: (Figures | Amount)[] = [];
for (const file of wanted) {
  const { default: bench } = (await import(`./${file}`)) as { default: (quick: boolean) => Promise<readonly (Figures | Amount)[]> };
  for (const figures of await bench(quick)) {
    results.push(figures);
    console.log(formatFigures(figures));
  }
}
if (json !== undefined) {
  mkdirSync(dirname(resolve(json)), { recursive: true });
  writeFileSync(json, `${JSON.stringify({ node: process.version, cpu: cpus()[0]?.model, results }, null, 1)}\n`);
}
