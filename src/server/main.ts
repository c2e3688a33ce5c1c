import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { buildGateway } from '../config/build.ts';
import { formatIssue } from '../config/issue.ts';
import { loadConfig } from '../config/load.ts';
import { forServing } from '../config/serving.ts';
import type { LoadedConfig } from '../config/types.ts';
import type { Gateway } from '../service/types.ts';
import { addressLines } from './addresses.ts';
import type { Admin } from './admin.ts';
import { isGroupMember, isSpokesman, joinGroup, reloadGroup, startProcesses } from './cluster.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createReloader } from './reload.ts';
import { runGateway, type RunningServer } from './running.ts';
import { createStatus } from './status.ts';

export interface StartOptions {
  /** Path of the configuration. */
  readonly configFile: string;
  /** Wins over server.host of the configuration. */
  readonly host?: string;
  /** Wins over server.port of the configuration; 0 = any free one. */
  readonly port?: number;
  /** Processes that share the port; wins over server.workers of the configuration. */
  readonly workers?: number;
  /** Take over a changed configuration at once. */
  readonly watch?: boolean;
}

/** Shorter than the 10 s after which Docker and the usual supervisors kill. */
const GRACE_MS = 7000;
/**
 * Pixels live outside of the JavaScript heap. By default V8 collects all garbage whenever 64 MB of such memory have come (which was once
 * per tile, and half of what a tile cost); so they count like the heap itself, whose limit grows with what is in use.
 */
const HEAP_FLAGS = '--external-memory-accounted-in-global-limit';

/** The first requests, which need no drawing (a page, properties, capabilities), go before starting the threads that draw. */
const WARM_UP_AFTER_MS = 300;

/**
 * Loads a configuration, builds its gateway and listens; prints the addresses on standard output, logs on standard error.
 * Whoever calls it decides when to close(). Meanwhile SIGHUP, POST /admin/reload and, if asked to, a change of its files make it read the
 * configuration again; host, port and number of processes stay as they are.
 * @throws ConfigError with all mistakes of the configuration; GatewayError CONFIG_INVALID when it cannot listen
 */
export async function startServer(options: StartOptions): Promise<Pick<RunningServer, 'close'>> {
  setFlagsFromString(HEAP_FLAGS);
  const loaded = load(options);
  const { server } = loaded.config;
  const processes = options.workers ?? server.workers;
  if (processes > 1 && !isGroupMember()) return startProcesses(processes);
  const logger = createLogger(server.log_level);
  const build = (from: LoadedConfig): Promise<Gateway> => {
    for (const warning of from.warnings) logger.warn(formatIssue(warning));
    const threads = from.config.server.threads ?? Math.max(1, Math.floor(availableParallelism() / processes));
    return buildGateway(from, { threads, report: (error) => logger.error({ err: error }, 'trouble that did not keep an answer from being given') });
  };
  const status = createStatus();
  const admin = ({ config }: LoadedConfig): Admin | null => (config.server.admin_token === null ? null : { token: config.server.admin_token, reload: () => reloadGroup(reloader.reload) });
  const reloader = createReloader({
    files: loaded.files,
    async takeOver() {
      const fresh = load(options);
      const next = await build(fresh);
      await running.swap(next, { admin: admin(fresh) });
      next.warmUp();
      return fresh.files;
    },
    describe: mistakesOf,
    onDone() {
      status.loadedAt = new Date();
      status.failedSince = null;
      status.reloads += 1;
      logger.info(`${loaded.file} was read again and is served`);
    },
    onFailed(error) {
      status.failedSince = new Date();
      status.failedReloads += 1;
      logger.error(`${loaded.file} is not served, the configuration before it still is:\n${mistakesOf(error)}`);
    },
  });
  const gateway = await build(loaded);
  const running = await runGateway(gateway, {
    host: options.host ?? server.host, port: options.port ?? server.port, logger, graceMs: GRACE_MS, status, metrics: createMetrics(), admin: admin(loaded),
  });
  setTimeout(() => gateway.warmUp(), WARM_UP_AFTER_MS).unref();
  if (isSpokesman()) process.stdout.write(`${addressLines(gateway, running.url).join('\n')}\n`);
  const reload = (): void => void reloader.reload();
  process.on('SIGHUP', reload);
  if (options.watch === true) reloader.watch();
  const leaveGroup = joinGroup(reload);
  return {
    async close() {
      process.off('SIGHUP', reload);
      reloader.close();
      await running.close();
      leaveGroup();
    },
  };
}

/** A configuration may name its own port (`${PORT:-8080}`): the option wins there too. */
function load({ configFile, port }: StartOptions): LoadedConfig {
  return forServing(loadConfig(configFile, { env: port === undefined ? process.env : { ...process.env, PORT: String(port) } }));
}

function mistakesOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
