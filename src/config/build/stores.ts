import type { TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { dimensionsPath } from '../../io/cache/dimensions.ts';
import { createFlatColour } from '../../io/cache/flatColour.ts';
import { gridKey, type TileNumber } from '../../io/cache/gridKey.ts';
import { layoutPath } from '../../io/cache/layout.ts';
import { createFileStore } from '../../io/cache/store/file.ts';
import type { TileKey, TileStore } from '../../io/cache/types.ts';
import type { Codec } from '../../raster/codec/types.ts';
import type { CacheConfig, CacheGridConfig, FileStoreConfig } from '../types.ts';

/** The tiles of one grid of a cache, for one choice of dimensions. */
export interface CacheStore {
  readonly store: TileStore;
  /** The key of a tile in the cache's own format; rows and columns in the grid's own numbers. */
  key(tile: TileNumber): TileKey;
}

/** Whose tiles they are. */
export interface CacheOfGrid {
  readonly cache: CacheConfig;
  readonly grid: CacheGridConfig;
  readonly set: TileMatrixSet;
  /** Values that tiles are kept apart by: {time: '2020-08-25'}. Default none. */
  readonly dimensions?: Readonly<Record<string, string>>;
}

export interface CacheStores {
  /** One store for all who ask for the same; nothing is opened or made before the first tile is asked for. */
  ofCache(wanted: CacheOfGrid): CacheStore;
  close(): Promise<void>;
}

export interface CacheStoresOptions {
  readonly codec: Codec;
  /** Hears of trouble that does not keep an answer from being given. */
  report(error: unknown): void;
}

/** MapProxy's ending is what follows the slash of the media type: 'jpeg', where addresses have 'jpg'; 'mixed' for `format: mixed`. */
function extensionOf({ format, mixed }: CacheConfig): string {
  return mixed ? 'mixed' : format.replace('image/', '');
}

/** Keys of a grid's tiles name their cache by this word: a store belongs to one grid of one cache, which names itself in the store's place. */
const OWN = 'tiles';

export function createCacheStores({ codec }: CacheStoresOptions): CacheStores {
  const opened = new Map<string, TileStore>();
  const colourOf = createFlatColour(codec);
  return {
    ofCache({ cache, grid, dimensions = {} }) {
      const extension = extensionOf(cache);
      const folder = dimensionsPath(dimensions);
      const id = JSON.stringify([grid.store, folder, extension]);
      const store = opened.get(id) ?? fileStore(grid.store, folder, colourOf);
      opened.set(id, store);
      return { store, key: (tile) => gridKey(OWN, tile, extension) };
    },
    async close() {
      const all = [...opened.values()];
      opened.clear();
      await Promise.all(all.map((store) => store.close()));
    },
  };
}

function below(place: string, folder: string): string {
  return folder === '' ? place : `${place}/${folder}`;
}

function fileStore(config: FileStoreConfig, folder: string, colourOf: (bytes: Uint8Array) => Promise<string | null>): TileStore {
  const { directory, directory_layout: layout, permissions, link_single_color_images: link } = config;
  return createFileStore(below(directory, folder), { pathOf: layoutPath(layout, OWN), permissions, flat: link === null ? null : { link, colourOf } });
}
