import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from './exit.ts';
import type { Outcome } from './program.ts';

interface ServeOptions {
  readonly host?: string;
  readonly port?: number;
  readonly workers?: number;
}

/** `hips-gateway serve [CONFIG]` */
export function serveCommand(outcome: Outcome): Command {
  return new Command('serve')
    .description('Serve what a configuration describes, until interrupted.')
    .argument('[config]', 'configuration file, MapProxy YAML (default: the demo, config/demo.yaml of this package)')
    .addOption(new Option('--host <address>', 'address to listen at (default: server.host of the configuration, else 0.0.0.0)').env('HOST'))
    .addOption(
      new Option('--port <number>', 'port to listen at, 0 = any free one (default: server.port of the configuration, else 8080)').env('PORT').argParser(parsePort),
    )
    .addOption(
      new Option('--workers <number>', 'processes that share the port (default: server.workers of the configuration, else 1)').env('WORKERS').argParser(parseWorkers),
    )
    .action(async (config: string | undefined, options: ServeOptions) => {
      outcome.exitCode = await serve(config ?? demoFile(), options);
    });
}

async function serve(configFile: string, { host, port, workers }: ServeOptions): Promise<Outcome['exitCode']> {
  const { startServer } = await import('../server/main.ts');
  const { withConfigIssues } = await import('./printIssues.ts');
  return withConfigIssues(async () => {
    const server = await startServer({ configFile, ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }), ...(workers === undefined ? {} : { workers }) });
    await interrupted();
    await server.close();
    return EXIT.done;
  });
}

/** Resolves at the first SIGINT (Ctrl-C) or SIGTERM; a second one ends the process at once, as without a handler. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
}

/** The demo of this package, from src/cli as from dist/cli. */
function demoFile(): string {
  return fileURLToPath(new URL('../../config/demo.yaml', import.meta.url));
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
