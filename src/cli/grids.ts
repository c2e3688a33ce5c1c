import { Command, Option } from 'commander';
import { EXIT } from './exit.ts';
import { coverageOf, coverageOption, parseBbox, SRS_HELP } from './optionValues.ts';
import type { Outcome } from './program.ts';

interface GridsOptions {
  readonly grid?: string;
  readonly all?: boolean;
  readonly list?: boolean;
  readonly bbox?: readonly [number, number, number, number];
  readonly coverage?: string;
  readonly srs?: string;
  readonly json?: boolean;
}

/** `hips-gateway grids CONFIG`, as `mapproxy-util grids`. */
export function gridsCommand(outcome: Outcome): Command {
  return new Command('grids')
    .description('Print the grids of a configuration: resolutions and numbers of tiles of each level.')
    .argument('<config>', 'configuration file, MapProxy YAML')
    .option('-g, --grid <name>', 'this grid only, of the configuration or predefined (default: all of the configuration)')
    .option('--all', 'also the predefined grids of every body that the configuration has a grid of (default: off)')
    .option('-l, --list', 'names only (default: off)')
    .addOption(new Option('--bbox <west,south,east,north>', 'also count the tiles that this rectangle touches, degrees of the body (default: off)').argParser(parseBbox))
    .addOption(coverageOption('also count the tiles that touch').conflicts('bbox'))
    .option('--srs <code>', SRS_HELP)
    .option('--json', 'as JSON, for programs (default: off)')
    .action(async (config: string, options: GridsOptions) => {
      const { withConfigIssues } = await import('./printIssues.ts');
      outcome.exitCode = await withConfigIssues(() => grids(config, options));
    });
}

async function grids(file: string, { grid, all = false, list = false, bbox, coverage, srs, json = false }: GridsOptions): Promise<Outcome['exitCode']> {
  const { loadConfig } = await import('../config/load.ts');
  const { describeGrid, gridNames, partOf, predefinedNames } = await import('../task/grids.ts');
  const loaded = loadConfig(file);
  const names = grid === undefined ? [...new Set([...gridNames(loaded), ...(all ? predefinedNames(loaded) : [])])] : [grid];
  if (list && !json) {
    process.stdout.write(names.map((name) => `${name}\n`).join(''));
    return EXIT.done;
  }
  const part = await partOf(coverageOf({ bbox, coverage, srs }), loaded);
  const listings = names.map((name) => describeGrid(name, part, loaded));
  const { gridText } = await import('./gridText.ts');
  process.stdout.write(json ? `${JSON.stringify(list ? names : listings, null, 2)}\n` : listings.map(gridText).join('\n'));
  return EXIT.done;
}
