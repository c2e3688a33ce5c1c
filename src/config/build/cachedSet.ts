import type { Frame } from '../../geometry/frame/frame.ts';
import type { TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { refreshLimit } from '../../io/cache/refresh.ts';
import { createSingleFlight } from '../../io/net/singleFlight.ts';
import { matrixSetTiling } from '../../io/source/matrixTiling.ts';
import { createLayer } from '../../layer/layer.ts';
import type { WindowDrawer } from '../../layer/meta.ts';
import { createMetaTiles, type MadeTile, type MetaTiles } from '../../layer/metaTiles.ts';
import { tileGrid } from '../../layer/tileGrid.ts';
import { isWithin, type CachedSet, type RescaledSet, type TilePlace } from '../../layer/tiles.ts';
import type { DegreesBbox, Layer, MapLayer } from '../../layer/types.ts';
import { theOnly, type Variants } from '../../layer/variants.ts';
import { defaultValues, type Dimension, type Values } from '../../protocol/dimensions.ts';
import type { EncodeOptions } from '../../raster/codec/types.ts';
import { EXTENSION_OF } from '../../raster/format.ts';
import { DEFAULT_MAX_ERROR } from '../../raster/reproject/types.ts';
import type { CacheConfig, CacheGridConfig } from '../types.ts';
import { cachedPartOf, type CachedPart } from './cachedPart.ts';
import type { BuildContext } from './context.ts';
import type { Drawing, SourceOf } from './drawing.ts';
import { encodingOf, isFaithful } from './encoding.ts';
import { matrixSetOf } from './grids.ts';
import { markLayer, marksOf } from './marks.ts';
import { windowDrawerOf } from './metaTiles.ts';
import { passedTilesOf } from './passedTiles.ts';
import { rescaleLevels } from './refs.ts';
import { fileName, versionOf } from './names.ts';
import { storedTilesOf } from './storedTiles.ts';
import type { CacheOfGrid } from './stores.ts';
import { variantsOf } from './variants.ts';

/** Under transparent pixels of formats without alpha: white, as in MapProxy. */
const WHITE = 0xffffff;

/** What the tiles of a cache show. */
export interface Shown {
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

/** A grid of a cache, and what is told of it. */
export interface Offered {
  readonly cached: CachedSet;
  /** The rectangle around its tiles, in degrees. */
  readonly bbox: DegreesBbox;
}

/** A grid of a cache, and its tiles for the default values. What draws them is registered with the painter. @throws ConfigError */
export async function cachedSet(cache: CacheConfig, grid: CacheGridConfig, index: number, shown: Shown, context: BuildContext): Promise<Offered> {
  const { drawing: { map, version, dataChanged }, variants, dimensions, paintAs } = shown;
  const set = matrixSetOf(grid.grid, map.frame, [...cache.path, 'grids', index], context);
  const encoding: EncodeOptions = { ...encodingOf(cache.picture), background: WHITE, mixed: cache.mixed };
  const tiles = `${fileName(cache.name)}.tiles-${versionOf([version, set.crs.id, set.bbox, set.tileMatrices, cache.picture.jpeg_quality, ...(isFaithful(encoding) ? [] : [encoding]), ...(marksOf(cache) === null ? [] : [cache.watermark])])}`;
  const idOf = (values: Values): string => (dimensions.length === 0 ? tiles : `${tiles}-${versionOf([values])}`);
  const isMade = cache.sources.length > 0;
  if (isMade) context.layers.set(paintAs, variants);
  const part = await cachedPartOf(cache, map, set, context);
  const name = `${paintAs} ${set.id}`;
  const overlay = overlayOf(cache, set, `${name} marks`, context);
  const rescaled = await rescaledSetOf(cache, grid, set, shown, `${name} rescaled`, context);
  const metaOf = isMade ? await metaTilesOf({ cache, set, encoding, part, name }, shown, context) : () => null;
  const at = (values: Values): CachedSet => ({
    set, values, at, overlay, rescaled, encoding,
    limits: part.limits,
    isShown: part.isShown,
    meta: metaOf(values),
    paintAs: isMade ? paintAs : null,
    format: cache.format,
    id: idOf(values),
    place: cache.disable_storage ? () => null : placesOf({ cache, grid, set, dimensions: values }, idOf(values), context),
    staleBefore: isMade ? dataChanged : null,
    refreshBefore: refreshLimit(cache.refresh_before),
  });
  return { cached: at(defaultValues(dimensions)), bbox: part.bbox };
}

/** Name under which the painter knows what is written over the tiles; null = nothing is. */
function overlayOf(cache: CacheConfig, set: TileMatrixSet, paintAs: string, context: BuildContext): string | null {
  const marks = marksOf(cache);
  if (marks === null) return null;
  context.layers.set(paintAs, theOnly(markLayer(marks, set, cache.name)));
  return paintAs;
}

interface Making {
  readonly cache: CacheConfig;
  readonly set: TileMatrixSet;
  readonly encoding: EncodeOptions;
  readonly part: CachedPart;
  /** For the painter. */
  readonly name: string;
}

/** How tiles are made many at a time, for each choice of values: as windows of map servers, or as the upstream's own; null = each is drawn by itself. */
async function metaTilesOf({ cache, set, encoding, part, name: drawer }: Making, { dimensions, named, sourceOf }: Shown, context: BuildContext): Promise<(values: Values) => MetaTiles | null> {
  const { first, variants } = await variantsOf(drawer, { dimensions, forwards: [] }, (own) => windowDrawerOf(cache, set, named, own, context), sourceOf, context);
  if (first === null) {
    const isOneForAll = dimensions.length === 0 || cache.sources.every(({ kind }) => kind === 'source');
    const passed = isOneForAll ? await passedTilesOf(cache, set, encoding, named, sourceOf, context) : null;
    return () => passed;
  }
  context.drawers.set(drawer, variants as Variants<WindowDrawer>); // one for all values, or none
  const meta = { size: cache.meta_size, buffer: cache.meta_buffer };
  const flights = createSingleFlight<readonly MadeTile[]>();
  const isWanted: CachedPart['isShown'] = (address) => isWithin(part.limits, address) && part.isShown(address);
  return (values) => createMetaTiles({ set, meta, painter: context.painter, drawer, values, format: cache.format, encoding, flights, isWanted });
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
