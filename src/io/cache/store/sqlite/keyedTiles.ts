import { pathOfKey } from '../../keyPath.ts';
import { tileNumberOf, type TileNumber } from '../../gridKey.ts';
import type { StoredTile, TileKey, TileStore } from '../../types.ts';
import type { TileFile } from './tileFile.ts';

/** Which keys are tiles of the grid: a table of tiles knows neither caches nor formats. */
export interface OwnKeys {
  readonly cache: string;
  readonly extension: string;
}

/** The numbers of a tile of the grid; the path of any other key. @throws GatewayError INVALID_PARAMETER */
function tileOf(key: TileKey, own: OwnKeys): TileNumber | string {
  const path = pathOfKey(key);
  const isOwn = key.cache === own.cache && key.extension === own.extension;
  return (isOwn ? tileNumberOf(key) : null) ?? path;
}

export interface KeyedTilesOptions {
  readonly own: OwnKeys;
  /** The file that has a tile; one object per file, whoever asks. */
  fileOf(tile: TileNumber | string): TileFile;
  /** Seconds after which a tile counts as absent; 0 = never. */
  readonly ttlSeconds: number;
  close(): void;
}

/** A store over files with tables of tiles. */
export function createKeyedTiles({ own, fileOf, ttlSeconds, close }: KeyedTilesOptions): TileStore {
  const isOver = ({ modified }: StoredTile): boolean => ttlSeconds > 0 && Date.now() - modified.getTime() >= ttlSeconds * 1000;
  return {
    async get(key) {
      const tile = tileOf(key, own);
      const stored = await fileOf(tile).get(tile);
      return stored === undefined || isOver(stored) ? undefined : stored;
    },
    async put(key, bytes) {
      const tile = tileOf(key, own);
      await fileOf(tile).put(tile, bytes);
    },
    async delete(key) {
      const tile = tileOf(key, own);
      await fileOf(tile).delete(tile);
    },
    close: async () => close(),
  };
}

/** Files by name, each made when it is first asked for. */
export function createFiles<Name>(make: (name: Name) => TileFile): { readonly of: (name: Name) => TileFile; readonly close: () => void } {
  const files = new Map<Name, TileFile>();
  return {
    of(name) {
      const file = files.get(name) ?? make(name);
      files.set(name, file);
      return file;
    },
    close() {
      for (const file of files.values()) file.close();
      files.clear();
    },
  };
}
