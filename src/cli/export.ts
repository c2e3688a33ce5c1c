import { Command, Option } from 'commander';
import { EXIT } from './exit.ts';
import { coverageOf, coverageOption, parseBbox, parseCount, parseLevels, SRS_HELP } from './optionValues.ts';
import type { Outcome } from './program.ts';
import type { ExportResult, ExportWish } from '../task/export.ts';

interface ExportCommandOptions {
  readonly config: string;
  readonly layer: string;
  readonly type: ExportWish['type'];
  readonly grid?: string;
  readonly levels?: readonly number[];
  readonly format?: 'png' | 'jpg' | 'webp';
  readonly bbox?: readonly [number, number, number, number];
  readonly coverage?: string;
  readonly srs?: string;
  readonly url?: string;
  readonly jobs?: number;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** As in EXPORT_TYPES of task/export.ts, which is not loaded for the help; a test compares them. */
export const TYPES = ['hips', 'mbtiles', 'geopackage', 'sqlite', 'tc', 'mp', 'tms', 'reverse_tms', 'quadkey', 'arcgis'] as const;
const FORMATS = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' } as const;

/** `hips-gateway export DEST` */
export function exportCommand(outcome: Outcome): Command {
  return new Command('export')
    .description('Copy a layer to the folder of a HiPS, to an MBTiles file or a GeoPackage, or to a folder of tiles. Ctrl-C stops it; the same command goes on.')
    .argument('<dest>', 'file or folder to write')
    .requiredOption('-c, --config <file>', 'configuration file, MapProxy YAML')
    .requiredOption('-l, --layer <name>', 'layer to copy')
    .addOption(new Option('-t, --type <type>', "what to write; the last six are MapProxy's folders of tiles").choices(TYPES).default('hips'))
    .option('--grid <name>', 'grid of the tiles, not for a HiPS (default: the first of the layer)')
    .addOption(new Option('-o, --levels <range>', 'orders of a HiPS or levels of the grid: 0-5, or 0,2,4 (default: all orders of a HiPS)').argParser(parseLevels))
    .addOption(new Option('--format <format>', 'format of the tiles (default: the first of the layer)').choices(Object.keys(FORMATS)))
    .addOption(new Option('--bbox <west,south,east,north>', 'only tiles that touch this rectangle, degrees of the body (default: all)').argParser(parseBbox))
    .addOption(coverageOption('only tiles that touch').conflicts('bbox'))
    .option('--srs <code>', SRS_HELP)
    .option('--url <address>', 'address under which the HiPS is going to be published, for its properties (default: not said)')
    .addOption(new Option('-j, --jobs <number>', 'tiles at once (default: two for each processor)').argParser(parseCount))
    .option('--resume', 'go on in a destination that is there and complete, or of another state (default: off)')
    .addOption(new Option('--force', 'make all tiles anew where the destination is there (default: off)').conflicts('resume'))
    .option('-n, --dry-run', 'only print how many tiles there are (default: off)')
    .action(async (dest: string, options: ExportCommandOptions) => {
      const { withConfigIssues } = await import('./printIssues.ts');
      outcome.exitCode = await withConfigIssues(() => run(dest, options));
    });
}

async function run(dest: string, options: ExportCommandOptions): Promise<Outcome['exitCode']> {
  const { loadConfig } = await import('../config/load.ts');
  const { countExport, exportLayer } = await import('../task/export.ts');
  const { createProgressBar } = await import('./progress.ts');
  const { interruption } = await import('./interrupted.ts');
  const loaded = loadConfig(options.config);
  const wish = wishOf(dest, options);
  const complain = (text: string) => (error: unknown) => void process.stderr.write(`${text}${messageOf(error)}\n`);
  if (options.dryRun === true) {
    for (const { level, tiles } of await countExport(loaded, wish, complain(''))) process.stdout.write(`${level}: ${tiles}\n`);
    return EXIT.done;
  }
  const bar = createProgressBar(process.stderr);
  const { signal, forget } = interruption();
  try {
    const result = await exportLayer(loaded, wish, {
      existing: options.force === true ? 'overwrite' : options.resume === true ? 'resume' : 'refuse',
      jobs: options.jobs ?? null,
      signal,
      onProgress: (progress) => bar.update(progress),
      onFailure: (name, error) => complain(`${name}: `)(error),
      report: complain(''),
    });
    bar.end();
    process.stdout.write(`${dest}: ${resultText(result)}\n`);
    return result.complete ? EXIT.done : EXIT.failed;
  } catch (error) {
    if (!signal.aborted) throw error;
    process.stdout.write(`${dest}: interrupted; the same command goes on\n`);
    return EXIT.failed;
  } finally {
    forget();
  }
}

function wishOf(dest: string, { layer, type, grid, levels, format, bbox, coverage, srs, url }: ExportCommandOptions): ExportWish {
  return {
    dest, layer, type,
    grid: grid ?? null,
    levels: levels ?? null,
    format: format === undefined ? null : FORMATS[format],
    coverage: coverageOf({ bbox, coverage, srs }),
    url: url ?? null,
  };
}

function resultText({ complete, done, total, made, skipped, empty, failed, bytes }: ExportResult): string {
  const parts = [`${made} tiles written (${(bytes / 1e6).toFixed(1)} MB)`, ...said(skipped, 'there before'), ...said(empty, 'without anything'), ...said(failed, 'failed')];
  return `${parts.join(', ')}${complete ? '' : `; ${total - done + failed} of ${total} are missing, the same command goes on`}`;
}

function said(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
