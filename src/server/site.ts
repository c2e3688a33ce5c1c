import type { FastifyBaseLogger } from 'fastify';
import { formatIssue } from '../config/issue.ts';
import { loadConfig } from '../config/load.ts';
import { forServing } from '../config/serving.ts';
import type { LoadedConfig } from '../config/types.ts';
import type { Gateway } from '../service/types.ts';
import { createAccessLog } from './accessLog.ts';
import type { AppOptions } from './app.ts';
import { reloadGroup } from './cluster.ts';
import { readinessOf } from './health.ts';
import { createMetrics, type Measured } from './metrics.ts';
import { createReloader, type Reloader } from './reload.ts';
import { type Answering, createSeat } from './seat.ts';
import { createStatus } from './status.ts';

/** One configuration file as it is served: loaded, built, and replaced by what it says later while requests come. */
export interface Site extends Answering, Pick<Reloader, 'reload' | 'watch'> {
  /** null = nothing could be built from the file yet. */
  readonly gateway: Gateway | null;
  readonly file: string;
  readonly measured: Measured;
  /** Its file has gone: what is under way finishes, nothing more is answered. */
  leave(): void;
}

export interface SiteOptions {
  readonly file: string;
  /** Its name where a folder is served; null = it is alone. */
  readonly name: string | null;
  /** Gets the level that the configuration says. */
  readonly logger: FastifyBaseLogger;
  /** Values of `${NAME}`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  build(loaded: LoadedConfig, report: (error: unknown) => void): Promise<Gateway>;
}

/** @throws ConfigError with all mistakes of the file */
export async function openSite(options: SiteOptions, loaded: LoadedConfig): Promise<Site> {
  const site = createSite(options);
  await site.begin(loaded);
  return site;
}

/** The same, but with mistakes in the file nothing is seated, which is told like a failed reload, until they are mended. Throws nothing. */
export async function openSiteAnyhow(options: SiteOptions, read: () => LoadedConfig): Promise<Site> {
  const site = createSite(options);
  try {
    await site.begin(read());
  } catch (error) {
    site.measured.status!.failedSince = new Date();
    options.logger.error(`${options.file} is not served:\n${mistakesOf(error)}`);
  }
  return site;
}

function createSite({ file, name, logger, env, build }: SiteOptions): Site & { begin(loaded: LoadedConfig): Promise<void> } {
  const seat = createSeat();
  const status = createStatus();
  const metrics = createMetrics();
  const measured: Measured = { config: name, metrics, status };
  let files: readonly string[] = [file];
  const takeOver = async (from: LoadedConfig): Promise<Gateway> => {
    logger.level = from.config.server.log_level;
    for (const warning of from.warnings) logger.warn(formatIssue(warning));
    const gateway = await build(from, (error) => logger.error({ err: error }, 'trouble that did not keep an answer from being given'));
    const { admin_token: token, access_log } = from.config.server;
    const about: AppOptions = { logger, metrics, accessLog: createAccessLog(logger, access_log), measured: () => [measured], readiness: () => readinessOf(status), admin: token === null ? null : { token, reload: () => reloadGroup(reloader.reload) } };
    await seat.take(gateway, about);
    files = from.files;
    status.loadedAt = new Date();
    status.failedSince = null;
    return gateway;
  };
  const reloader = createReloader({
    async takeOver() {
      const gateway = await takeOver(readConfig(file, env));
      gateway.warmUp();
    },
    files: () => files,
    describe: mistakesOf,
    onDone() {
      status.reloads += 1;
      logger.info(`${file} was read again and is served`);
    },
    onFailed(error) {
      status.failedSince = new Date();
      status.failedReloads += 1;
      logger.error(`${file} is not served${seat.gateway === null ? '' : ', the configuration before it still is'}:\n${mistakesOf(error)}`);
    },
  });
  return {
    get gateway() {
      return seat.gateway;
    },
    file,
    measured,
    async begin(loaded) {
      await takeOver(loaded);
    },
    handle: seat.handle,
    reload: reloader.reload,
    watch: reloader.watch,
    stop() {
      reloader.close();
      return seat.stop();
    },
    close: seat.close,
    leave() {
      reloader.close();
      seat.leave();
    },
  };
}

/** Reads a configuration as it is served. @throws ConfigError with all its mistakes */
export function readConfig(file: string, env: SiteOptions['env']): LoadedConfig {
  return forServing(loadConfig(file, { env }));
}

function mistakesOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
