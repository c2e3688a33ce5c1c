import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import type { Codec } from '../../raster/codec/types.ts';
import type { TileStore } from '../cache/types.ts';
import { isFullCircle, ladderTiling } from './crsTiling.ts';
import type { Bbox, CrsTiling } from './crsTiling.ts';
import { bboxOfFile, invalidImage, tagsOfFile } from './imageGeoreference.ts';
import { readImage, readImageHeader } from './imageFile.ts';
import type { ImageHeader } from './imageFile.ts';
import { halvings } from './ladder.ts';
import { basePatch, overviewPatch } from './overviews.ts';
import type { BaseWindow, OverviewOptions } from './overviews.ts';
import { cachedRasters } from './rasterCache.ts';
import { storedRasters } from './storedRasters.ts';
import { tiledCopy, versionName } from './tiledCopy.ts';
import type { FileVersion } from './tiledCopy.ts';
import type { TiffTags } from './tiffTags.ts';
import type { RasterSource } from './types.ts';

export interface ImageSourceOptions {
  readonly id: string;
  /** Path of a JPEG, PNG, WebP or 8-bit TIFF. */
  readonly file: string;
  readonly crs: Crs;
  /** Outer edges of the picture; null = from its GeoTIFF tags or the world file beside it. */
  readonly bbox: Bbox | null;
  /** Keeps the overviews of large pictures. */
  readonly store: TileStore;
  /** Where large pictures are converted to, once; made if need be. */
  readonly cacheDir: string;
  readonly codec: Codec;
  /** Memory for overviews and, of large pictures, for blocks. */
  readonly decodedCacheBytes: number;
  /** Pictures up to this size are decoded as a whole at their first use and kept. Default 16 Mpixel = 64 MB. */
  readonly wholeUpToPixels?: Pixels;
  /** Hears of trouble with the store, which never keeps a patch from being served. */
  report(error: unknown): void;
}

export interface ImageSource extends RasterSource {
  readonly tiling: CrsTiling;
  /** Time of the file. */
  readonly modified: Date;
  readonly bbox: Bbox;
}

const PATCH: Pixels = 512;
/**
 * Overviews are read this much finer than a source must be: reading is cheap here, and the average over a footprint then differs
 * by 0.7 instead of 1.3 of 255 from that over the whole picture (test/exactness/gateway.test.ts).
 */
const FINER = 2;
const DEFAULT_WHOLE_PIXELS: Pixels = 16 * 1024 * 1024;

/**
 * A georeferenced picture on disk. Creating it reads the header only; pixels are read at the first fetch.
 * @throws GatewayError CONFIG_INVALID, locator 'url', for a file that is missing, no picture, or not 8 bits deep;
 *   locator 'bbox' where nothing says where it lies
 */
export async function createImageSource(options: ImageSourceOptions): Promise<ImageSource> {
  const { id, crs, store, codec, report } = options;
  const file = resolve(options.file);
  const version = await versionOf(file);
  const header = await headerOf(file);
  const tags = await tagsOfFile(file);
  const bbox = options.bbox ?? (await bboxOfFile(file, crs, header, tags));
  const ladder = ladderTiling(crs, bbox, halvings(header.width, header.height, PATCH, isFullCircle(crs, bbox)), PATCH);
  const tiling: CrsTiling = { ...ladder, levelFor: (cols, rows) => ladder.levelFor(cols / FINER, rows / FINER) };
  const whole = header.width * header.height <= (options.wholeUpToPixels ?? DEFAULT_WHOLE_PIXELS);
  const pixels: OverviewOptions = {
    tiling,
    readBase: whole ? wholePicture(file) : windowsOf(version, header, tags, options.cacheDir),
    readPatch: (patch, signal) => fetch(patch, signal),
  };
  const finest: RasterSource['fetch'] = (patch) => basePatch(pixels, patch);
  const computed: RasterSource['fetch'] = (patch, signal) => overviewPatch(pixels, patch, signal);
  const coarser = whole
    ? computed
    : storedRasters({ fetch: computed, store, cache: id, prefix: versionName(version), codec, report });
  const remembered = cachedRasters({
    fetch: (patch, signal) => (patch.level === 0 ? finest : coarser)(patch, signal),
    maxBytes: options.decodedCacheBytes,
    ttlMs: 0,
    missingTtlMs: 0,
  });
  /** The finest level of a whole picture is in memory anyway. */
  const fetch: RasterSource['fetch'] = (patch, signal) => (whole && patch.level === 0 ? finest : remembered)(patch, signal);
  return { id, tiling, bbox, modified: version.modified, fetch };
}

async function versionOf(path: string): Promise<FileVersion> {
  const found = await stat(path).catch((cause: unknown) => {
    throw invalidImage(`the picture ${path} cannot be read`, 'url', cause);
  });
  if (!found.isFile()) throw invalidImage(`${path} is no file`, 'url');
  return { path, sizeBytes: found.size, modified: found.mtime };
}

async function headerOf(path: string): Promise<ImageHeader> {
  return readImageHeader(path).catch((cause: unknown) => {
    throw invalidImage(`${path} is no picture that can be read; JPEG, PNG, WebP and 8-bit TIFF can`, 'url', cause);
  });
}

/** The whole picture in memory, from its first use on. */
function wholePicture(path: string): OverviewOptions['readBase'] {
  const whole = once(() => readImage(path, null));
  return async (): Promise<BaseWindow> => ({ raster: await whole(), left: 0, top: 0 });
}

/** Windows of a picture too large for that: of itself if it is a tiled TIFF, else of a tiled copy made at the first use. */
function windowsOf(file: FileVersion, header: ImageHeader, tags: TiffTags | null, cacheDir: string): OverviewOptions['readBase'] {
  const path = once(async () => (tags?.tiled === true ? file.path : tiledCopy(file, header, cacheDir)));
  return async (rect) => ({ raster: await readImage(await path(), rect), left: rect.left, top: rect.top });
}

/** The same promise for all callers; after a failure the next caller tries anew. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => {
    result ??= work().catch((error: unknown) => {
      result = null;
      throw error;
    });
    return result;
  };
}
