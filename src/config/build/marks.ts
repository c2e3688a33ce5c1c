import type { Frame } from '../../geometry/frame/frame.ts';
import type { PixelGrid, Pixels } from '../../geometry/lattice/types.ts';
import { flipRow, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { matrixSetTiling } from '../../io/source/matrixTiling.ts';
import { tilesAsSource } from '../../io/source/tiledSource.ts';
import type { RasterSource } from '../../io/source/types.ts';
import { over } from '../../raster/blend.ts';
import { emptyRaster, type Raster } from '../../raster/raster.ts';
import { markPlaceOf, watermarkRaster } from '../../raster/watermark.ts';
import type { Layer } from '../../layer/types.ts';
import type { CacheConfig, SourceRef } from '../types.ts';
import type { BuildContext } from './context.ts';
import { matrixSetOf } from './grids.ts';
import { choiceOf, isShownTooSmall } from './levelChoice.ts';

/** What is written over the tiles of a cache. */
export interface Marks {
  /** The mark of a tile, by its numbers; null = it has none. @param scale pixels of the tile per pixel of its grid */
  of(tile: { readonly col: number; readonly row: number }, width: Pixels, height: Pixels, scale: number): Raster | null;
  /** A tile with its mark. */
  on(raster: Raster, tile: { readonly col: number; readonly row: number }): Raster;
}

/** null where nothing is written: also where the tiles are only read, in which it was written when they were made. */
export function marksOf({ watermark, sources }: CacheConfig): Marks | null {
  if (watermark === null || watermark.text === '' || sources.length === 0) return null;
  const { text, font_size, color, opacity, spacing } = watermark;
  const made = new Map<string, Raster>();
  const marks: Marks = {
    of({ col, row }, width, height, scale) {
      const place = markPlaceOf(col, row, spacing === 'wide');
      if (place === null) return null;
      const key = `${place} ${width}x${height}@${scale}`; // as many as there are sizes of tiles
      const raster = made.get(key) ?? watermarkRaster({ text, fontSize: font_size * scale, colour: color, opacity }, place, width, height);
      made.set(key, raster);
      return raster;
    },
    on(raster, tile) {
      const mark = marks.of(tile, raster.width, raster.height, 1);
      return mark === null ? raster : over(raster, mark);
    },
  };
  return marks;
}

/** The marks of a cache as a layer of which each tile of a grid is drawn by itself. */
export function markLayer(marks: Marks, set: TileMatrixSet, name: string): Layer {
  return {
    name, title: '', abstract: '', frame: set.crs.frame,
    async render({ lattice, col, row, width, height }) {
      const { spec } = lattice;
      const matrix = spec.kind === 'healpix' ? undefined : set.tileMatrices.find((one) => Math.abs((one.cellSize * one.tileWidth) / (spec.cellX * width) - 1) < 1e-6);
      if (matrix === undefined) throw new TypeError(`no tile of ${set.id}`);
      const fromTop = row / height;
      const tile = { col: col / width, row: matrix.cornerOfOrigin === 'topLeft' ? fromTop : flipRow(matrix, fromTop) };
      return marks.of(tile, width, height, width / matrix.tileWidth) ?? emptyRaster(width, height);
    },
  };
}

/** The marks of a cache as a source for maps: those of its first grid, at the level that MapProxy would choose. @throws ConfigError */
export function markSource(cache: CacheConfig, frame: Frame, context: BuildContext): RasterSource {
  const marks = marksOf(cache);
  const grid = cache.grids[0]!.grid;
  const set = matrixSetOf(grid, frame, [...cache.path, 'grids', 0], context);
  const choice = choiceOf(grid, context);
  const tiling = matrixSetTiling(set, { choice });
  const source = tilesAsSource(`watermark ${cache.name}`, tiling, async (tile) => marks?.of(tiling.addressOf(tile), tile.grid.width, tile.grid.height, 1) ?? null);
  return { ...source, isShownAt: (target: PixelGrid) => !isShownTooSmall(target, set, choice) };
}

/** The caches behind some references, bottom first, over which something is written. */
export function markedBelow(refs: readonly SourceRef[], context: BuildContext): readonly CacheConfig[] {
  return refs.flatMap(({ kind, name }) => {
    if (kind === 'source') return [];
    const cache = context.loaded.config.caches.get(name)!;
    return [...markedBelow(cache.sources, context), ...(marksOf(cache) === null ? [] : [cache])];
  });
}
