import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TileStore } from '../types.ts';
import { createFiles, createKeyedTiles, type OwnKeys } from './sqlite/keyedTiles.ts';
import { PLAIN_TILES } from './sqlite/mbtilesSchema.ts';
import { createTileFile, type SqliteOptions } from './sqlite/tileFile.ts';

export interface SqliteStoreOptions extends SqliteOptions {
  readonly directory: string;
  readonly own: OwnKeys;
  /** Seconds after which a tile counts as absent; 0 = never. */
  readonly ttlSeconds: number;
}

/** The file of keys that are no tiles of the grid. */
const OTHER = 'other';

/**
 * MapProxy's `sqlite` cache: one file per level, `{level}.mbtiles`, rows in the grid's own numbers. Files that MapProxy up to 4
 * called `{level}.mbtile` are read and extended under that name.
 */
export function createSqliteStore({ directory, own, ttlSeconds, ...options }: SqliteStoreOptions): TileStore {
  const files = createFiles((name: string) => createTileFile(fileNamed(directory, name), PLAIN_TILES, options));
  return createKeyedTiles({ own, ttlSeconds, fileOf: (tile) => files.of(typeof tile === 'string' ? OTHER : String(tile.level)), close: files.close });
}

function fileNamed(directory: string, name: string): string {
  const [file, old] = [join(directory, `${name}.mbtiles`), join(directory, `${name}.mbtile`)];
  return existsSync(old) && !existsSync(file) ? old : file;
}
