import { GatewayError } from '../../errors.ts';
import { createBlankTiles } from '../../layer/blankTile.ts';
import { degreesOnBody } from '../../geometry/crs/alias.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { projectBbox } from '../../geometry/pyramid/projectBbox.ts';
import { setLimits, type TileAddress, type TileLimits, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { regionInFrame } from '../../geometry/region/combine.ts';
import { shapeOfGrid } from '../../geometry/region/shape.ts';
import type { Region } from '../../geometry/region/types.ts';
import { dimensionsPath } from '../../io/cache/dimensions.ts';
import { refreshLimit } from '../../io/cache/refresh.ts';
import { createSingleFlight, type SingleFlight } from '../../io/net/singleFlight.ts';
import { matrixSetTiling } from '../../io/source/matrixTiling.ts';
import { tileGrid } from '../../layer/tileGrid.ts';
import { createLayer } from '../../layer/layer.ts';
import { variedMapLayer } from '../../layer/map.ts';
import type { WindowDrawer } from '../../layer/meta.ts';
import { createMetaTiles, type MadeTile, type MetaTiles } from '../../layer/metaTiles.ts';
import { createTileLayer, isWithin, type CachedSet, type RescaledSet, type TilePlace } from '../../layer/tiles.ts';
import type { DegreesBbox, Encoded, Layer, MapLayer, TileLayer } from '../../layer/types.ts';
import { theOnly, type Variants } from '../../layer/variants.ts';
import { defaultValues, type Dimension, type Values } from '../../protocol/dimensions.ts';
import { infoExtensionOf, KNOWN_INFO_FORMATS, type InfoFormat } from '../../protocol/wms/featureInfo.ts';
import { restTemplates, type RestTemplates } from '../../protocol/wmts/rest.ts';
import type { EncodeOptions } from '../../raster/codec/types.ts';
import { EXTENSION_OF, IMAGE_FORMATS } from '../../raster/format.ts';
import { DEFAULT_MAX_ERROR } from '../../raster/reproject/types.ts';
import type { TilesNode } from '../../service/types.ts';
import type { CacheConfig, CacheGridConfig, LayerConfig, ServicesConfig } from '../types.ts';
import { configError, type BuildContext } from './context.ts';
import { drawingOf, frameNamedBy, type Drawing, type SourceOf } from './drawing.ts';
import { bboxAround, bboxWithin } from './extent.ts';
import { encodingOf, isFaithful } from './encoding.ts';
import { frameOfGrids, matrixSetOf } from './grids.ts';
import { legendTemplatesOf } from './legends.ts';
import { readLimit, type Limit } from './limit.ts';
import { bboxOfRegion, boundsOn } from './limitedSource.ts';
import { markLayer, marksOf } from './marks.ts';
import { serviceMetadataOf } from './metadata.ts';
import { windowDrawerOf } from './metaTiles.ts';
import { passedTilesOf } from './passedTiles.ts';
import { rescaleLevels } from './refs.ts';
import { fileName, versionOf } from './sources.ts';
import { storedTilesOf } from './storedTiles.ts';
import type { CacheOfGrid } from './stores.ts';
import { variantsOf } from './variants.ts';

/** Under transparent pixels of formats without alpha: white, as in MapProxy. */
const WHITE = 0xffffff;

type NamedLayer = LayerConfig & { readonly name: string };

/** The layers that are offered as tiles; null when no service of tiles is on. @throws ConfigError */
export async function buildTilesNode(layers: readonly LayerConfig[], sourceOf: SourceOf, context: BuildContext): Promise<TilesNode | null> {
  const { wms, wmts, tms, kml, ogcapi } = context.loaded.config.services;
  if (wmts === null && tms === null && kml === null && ogcapi?.enable_tiles !== true) return null;
  const flights = createSingleFlight<Encoded | null>();
  const wanted = layers.filter((layer): layer is NamedLayer => layer.name !== null && layer.tile_sources.length > 0);
  const built = await Promise.all(wanted.map((layer) => buildTileLayer(layer, flights, sourceOf, context)));
  return {
    service: serviceMetadataOf(wmts?.md ?? wms?.md ?? null, context),
    layers: new Map(built.map((layer) => [layer.name, layer])),
    legends: new Map(wanted.flatMap((layer) => {
      const templates = legendTemplatesOf(layer, context.loaded.config.services);
      return templates === null ? [] : [[layer.name, templates]];
    })),
    wmts: wmts === null ? null : { kvp: wmts.kvp, restful: wmts.restful, templates: templatesOf(wmts, layers, context), degreeScale: wmts.degree_scale, infoFormats: infoFormatsOf(wmts.featureinfo_formats) },
    tms: tms === null ? null : { origin: tms.origin },
    kml: kml === null ? null : { useGridNames: kml.use_grid_names },
    deliveryOf: context.deliveryOf,
    blank: createBlankTiles(context.codec),
  };
}

/** Those that are listed, else all that are known. */
function infoFormatsOf(listed: NonNullable<ServicesConfig['wmts']>['featureinfo_formats']): readonly InfoFormat[] {
  return listed.length === 0 ? KNOWN_INFO_FORMATS : listed.map(({ mimetype, suffix }) => ({ mediaType: mimetype, extension: suffix ?? infoExtensionOf(mimetype) }));
}

/** @throws ConfigError at the template that lacks something */
function templatesOf(
  { restful_template: tile, restful_featureinfo_template: info }: NonNullable<ServicesConfig['wmts']>,
  layers: readonly LayerConfig[],
  context: BuildContext,
): RestTemplates {
  try {
    return restTemplates(tile, info, layers.flatMap(({ dimensions }) => dimensions.map(({ name }) => name)));
  } catch (error) {
    if (!(error instanceof GatewayError) || error.locator === null) throw error;
    throw configError(context, error.locator.split('.'), error.message);
  }
}

async function buildTileLayer(layer: NamedLayer, flights: SingleFlight<Encoded | null>, sourceOf: SourceOf, context: BuildContext): Promise<TileLayer> {
  const caches = layer.tile_sources.map((name) => context.loaded.config.caches.get(name)!);
  checkFolders(layer, context);
  const shown = await Promise.all(caches.map((cache) => shownOf(cache, layer, sourceOf, context)));
  const [{ drawing: { map } }] = shown as [Shown];
  const sets = await Promise.all(caches.flatMap((cache, i) => cache.grids.map((grid, n) => cachedSet(cache, grid, n, shown[i]!, context))));
  const [{ format }] = caches as [CacheConfig];
  return createTileLayer({
    name: layer.name,
    title: layer.title,
    abstract: layer.abstract,
    frame: map.frame,
    bbox: sets.map(({ bbox }) => bbox).reduce(bboxAround),
    formats: [format, ...IMAGE_FORMATS.filter((other) => other !== format)],
    queryable: map.queryable,
    modified: map.modified,
    sets: sets.map(({ cached }) => cached).filter(({ set }, i, all) => all.findIndex((other) => other.set.id === set.id) === i),
    map: withDimensions(shown[0]!, layer),
    dimensions: layer.dimensions,
    painter: context.painter,
    codec: context.codec,
    memory: context.memory,
    flights,
  });
}

/** Values of dimensions name folders. @throws ConfigError */
function checkFolders({ dimensions, path }: LayerConfig, context: BuildContext): void {
  for (const { name, values } of dimensions) {
    for (const value of values) {
      try {
        dimensionsPath({ [name.toLowerCase()]: value });
      } catch (error) {
        throw configError(context, [...path, 'dimensions', name], (error as Error).message);
      }
    }
  }
}

/** What a cache is made from. Its opacity counts where it is drawn over something else, not in its tiles. */
async function shownOf(cache: CacheConfig, layer: NamedLayer, sourceOf: SourceOf, context: BuildContext): Promise<Shown> {
  const { name, title, abstract, dimensions } = layer;
  const named = frameNamedBy(layer);
  const undrawn = [...cache.undrawn, ...layer.undrawn];
  const about = { name, title, abstract, undrawn, named, fallback: frameOfGrids(cache, context), kernel: cache.resampling_method, isDirect: false };
  const paintAs = `cache ${cache.path.join('.')}${dimensions.length === 0 ? '' : ` of ${name}`}`;
  const make = (own: SourceOf): Promise<Drawing> => drawingOf(cache.sources, about, own, context);
  const { first: drawing, variants } = await variantsOf(paintAs, { dimensions, forwards: [] }, make, sourceOf, context);
  return { drawing, variants: { ...variants, use: (values, work) => variants.use(values, ({ map }) => work(map)) }, dimensions, named, paintAs: `${paintAs} ${drawing.map.frame.id}`, sourceOf };
}

function withDimensions({ drawing: { map }, variants, dimensions }: Shown, layer: LayerConfig): MapLayer {
  return dimensions.length === 0 ? map : variedMapLayer(map, { dimensions: layer.dimensions, forwards: [], variants }, defaultValues(dimensions));
}

/** Whether meta tiles are drawn as windows: the same for all values. */
function isDrawn(windows: Windows | null): windows is { readonly first: WindowDrawer; readonly variants: Variants<WindowDrawer> } {
  return windows !== null && windows.first !== null;
}

/** A grid of a cache, and what is told of it. */
interface Offered {
  readonly cached: CachedSet;
  /** The rectangle around its tiles, in degrees. */
  readonly bbox: DegreesBbox;
}

interface Windows {
  readonly first: WindowDrawer | null;
  readonly variants: Variants<WindowDrawer | null>;
}

/** What the tiles of a cache show. */
interface Shown {
  /** For the default values. */
  readonly drawing: Drawing;
  readonly variants: Variants<MapLayer>;
  readonly dimensions: readonly Dimension[];
  /** Name for the painter. */
  readonly paintAs: string;
  /** The frame that the layer names. */
  readonly named: Frame | null;
  readonly sourceOf: SourceOf;
}

async function cachedSet(cache: CacheConfig, grid: CacheGridConfig, index: number, shown: Shown, context: BuildContext): Promise<Offered> {
  const { drawing: { map, version, dataChanged }, variants, dimensions, named, paintAs, sourceOf } = shown;
  const set = matrixSetOf(grid.grid, map.frame, [...cache.path, 'grids', index], context);
  const encoding: EncodeOptions = { ...encodingOf(cache.picture), background: WHITE, mixed: cache.mixed };
  const tiles = `${fileName(cache.name)}.tiles-${versionOf([version, set.crs.id, set.bbox, set.tileMatrices, cache.picture.jpeg_quality, ...(isFaithful(encoding) ? [] : [encoding]), ...(marksOf(cache) === null ? [] : [cache.watermark])])}`;
  const idOf = (values: Values): string => (dimensions.length === 0 ? tiles : `${tiles}-${versionOf([values])}`);
  const isMade = cache.sources.length > 0;
  if (isMade) context.layers.set(paintAs, variants);
  const marks = marksOf(cache);
  const overlay = `${paintAs} ${set.id} marks`;
  if (marks !== null) context.layers.set(overlay, theOnly(markLayer(marks, set, cache.name)));
  const kept = cache.coverage === null ? null : await readLimit(cache.coverage, context);
  const region = kept === null ? null : regionInFrame(kept.regionOn(set.crs), set.crs.frame);
  const limits = limitsOf(map, set, kept === null ? null : touched(set, coveredBbox(kept, region!, set, context)));
  const isShown = region === null || cache.coverage?.area.kind === 'bbox' ? () => true : (address: TileAddress) => region.overlap(shapeOfGrid(tileGrid(set, address, 1))) !== 'outside';
  const drawer = `${paintAs} ${set.id}`;
  const windows = isMade ? await variantsOf(drawer, { dimensions, forwards: [] }, (own) => windowDrawerOf(cache, set, named, own, context), sourceOf, context) : null;
  if (isDrawn(windows)) context.drawers.set(drawer, windows.variants);
  const meta = { size: cache.meta_size, buffer: cache.meta_buffer };
  const rescaled = await rescaledSetOf(cache, grid, set, shown, `${drawer} rescaled`, context);
  const isOneForAll = dimensions.length === 0 || cache.sources.every(({ kind }) => kind === 'source');
  const passed = isMade && !isDrawn(windows) && isOneForAll ? await passedTilesOf(cache, set, encoding, named, sourceOf, context) : null;
  const metaFlights = createSingleFlight<readonly MadeTile[]>();
  const metaOf = (values: Values): MetaTiles | null => (!isDrawn(windows) ? passed : createMetaTiles({ set, meta, painter: context.painter, drawer, values, format: cache.format, encoding, flights: metaFlights, isWanted: (address) => isWithin(limits, address) && isShown(address) }));
  const at = (values: Values): CachedSet => ({
    set,
    limits,
    isShown,
    values,
    at,
    meta: metaOf(values),
    paintAs: isMade ? paintAs : null,
    overlay: marks === null ? null : overlay,
    rescaled,
    format: cache.format,
    encoding,
    id: idOf(values),
    place: cache.disable_storage ? () => null : placesOf({ cache, grid, set, dimensions: values }, idOf(values), context),
    staleBefore: isMade ? dataChanged : null,
    refreshBefore: refreshLimit(cache.refresh_before),
  });
  return { cached: at(defaultValues(dimensions)), bbox: kept === null ? map.bbox : coveredDegrees(map, kept, region!, set, context) };
}

/** How missing tiles are made of others: of the level that is asked for, by no rule that chooses one for a map. */
async function rescaledSetOf(cache: CacheConfig, grid: CacheGridConfig, set: TileMatrixSet, { drawing, dimensions, named, sourceOf }: Shown, paintAs: string, context: BuildContext): Promise<RescaledSet | null> {
  if (rescaleLevels(cache) === 0) return null;
  const reproject = { kernel: cache.resampling_method, maxError: DEFAULT_MAX_ERROR, maxPatches: context.loaded.config.globals.cache.max_tile_limit };
  const make = async (own: SourceOf, values: Values): Promise<Layer> => {
    const { source } = await storedTilesOf(cache, grid, matrixSetTiling(set), { frame: named, dimensions: values, sourceOf: own }, context);
    return createLayer({ name: cache.name, title: '', abstract: '', frame: set.crs.frame, sources: [source], reproject });
  };
  context.layers.set(paintAs, (await variantsOf(paintAs, { dimensions, forwards: [] }, make, sourceOf, context)).variants);
  return { paintAs, isKept: cache.cache_rescaled_tiles, isWanted: (address) => !drawing.isShownAt(tileGrid(set, address, 1)) };
}

/**
 * Tiles in the cache's own format and size lie where MapProxy would put them, so that a warm cache stays warm; others in a
 * directory that is named after the version of the picture.
 */
function placesOf(wanted: CacheOfGrid & { readonly cache: CacheConfig }, tiles: string, context: BuildContext): CachedSet['place'] {
  const { cache } = wanted;
  const own = context.cacheStores.ofCache(wanted);
  return (level, { col, row }, format, scale): TilePlace => {
    if (format === cache.format && scale === 1) return { store: own.store, key: own.key({ level, col, row }) };
    return { store: context.store, key: { cache: tiles, tile: `${scale}x/${level}/${col}/${row}`, extension: EXTENSION_OF[format] } };
  };
}

/** Between cylindrical CRSs rectangles are exact; elsewhere they come from samples, and a tile more is better than one too few. */
const SAMPLED = 1 / 500;

/** The tiles that both the drawing and the coverage of the cache touch; null = all. */
function limitsOf({ frame, bbox }: MapLayer, set: TileMatrixSet, kept: CachedSet['limits']): CachedSet['limits'] {
  const shown = set.crs.frame.id === frame.id ? touched(set, projectBbox(degreesOnBody(frame, 'CRS:84'), bbox, set.crs)) : null;
  if (shown === null || kept === null) return shown ?? kept;
  return new Map([...shown].flatMap(([id, limits]) => {
    const both = kept.has(id) ? common(limits, kept.get(id)!) : null;
    return both === null ? [] : [[id, both] as const];
  }));
}

/** Tiles of a rectangle, null = nothing there. */
function touched(set: TileMatrixSet, bbox: Bbox | null): ReadonlyMap<string, TileLimits> {
  return bbox === null ? new Map() : setLimits(set, grown(set, bbox));
}

function common(a: TileLimits, b: TileLimits): TileLimits | null {
  const both: TileLimits = {
    minCol: Math.max(a.minCol, b.minCol),
    maxCol: Math.min(a.maxCol, b.maxCol),
    minRow: Math.max(a.minRow, b.minRow),
    maxRow: Math.min(a.maxRow, b.maxRow),
  };
  return both.minCol <= both.maxCol && both.minRow <= both.maxRow ? both : null;
}

/** The rectangle around what both a drawing and the coverage of its cache show. */
function coveredDegrees({ frame, bbox }: MapLayer, limit: Limit, region: Region, { crs }: TileMatrixSet, context: BuildContext): DegreesBbox {
  const kept = boundsOn(limit, crs, degreesOnBody(frame, 'CRS:84'), context) ?? bboxOfRegion(region, frame);
  return (kept === null ? null : bboxWithin(bbox, kept)) ?? bbox;
}

/** The rectangle around a coverage in the grid's plane; null where that shows nothing of it. */
function coveredBbox(limit: Limit, region: Region, { crs }: TileMatrixSet, context: BuildContext): Bbox | null {
  const known = boundsOn(limit, crs, crs, context);
  if (known !== null) return known;
  const degrees = bboxOfRegion(region, crs.frame);
  return degrees === null ? null : projectBbox(degreesOnBody(crs.frame, 'CRS:84'), degrees, crs);
}

function grown({ crs }: TileMatrixSet, [minX, minY, maxX, maxY]: Bbox): Bbox {
  const share = crs.periodX === null ? SAMPLED : 0;
  const [dx, dy] = [(maxX - minX) * share, (maxY - minY) * share];
  return [minX - dx, minY - dy, maxX + dx, maxY + dy];
}
