import type { Crs } from '../../geometry/crs/types.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { adjustedSource } from '../../io/source/adjustedSource.ts';
import type { HipsSource } from '../../io/source/hips.ts';
import type { MapServer, NamedCrs, Windows } from '../../io/source/mapServer.ts';
import type { MatrixTiling } from '../../io/source/matrixTiling.ts';
import type { AskInfo, LegendPart, MapNames, PatchBytes, RasterSource } from '../../io/source/types.ts';
import { wmsBytes } from '../../io/source/wms.ts';
import { keyOfValues, NO_VALUES, type Values } from '../../protocol/dimensions.ts';
import type { CacheConfig, LoadedConfig, SourceConfig, SourceRef, WmsSourceConfig } from '../types.ts';
import type { BuildContext } from './context.ts';
import type { SourceOf } from './drawing.ts';
import { buildHips } from './hipsSource.ts';
import { readLimit, type Limit } from './limit.ts';
import { joinedNames, jointOf } from './joinedNames.ts';
import { limitedSource, type SourceLimit } from './limitedSource.ts';
import { mapServerOf } from './mapServer.ts';
import { withinResolutions } from './resolutions.ts';
import { adjustmentOfSource, coverageOfSource, crsOfSource, frameOfSource } from './sourceCrs.ts';
import type { Asking } from './storedTiles.ts';
import { withoutTransparentColour } from './transparentColour.ts';
import { askedInside, wmsInfoOf } from './sourceInfo.ts';
import { legendsOfWms } from './sourceLegends.ts';
import { clientFor, windowsOf, windowsSource } from './upstream.ts';

export { fileName, versionOf } from './names.ts';

/** A source ready to be read, and what the layers on top of it need to know. */
export interface BuiltSource {
  readonly source: RasterSource;
  /** The same source where it is a HiPS. */
  readonly hips?: HipsSource;
  /** The same source where it is a service that draws any rectangle. */
  readonly maps?: MapServer;
  /** The same source where it is made of the tiles of a set, as they come from the upstream: nothing is kept here. */
  readonly tiles?: { readonly tiling: MatrixTiling; readonly bytes: PatchBytes };
  /** Asks it what is under a pixel; absent = nobody may, or it could not tell. */
  readonly askInfo?: AskInfo;
  /** Pictures that explain it, the lowest first; absent = none. */
  readonly legends?: readonly LegendPart[];
  /** When its data last changed; null where that cannot be known. */
  readonly modified: Date | null;
  /** Where it is shown; absent = where it has something. `maps` do not know of it. */
  readonly limit?: SourceLimit;
  /** False where the finest level is only a convention (a WMS draws any size): no order can be derived from it. */
  readonly hasResolution: boolean;
  /** Changes when the same tile would look different. */
  readonly version: string;
  close(): Promise<void>;
}

/** Builds each source of the configuration, and the stored tiles of each cache that shows them, once per frame, choice of layers and of values that it takes. */
export function createSourceBuilder(context: BuildContext): SourceOf {
  const built = new Map<string, Promise<BuiltSource>>();
  const sourceOf: SourceOf = (ref, frame, values = NO_VALUES) => {
    const { sources, caches } = context.loaded.config;
    const config = ref.kind === 'source' ? askedWith(readOnlyIn(ref, sources.get(ref.name)!), values) : null;
    const taken = config === null ? keyOfValues(values) : config.type === 'wms' ? config.params : null;
    const key = JSON.stringify([ref.kind, ref.name, ref.layers, ref.only ?? null, (config === null ? frame : frameOfSource(config, frame))?.id ?? null, taken]);
    let one = built.get(key);
    if (one === undefined) {
      const inner: SourceOf = (below, ofFrame) => sourceOf(below, ofFrame, values);
      one = config === null ? storedTiles(cutAlong(ref, caches.get(ref.name)!), { frame, dimensions: values, sourceOf: inner }, context) : buildWhole(config, ref, frame, context);
      built.set(key, one);
    }
    return one;
  };
  return sourceOf;
}

