import type { TileStore } from '../types.ts';
import { createKeyedTiles, type OwnKeys } from './sqlite/keyedTiles.ts';
import { mbtilesSchema, type MbtilesDescription } from './sqlite/mbtilesSchema.ts';
import { createTileFile, type SqliteOptions } from './sqlite/tileFile.ts';

export interface MbtilesStoreOptions extends SqliteOptions, MbtilesDescription {
  readonly file: string;
  readonly own: OwnKeys;
}

/** MapProxy's `mbtiles` cache: all levels in one MBTiles file, which QGIS and GDAL open. See mbtilesSchema for its rows. */
export function createMbtilesStore({ file, own, ...options }: MbtilesStoreOptions): TileStore {
  const tiles = createTileFile(file, mbtilesSchema(options), options);
  return createKeyedTiles({ own, ttlSeconds: 0, fileOf: () => tiles, close: tiles.close });
}
