import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { cachedTiles } from './cachedTiles.ts';
import { coldHips } from './coldHips.ts';
import { coldMaps } from './coldMaps.ts';
import { FULL, QUICK, type Effort } from './effort.ts';
import { mapsOfPictures } from './pictures.ts';
import { tableOf, type Row } from './rows.ts';
import { warper } from './warper.ts';

/**
 * The same work by the gateway and by its peers, in one run on one machine: `node bench/peers/run.ts [--quick] [--json FILE] [NAME ...]`,
 * after bench/peers/install.sh. Everything stays on 127.0.0.1. A peer that is not installed is reported as absent.
 */
const SERIES: { readonly [name: string]: (effort: Effort) => Promise<Row[]> } = { coldHips, coldMaps, pictures: mapsOfPictures, cachedTiles, warper };

const args = process.argv.slice(2);
const jsonAt = args.indexOf('--json');
const json = jsonAt < 0 ? undefined : args[jsonAt + 1];
const names = args.filter((arg, i) => !arg.startsWith('--') && (jsonAt < 0 || i !== jsonAt + 1));
const unknown = names.find((name) => !(name in SERIES));
if (unknown !== undefined) {
  console.error(`there is no series ${unknown}; there are: ${Object.keys(SERIES).join(', ')}`);
  process.exit(2);
}
const effort = args.includes('--quick') ? QUICK : FULL;
console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} processors, Node ${process.version}\n`);
const rows: Row[] = [];
for (const [name, series] of Object.entries(SERIES)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const found = await series(effort);
  rows.push(...found);
  console.log(`${tableOf(found)}\n`);
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ node: process.version, cpu: cpus()[0]?.model, rows }, null, 1)}\n`);
