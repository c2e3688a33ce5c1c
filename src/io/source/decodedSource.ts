import { GatewayError } from '../../errors.ts';
import type { Codec } from '../../raster/codec/types.ts';
import type { Raster } from '../../raster/raster.ts';
import { cachedRasters } from './rasterCache.ts';
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

/** The same without a memory: every patch that is asked for is fetched and decoded. */
export function decodedPatches({ bytes, codec, otherSize = 'refuse' }: Pick<DecodedSourceOptions, 'bytes' | 'codec' | 'otherSize'>): RasterSource['fetch'] {
  return async (patch, signal) => {
    const encoded = await bytes.fetch(patch, signal);
    return encoded === null ? null : decodePatch(codec, patch, encoded, otherSize);
  };
}

/** Pictures that were decoded to see whether they are any good, until somebody wants their pixels or nobody holds the bytes any more. */
const checked = new WeakMap<EncodedPatch, Raster>();

/** Throws what decodePatch throws; who decodes the same object next gets what was decoded here. */
export async function checkPatch(codec: Codec, patch: Patch, encoded: EncodedPatch, otherSize: OtherSize): Promise<void> {
  checked.set(encoded, await decodePatch(codec, patch, encoded, otherSize));
}

/**
 * The pixels of a patch, exactly of its size.
 * @throws GatewayError UPSTREAM_FAILED when the bytes are no picture, or one of another size and `otherSize` is 'refuse';
 *   TOO_LARGE from the codec
 */
export async function decodePatch(codec: Codec, patch: Patch, encoded: EncodedPatch, otherSize: OtherSize): Promise<Raster> {
  const known = checked.get(encoded);
  checked.delete(encoded);
  if (known !== undefined) return known;
  const raster = await codec.decode(encoded.bytes);
  const { width, height } = patch.grid;
  if (raster.width === width && raster.height === height) return raster;
  if (otherSize === 'resize') return codec.resize(raster, width, height);
  const sizes = `${raster.width} x ${raster.height} pixels instead of ${width} x ${height}`;
  throw new GatewayError('UPSTREAM_FAILED', `patch ${patch.key} has ${sizes}`);
}
