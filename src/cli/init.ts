import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { GatewayError } from '../errors.ts';
import { EXIT } from './exit.ts';
import { parseCount } from './optionValues.ts';
import type { Outcome } from './program.ts';

interface InitCommandOptions {
  readonly output: string;
  readonly force?: boolean;
  readonly layer?: readonly string[];
  readonly limit: number;
  readonly body?: string;
  readonly srs?: string;
}

const MOST_LAYERS = 50;

/** `hips-gateway init URL` */
export function initCommand(outcome: Outcome): Command {
  return new Command('init')
    .description('Write a starter configuration for what an address or a file leads to.')
    .argument('<source>', 'address of a WMS, a WMTS, a HiPS or a list of HiPS; or a picture, or the folder of a HiPS, on this machine')
    .option('-o, --output <file>', 'file to write; - = standard output', 'mapproxy.yaml')
    .option('--force', 'overwrite the file if it is there (default: off)')
    .addOption(new Option('-l, --layer <text>', 'only layers with this text in their name or title; may be repeated (default: all)').argParser((text, before: readonly string[] = []) => [...before, text]))
    .addOption(new Option('--limit <number>', 'most layers to write').argParser(parseCount).default(MOST_LAYERS))
    .option('--body <name>', 'the body that is shown, where the source does not say it or says the Earth: moon, mars, ... (default: as the source says)')
    .option('--srs <code>', 'reference system of a picture (default: that of its GeoTIFF tags, else degrees of --body)')
    .action(async (source: string, options: InitCommandOptions) => {
      const { withConfigIssues } = await import('./printIssues.ts');
      outcome.exitCode = await withConfigIssues(() => init(source, options));
    });
}

async function init(source: string, { output, force = false, layer = [], limit, body, srs }: InitCommandOptions): Promise<Outcome['exitCode']> {
  const { starterFor } = await import('../task/init.ts');
  const directory = output === '-' ? process.cwd() : path.dirname(path.resolve(output));
  const { yaml, layers, leftOut } = await starterFor(source, { body: body ?? null, srs: srs ?? null, only: layer, limit }, { directory, baseDir: './cache_data' });
  for (const line of leftOut) process.stderr.write(`left out: ${line}\n`);
  if (output === '-') {
    process.stdout.write(yaml);
    return EXIT.done;
  }
  write(output, yaml, force);
  const { loadConfig } = await import('../config/load.ts');
  const { issueLines } = await import('./printIssues.ts');
  process.stderr.write(issueLines(loadConfig(output).warnings, 'warning: '));
  process.stdout.write(`${output}: ${layers === 1 ? 'one layer' : `${layers} layers`}; to serve it: hips-gateway serve ${output}\n`);
  return EXIT.done;
}

/** @throws GatewayError CONFIG_INVALID where there is such a file and it was not said to overwrite it */
function write(file: string, text: string, force: boolean): void {
  try {
    writeFileSync(file, text, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    if (isThere) throw new GatewayError('CONFIG_INVALID', `'${file}' is there already: --force overwrites it, --output names another one`, { cause });
    throw cause;
  }
}
