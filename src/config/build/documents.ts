import { GatewayError } from '../../errors.ts';
import { requireOk, type HttpClient } from '../../io/net/http.ts';
import type { CommonSourceConfig } from '../types.ts';
import { configError, type BuildContext } from './context.ts';
import { fileName, versionOf } from './names.ts';

/** Longest wait for a document that a start needs, milliseconds, tries and all. */
const PATIENCE_MS = 10_000;

/** Reads documents of an upstream: the last good one counts while the upstream is in trouble. */
export interface Documents {
  /** @throws GatewayError UPSTREAM_* when it cannot be had or `parse` refuses it, and there is none of before */
  read<T>(url: string, accept: string, parse: (text: string) => T): Promise<T>;
  /** The same for something that is found out in another way. What is found must survive JSON. @param name unique in the source */
  find<T>(name: string, find: () => Promise<T>): Promise<T>;
}

/**
 * What an upstream says of itself, found out by the serving thread and shared with the others: `find` must return plain data.
 * @throws ConfigError at the option that `find` blames (the locator of its CONFIG_INVALID), else at `option`
 */
export async function described<T>(
  config: CommonSourceConfig,
  { http, option, wish }: { readonly http: HttpClient; readonly option: string; readonly wish: readonly unknown[] },
  find: (documents: Documents) => Promise<T>,
  context: BuildContext,
): Promise<T> {
  try {
    return await context.shared.value(`${config.name} ${versionOf(wish)}`, () => find(documentsOf(config, http, context)));
  } catch (error) {
    await http.close();
    if (!(error instanceof GatewayError)) throw error;
    const blamed = error.code === 'CONFIG_INVALID' && error.locator !== null ? error.locator : option;
    throw configError(context, [...config.path, blamed], error.message);
  }
}

function documentsOf(config: CommonSourceConfig, http: HttpClient, { store, report }: BuildContext): Documents {
  async function lastGood<T>(name: string, find: () => Promise<{ readonly text: string; readonly said: T }>, parse: (text: string) => T): Promise<T> {
    const key = { cache: `${fileName(config.name)}.documents`, tile: versionOf([name]), extension: 'txt' };
    try {
      const { text, said } = await find();
      await store.put(key, Buffer.from(text)).catch(report);
      return said;
    } catch (error) {
      const kept = error instanceof GatewayError && error.code.startsWith('UPSTREAM_') ? await store.get(key).catch(() => undefined) : undefined;
      if (kept === undefined) throw error;
      report(error);
      return parse(Buffer.from(kept.bytes).toString('utf8'));
    }
  }
  return {
    read: (url, accept, parse) =>
      lastGood(url, async () => {
        const text = await textAt(http, url, accept);
        return { text, said: parse(text) };
      }, parse),
    find: <T>(name: string, find: () => Promise<T>) =>
      lastGood(name, async () => {
        const said = await find();
        return { text: JSON.stringify(said), said };
      }, (text) => JSON.parse(text) as T),
  };
}

async function textAt(http: HttpClient, url: string, accept: string): Promise<string> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const response = await http.get(url, { signal, headers: { accept } });
    return Buffer.from(requireOk(response, url).bytes).toString('utf8');
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new GatewayError('UPSTREAM_TIMEOUT', `${url} did not answer within ${PATIENCE_MS / 1000} s`, { cause });
  }
}
