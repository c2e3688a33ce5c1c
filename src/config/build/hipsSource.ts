import { GatewayError } from '../../errors.ts';
import { bodyFrame, type Frame } from '../../geometry/frame/frame.ts';
import { createHttpClient, type HttpClient } from '../../io/net/http.ts';
import { createHipsSource, type HipsSource } from '../../io/source/hips.ts';
import { hipsInDirectory, hipsMirrors, hipsOfOtherThread, hipsOnTheWeb, type HipsFiles, type ReadHipsFile } from '../../io/source/hipsFiles.ts';
import { readFrame } from '../../protocol/hips/frameName.ts';
import { tileFormatOfMediaType } from '../../protocol/hips/tileFormat.ts';
import { isRemote } from '../paths.ts';
import type { HipsSourceConfig } from '../types.ts';
import { configError, type BuildContext } from './context.ts';
import { fileName, versionOf } from './names.ts';
import type { BuiltSource } from './sources.ts';

const MEGABYTE = 1 << 20;

/**
 * A HiPS of the configuration. The serving thread reads it from where it is, the others read it through that one.
 * @param layerFrame the frame that the layer names: the body of a HiPS that does not say on which one it lies
 * @throws ConfigError
 */
export async function buildHips(config: HipsSourceConfig, layerFrame: Frame | null, context: BuildContext): Promise<BuiltSource> {
  const http = clientFor(config, context);
  try {
    const source = await openHips(config, layerFrame, http, context);
    return { ...describe(source, config, context), close: () => http.close() };
  } catch (error) {
    await http.close();
    if (!(error instanceof GatewayError) || error.code !== 'CONFIG_INVALID') throw error;
    throw configError(context, [...config.path, error.locator ?? 'url'], error.message);
  }
}

async function openHips(config: HipsSourceConfig, layerFrame: Frame | null, http: HttpClient, context: BuildContext): Promise<HipsSource> {
  const { name, body, frame, image, hips_order, hips_tile_width } = config;
  const identity = versionOf([config.url, body, frame, hips_tile_width]);
  const served: ReadHipsFile = async (path, signal) => (await source).file(path, signal);
  const read = context.shared.files(`${name} ${identity} ${layerFrame?.id ?? ''}`, served);
  const isServing = read === served;
  const source = createHipsSource({
    id: name,
    files: isServing ? filesOf(config, http) : hipsOfOtherThread(read),
    frame: body === null ? readFrame(frame, null) : bodyFrame(body),
    usualFrame: layerFrame?.kind === 'body' ? layerFrame : null,
    order: hips_order,
    tileWidth: hips_tile_width,
    format: tileFormatOfMediaType(image.format ?? '') ?? null,
    transparent: image.transparent,
    store: isServing && isRemote(config.url) ? context.store : null,
    keepTiles: config.cache_hips_tiles,
    cache: `${fileName(name)}.source-${identity}`,
    codec: context.codec,
    decodedCacheBytes: context.decodedBytes,
    report: context.report,
  });
  return source;
}

/** The operator's own places, in their order. */
function filesOf({ url, mirrors }: HipsSourceConfig, http: HttpClient): HipsFiles {
  return hipsMirrors([url, ...mirrors].map((place) => (isRemote(place) ? hipsOnTheWeb(http, [place]) : hipsInDirectory(place))));
}

function describe(source: HipsSource, config: HipsSourceConfig, { loaded }: BuildContext): Omit<BuiltSource, 'close'> {
  const released = source.description?.releaseDate ?? null;
  // A date in the future would make everything that is drawn from it old at once.
  const modified = released === null ? loaded.modified : new Date(Math.min(released.getTime(), Date.now()));
  return {
    source,
    hips: source,
    modified,
    hasResolution: source.description !== null || config.hips_order !== null,
    version: versionOf([config, released?.getTime() ?? null]),
  };
}

/** Where there are mirrors, the next one is the second try. */
function clientFor({ http, mirrors }: HipsSourceConfig, { loaded }: BuildContext): HttpClient {
  const { client_timeout, tries, headers, concurrent_requests } = http;
  return createHttpClient({
    timeoutMs: client_timeout * 1000,
    tries: mirrors.length === 0 ? tries : 1,
    headers,
    maxBytes: loaded.config.server.limits.upstream_mb * MEGABYTE,
    ...(concurrent_requests === 0 ? {} : { concurrency: concurrent_requests }),
  });
}
