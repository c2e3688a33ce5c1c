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
import { refreshLimit } from '../../io/cache/refresh.ts';
import { createSingleFlight, type SingleFlight } from '../../io/net/singleFlight.ts';
import { matrixSetTiling } from '../../io/source/matrixTiling.ts';
import { tileGrid } from '../../layer/tileGrid.ts';
import { createLayer } from '../../layer/layer.ts';
import { createMetaTiles } from '../../layer/metaTiles.ts';
import { createTileLayer, isWithin, type CachedSet, type RescaledSet, type TilePlace } from '../../layer/tiles.ts';
import type { DegreesBbox, Encoded, MapLayer, TileLayer } from '../../layer/types.ts';
import { restTemplates, type RestTemplates } from '../../protocol/wmts/rest.ts';
import { EXTENSION_OF, IMAGE_FORMATS } from '../../raster/format.ts';
import { DEFAULT_MAX_ERROR } from '../../raster/reproject/types.ts';
import type { TilesNode } from '../../service/types.ts';
import type { CacheConfig, CacheGridConfig, LayerConfig, ServicesConfig } from '../types.ts';
import { configError, type BuildContext } from './context.ts';
import { drawingOf, frameNamedBy, type Drawing, type SourceOf } from './drawing.ts';
import { bboxAround, bboxWithin } from './extent.ts';
import { frameOfGrids, matrixSetOf } from './grids.ts';
import { readLimit, type Limit } from './limit.ts';
import { bboxOfRegion, boundsOn } from './limitedSource.ts';
import { serviceMetadataOf } from './metadata.ts';
import { windowDrawerOf } from './metaTiles.ts';
import { passedTilesOf } from './passedTiles.ts';
import { rescaleLevels } from './refs.ts';
import { fileName, versionOf } from './sources.ts';
import { storedTilesOf } from './storedTiles.ts';

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
    wmts: wmts === null ? null : { kvp: wmts.kvp, restful: wmts.restful, templates: templatesOf(wmts, context), degreeScale: wmts.degree_scale },
    tms: tms === null ? null : { origin: tms.origin },
    kml: kml === null ? null : { useGridNames: kml.use_grid_names },
    deliveryOf: context.deliveryOf,
    blank: createBlankTiles(context.codec),
  };
}

/** @throws ConfigError at the template that lacks something */
function templatesOf(
  { restful_template: tile, restful_featureinfo_template: info }: NonNullable<ServicesConfig['wmts']>,
  context: BuildContext,
): RestTemplates {
  try {
    return restTemplates(tile, info);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.locator === null) throw error;
    throw configError(context, error.locator.split('.'), error.message);
  }
}

async function buildTileLayer(layer: NamedLayer, flights: SingleFlight<Encoded | null>, sourceOf: SourceOf, context: BuildContext): Promise<TileLayer> {
  const caches = layer.tile_sources.map((name) => context.loaded.config.caches.get(name)!);
  const drawings = await Promise.all(caches.map((cache) => drawingOfCache(cache, layer, sourceOf, context)));
  const [{ map }] = drawings as [Drawing];
  const sets = await Promise.all(caches.flatMap((cache, i) => cache.grids.map((grid, n) => cachedSet(cache, grid, n, { drawing: drawings[i]!, named: frameNamedBy(layer), sourceOf }, context))));
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
    map,
    painter: context.painter,
    codec: context.codec,
    memory: context.memory,
    flights,
  });
}

/** What a cache is made from. Its opacity counts where it is drawn over something else, not in its tiles. */
async function drawingOfCache(cache: CacheConfig, layer: NamedLayer, sourceOf: SourceOf, context: BuildContext): Promise<Drawing> {
  const { name, title, abstract } = layer;
  const undrawn = [...cache.undrawn, ...layer.undrawn];
  const about = { name, title, abstract, undrawn, named: frameNamedBy(layer), fallback: frameOfGrids(cache, context), kernel: cache.resampling_method, isDirect: false };
  return drawingOf(cache.sources, about, sourceOf, context);
}

/** A grid of a cache, and what is told of it. */
interface Offered {
  readonly cached: CachedSet;
  /** The rectangle around its tiles, in degrees. */
  readonly bbox: DegreesBbox;
}

