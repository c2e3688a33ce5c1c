import type { Crs } from '../../geometry/crs/types.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import type { Codec } from '../../raster/codec/types.ts';
import type { TileStore } from '../cache/types.ts';
import { isFullCircle, ladderTiling } from './crsTiling.ts';
import type { Bbox, CrsTiling } from './crsTiling.ts';
import { halvings } from './ladder.ts';
import { basePatch, overviewPatch } from './overviews.ts';
import type { OverviewOptions } from './overviews.ts';
import type { Picture } from './picture.ts';
import { cachedRasters } from './rasterCache.ts';
import { storedRasters } from './storedRasters.ts';
import type { Gathered, Needs, Patch, RasterSource } from './types.ts';

export interface ImageSourceOptions {
  readonly id: string;
  readonly picture: Picture;
  readonly crs: Crs;
  /** Outer edges of the picture. */
  readonly bbox: Bbox;
  /** Keeps what was computed, or came from afar. */
  readonly store: TileStore;
  readonly codec: Codec;
  /** Memory for overviews and, of large pictures, for blocks. */
  readonly decodedCacheBytes: number;
  /** Hears of trouble with the store, which never keeps a patch from being served. */
  report(error: unknown): void;
}

export interface ImageSource extends RasterSource {
  readonly tiling: CrsTiling;
  readonly bbox: Bbox;
  /** The same without a memory. */
  readonly decode: RasterSource['fetch'];
}

const PATCH: Pixels = 512;
/**
 * Overviews are read this much finer than a source must be: reading is cheap here, and the average over a footprint then differs
 * by 0.7 instead of 1.3 of 255 from that over the whole picture (test/exactness/gateway.test.ts).
 */
const FINER = 2;

/**
 * A georeferenced picture and its levels, each half as large as the one before: copies that the picture brings along where they have
 * just that size, else the exact means of the finer level. Pixels are read at the first fetch.
 */
export function createImageSource({ id, picture, crs, bbox, store, codec, decodedCacheBytes, report }: ImageSourceOptions): ImageSource {
  const { width, height, held } = picture;
  const ladder = ladderTiling(crs, bbox, halvings(width, height, PATCH, isFullCircle(crs, bbox)), PATCH);
  const tiling: CrsTiling = { ...ladder, levelFor: (cols, rows) => ladder.levelFor(cols / FINER, rows / FINER) };
  const copies = tiling.levels.map(({ lattice }) => picture.reduced.find((copy) => copy.width === lattice.width && copy.height === lattice.height));
  const pixels: OverviewOptions = { tiling, readBase: picture.read, readPatch: (patch, signal) => fetch(patch, signal) };
  const made: RasterSource['fetch'] = (patch, signal) => {
    if (patch.level === 0) return basePatch(pixels, patch);
    const { col, row, width: w, height: h } = patch.grid;
    return copies[patch.level]?.read({ left: col, top: row, width: w, height: h }) ?? overviewPatch(pixels, patch, signal);
  };
  const kept = storedRasters({ fetch: made, store, cache: id, prefix: picture.version, codec, report });
  const isKept = (patch: Patch): boolean => held === 'nothing' || (held === 'windows' && patch.level > 0);
  const decode: RasterSource['fetch'] = (patch, signal) => (isKept(patch) ? kept : made)(patch, signal);
  const remembered = cachedRasters({ fetch: decode, maxBytes: decodedCacheBytes, ttlMs: 0, missingTtlMs: 0 });
  /** The finest level of a whole picture is in memory anyway. */
  const fetch: RasterSource['fetch'] = (patch, signal) => (held === 'whole' && patch.level === 0 ? made : remembered)(patch, signal);
  const whole: Patch = tiling.excerpt({ level: 0, chart: 0, col: 0, row: 0, width, height });
  /** The same where it is needed: as it lies in memory, nothing cut out of it. */
  const gather = async ({ patches }: Needs, signal: AbortSignal): Promise<Gathered> => {
    const reduced = patches.filter(({ level }) => level > 0);
    const all = reduced.length === patches.length ? reduced : [whole, ...reduced];
    return { patches: all, rasters: await Promise.all(all.map((patch) => fetch(patch, signal))) };
  };
  return { id, tiling, bbox, decode, fetch, ...(held === 'whole' ? { gather } : {}) };
}
