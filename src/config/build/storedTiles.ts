import type { Frame } from '../../geometry/frame/frame.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { decodedPatches } from '../../io/source/decodedSource.ts';
import { matrixSetTiling, type MatrixTiling } from '../../io/source/matrixTiling.ts';
import { cachedRasters } from '../../io/source/rasterCache.ts';
import { rescaledTiles } from '../../io/source/rescaledTiles.ts';
import { tilesAsSource } from '../../io/source/tiledSource.ts';
import type { PatchBytes, RasterSource } from '../../io/source/types.ts';
import { renderSource } from '../../layer/render.ts';
import { keyOfValues, type Values } from '../../protocol/dimensions.ts';
import { DEFAULT_MAX_ERROR } from '../../raster/reproject/types.ts';
import type { CacheConfig, CacheGridConfig } from '../types.ts';
import type { BuildContext } from './context.ts';
import { drawingOf, type SourceOf } from './drawing.ts';
import { frameOfGrids, matrixSetOf, saysHowDeep } from './grids.ts';
import { choiceOf, isShownTooSmall } from './levelChoice.ts';
import { marksOf } from './marks.ts';
import { readLimit } from './limit.ts';
import { limitedSource } from './limitedSource.ts';
import { versionOf } from './names.ts';
import { rescaleLevels } from './refs.ts';
import type { BuiltSource } from './sources.ts';

/** Whoever fills the cache may change its tiles at any time: what was read, and that nothing was there, is believed this long. */
const BELIEVED_MS = 60_000;

/**
 * The stored tiles of a cache, as a source: those of its first grid, at the level that MapProxy would choose. Where no tile is stored, nor
 * can be made of others, there is nothing.
 * @throws ConfigError
 */
export async function buildStoredTiles(cache: CacheConfig, asking: Asking, context: BuildContext): Promise<BuiltSource> {
  const { frame } = asking;
  const grid = cache.grids[0]!;
  const set = matrixSetOf(grid.grid, frame ?? frameOfGrids(cache, context), [...cache.path, 'grids', 0], context);
  const choice = choiceOf(grid.grid, context);
  const tiling = matrixSetTiling(set, { choice });
  const { source: stored, bytes, version } = await storedTilesOf(cache, grid, tiling, asking, context);
  const passed = rescaleLevels(cache) === 0 ? { tiles: { tiling, bytes } } : {}; // else tiles are handed on that nobody stored
  const built: BuiltSource = { source: stored, ...passed, modified: null, hasResolution: saysHowDeep(grid.grid, context), version, close: () => Promise.resolve() };
  const { source, ...rest } = cache.coverage === null ? built : limitedSource(built, await readLimit({ ...cache.coverage, clip: false }, context), null, context);
  return { ...rest, source: { ...source, isShownAt: (target: PixelGrid) => !isShownTooSmall(target, set, choice) } };
}

interface StoredTiles {
  readonly source: RasterSource;
  /** Of the tiles that are stored. */
  readonly bytes: PatchBytes;
  /** Changes when the tiles are others. */
  readonly version: string;
}

/** Whose tiles of a cache are wanted. */
export interface Asking {
  /** The frame that the layer names; null = that of the grid. */
  readonly frame: Frame | null;
  /** Whose tiles they are. */
  readonly dimensions: Values;
  /** Of these dimensions. */
  readonly sourceOf: SourceOf;
}

/** The tiles of one grid of a cache as they lie in its store; where the cache rescales, missing ones made of others. @throws ConfigError */
export async function storedTilesOf(cache: CacheConfig, grid: CacheGridConfig, tiling: MatrixTiling, asking: Asking, context: BuildContext): Promise<StoredTiles> {
  const { set } = tiling;
  const own = context.cacheStores.ofCache({ cache, grid, set, dimensions: asking.dimensions });
  const read: PatchBytes = {
    async fetch(tile) {
      const { matrix, col, row } = tiling.addressOf(tile);
      const found = await own.store.get(own.key({ level: set.tileMatrices.indexOf(matrix), col, row }));
      return found === undefined || found.bytes.length === 0 ? null : { bytes: found.bytes, contentType: cache.format };
    },
  };
  const { name } = cache;
  const levels = rescaleLevels(cache);
  const version = versionOf([cache.path, set.crs.id, set.bbox, set.tileMatrices, grid.store, String(levels), keyOfValues(asking.dimensions)]);
  const bytes = context.shared.bytes(`cache ${name} ${version}`, tiling.tiles, read);
  const decoded = decodedPatches({ bytes, codec: context.codec, otherSize: 'resize' });
  const made = levels === 0 || cache.sources.length === 0 ? decoded : orMade(decoded, await drawnFrom(cache, tiling, asking, context));
  const fetch = cachedRasters({ fetch: made, maxBytes: context.decodedBytes, ttlMs: BELIEVED_MS, missingTtlMs: BELIEVED_MS });
  const { max_tile_limit: maxTiles } = context.loaded.config.globals.cache;
  const reproject = { kernel: cache.resampling_method, maxError: DEFAULT_MAX_ERROR, maxPatches: maxTiles };
  const rescaled = (): RasterSource['fetch'] => rescaledTiles({ id: name, tiling, fetch, levels, maxTiles, draw: (target, source, signal) => renderSource(target, source, reproject, signal) });
  return { source: tilesAsSource(name, tiling, levels === 0 ? fetch : rescaled()), bytes, version };
}

/** Tiles of a cache with sources as they would be made: null where no source is drawn at their resolution. */
async function drawnFrom(cache: CacheConfig, tiling: MatrixTiling, { frame, sourceOf }: Asking, context: BuildContext): Promise<RasterSource['fetch']> {
  const about = { name: cache.name, title: '', abstract: '', named: frame, fallback: frameOfGrids(cache, context), kernel: cache.resampling_method, isDirect: false, undrawn: [] };
  const { map, isShownAt } = await drawingOf(cache.sources, about, sourceOf, context);
  const marks = marksOf(cache);
  return async (tile, signal) => {
    if (!isShownAt(tile.grid)) return null;
    const raster = await map.render(tile.grid, signal);
    return marks === null ? raster : marks.on(raster, tiling.addressOf(tile));
  };
}

function orMade(stored: RasterSource['fetch'], made: RasterSource['fetch']): RasterSource['fetch'] {
  return async (tile, signal) => (await stored(tile, signal)) ?? made(tile, signal);
}
