import { GatewayError } from '../../errors.ts';
import { crsOnFrame, degreesOnBody } from '../../geometry/crs/alias.ts';
import { bodyFrame, type Frame } from '../../geometry/frame/frame.ts';
import type { HttpClient } from '../../io/net/http.ts';
import { regionInFrame } from '../../geometry/region/combine.ts';
import { coverageOf } from '../../layer/coverage.ts';
import type { HipsLayerOptions } from '../../layer/hips.ts';
import { mocCells, mocIntersection, mocOfCells, wholeSphere, type Moc } from '../../protocol/hips/moc.ts';
import { crsTiling } from '../../io/source/crsTiling.ts';
import { turnedCoverage } from '../../io/source/hipsCoverage.ts';
import { mocOfRegion } from '../../io/source/mocRegion.ts';
import { createHipsSource, type HipsSource } from '../../io/source/hips.ts';
import { hipsInDirectory, hipsMirrors, hipsOfOtherThread, hipsOnTheWeb, type HipsFiles, type ReadHipsFile } from '../../io/source/hipsFiles.ts';
import { readFrame } from '../../protocol/hips/frameName.ts';
import { tileFormatOfMediaType } from '../../protocol/hips/tileFormat.ts';
import { isRemote } from '../paths.ts';
import type { HipsLayerConfig, HipsSourceConfig, LayerConfig } from '../types.ts';
import { configError, type BuildContext } from './context.ts';
import type { Limit } from './limit.ts';
import { fileName, versionOf } from './names.ts';
import { adjustmentOfSource } from './sourceCrs.ts';
import type { BuiltSource } from './sources.ts';
import { tilingCoverage } from './tilingCoverage.ts';
import { createClient } from './upstream.ts';

/**
 * A HiPS of the configuration. The serving thread reads it from where it is, the others read it through that one.
 * @param limit its coverage, where that is no mere rectangle
 * @param layerFrame the frame that the layer names: the body of a HiPS that does not say on which one it lies
 * @throws ConfigError
 */
export async function buildHips(config: HipsSourceConfig, layerFrame: Frame | null, limit: Limit | null, context: BuildContext): Promise<BuiltSource> {
  // Where there are mirrors, the next one is the second try.
  const http = createClient(config, context, config.mirrors.length === 0 ? config.http.tries : 1);
  const once = createClient(config, context, 1);
  const close = async (): Promise<void> => {
    await Promise.all([http.close(), once.close()]);
  };
  try {
    const source = await openHips(config, layerFrame, limit, { http, once }, context);
    return { ...describe(source, config), close };
  } catch (error) {
    await close();
    if (!(error instanceof GatewayError) || error.code !== 'CONFIG_INVALID') throw error;
    throw configError(context, [...config.path, error.locator ?? 'url'], error.message);
  }
}

/** The client for everything, and one that tries once: a start does not wait for second tries. */
interface Clients {
  readonly http: HttpClient;
  readonly once: HttpClient;
}

async function openHips(config: HipsSourceConfig, layerFrame: Frame | null, limit: Limit | null, { http, once }: Clients, context: BuildContext): Promise<HipsSource> {
  const { name, body, frame, image, hips_order, hips_tile_width } = config;
  const identity = versionOf([config.url, body, frame, hips_tile_width]);
  const served: ReadHipsFile = async (path, signal) => (await source).file(path, signal);
  const read = context.shared.files(`${name} ${identity} ${layerFrame?.id ?? ''}`, served);
  const isServing = read === served;
  const source = createHipsSource({
    id: name,
    files: isServing ? filesOf(config, http) : hipsOfOtherThread(read),
    hasty: mayBeOurselves(config) ? 'later' : isServing ? filesOf(config, once) : null,
    frame: body === null ? readFrame(frame, null) : bodyFrame(body),
    clip: limit === null ? clipOf(config, context) : (own) => mocOfLimit(limit, config, own),
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
    remember: context.remember,
    report: isServing ? context.report : () => {}, // the serving thread hears of the same trouble
  });
  return source;
}

/** A HiPS on this machine of which everything needed is told: it may be this very gateway's, which does not listen yet. */
function mayBeOurselves({ url, body, hips_order, hips_tile_width }: HipsSourceConfig): boolean {
  return /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])[:/]/.test(url) && body !== null && hips_order !== null && hips_tile_width !== null;
}

/** The operator's own places, in their order. */
function filesOf({ url, mirrors }: HipsSourceConfig, http: HttpClient): HipsFiles {
  return hipsMirrors([url, ...mirrors].map((place) => (isRemote(place) ? hipsOnTheWeb(http, [place]) : hipsInDirectory(place))));
}

