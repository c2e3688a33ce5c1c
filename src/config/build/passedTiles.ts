import { samePlane } from '../../geometry/crs/samePlane.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { TileMatrix, TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { createSingleFlight } from '../../io/net/singleFlight.ts';
import { decodePatch } from '../../io/source/decodedSource.ts';
import { encodedFormat } from '../../raster/codec/pack.ts';
import { sniffImage } from '../../raster/codec/sniff.ts';
import type { EncodeOptions } from '../../raster/codec/types.ts';
import type { MadeTile, MetaTiles } from '../../layer/metaTiles.ts';
import type { CacheConfig, SourceRef } from '../types.ts';
import type { BuildContext } from './context.ts';
import type { SourceOf } from './drawing.ts';
import { isFaithful } from './encoding.ts';
import { marksOf } from './marks.ts';
import { isDrawnItself } from './refs.ts';

/**
 * The tiles of a cache whose one source has tiles on the very same grid: each is the upstream's tile, its bytes where the format is the
 * cache's. Nothing is resampled, and no neighbour is asked for. null where the cache is another.
 */
export async function passedTilesOf(cache: CacheConfig, set: TileMatrixSet, encoding: EncodeOptions, frame: Frame | null, sourceOf: SourceOf, context: BuildContext): Promise<MetaTiles | null> {
  const [ref, ...more] = cache.sources;
  if (ref === undefined || more.length > 0 || !isDrawnItself(ref, context.loaded) || opacityOf(ref, context) !== 1) return null;
  const { tiles } = await sourceOf(ref, frame);
  if (tiles === undefined || !isSameGrid(tiles.tiling.set, set)) return null;
  const { codec } = context;
  const flights = createSingleFlight<readonly MadeTile[]>();
  const marks = marksOf(cache);
  return {
    make: (address, signal) => {
      const tile = tiles.tiling.tileAt(address.matrix.id, address.col, address.row);
      if (tile === null) return Promise.resolve([]);
      return flights.run(tile.key, signal, async (shared) => {
        const encoded = await tiles.bytes.fetch(tile, shared);
        if (encoded === null) return [];
        const raster = await decodePatch(codec, tile, encoded, 'resize');
        const isAsItIs = marks === null && isFaithful(encoding) && sniffImage(encoded.bytes) === encodedFormat(raster, cache.format, cache.mixed) && raster.width === tile.grid.width;
        return [{ address, bytes: isAsItIs ? encoded.bytes : await codec.encode(marks?.on(raster, address) ?? raster, cache.format, encoding) }];
      });
    },
  };
}

function opacityOf({ kind, name }: SourceRef, { loaded: { config } }: BuildContext): number {
  return (kind === 'source' ? config.sources : config.caches).get(name)!.image.opacity ?? 1;
}

/** Parts of a pixel that make no difference. */
const CLOSE = 1e-6;

/** Every matrix of b is one of a, tile for tile. */
function isSameGrid(a: TileMatrixSet, b: TileMatrixSet): boolean {
  return samePlane(a.crs, b.crs) && b.tileMatrices.every((matrix) => a.tileMatrices.some((other) => isSameMatrix(other, matrix)));
}

function isSameMatrix(a: TileMatrix, b: TileMatrix): boolean {
  const isAt = (k: 0 | 1): boolean => Math.abs(a.pointOfOrigin[k] - b.pointOfOrigin[k]) <= CLOSE * b.cellSize;
  return (
    a.id === b.id && a.tileWidth === b.tileWidth && a.tileHeight === b.tileHeight && a.cornerOfOrigin === b.cornerOfOrigin &&
    Math.abs(a.cellSize / b.cellSize - 1) * Math.max(b.matrixWidth * b.tileWidth, b.matrixHeight * b.tileHeight) <= CLOSE * 1e3 && isAt(0) && isAt(1)
  );
}
