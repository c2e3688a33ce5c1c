import { createHttpClient, type HttpClient } from '../../io/net/http.ts';
import type { CrsTiling } from '../../io/source/crsTiling.ts';
import { checkPatch, decodedPatches, decodedSource, type OtherSize } from '../../io/source/decodedSource.ts';
import { withErrorAnswers } from '../../io/source/errorAnswers.ts';
import { storedBytes } from '../../io/source/storedBytes.ts';
import type { PatchBytes, Tiling } from '../../io/source/types.ts';
import type { CommonSourceConfig, RemoteSourceConfig } from '../types.ts';
import type { BuildContext } from './context.ts';
import { fileName, versionOf } from './names.ts';
import type { BuiltSource } from './sources.ts';

/**
 * The grid in which services that draw any size are asked. Side of the windows: few requests for a whole sphere, none larger than
 * servers allow by default. Levels: 360 degrees over 1024 * 2^17 pixels, 8 cm on the Moon.
 */
export const WINDOWS = Object.freeze({ patchSize: 1024, maxLevels: 18 });

const MEGABYTE = 1 << 20;
/** A "nothing there" of an upstream is believed this long. */
const MISSING_MS = 3_600_000;

export function clientFor({ http }: CommonSourceConfig, { loaded }: BuildContext): HttpClient {
  const { client_timeout, tries, headers, concurrent_requests } = http;
  return createHttpClient({
    timeoutMs: client_timeout * 1000,
    tries,
    headers,
    maxBytes: loaded.config.server.limits.upstream_mb * MEGABYTE,
    ...(concurrent_requests === 0 ? {} : { concurrency: concurrent_requests }),
  });
}

/** What is asked of an upstream, and how it is known. */
export interface Asked {
  readonly tiling: Tiling;
  readonly bytes: PatchBytes;
  readonly otherSize: OtherSize;
  /** Everything on which the bytes depend. */
  readonly identity: string;
}

/** Bytes of an upstream as the threads share them: errors answered as the configuration says, what came kept as it came. */
export function keptBytes(config: RemoteSourceConfig, { tiling, bytes, otherSize, identity }: Asked, context: BuildContext): PatchBytes {
  const kept = storedBytes({
    bytes: withErrorAnswers(bytes, config.on_error, context.codec),
    store: context.store,
    cache: `${fileName(config.name)}.source-${identity}`,
    extension: 'img',
    maxAgeMs: Infinity,
    missingMaxAgeMs: MISSING_MS,
    check: (patch, encoded) => checkPatch(context.codec, patch, encoded, otherSize),
    report: context.report,
  });
  return context.shared.bytes(`${config.name} ${identity}`, tiling, kept);
}

/** A source that draws any window: its pixels are a convention. @param parts what its pictures depend on, beside the tiling */
export function windowsSource(
  config: RemoteSourceConfig,
  { http, tiling, bytes, parts }: { readonly http: HttpClient; readonly tiling: CrsTiling; readonly bytes: PatchBytes; readonly parts: readonly unknown[] },
  context: BuildContext,
): BuiltSource {
  const identity = versionOf([...parts, tiling.crs.id, tiling.bbox, config.on_error]);
  const kept = keptBytes(config, { tiling, bytes, otherSize: 'refuse', identity }, context);
  const own = decodedSource({ id: config.name, tiling, bytes: kept, codec: context.codec, decodedCacheBytes: context.decodedBytes });
  const decode = decodedPatches({ bytes: kept, codec: context.codec });
  const source = { ...own, fetch: context.shared.rasters(`${config.name} ${identity}`, tiling, { decode, own: own.fetch }) };
  return { source, modified: context.loaded.modified, hasResolution: false, version: identity, close: () => http.close() };
}
