import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from './exit.ts';
import { interruption } from './interrupted.ts';
import type { Outcome } from './program.ts';

/** Of a list of HiPS and the like: more would make a start slow. */
const MOST_LAYERS = 50;

interface ServeOptions {
  readonly host?: string;
  readonly port?: number;
  readonly workers?: number;
  readonly watch?: boolean;
  readonly configDir?: string;
  readonly listing: boolean;
  readonly body?: string;
  readonly srs?: string;
}

/** `hips-gateway serve [CONFIG|URL|FILE]` */
export function serveCommand(outcome: Outcome): Command {
  return new Command('serve')
    .description('Serve what a configuration, an address, a picture or the folder of a HiPS describes, until interrupted.')
    .argument(
      '[config]',
      'configuration file, MapProxy YAML; or what `init` takes: the address of a WMS, a WMTS, a HiPS or a list of HiPS, a picture, the folder of a HiPS (default: the demo, config/demo.yaml of this package)',
    )
    .addOption(new Option('--host <address>', 'address to listen at (default: server.host of the configuration, else 0.0.0.0)').env('HOST'))
    .addOption(
      new Option('--port <number>', 'port to listen at, 0 = any free one (default: server.port of the configuration, else 8080)').env('PORT').argParser(parsePort),
    )
    .addOption(
      new Option('--workers <number>', 'processes that share the port (default: server.workers of the configuration, else 1)').env('WORKERS').argParser(parseWorkers),
    )
    .option('--config-dir <folder>', 'instead of one configuration: each NAME.yaml of a folder, served below /NAME/, with a list of them at /')
    .option('--no-listing', 'with --config-dir: tell nobody which configurations there are')
    .option('--watch', 'take over a changed configuration at once, and files that come into a folder or leave it; without it, on SIGHUP or POST /admin/reload')
    .option('--body <name>', 'without a configuration: the body that is shown, where the source does not say it or says the Earth (default: as the source says)')
    .option('--srs <code>', 'without a configuration: reference system of a picture (default: that of its GeoTIFF tags, else degrees of --body)')
    .action(async (config: string | undefined, options: ServeOptions, command: Command) => {
      const { configDir } = options;
      if (configDir !== undefined && config !== undefined) command.error('error: either one configuration or --config-dir');
      outcome.exitCode = await serve(configDir === undefined ? config ?? demoFile() : { configDir, isListed: options.listing }, options);
    });
}

async function serve(what: string | { readonly configDir: string; readonly isListed: boolean }, { host, port, workers, watch, body, srs }: ServeOptions): Promise<Outcome['exitCode']> {
  const { startServer } = await import('../server/main.ts');
  const { withConfigIssues } = await import('./printIssues.ts');
  return withConfigIssues(async () => {
    const configured = typeof what === 'string' ? { configFile: isConfiguration(what) ? what : await starterFile(what, { body: body ?? null, srs: srs ?? null }) } : what;
    const server = await startServer({ ...configured, ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }), ...(workers === undefined ? {} : { workers }), watch: watch === true });
    await aborted(interruption().signal);
    await server.close();
    return EXIT.done;
  });
}

/** What is no address, no folder and no picture is a configuration, also where it is missing: the message then is about that. */
function isConfiguration(location: string): boolean {
  const isElse = /^https?:\/\//i.test(location) || /\.(?:jpe?g|png|webp|tiff?)$/i.test(location);
  return !isElse && statSync(location, { throwIfNoEntry: false })?.isDirectory() !== true;
}

/** A configuration made for a source, kept where its tiles are kept: a second start finds both. */
async function starterFile(location: string, about: { readonly body: string | null; readonly srs: string | null }): Promise<string> {
  const { keptStarter } = await import('../task/keptStarter.ts');
  const { file, layers } = await keptStarter(location, { ...about, only: [], limit: MOST_LAYERS });
  process.stderr.write(`${location}: ${layers === 1 ? 'one layer' : `${layers} layers`}, as described in ${file}\n`);
  return file;
}

/** The demo of this package, from src/cli as from dist/cli. */
function demoFile(): string {
  return fileURLToPath(new URL('../../config/demo.yaml', import.meta.url));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function parsePort(text: string): number {
  const port = Number(text);
  if (text.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a whole number from 0 to 65535.');
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (Number.isInteger(workers) && workers >= 1 && workers <= 256) return workers;
  throw new InvalidArgumentError('expected a whole number from 1 to 256.');
}
