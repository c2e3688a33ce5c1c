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
  return {
    async read(url, accept, parse) {
      const key = { cache: `${fileName(config.name)}.documents`, tile: versionOf([url]), extension: 'txt' };
      try {
        const text = await textAt(http, url, accept);
        const said = parse(text);
        await store.put(key, Buffer.from(text)).catch(report);
        return said;
      } catch (error) {
        const kept = error instanceof GatewayError && error.code.startsWith('UPSTREAM_') ? await store.get(key).catch(() => undefined) : undefined;
        if (kept === undefined) throw error;
        report(error);
        return parse(Buffer.from(kept.bytes).toString('utf8'));
      }
    },
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
