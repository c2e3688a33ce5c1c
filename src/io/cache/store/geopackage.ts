import { join } from 'node:path';
import type { TileStore } from '../types.ts';
import { geopackageSchema, type GeopackageDescription } from './sqlite/geopackageSchema.ts';
import { createFiles, createKeyedTiles, type OwnKeys } from './sqlite/keyedTiles.ts';
import { createTileFile, type SqliteOptions } from './sqlite/tileFile.ts';

export interface GeopackageStoreOptions extends SqliteOptions, GeopackageDescription {
  /** One file for all levels, or a directory with one for each: `{level}.gpkg`. */
  readonly place: { readonly file: string } | { readonly directory: string };
  readonly own: OwnKeys;
}

/** The file of keys that are no tiles of the grid, where levels have files of their own. */
const OTHER = 'other';

/** MapProxy's `geopackage` cache, with the reference systems of other bodies too. See geopackageSchema for its rows. */
export function createGeopackageStore({ place, own, ...options }: GeopackageStoreOptions): TileStore {
  const schema = geopackageSchema(options);
  const files = createFiles((name: string) => createTileFile('file' in place ? place.file : join(place.directory, `${name}.gpkg`), schema, options));
  const nameOf = (tile: { readonly level: number } | string): string => (typeof tile === 'string' ? OTHER : String(tile.level));
  return createKeyedTiles({ own, ttlSeconds: 0, fileOf: (tile) => files.of('file' in place ? '' : nameOf(tile)), close: files.close });
}
