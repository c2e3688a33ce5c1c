import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import { createHttpClient, type HttpClient } from '../../io/net/http.ts';
import { crsTiling, type CrsTiling } from '../../io/source/crsTiling.ts';
import { chooseCuts } from '../../io/source/cuts.ts';
import { checkPatch, decodedPatches, decodedSource, type OtherSize } from '../../io/source/decodedSource.ts';
import { withErrorAnswers } from '../../io/source/errorAnswers.ts';
import { storedBytes, type KeptBytes } from '../../io/source/storedBytes.ts';
import type { Patch, PatchBytes, Tiling } from '../../io/source/types.ts';
import type { CommonSourceConfig, RemoteSourceConfig } from '../types.ts';
import type { BuildContext } from './context.ts';
import { fileName, versionOf } from './names.ts';
import type { BuiltSource } from './sources.ts';

/** Side of the windows in which services that draw any size are asked: few requests for a whole sphere, none larger than servers allow by default. */
const WINDOW: Pixels = 1024;

/**
 * Pixels of a full circle at the finest level, 10 cm on the Moon; each level halves them. A row of a HiPS of nside N holds
 * 3 pi N / (2 sqrt 2) = 3.332 N pixels of the equatorial belt from pole to pole (Gorski et al. 2005, eq. 4, along a pixel's side, root
 * sum square of both), so 6.664 N a circle: 27/4 N are as many as are needed. Powers of two would be a fifth more each way, 8 N.
 */
const CIRCLE: Pixels = 27 * 2 ** 22;

/** The grid in which services that draw any size are asked for a part of the plane. @throws as crsTiling */
export function windowsOf(crs: Crs, bbox: Bbox): CrsTiling {
  const circle = crs.unit === 'metre' && crs.semiMajorAxis !== null ? 2 * Math.PI * crs.semiMajorAxis : 360;
  return crsTiling(crs, bbox, { finestCell: circle / CIRCLE, patchSize: WINDOW });
}

const MEGABYTE = 1 << 20;
/** A "nothing there" of an upstream is believed this long. */
const MISSING_MS = 3_600_000;

/** The client of a source: one, however often the source is built, so that its limits hold for all of them. */
export function clientFor(config: CommonSourceConfig, context: BuildContext): HttpClient {
  const client = context.clients.get(config.name) ?? createClient(config, context);
  context.clients.set(config.name, client);
  return client;
}

/** @param tries where they are not those of the configuration */
export function createClient({ http, on_error = {} }: Pick<CommonSourceConfig, 'http'> & Partial<Pick<RemoteSourceConfig, 'on_error'>>, { loaded }: Pick<BuildContext, 'loaded'>, tries: number = http.tries): HttpClient {
  const { client_timeout, headers, concurrent_requests, ssl_no_cert_checks, ssl_ca_certs, manage_cookies } = http;
  return createHttpClient({
    timeoutMs: client_timeout * 1000,
    tries,
    headers,
    maxBytes: loaded.config.server.limits.upstream_mb * MEGABYTE,
    ...(concurrent_requests === 0 ? {} : { concurrency: concurrent_requests }),
    tls: ssl_no_cert_checks ? { rejectUnauthorized: false } : ssl_ca_certs === null ? {} : { caFile: ssl_ca_certs },
    keepsCookies: manage_cookies,
    expected: new Set(Object.keys(on_error).map(Number)),
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
export function keptBytes(config: RemoteSourceConfig, asked: Asked, context: BuildContext): PatchBytes {
  return context.shared.bytes(`${config.name} ${asked.identity}`, asked.tiling, stored(config, asked, context));
}

function stored(config: RemoteSourceConfig, { bytes, otherSize, identity }: Asked, context: BuildContext): KeptBytes {
  return storedBytes({
    bytes: withErrorAnswers(bytes, config.on_error, context.codec),
    store: context.store,
    cache: `${fileName(config.name)}.source-${identity}`,
    extension: 'img',
    maxAgeMs: Infinity,
    missingMaxAgeMs: MISSING_MS,
    check: (patch, encoded) => checkPatch(context.codec, patch, encoded, otherSize),
    report: context.report,
  });
}

/** A source that draws any window: its pixels are a convention. @param parts what its pictures depend on, beside the tiling */
export function windowsSource(
  config: RemoteSourceConfig,
  { http, tiling, bytes, parts }: { readonly http: HttpClient; readonly tiling: CrsTiling; readonly bytes: PatchBytes; readonly parts: readonly unknown[] },
  context: BuildContext,
): BuiltSource {
  const identity = versionOf([...parts, tiling.crs.id, tiling.bbox, config.on_error]);
  const windows = stored(config, { tiling, bytes, otherSize: 'refuse', identity }, context);
  const cuts = withErrorAnswers(bytes, config.on_error, context.codec);
  const either: PatchBytes = { fetch: (patch, signal) => (isPatchOf(tiling, patch) ? windows : cuts).fetch(patch, signal) };
  const own = decodedSource({ id: config.name, tiling, bytes: either, codec: context.codec, decodedCacheBytes: context.decodedBytes });
  const decode = decodedPatches({ bytes: either, codec: context.codec });
  const choose = chooseCuts({ tiling, isKept: windows.has });
  const source = { ...own, ...context.shared.rasters(`${config.name} ${identity}`, tiling, { decode, own: own.fetch, choose }) };
  return { source, modified: null, hasResolution: false, version: identity, close: () => http.close() };
}

/** False for a patch that was cut to a picture. */
function isPatchOf(tiling: Tiling, { key, level, grid }: Patch): boolean {
  const { patchWidth, patchHeight } = tiling.levels[level]!;
  const [patchCol, patchRow] = [grid.col / patchWidth, grid.row / patchHeight];
  return Number.isInteger(patchCol) && Number.isInteger(patchRow) && tiling.patchAt(level, grid.chart, patchCol, patchRow)?.key === key;
}