/** What the tiles of a cache show. */
interface Shown {
  readonly drawing: Drawing;
  /** The frame that the layer names. */
  readonly named: Frame | null;
  readonly sourceOf: SourceOf;
}

async function cachedSet(cache: CacheConfig, grid: CacheGridConfig, index: number, { drawing, named, sourceOf }: Shown, context: BuildContext): Promise<Offered> {
  const { map, version, dataChanged } = drawing;
  const set = matrixSetOf(grid.grid, map.frame, [...cache.path, 'grids', index], context);
  const tiles = `${fileName(cache.name)}.tiles-${versionOf([version, set.crs.id, set.bbox, set.tileMatrices, cache.quality])}`;
  const isMade = cache.sources.length > 0;
  const paintAs = `cache ${cache.path.join('.')} ${map.frame.id}`;
  if (isMade) context.layers.set(paintAs, map);
  const kept = cache.coverage === null ? null : await readLimit(cache.coverage, context);
  const region = kept === null ? null : regionInFrame(kept.regionOn(set.crs), set.crs.frame);
  const limits = limitsOf(map, set, kept === null ? null : touched(set, coveredBbox(kept, region!, set, context)));
  const isShown = region === null || cache.coverage?.area.kind === 'bbox' ? () => true : (address: TileAddress) => region.overlap(shapeOfGrid(tileGrid(set, address, 1))) !== 'outside';
  const encoding = { quality: cache.quality, background: WHITE, mixed: cache.mixed };
  const windows = isMade ? await windowDrawerOf(cache, set, named, sourceOf, context) : null;
  const drawer = `${paintAs} ${set.id}`;
  if (windows !== null) context.drawers.set(drawer, windows);
  const meta = { size: cache.meta_size, buffer: cache.meta_buffer };
  const cached: CachedSet = {
    set,
    limits,
    isShown,
    meta: windows === null ? await passedTilesOf(cache, set, encoding, named, sourceOf, context) : createMetaTiles({ set, meta, painter: context.painter, drawer, format: cache.format, encoding, flights: createSingleFlight(), isWanted: (address) => isWithin(limits, address) && isShown(address) }),
    paintAs: isMade ? paintAs : null,
    rescaled: await rescaledSetOf(cache, grid, set, { drawing, named, sourceOf }, `${drawer} rescaled`, context),
    format: cache.format,
    encoding,
    id: tiles,
    place: cache.disable_storage ? () => null : placesOf(cache, grid, set, tiles, context),
    staleBefore: isMade ? dataChanged : null,
    refreshBefore: refreshLimit(cache.refresh_before),
  };
  return { cached, bbox: kept === null ? map.bbox : coveredDegrees(map, kept, region!, set, context) };
}

/** How missing tiles are made of others: of the level that is asked for, by no rule that chooses one for a map. */
async function rescaledSetOf(cache: CacheConfig, grid: CacheGridConfig, set: TileMatrixSet, { drawing, named, sourceOf }: Shown, paintAs: string, context: BuildContext): Promise<RescaledSet | null> {
  if (rescaleLevels(cache) === 0) return null;
  const { source } = await storedTilesOf(cache, grid, matrixSetTiling(set), { frame: named, sourceOf }, context);
  const reproject = { kernel: cache.resampling_method, maxError: DEFAULT_MAX_ERROR, maxPatches: context.loaded.config.globals.cache.max_tile_limit };
  context.layers.set(paintAs, createLayer({ name: cache.name, title: '', abstract: '', frame: set.crs.frame, sources: [source], reproject }));
  return { paintAs, isKept: cache.cache_rescaled_tiles, isWanted: (address) => !drawing.isShownAt(tileGrid(set, address, 1)) };
}

/**
 * Tiles in the cache's own format and size lie where MapProxy would put them, so that a warm cache stays warm; others in a
 * directory that is named after the version of the picture.
 */
function placesOf(cache: CacheConfig, grid: CacheGridConfig, set: TileMatrixSet, tiles: string, context: BuildContext): CachedSet['place'] {
  const own = context.cacheStores.ofCache({ cache, grid, set });
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
