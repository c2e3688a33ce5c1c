import type { Codec } from '../../raster/codec/types.ts';
import type { Raster } from '../../raster/raster.ts';
import type { TileKey, TileStore } from '../cache/types.ts';
import type { Patch, RasterSource } from './types.ts';

export interface StoredRastersOptions {
  /** Computes a patch. */
  readonly fetch: RasterSource['fetch'];
  readonly store: TileStore;
  /** First part of every key. */
  readonly cache: string;
  /** Put before the key of the patch: names the version of the data that the patches are made of. */
  readonly prefix: string;
  readonly codec: Codec;
  /** Hears of trouble with the store, which never keeps a patch from being served. */
  report(error: unknown): void;
}

/** Lossless, so nothing of this matters. */
const LOSSLESS = { quality: 100, background: 0 } as const;

/** The same fetch, its results kept as PNG: for patches that are computed rather than received. */
export function storedRasters({ fetch, store, cache, prefix, codec, report }: StoredRastersOptions): RasterSource['fetch'] {
  const keyOf = (patch: Patch): TileKey => ({ cache, tile: `${prefix}/${patch.key}`, extension: 'png' });

  async function stored(patch: Patch): Promise<Raster | null> {
    try {
      const tile = await store.get(keyOf(patch));
      return tile === undefined ? null : await codec.decode(tile.bytes);
    } catch (error) {
      report(error);
      return null;
    }
  }

  async function keep(patch: Patch, raster: Raster): Promise<void> {
    try {
      await store.put(keyOf(patch), await codec.encode(raster, 'image/png', LOSSLESS));
    } catch (error) {
      report(error);
    }
  }

  return async (patch, signal) => {
    const old = await stored(patch);
    if (old !== null) return old;
    const raster = await fetch(patch, signal);
    if (raster !== null) await keep(patch, raster);
    return raster;
  };
}
