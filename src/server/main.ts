import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { buildGateway } from '../config/build.ts';
import { formatIssue } from '../config/issue.ts';
import { loadConfig } from '../config/load.ts';
import { addressLines } from './addresses.ts';
import { isGroupMember, isSpokesman, joinGroup, startProcesses } from './cluster.ts';
import { createLogger } from './log.ts';
import { runGateway, type RunningServer } from './running.ts';

export interface StartOptions {
  /** Path of the configuration. */
  readonly configFile: string;
  /** Wins over server.host of the configuration. */
  readonly host?: string;
  /** Wins over server.port of the configuration; 0 = any free one. */
  readonly port?: number;
  /** Processes that share the port; wins over server.workers of the configuration. */
  readonly workers?: number;
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
 * Whoever calls it decides when to close().
 * @throws ConfigError with all mistakes of the configuration; GatewayError CONFIG_INVALID when it cannot listen
 */
export async function startServer({ configFile, host, port, workers }: StartOptions): Promise<Pick<RunningServer, 'close'>> {
  setFlagsFromString(HEAP_FLAGS);
  // A configuration may name its own port (`${PORT:-8080}`): the option wins there too.
  const loaded = loadConfig(configFile, { env: port === undefined ? process.env : { ...process.env, PORT: String(port) } });
  const { server } = loaded.config;
  const processes = workers ?? server.workers;
  if (processes > 1 && !isGroupMember()) return startProcesses(processes);
  const logger = createLogger(server.log_level);
  for (const warning of loaded.warnings) logger.warn(formatIssue(warning));
  const threads = server.threads ?? Math.max(1, Math.floor(availableParallelism() / processes));
  const gateway = await buildGateway(loaded, { threads, report: (error) => logger.error({ err: error }, 'trouble that did not keep an answer from being given') });
  const running = await runGateway(gateway, { host: host ?? server.host, port: port ?? server.port, logger, graceMs: GRACE_MS });
  setTimeout(() => gateway.warmUp(), WARM_UP_AFTER_MS).unref();
  if (isSpokesman()) process.stdout.write(`${addressLines(gateway, running.url).join('\n')}\n`);
  const leaveGroup = joinGroup();
  return {
    async close() {
      await running.close();
      leaveGroup();
    },
  };
}