/** The same source, as if it knew one reference system only. */
function readOnlyIn({ only }: SourceRef, config: SourceConfig): SourceConfig {
  return only === undefined || config.type !== 'wms' ? config : { ...config, supported_srs: [only] };
}

/** The same cache, as if it had one grid only. */
function cutAlong({ only }: SourceRef, cache: CacheConfig): CacheConfig {
  return only === undefined ? cache : { ...cache, grids: cache.grids.filter(({ grid }) => grid === only) };
}

async function buildWhole(config: SourceConfig, ref: SourceRef, frame: Frame | null, context: BuildContext): Promise<BuiltSource> {
  const built = await askedInside(await buildLimited(config, ref, frame, context), config, context);
  return withinResolutions(withoutTransparentColour(built, config), config);
}

async function storedTiles(cache: CacheConfig, asking: Asking, context: BuildContext): Promise<BuiltSource> {
  return (await import('./storedTiles.ts')).buildStoredTiles(cache, asking, context);
}

/** Parameters of a client that a reference hands on, as the configuration spells them. */
export function takenBy({ kind, name }: SourceRef, { config }: LoadedConfig): readonly string[] {
  const source = kind === 'source' ? config.sources.get(name) : undefined;
  return source?.type === 'wms' ? source.forward_req_params : [];
}

/** A source whose requests have those of some values that it takes. They win over what `req` says. */
function askedWith(config: SourceConfig, values: Values): SourceConfig {
  if (config.type !== 'wms') return config;
  const taken = config.forward_req_params.filter((name) => name.toLowerCase() in values);
  if (taken.length === 0) return config;
  const isTaken = (name: string): boolean => taken.some((one) => one.toLowerCase() === name.toLowerCase());
  const others = Object.entries(config.params).filter(([name]) => !isTaken(name));
  return { ...config, params: Object.fromEntries([...others, ...taken.map((name) => [name, values[name.toLowerCase()]!] as const)]) };
}

/**
 * A rectangle is what sources are read in anyway. Of other coverages, and of pixels that are to be cleared, a source knows the
 * rectangle around, and what is left is done around it.
 */
async function buildLimited(config: SourceConfig, ref: SourceRef, frame: Frame | null, context: BuildContext): Promise<BuiltSource> {
  const { coverage, type } = config;
  if (coverage === null || (coverage.area.kind === 'bbox' && !coverage.clip && type !== 'image')) return build(config, ref, frame, null, context);
  const limit = await readLimit(coverage, context);
  const around = limit.bounds === null ? null : { area: limit.bounds, clip: false };
  const built = await build({ ...config, coverage: around }, ref, frame, limit, context);
  return limitedSource(built, limit, config, context);
}

async function build(config: SourceConfig, ref: SourceRef, frame: Frame | null, limit: Limit | null, context: BuildContext): Promise<BuiltSource> {
  switch (config.type) {
    case 'image':
      return (await import('./imageSource.ts')).buildImage(config, frame, context);
    case 'hips':
      return recounted(await buildHips(config, frame, limit, context), config);
    case 'wms':
      return buildWms(config, ref.layers ?? config.layers, frame, context);
    // Loaded when they are wanted: readers of documents and their library cost time at the start.
    case 'tile':
    case 'xyz':
    case 'tms':
      return (await import('./tileSources.ts')).buildTile(config, frame, context);
    case 'debug':
      return (await import('./tileSources.ts')).buildDebug(config, frame, context);
    case 'mbtiles':
      return (await import('./fileTiles.ts')).buildMbtiles(config, frame, context);
    case 'geopackage':
      return (await import('./fileTiles.ts')).buildGeopackage(config, frame, context);
    case 'wmts':
      return (await import('./wmtsSource.ts')).buildWmts(config, frame, context);
    case 'arcgis':
      return (await import('./arcgisSource.ts')).buildArcgis(config, frame, context);
    case 'ogcapimaps':
      return (await import('./ogcapiSources.ts')).buildOgcapimaps(config, frame, context);
    case 'ogcapitiles':
      return (await import('./ogcapiSources.ts')).buildOgcapitiles(config, frame, context);
  }
}

