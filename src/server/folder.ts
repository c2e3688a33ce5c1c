import { readdirSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { buildGateway, createCommon } from '../config/build.ts';
import type { LoadedConfig } from '../config/types.ts';
import { GatewayError } from '../errors.ts';
import type { FolderEntry } from '../service/folder.ts';
import { mount, mountOf } from '../service/publicAddress.ts';
import type { Gateway } from '../service/types.ts';
import type { Readiness } from './health.ts';
import { createMetrics, type Measured } from './metrics.ts';
import type { Reloader } from './reload.ts';
import { type Answering, createSeat } from './seat.ts';
import { openSiteAnyhow, readConfig, type Site, type SiteOptions } from './site.ts';

/** The configurations of a folder, each served below its name; files that come and go are followed. */
export interface Folder extends Answering, Pick<Reloader, 'reload' | 'watch'> {
  /** By name. */
  sites(): ReadonlyMap<string, Site>;
  warmUp(): void;
}

export interface FolderOptions {
  /** Absolute path. */
  readonly directory: string;
  /** Whether `/` lists what is served. */
  readonly isListed: boolean;
  readonly env: SiteOptions['env'];
  /** `child` gives each configuration its own, which names it. */
  readonly logger: FastifyBaseLogger;
  /** Rendering threads, for all configurations together. */
  readonly threads: number;
}

/** A configuration file, and the part of the address below which it is served. */
interface Named {
  readonly name: string;
  readonly file: string;
}

const SUFFIX = /\.yaml$/i;
/** What needs no escape in an address (RFC 3986, 2.3), and starts like no hidden file. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._~-]{0,127}$/;
/** What is answered at the root itself. */
const TAKEN: ReadonlySet<string> = new Set(['health', 'ready', 'metrics', 'admin', 'web', 'vendor']);
/** The folder is looked at this often: see reload.ts. */
const LOOK_MS = 500;
/** Memory for tiles where no configuration can be read at the start: the default of server.limits.memory_cache_mb. */
const DEFAULT_MEMORY_MB = 256;

const NO_LAYERS: Gateway = {
  title: 'hips-gateway', publicUrl: null, trustProxy: false, origins: '*', anyOrigins: '*',
  hips: null, maps: null, tiles: null, ogcapi: null, access: null,
  warmUp: () => {},
  close: async () => {},
};

/** What keeps a file from being served below its name; null = nothing. */
function troubleOf({ name, file }: Named, all: readonly Named[]): string | null {
  if (!NAME.test(name)) return `${file}: '${name}' cannot be part of an address: letters, digits and . _ ~ - are, up to 128 of them`;
  if (TAKEN.has(name)) return `${file}: the address /${name} is the server's own`;
  return all.some((other) => other.name === name && other.file !== file) ? `${file}: there is another file of this name` : null;
}

function lookInto(directory: string): { readonly good: readonly Named[]; readonly troubles: readonly string[] } {
  const names = readdirSync(directory).filter((file) => SUFFIX.test(file) && !file.startsWith('.')).sort();
  const files = names.map((file): Named => ({ name: file.replace(SUFFIX, ''), file: path.join(directory, file) })).filter(({ file }) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
  const judged = files.map((one) => ({ one, trouble: troubleOf(one, files) }));
  return { good: judged.filter(({ trouble }) => trouble === null).map(({ one }) => one), troubles: judged.flatMap(({ trouble }) => (trouble === null ? [] : [trouble])) };
}

/**
 * Every NAME.yaml of a folder, by name.
 * @throws GatewayError CONFIG_INVALID when the folder cannot be read, or a name cannot be part of an address
 */
export function configurationsIn(directory: string): readonly Named[] {
  let found: ReturnType<typeof lookInto>;
  try {
    found = lookInto(directory);
  } catch (cause) {
    throw new GatewayError('CONFIG_INVALID', `${directory} is not a folder that can be read`, { locator: '--config-dir', cause });
  }
  if (found.troubles.length > 0) throw new GatewayError('CONFIG_INVALID', found.troubles.join('\n'), { locator: '--config-dir' });
  return found.good;
}

/** The value, or what throws the error again. */
function attempt<T>(work: () => T): () => T {
  try {
    const value = work();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function memoryOf(read: () => LoadedConfig): number {
  try {
    return read().config.server.limits.memory_cache_mb;
  } catch {
    return 0;
  }
}

/** @throws GatewayError CONFIG_INVALID as configurationsIn() does; mistakes within a configuration are told like those of a reload */
export async function openFolder({ directory, isListed, env, logger, threads }: FolderOptions): Promise<Folder> {
  const atStart = configurationsIn(directory).map((one) => ({ ...one, read: attempt(() => readConfig(one.file, env)) }));
  const common = createCommon({
    threads,
    memoryMegabytes: Math.max(...atStart.map(({ read }) => memoryOf(read))) || DEFAULT_MEMORY_MB,
    report: (error) => logger.error({ err: error }, 'trouble of a rendering thread'),
  });
  const sites = new Map<string, Site>();
  let expected = atStart.length;
  const build = (site: string): SiteOptions['build'] => (loaded, report) => buildGateway(loaded, { site, threads: loaded.config.server.threads === 0 ? 0 : threads, common: { ...common, share: 1 / Math.max(1, expected) }, report });
  const open = async ({ name, file }: Named, read: () => LoadedConfig): Promise<void> => {
    const site = await openSiteAnyhow({ file, name, logger: logger.child({ config: name }), env, build: build(name) }, read);
    sites.set(name, site);
  };
  await Promise.all(atStart.map((one) => open(one, one.read)));

  const metrics = createMetrics();
  const sorted = (): readonly (readonly [string, Site])[] => [...sites].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const root = createSeat();
  await root.take(NO_LAYERS, {
    logger,
    metrics,
    measured: (): readonly Measured[] => [{ config: null, metrics, status: null }, ...sorted().map(([, site]) => site.measured)],
    readiness: () => readinessOf(sites),
    folder: () => (isListed ? sorted().map(entryOf) : null),
  });

  let [told, watching]: [string, NodeJS.Timeout | null] = ['', null];
  const follow = async (): Promise<void> => {
    const { good, troubles } = lookInto(directory);
    if (troubles.join('\n') !== told && troubles.length > 0) logger.error(troubles.join('\n'));
    told = troubles.join('\n');
    for (const [name, site] of sites) {
      if (good.some((one) => one.name === name && one.file === site.file)) continue;
      sites.delete(name);
      site.leave();
      logger.info(`${site.file} has gone: /${name}/ is not served any more`);
    }
    expected = good.length;
    for (const one of good.filter(({ name }) => !sites.has(name))) {
      await open(one, () => readConfig(one.file, env));
      if (watching !== null) sites.get(one.name)!.watch();
      if (sites.get(one.name)!.gateway !== null) logger.info(`${one.file} has come: it is served at /${one.name}/`);
    }
  };
  let following: Promise<void> = Promise.resolve();
  /** One after the other. */
  const followOnce = (): Promise<void> => {
    following = following.then(follow).catch((error: unknown) => logger.error({ err: error }, `${directory} cannot be read`));
    return following;
  };

  return {
    sites: () => new Map(sorted()),
    warmUp: () => [...sites.values()].find(({ gateway }) => gateway !== null)?.gateway?.warmUp(),
    async reload() {
      const before = [...sites.values()];
      await followOnce();
      const found = await Promise.all(before.filter((site) => [...sites.values()].includes(site)).map((site) => site.reload()));
      return { done: found.every(({ done }) => done), text: found.map(({ text }) => text).join('\n') };
    },
    watch() {
      watching = setInterval(() => void followOnce(), LOOK_MS).unref();
      for (const site of sites.values()) site.watch();
    },
    handle(request, response, takesShort) {
      const at = mountOf(request.url ?? '');
      const site = at === null ? undefined : sites.get(plain(at.name));
      if (at === null || site === undefined) root.handle(request, response, takesShort);
      else answerBelow(site, plain(at.name), at.rest, { request, response, takesShort });
    },
    async stop() {
      if (watching !== null) clearInterval(watching);
      await following;
      await Promise.all([root, ...sites.values()].map((one) => one.stop()));
    },
    async close() {
      await Promise.all([root, ...sites.values()].map((one) => one.close()));
      await common.close();
    },
  };
}

function plain(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** A name alone becomes a folder, so that what its pages say relatively is below it. */
function answerBelow(site: Site, name: string, rest: string, { request, response, takesShort }: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly takesShort: boolean }): void {
  if (!rest.startsWith('/')) {
    response.writeHead(301, { location: `./${name}/${rest}`, 'access-control-allow-origin': '*' }).end();
    return;
  }
  mount(request, name, rest);
  site.handle(request, response, takesShort);
}

function entryOf([name, { gateway }]: readonly [string, Site]): FolderEntry {
  return { name, title: gateway === null || gateway.access !== null ? null : gateway.title, isServed: gateway !== null };
}

/** Names are not told: they may be for nobody. */
function readinessOf(sites: ReadonlyMap<string, Site>): Readiness {
  const all = [...sites.values()];
  const wrong = all.filter(({ measured }) => measured.status?.failedSince !== null).length;
  const isReady = all.length === 0 || all.some(({ gateway }) => gateway !== null);
  if (wrong === 0) return { isReady, text: 'ready' };
  return { isReady, text: `${isReady ? 'ready, but' : 'not ready:'} ${wrong} of ${all.length} configurations ${wrong === 1 ? 'has' : 'have'} mistakes, which are in the log` };
}
