import { GatewayError } from '../../errors.ts';
import type { Codec, Unpacked } from '../../raster/codec/types.ts';
import { RGBA, type Raster } from '../../raster/raster.ts';
import { cachedRasters } from './rasterCache.ts';
import type { MemoryFor } from './rasterPool.ts';
import type { EncodedPatch, Patch, PatchBytes, RasterSource, Tiling } from './types.ts';

export interface DecodedSourceOptions {
  readonly id: string;
  readonly tiling: Tiling;
  readonly bytes: PatchBytes;
  readonly codec: Codec;
  /** Memory for decoded patches. */
  readonly decodedCacheBytes: number;
  /** What to do with a picture of another size than its patch: a map server was wrong, a tile may be resized. Default 'refuse'. */
  readonly otherSize?: OtherSize;
  /** How long a decoded patch is believed, milliseconds; 0 (default) = as long as it fits. */
  readonly ttlMs?: number;
  /** How long "nothing here" is believed without asking `bytes` again. Default one minute. */
  readonly missingTtlMs?: number;
}

export type OtherSize = 'refuse' | 'resize';

const DEFAULT_MISSING_TTL_MS = 60_000;

/** A source made of encoded patches: fetched and decoded once for all who want them at the same time, kept while they fit. */
export function decodedSource(options: DecodedSourceOptions): RasterSource {
  const { id, tiling, ttlMs = 0, missingTtlMs = DEFAULT_MISSING_TTL_MS } = options;
  return { id, tiling, fetch: cachedRasters({ fetch: decodedPatches(options), maxBytes: options.decodedCacheBytes, ttlMs, missingTtlMs }) };
}

/** The same without a memory: every patch that is asked for is fetched and decoded, into memory of the caller's if it has some. */
export function decodedPatches(
  { bytes, codec, otherSize = 'refuse' }: Pick<DecodedSourceOptions, 'bytes' | 'codec' | 'otherSize'>,
): (patch: Patch, signal: AbortSignal, memoryFor?: MemoryFor) => Promise<Raster | null> {
  return async (patch, signal, memoryFor) => {
    const encoded = await bytes.fetch(patch, signal);
    return encoded === null ? null : decodePatch(codec, patch, encoded, otherSize, memoryFor);
  };
}

/** Pictures that were decoded to see whether they are any good, until somebody wants their pixels or nobody holds the bytes any more. */
const checked = new WeakMap<EncodedPatch, Unpacked>();

/** Throws what decodePatch throws; who decodes the same object next gets what was decoded here. */
export async function checkPatch(codec: Codec, patch: Patch, encoded: EncodedPatch, otherSize: OtherSize): Promise<void> {
  checked.set(encoded, await unpackPatch(codec, patch, encoded, otherSize));
}

/**
 * The pixels of a patch, exactly of its size.
 * @param memoryFor where they are to lie; absent, or where the picture has another size: memory of their own
 * @throws GatewayError UPSTREAM_FAILED when the bytes are no picture, or one of another size and `otherSize` is 'refuse';
 *   TOO_LARGE from the codec
 */
export async function decodePatch(codec: Codec, patch: Patch, encoded: EncodedPatch, otherSize: OtherSize, memoryFor?: MemoryFor): Promise<Raster> {
  const known = checked.get(encoded);
  checked.delete(encoded);
  const unpacked = known ?? (await unpackPatch(codec, patch, encoded, otherSize));
  const { width, height } = patch.grid;
  if (isOfSize(unpacked, patch)) return unpacked.raster(memoryFor?.(width * height * RGBA));
  return codec.resize(unpacked.raster(), width, height);
}

async function unpackPatch(codec: Codec, patch: Patch, encoded: EncodedPatch, otherSize: OtherSize): Promise<Unpacked> {
  const unpacked = await codec.unpack(encoded.bytes);
  if (otherSize === 'resize' || isOfSize(unpacked, patch)) return unpacked;
  const sizes = `${unpacked.width} x ${unpacked.height} pixels instead of ${patch.grid.width} x ${patch.grid.height}`;
  throw new GatewayError('UPSTREAM_FAILED', `patch ${patch.key} has ${sizes}`);
}

function isOfSize({ width, height }: Unpacked, { grid }: Patch): boolean {
  return width === grid.width && height === grid.height;
}
