import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { buildGateway } from '../config/build.ts';
import type { LoadedConfig } from '../config/types.ts';
import type { Gateway } from '../service/types.ts';
import { addressLines, folderLines } from './addresses.ts';
import { isGroupMember, isSpokesman, joinGroup, startProcesses } from './cluster.ts';
import { configurationsIn, openFolder } from './folder.ts';
import { createLogger } from './log.ts';
import type { Reloader } from './reload.ts';
import { type ListenOptions, runServer, type RunningServer } from './running.ts';
import type { Answering } from './seat.ts';
import { openSite, readConfig } from './site.ts';

/** One configuration. */
interface FileOptions {
  /** Path of the configuration. */
  readonly configFile: string;
}

/** All configurations of a folder, each below its name. */
interface FolderOptions {
  readonly configDir: string;
  /** Whether `/` lists them. */
  readonly isListed: boolean;
}

export type StartOptions = (FileOptions | FolderOptions) & {
  /** Wins over server.host of the configuration. */
  readonly host?: string;
  /** Wins over server.port of the configuration; 0 = any free one. */
  readonly port?: number;
  /** Processes that share the port; wins over server.workers of the configuration. */
  readonly workers?: number;
  /** Take over a changed configuration at once. */
  readonly watch?: boolean;
};

/** Where a folder is served: no configuration of it can say so for all. */
const DEFAULT_HOST = '0.0.0.0';
const DEFAULT_PORT = 8080;

/** Shorter than the 10 s after which Docker and the usual supervisors kill. */
const GRACE_MS = 7000;
/**
 * Pixels live outside of the JavaScript heap. By default V8 collects all garbage whenever 64 MB of such memory have come (which was once
 * per tile, and half of what a tile cost); so they count like the heap itself, whose limit grows with what is in use.
 */
const HEAP_FLAG = '--external-memory-accounted-in-global-limit';
/**
 * Once the server is up, how much that limit may be beyond what is in use: V8 lets it be four times that in threads that draw, 60 MB of
 * garbage each. A start, which throws little away, is faster without.
 */
const SERVING_HEAP_FLAG = '--heap-growing-percent=40';

/** The first requests, which need no drawing (a page, properties, capabilities), go before starting the threads that draw. */
const WARM_UP_AFTER_MS = 300;

/**
 * Loads a configuration, or all of a folder, builds its gateway and listens; prints the addresses on standard output, logs on standard error.
 * Whoever calls it decides when to close(). Meanwhile SIGHUP, POST /admin/reload and, if asked to, a change of its files make it read the
 * configuration again; host, port and number of processes stay as they are.
 * @throws ConfigError with all mistakes of the configuration; GatewayError CONFIG_INVALID when it cannot listen, and for a folder that cannot be served
 */
export async function startServer(options: StartOptions): Promise<Pick<RunningServer, 'close'>> {
  setFlagsFromString(HEAP_FLAG);
  return 'configFile' in options ? startOne(options) : startFolder(options);
}

async function startOne(options: StartOptions & FileOptions): Promise<Pick<RunningServer, 'close'>> {
  const env = environment(options);
  const loaded = readConfig(options.configFile, env);
  const { server } = loaded.config;
  const processes = options.workers ?? server.workers;
  if (processes > 1 && !isGroupMember()) return startProcesses(processes);
  const logger = createLogger(server.log_level);
  const build = (from: LoadedConfig, report: (error: unknown) => void): Promise<Gateway> => buildGateway(from, { threads: from.config.server.threads ?? threadsOf(processes), report });
  const site = await openSite({ file: options.configFile, name: null, logger, env, build }, loaded);
  return run(site, { host: options.host ?? server.host, port: options.port ?? server.port, watch: options.watch === true, logger }, {
    warmUp: () => site.gateway?.warmUp(),
    lines: (url) => addressLines(site.gateway!, url),
  });
}

async function startFolder(options: StartOptions & FolderOptions): Promise<Pick<RunningServer, 'close'>> {
  const directory = path.resolve(options.configDir);
  configurationsIn(directory); // a folder with a bad name does not start processes that would end at once
  const processes = options.workers ?? 1;
  if (processes > 1 && !isGroupMember()) return startProcesses(processes);
  const logger = createLogger('info');
  const folder = await openFolder({ directory, isListed: options.isListed, env: environment(options), logger, threads: threadsOf(processes) });
  return run(folder, { host: options.host ?? DEFAULT_HOST, port: options.port ?? DEFAULT_PORT, watch: options.watch === true, logger }, {
    warmUp: folder.warmUp,
    lines: (url) => folderLines(folder.sites(), url),
  });
}

interface Words {
  warmUp(): void;
  /** What is printed when the server is up. */
  lines(url: string): readonly string[];
}

async function run(answering: Answering & Pick<Reloader, 'reload' | 'watch'>, { watch, ...listen }: Omit<ListenOptions, 'graceMs'> & { readonly watch: boolean }, words: Words): Promise<Pick<RunningServer, 'close'>> {
  const running = await runServer(answering, { ...listen, graceMs: GRACE_MS });
  setFlagsFromString(SERVING_HEAP_FLAG);
  setTimeout(words.warmUp, WARM_UP_AFTER_MS).unref();
  if (isSpokesman()) process.stdout.write(`${words.lines(running.url).join('\n')}\n`);
  const reload = (): void => void answering.reload();
  process.on('SIGHUP', reload);
  if (watch) answering.watch();
  const leaveGroup = joinGroup(reload);
  return {
    async close() {
      process.off('SIGHUP', reload);
      await running.close();
      leaveGroup();
    },
  };
}

function threadsOf(processes: number): number {
  return Math.max(1, Math.floor(availableParallelism() / processes));
}

/** A configuration may name its own port (`${PORT:-8080}`): the option wins there too. */
function environment({ port }: StartOptions): NodeJS.ProcessEnv {
  return port === undefined ? process.env : { ...process.env, PORT: String(port) };
}
