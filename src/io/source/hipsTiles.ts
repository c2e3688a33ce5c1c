import type { Frame } from '../../geometry/frame/frame.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import { mocContains, type Moc } from '../../protocol/hips/moc.ts';
import { formatAllskyPath } from '../../protocol/hips/path.ts';
import { TILE_EXTENSION, type HipsTileFormat } from '../../protocol/hips/tileFormat.ts';
import type { Codec } from '../../raster/codec/types.ts';
import type { TileStore } from '../cache/types.ts';
import { decodedPatches } from './decodedSource.ts';
import { firstFormat, hipsTileBytes } from './hipsBytes.ts';
import { standIn, type HipsFallbackOptions } from './hipsFallback.ts';
import type { HipsFiles } from './hipsFiles.ts';
import { hipsAddressOf, hipsPatch, hipsTiling } from './hipsTiling.ts';
import { looksWhole } from './hipsWhole.ts';
import { cachedRasters, ownRasters, type RasterMemory } from './rasterCache.ts';
import { storedBytes } from './storedBytes.ts';
import type { PatchBytes, RasterSource, Tiling } from './types.ts';

/** A HiPS of which everything is known that must be known to read it. */
export interface HipsTilesOptions {
  readonly files: HipsFiles;
  readonly frame: Frame;
  readonly order: number;
  /** Shallowest order that it says it has, and whether the orders above it need not even be asked for. */
  readonly orderMin: number;
  readonly orderMinIsSure: boolean;
  readonly tileWidth: Pixels;
  /** To be tried, the preferred one first; at least one. */
  readonly formats: readonly HipsTileFormat[];
  /** In the frame of the HiPS; null = not known. */
  readonly coverage: Moc | null;
  /** Keeps tiles as they were received; null = nowhere. */
  readonly store: TileStore | null;
  /** First part of every key: different for each version of the data. */
  readonly cache: string;
  /** Age from which a stored tile is asked for again, milliseconds; Infinity where `cache` names the version. */
  readonly maxAgeMs: number;
  readonly codec: Codec;
  readonly decodedCacheBytes: number;
  /** Where decoded tiles are remembered; default memory of its own. */
  readonly remember?: RasterMemory;
  /** Hears of trouble with the store. */
  report(error: unknown): void;
}

/** A HiPS that is read. */
export interface HipsTiles {
  readonly tiling: Tiling;
  /** As RasterSource.fetch, for a patch of any HiPS tiling of the same frame: deeper orders are magnified, other widths resized. */
  readonly fetch: RasterSource['fetch'];
  /** The tiles of one format, undecoded. */
  bytesOf(format: HipsTileFormat): PatchBytes;
}

/** "Nothing here" is believed this long. */
const MISSING_MS = 3_600_000;
/** The same in memory, and for what stands in for missing tiles. */
const MISSING_IN_MEMORY_MS = 60_000;
/** Part of the memory that is for stand-ins. */
const STAND_IN_SHARE = 0.25;
/** Part of the memory that is for tiles at another size. */
const RESIZED_SHARE = 0.125;
/** Memory for one Allsky. */
const ALLSKY_BYTES = 32 * 1024 * 1024;

export function createHipsTiles(options: HipsTilesOptions): HipsTiles {
  const { frame, tileWidth, codec, decodedCacheBytes, remember = ownRasters } = options;
  const bytesOf = perFormat(options);
  const bytes = firstFormat(options.formats, bytesOf);
  const own = remember({
    fetch: decodedPatches({ bytes, codec, otherSize: 'resize' }),
    maxBytes: decodedCacheBytes * (1 - STAND_IN_SHARE - RESIZED_SHARE),
    missingTtlMs: MISSING_IN_MEMORY_MS,
  });
  const tile: RasterSource['fetch'] = async (patch, signal) => (mayHave(options, hipsAddressOf(patch).order) ? own(patch, signal) : null);
  const standIns = cachedRasters({
    fetch: (patch, signal) => standIn(patch, fallback, signal),
    maxBytes: decodedCacheBytes * STAND_IN_SHARE,
    ttlMs: MISSING_IN_MEMORY_MS,
    missingTtlMs: MISSING_IN_MEMORY_MS,
  });
  const any: RasterSource['fetch'] = async (patch, signal) => (await tile(patch, signal)) ?? standIns(patch, signal);
  const fallback: HipsFallbackOptions = { ...options, tile, any, allsky: allskyOf(bytes, options) };
  const outside = ({ order, npix }: ReturnType<typeof hipsAddressOf>): boolean => options.coverage !== null && mocContains(options.coverage, order, npix) === 'outside';
  const resized = cachedRasters({
    async fetch(patch, signal) {
      const raster = await any(hipsPatch(frame, hipsAddressOf(patch), tileWidth), signal);
      return raster === null ? null : codec.resize(raster, patch.grid.width, patch.grid.height);
    },
    maxBytes: decodedCacheBytes * RESIZED_SHARE,
    ttlMs: MISSING_IN_MEMORY_MS, // it may have been made of a stand-in
    missingTtlMs: MISSING_IN_MEMORY_MS,
  });
  return {
    tiling: hipsTiling(options),
    bytesOf,
    async fetch(patch, signal) {
      if (outside(hipsAddressOf(patch))) return null;
      return patch.grid.width === tileWidth ? any(patch, signal) : resized({ ...patch, key: `${patch.key} ${patch.grid.width}` }, signal);
    },
  };
}

function mayHave({ order: deepest, orderMin, orderMinIsSure }: HipsTilesOptions, order: number): boolean {
  return order <= deepest && (order >= orderMin || !orderMinIsSure);
}

/** The bytes of each format, stored apart under their own extension. */
function perFormat(options: HipsTilesOptions): (format: HipsTileFormat) => PatchBytes {
  const known = new Map<HipsTileFormat, PatchBytes>();
  return (format) => {
    const bytes = known.get(format) ?? kept(hipsTileBytes(options.files, format), format, options);
    known.set(format, bytes);
    return bytes;
  };
}

function kept(bytes: PatchBytes, format: HipsTileFormat, { store, cache, maxAgeMs, codec, report }: HipsTilesOptions): PatchBytes {
  if (store === null) return bytes;
  return storedBytes({
    bytes, store, cache, maxAgeMs, report,
    extension: TILE_EXTENSION[format],
    missingMaxAgeMs: MISSING_MS,
    check: async (_patch, encoded) => {
      if (!looksWhole(encoded.bytes)) await codec.decode(encoded.bytes);
    },
  });
}

/** The Allsky files, kept and remembered like tiles. */
function allskyOf(bytes: PatchBytes, { frame, tileWidth, codec }: HipsTilesOptions): HipsFallbackOptions['allsky'] {
  const remembered = cachedRasters({
    fetch: async (patch, signal) => {
      const encoded = await bytes.fetch(patch, signal);
      return encoded === null ? null : codec.decode(encoded.bytes);
    },
    maxBytes: ALLSKY_BYTES,
    ttlMs: 0,
    missingTtlMs: MISSING_MS,
  });
  return (order, signal) => remembered({ ...hipsPatch(frame, { order, npix: 0 }, tileWidth), key: formatAllskyPath(order) }, signal);
}