/** Cells of this order, 0.5 degrees, stand for a coverage. */
const CLIP_ORDER = 7;

/** `coverage:` of the source as cells of the frame that the HiPS turns out to have; without `srs` its numbers are degrees there. */
function clipOf({ coverage, path }: HipsSourceConfig, context: BuildContext): ((frame: Frame) => Moc) | null {
  if (coverage?.area.kind !== 'bbox') return null;
  const { bbox, srs } = coverage.area;
  return (frame) => {
    const crs = srs === null ? degreesOnBody(frame, 'CRS:84') : crsOnFrame(context.registry.crsOf(srs), frame);
    if (crs === null) throw configError(context, [...path, 'coverage'], `${srs} does not show ${frame.id}`);
    return coverageOf(frame, [crsTiling(crs, bbox, { maxLevels: 1 })], CLIP_ORDER);
  };
}

/** The cells that a coverage touches, as the HiPS counts directions. */
function mocOfLimit(limit: Limit, config: HipsSourceConfig, frame: Frame): Moc {
  // Where the source's directions are counted otherwise, its tiles are left away around it.
  if (adjustmentOfSource(config, frame) !== null) return wholeSphere();
  return mocOfRegion(limit.regionOn(degreesOnBody(frame, 'CRS:84')), CLIP_ORDER);
}

function describe(source: HipsSource, config: HipsSourceConfig): Omit<BuiltSource, 'close'> {
  const released = source.description?.releaseDate ?? null;
  // A date in the future would make everything that is drawn from it old at once.
  const modified = released === null ? null : new Date(Math.min(released.getTime(), Date.now()));
  return {
    source,
    hips: source,
    modified,
    hasResolution: source.description !== null || config.hips_order !== null,
    version: versionOf([config, released?.getTime() ?? null]),
  };
}

/** What of the sphere the sources of a layer cover, in its frame: a HiPS knows, of others the geometry tells. */
export function coverageOfBuilt(frame: Frame, built: readonly BuiltSource[], order: number): Moc {
  const all = built.map((one) => coverageOfOne(frame, one, order));
  return all.length === 1 ? all[0]! : mocOfCells(all.flatMap(mocCells));
}

function coverageOfOne(frame: Frame, { source, hips, limit }: BuiltSource, order: number): Moc {
  if (hips !== undefined) return turnedCoverage(hips.coverage ?? wholeSphere(), hips.tiling.frame, frame);
  const covered = tilingCoverage(frame, source.tiling, order);
  return limit === undefined ? covered : mocIntersection(covered, mocOfRegion(regionInFrame(limit.region, frame), CLIP_ORDER));
}

/** Tiles of a layer that shows one HiPS in its own frame and tile width are those of the HiPS. */
export function passthroughOf(built: readonly BuiltSource[], { passthrough, hips_tile_width }: HipsLayerConfig, frame: Frame): Pick<HipsLayerOptions, 'passthrough'> {
  const source = onlyHips(built);
  if (!passthrough || source === null || source.tiling.frame.id !== frame.id) return {};
  return {
    passthrough: async (order, npix, format, signal) =>
      source.tileWidth === hips_tile_width ? source.encoded({ order, npix }, tileFormatOfMediaType(format)!, signal) : null,
  };
}

function onlyHips(built: readonly BuiltSource[]): HipsSource | null {
  const [one, ...more] = built;
  return more.length === 0 ? (one?.hips ?? null) : null;
}

/** Keys that describe the data; what describes the files, their addresses and who may copy them is the gateway's own to say. */
const DESCRIPTIVE =
  /^(?:obs_|bib_reference|prov_|t_m(?:in|ax)$|em_m(?:in|ax)$|data_ucd$|client_|publisher_id$|hips_(?:initial_(?:ra|dec|fov)|creation_date|creator|copyright|licen[cs]e|doi|progenitor_url)$)/;

/** Lines of the properties of a HiPS that a layer of it alone hands on; texts that the layer has of its own are left out. */
export function passedProperties(built: readonly BuiltSource[], { name, title, abstract, hips }: LayerConfig): ReadonlyMap<string, string> {
  const keys = hips?.passthrough_properties === true ? onlyHips(built)?.description?.keys : undefined;
  const own = new Set([...(title === name ? [] : ['obs_title']), ...(abstract === '' ? [] : ['obs_description'])]);
  return new Map([...(keys ?? [])].filter(([key]) => DESCRIPTIVE.test(key) && !own.has(key)));
}
