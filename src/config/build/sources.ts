import { degreesOnBody, type DegreesId } from '../../geometry/crs/alias.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import { bodyFrame, type Frame } from '../../geometry/frame/frame.ts';
import { createHttpClient, type HttpClient } from '../../io/net/http.ts';
import { crsTiling } from '../../io/source/crsTiling.ts';
import { decodedSource, decodePatch } from '../../io/source/decodedSource.ts';
import type { HipsSource } from '../../io/source/hips.ts';
import { createImageSource } from '../../io/source/image.ts';
import { storedBytes } from '../../io/source/storedBytes.ts';
import type { RasterSource } from '../../io/source/types.ts';
import { wmsBytes } from '../../io/source/wms.ts';
import { readFrame } from '../../protocol/hips/frameName.ts';
import type { CommonSourceConfig, ImageSourceConfig, SourceConfig, SourceRef, WmsSourceConfig } from '../types.ts';
import { configError, type BuildContext } from './context.ts';
import { buildHips } from './hipsSource.ts';
import { fileName, versionOf } from './names.ts';

export { fileName, versionOf } from './names.ts';

/** A source ready to be read, and what the layers on top of it need to know. */
export interface BuiltSource {
  readonly source: RasterSource;
  /** The same source where it is a HiPS. */
  readonly hips?: HipsSource;
  /** When its data last changed, as far as can be known. */
  readonly modified: Date;
  /** False where the finest level is only a convention (a WMS draws any size): no order can be derived from it. */
  readonly hasResolution: boolean;
  /** Changes when the same tile would look different. */
  readonly version: string;
  close(): Promise<void>;
}

/** Side of the windows asked of a WMS: few requests for a whole sphere, none larger than servers allow by default. */
const WMS_PATCH = 1024;
/** Levels of a WMS's own grid: 360 degrees over 1024 * 2^17 pixels, 8 cm on the Moon. */
const WMS_LEVELS = 18;
const MEGABYTE = 1 << 20;
/** A "nothing there" of an upstream is believed this long. */
const MISSING_MS = 3_600_000;

/** Builds each source of the configuration once per frame and choice of layers. */
export function createSourceBuilder(context: BuildContext): (ref: SourceRef, frame: Frame | null) => Promise<BuiltSource> {
  const built = new Map<string, Promise<BuiltSource>>();
  return (ref, frame) => {
    const config = context.loaded.config.sources.get(ref.name)!;
    const key = JSON.stringify([ref.name, ref.layers, frameOf(config, frame)?.id ?? null]);
    let one = built.get(key);
    if (one === undefined) {
      one = build(config, ref, frame, context);
      built.set(key, one);
    }
    return one;
  };
}

async function build(config: SourceConfig, ref: SourceRef, frame: Frame | null, context: BuildContext): Promise<BuiltSource> {
  if (config.type === 'image') return buildImage(config, frame, context);
  if (config.type === 'hips') return buildHips(config, frame, context);
  if (config.type === 'wms') return buildWms(config, ref.layers ?? config.layers, frame, context);
  throw configError(context, [...config.path, 'type'], `sources of type '${config.type}' cannot be drawn yet`);
}

/** The frame that the source itself names, else the one its layer has. */
function frameOf(config: CommonSourceConfig, frame: Frame | null): Frame | null {
  if (config.body !== null) return bodyFrame(config.body);
  return config.frame === null ? frame : readFrame(config.frame, null);
}

/** The CRS of an identifier; degrees in the name of Earth mean degrees on the frame of the source (contract: documented alias). */
function crsFor(name: string, frame: Frame | null, context: BuildContext): Crs {
  const crs = context.registry.crsOf(name);
  return frame !== null && (crs.id === 'EPSG:4326' || crs.id === 'CRS:84') ? degreesOnBody(frame, crs.id satisfies DegreesId) : crs;
}

async function buildImage(config: ImageSourceConfig, frame: Frame | null, context: BuildContext): Promise<BuiltSource> {
  const crs = crsFor(config.srs, frameOf(config, frame), context);
  const source = await createImageSource({
    id: fileName(config.name),
    file: config.url,
    crs,
    bbox: config.bbox,
    cacheDir: context.loaded.config.globals.cache.base_dir,
    store: context.store,
    codec: context.codec,
    decodedCacheBytes: context.decodedBytes,
    report: context.report,
  });
  const version = versionOf([config, source.modified.getTime()]);
  return { source, modified: source.modified, hasResolution: true, version, close: () => Promise.resolve() };
}

async function buildWms(config: WmsSourceConfig, layers: string | null, frame: Frame | null, context: BuildContext): Promise<BuiltSource> {
  const { srsName, crs } = chooseSrs(config, frameOf(config, frame), context);
  const http = clientFor(config, context);
  const bbox = config.coverage?.bbox ?? crs.extent;
  const tiling = crsTiling(crs, bbox, { maxLevels: WMS_LEVELS, patchSize: WMS_PATCH });
  const identity = versionOf([config.url, layers, config.styles, config.format, config.transparent, config.params, crs.id, srsName, bbox]);
  const asked = wmsBytes({
    http,
    url: config.url,
    layers: (layers ?? '').split(','),
    styles: config.styles.split(','),
    version: config.wms_opts.version === '1.3.0' ? '1.3.0' : '1.1.1',
    tiling,
    srsName,
    format: config.format ?? (config.transparent ? 'image/png' : 'image/jpeg'),
    transparent: config.transparent,
    extraParams: config.params,
    ...(config.axis_order === null ? {} : { axisOrder: config.axis_order }),
  });
  const bytes = storedBytes({
    bytes: asked,
    store: context.store,
    cache: `${fileName(config.name)}.source-${identity}`,
    extension: 'img',
    maxAgeMs: Infinity,
    missingMaxAgeMs: MISSING_MS,
    check: (patch, encoded) => decodePatch(context.codec, patch, encoded, 'refuse'),
    report: context.report,
  });
  const shared = context.shared.bytes(`${config.name} ${identity}`, tiling, bytes);
  const source = decodedSource({ id: config.name, tiling, bytes: shared, codec: context.codec, decodedCacheBytes: context.decodedBytes });
  return { source, modified: context.loaded.modified, hasResolution: false, version: identity, close: () => http.close() };
}

/** The upstream's CRS to ask in: a plate carree that closes on itself if there is one, so that seams can be followed. */
function chooseSrs(config: WmsSourceConfig, frame: Frame | null, context: BuildContext): { srsName: string; crs: Crs } {
  const names = config.supported_srs.length > 0 ? config.supported_srs : ['EPSG:4326'];
  if (config.srs_override !== null) {
    return { srsName: names[0]!, crs: crsFor(config.srs_override, frame, context) };
  }
  const known = names.map((srsName) => ({ srsName, crs: crsFor(srsName, frame, context) }));
  return known.find(({ crs }) => crs.poleLines && crs.unit === 'degree') ?? known.find(({ crs }) => crs.poleLines) ?? known[0]!;
}

function clientFor(config: WmsSourceConfig, context: BuildContext): HttpClient {
  const { client_timeout, tries, headers, concurrent_requests } = config.http;
  return createHttpClient({
    timeoutMs: client_timeout * 1000,
    tries,
    headers,
    maxBytes: context.loaded.config.server.limits.upstream_mb * MEGABYTE,
    ...(concurrent_requests === 0 ? {} : { concurrency: concurrent_requests }),
  });
}
