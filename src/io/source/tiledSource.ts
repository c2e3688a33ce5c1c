import type { Codec } from '../../raster/codec/types.ts';
import { emptyRaster, RGBA, type Raster } from '../../raster/raster.ts';
import { decodedPatches } from './decodedSource.ts';
import type { MatrixTiling, TilePart } from './matrixTiling.ts';
import { ownRasters, type RasterMemory } from './rasterCache.ts';
import type { Patch, PatchBytes, RasterSource } from './types.ts';

export interface TiledSourceOptions {
  readonly id: string;
  readonly tiling: MatrixTiling;
  /** Of the patches of `tiling.tiles`. */
  readonly bytes: PatchBytes;
  readonly codec: Codec;
  /** Memory for decoded tiles. */
  readonly decodedCacheBytes: number;
  /** Where decoded tiles are remembered; default memory of its own. */
  readonly remember?: RasterMemory;
  /** How long "nothing here" is believed without asking `bytes` again. Default one minute. */
  readonly missingTtlMs?: number;
}

const DEFAULT_MISSING_TTL_MS = 60_000;

/**
 * A source made of the tiles of a tile matrix set, each fetched and decoded once and kept while it fits. Tiles of another size
 * than announced (@2x) are brought to the size of their matrix.
 */
export function tiledSource(options: TiledSourceOptions): RasterSource {
  const { id, tiling, bytes, codec, remember = ownRasters, missingTtlMs = DEFAULT_MISSING_TTL_MS } = options;
  const fetch = decodedPatches({ bytes, codec, otherSize: 'resize' });
  return tilesAsSource(id, tiling, remember({ fetch, maxBytes: options.decodedCacheBytes, missingTtlMs }));
}

/** A source whose patches are put together from tiles. @param fetchTile brings a patch of `tiling.tiles`, exactly of its size */
export function tilesAsSource(id: string, tiling: MatrixTiling, fetchTile: RasterSource['fetch']): RasterSource {
  return {
    id,
    tiling,
    async fetch(patch, signal) {
      const parts = tiling.partsOf(patch);
      const rasters = await Promise.all(parts.map(({ tile }) => fetchTile(tile, signal)));
      return assembled(patch, parts, rasters);
    },
  };
}

/** The parts side by side; a tile that is the whole patch as it is. */
function assembled({ grid }: Patch, parts: readonly TilePart[], rasters: readonly (Raster | null)[]): Raster | null {
  const { width, height } = grid;
  const [raster, ...others] = rasters;
  const [part] = parts;
  if (raster !== undefined && part !== undefined && others.length === 0) {
    const isWhole = part.col === 0 && part.row === 0 && raster?.width === width && raster.height === height;
    if (isWhole || raster === null) return raster;
  }
  if (rasters.every((each) => each === null)) return null;
  const whole = emptyRaster(width, height);
  let covered = 0;
  parts.forEach(({ col, row }, i) => {
    const tile = rasters[i];
    if (tile !== null && tile !== undefined) covered += paste(whole, tile, col, row);
  });
  return { ...whole, opaque: covered === width * height && rasters.every((each) => each?.opaque === true) };
}

/** Copies what of a tile lies in a picture. Returns the pixels copied. */
function paste(whole: Raster, tile: Raster, col: number, row: number): number {
  const [left, right] = [Math.max(0, col), Math.min(whole.width, col + tile.width)];
  const [top, bottom] = [Math.max(0, row), Math.min(whole.height, row + tile.height)];
  for (let y = top; y < bottom; y++) {
    const from = ((y - row) * tile.width + left - col) * RGBA;
    whole.data.set(tile.data.subarray(from, from + (right - left) * RGBA), (y * whole.width + left) * RGBA);
  }
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}
