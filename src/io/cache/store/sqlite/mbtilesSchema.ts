import type { DatabaseSync } from 'node:sqlite';
import type { TileNumber } from '../../gridKey.ts';
import type { TileSchema } from './tileFile.ts';

/** MapProxy's tables, to the letter of its columns and index; the times are those of its `sqlite` cache. */
const TABLES = `
  CREATE TABLE IF NOT EXISTS tiles (
    zoom_level integer,
    tile_column integer,
    tile_row integer,
    tile_data blob,
    last_modified datetime DEFAULT (datetime('now','localtime'))
  );
  CREATE TABLE IF NOT EXISTS metadata (name text, value text);
  CREATE UNIQUE INDEX IF NOT EXISTS idx_tile ON tiles (zoom_level, tile_column, tile_row);
`;

/** 'MPBX': how `file` and others know an MBTiles file (MBTiles 1.3, "SQLite"). */
const APPLICATION_ID = 0x4d504258;

export const TILES = 'tiles';

/** Files of MapProxy's `sqlite` cache: rows are the grid's own, the metadata are empty. */
export const PLAIN_TILES: TileSchema = Object.freeze({
  table: TILES,
  create(db: DatabaseSync) {
    if (!hasTiles(db)) db.exec(TABLES);
  },
  numbering: () => (tile: TileNumber) => tile,
});

/** Which way the rows of new files are counted: as MBTiles says (from the bottom), or as the grid does (MapProxy's way). */
export type Rows = 'standard' | 'grid';

export interface MbtilesDescription {
  readonly rows: Rows;
  /** Entries of the metadata table beside `scheme`: name, format, bounds, ... */
  readonly metadata: Readonly<Record<string, string>>;
  /** A tile in the numbers of MBTiles: rows from the bottom. */
  fromBottom(tile: TileNumber): TileNumber;
}

/**
 * An MBTiles file (MBTiles 1.3). In files made here rows are counted from the bottom, as it wants, and the metadata say so
 * (`scheme` = tms). Files without that entry are MapProxy's, or used with it: their rows are the grid's own.
 */
export function mbtilesSchema({ rows, metadata, fromBottom }: MbtilesDescription): TileSchema {
  return {
    table: TILES,
    create(db) {
      if (hasTiles(db)) return;
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}; ${TABLES}`);
      const insert = db.prepare('INSERT INTO metadata (name, value) VALUES (?, ?)');
      const entries = { ...metadata, ...(rows === 'standard' ? { scheme: 'tms' } : {}) };
      for (const [name, value] of Object.entries(entries)) insert.run(name, value);
    },
    numbering: (db) => (schemeOf(db) === 'tms' ? fromBottom : (tile) => tile),
  };
}

function hasTiles(db: DatabaseSync): boolean {
  return db.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(TILES) !== undefined;
}

function schemeOf(db: DatabaseSync): string | null {
  const hasMetadata = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'metadata'").get() !== undefined;
  const row = hasMetadata ? db.prepare("SELECT value FROM metadata WHERE name = 'scheme'").get() : undefined;
  return row === undefined ? null : String(row['value']);
}