/** A HiPS whose longitudes or latitudes are counted otherwise: its tiles are not those of any HiPS that is served. */
function recounted(built: BuiltSource, config: SourceConfig): BuiltSource {
  const adjustment = adjustmentOfSource(config, built.source.tiling.frame);
  if (adjustment === null) return built;
  const { hips: _notAsItIs, ...rest } = built;
  return { ...rest, source: adjustedSource(built.source, adjustment) };
}

function buildWms(config: WmsSourceConfig, layers: string | null, frame: Frame | null, context: BuildContext): BuiltSource {
  const { srsName, crs } = chooseSrs(config, frame, context);
  const http = clientFor(config, context);
  const own: MapNames = { layers: layers ?? '', styles: config.styles };
  const bytesOf = ({ name }: NamedCrs, windows: Windows, format: string, above: readonly MapNames[] = []): PatchBytes => wmsBytes({
    http,
    url: config.url,
    ...joinedNames([own, ...above]),
    version: config.wms_opts.version === '1.3.0' ? '1.3.0' : '1.1.1',
    tiling: windows,
    srsName: name,
    format,
    transparent: config.transparent,
    isPosted: isPosted(config),
    extraParams: config.params,
    ...(config.axis_order === null ? {} : { axisOrder: config.axis_order }),
  });
  const tiling = windowsOf(crs, coverageOfSource(config, crs, context) ?? crs.extent);
  const format = formatToAsk(config, 'image/png');
  const bytes = bytesOf({ name: srsName, crs }, tiling, format);
  // Windows of opaque sources without a format were JPEG once, others without one PNG: only the former are others now.
  const asked = [config.url, layers, config.styles, config.transparent && format === 'image/png' ? config.format : format, config.transparent, config.params];
  const maps = mapServerOf(config, {
    names: config.supported_srs,
    override: config.srs_override,
    bytesOf: (srs, windows, wanted, above) => bytesOf(srs, windows, formatToAsk(config, wanted), above),
    joint: jointOf(config, own, frame),
    parts: asked,
  }, frame, context);
  const askInfo = config.wms_opts.featureinfo ? wmsInfoOf(config, layers ?? '', { http, maps, own: { name: srsName, crs } }, context) : null;
  return { ...windowsSource(config, { http, tiling, bytes, parts: [...asked, srsName] }, context), maps, legends: legendsOfWms(config, layers ?? '', http, context), ...(askInfo === null ? {} : { askInfo }) };
}

/** MapProxy's AUTO: a style that is sent along is too long for an address. */
function isPosted({ http: { method }, params }: WmsSourceConfig): boolean {
  return method === 'POST' || (method === 'AUTO' && Object.keys(params).some((name) => name.toLowerCase() === 'sld_body'));
}

/** MapProxy's order: what the source says, else what the cache wants; of those that the upstream knows. */
function formatToAsk({ image, format, supported_formats: known }: WmsSourceConfig, wanted: string): string {
  const asked = image.format ?? format ?? wanted;
  return known.length === 0 || known.includes(asked) ? asked : known[0]!;
}

/** The upstream's CRS to ask in: a plate carree that closes on itself if there is one, so that seams can be followed. */
function chooseSrs(config: WmsSourceConfig, frame: Frame | null, context: BuildContext): { srsName: string; crs: Crs } {
  const names = config.supported_srs.length > 0 ? config.supported_srs : ['EPSG:4326'];
  if (config.srs_override !== null) {
    return { srsName: names[0]!, crs: crsOfSource(config.srs_override, config, frame, context) };
  }
  const known = names.map((srsName) => ({ srsName, crs: crsOfSource(srsName, config, frame, context) }));
  return known.find(({ crs }) => crs.poleLines && crs.unit === 'degree') ?? known.find(({ crs }) => crs.poleLines) ?? known[0]!;
}
