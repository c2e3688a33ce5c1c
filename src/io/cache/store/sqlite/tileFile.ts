import { statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TileNumber } from '../../gridKey.ts';
import type { StoredTile } from '../../types.ts';
import type { Permissions } from '../folder.ts';
import { createConnection } from './connection.ts';

/** What the files of all SQLite stores have in common. */
export interface SqliteOptions {
  /** How long to wait while other processes write, milliseconds. */
  readonly timeoutMs: number;
  readonly wal: 'always' | 'whileOpen' | 'never';
  readonly permissions: Permissions;
}

/** How one kind of file arranges its tiles. */
export interface TileSchema {
  /** Name of the table with columns zoom_level, tile_column, tile_row, tile_data and, for files made here, last_modified. */
  readonly table: string;
  /** Makes the tables of a new file, or what is missing of them. */
  create(db: DatabaseSync): void;
  /** How the rows of this file are counted: from the grid's own numbers to the table's. */
  numbering(db: DatabaseSync): (tile: TileNumber) => TileNumber;
}

/** One SQLite file with a table of grid tiles, and a second one for all other keys. */
export interface TileFile {
  get(tile: TileNumber | string): Promise<StoredTile | undefined>;
  put(tile: TileNumber | string, bytes: Uint8Array): Promise<void>;
  delete(tile: TileNumber | string): Promise<void>;
  close(): void;
}

/** Keys that are no tiles of the grid. Files of MapProxy have no such table; programs that read tiles do not mind. */
const OTHER = 'other_tiles';
const LOCAL_NOW = "datetime('now', 'localtime')";

interface Statements {
  tile(tile: TileNumber | string): readonly (string | number)[];
  of(tile: TileNumber | string): TableStatements | null;
}

interface TableStatements {
  readonly get: StatementSync;
  /** null: the table is a view, which can only be read. */
  readonly put: StatementSync | null;
  readonly delete: StatementSync | null;
}

/**
 * Opens nothing yet. A tile is named by its numbers in the grid, any other key by its path. Times are those of MapProxy's
 * `sqlite` cache: local, to the second, in a column `last_modified`, which files without it get when they are first written to;
 * until then their tiles are as old as the file.
 */
export function createTileFile(file: string, schema: TileSchema, options: SqliteOptions): TileFile {
  const connection = createConnection({
    ...options,
    file,
    complete(db) {
      schema.create(db);
      addTimes(db, schema.table, file);
      db.exec(`CREATE TABLE IF NOT EXISTS ${OTHER} (path text PRIMARY KEY, tile_data blob, last_modified datetime)`);
    },
    prepare: (db) => prepareAll(db, schema, file),
  });
  return {
    get: (tile) => connection.read((all) => found(all.of(tile)?.get.get(...all.tile(tile)))),
    put: async (tile, bytes) => connection.write((all) => void writable(all.of(tile)?.put, file).run(...all.tile(tile), bytes)),
    async delete(tile) {
      await connection.read((all) => {
        const statements = all.of(tile);
        if (statements !== null) writable(statements.delete, file).run(...all.tile(tile));
      });
    },
    close: connection.close,
  };
}

function writable(statement: StatementSync | null | undefined, file: string): StatementSync {
  if (statement != null) return statement;
  throw new Error(`the tiles of ${file} are a view of other tables, which can only be read`);
}

function found(row: Record<string, unknown> | undefined): StoredTile | undefined {
  if (row === undefined) return undefined;
  const { tile_data: data, modified } = row;
  if (!(data instanceof Uint8Array)) return undefined;
  return { bytes: data, modified: new Date(Number(modified) * 1000) };
}

function prepareAll(db: DatabaseSync, schema: TileSchema, file: string): Statements | undefined {
  const tiles = prepareTable(db, schema.table, ['zoom_level', 'tile_column', 'tile_row'], file);
  if (tiles === null) return undefined;
  const numbers = schema.numbering(db);
  let other = prepareTable(db, OTHER, ['path'], file);
  return {
    tile(tile) {
      if (typeof tile === 'string') return [tile];
      const { level, col, row } = numbers(tile);
      return [level, col, row];
    },
    of(tile) {
      if (typeof tile !== 'string') return tiles;
      return (other ??= prepareTable(db, OTHER, ['path'], file)); // another process may have made it meanwhile
    },
  };
}

/** null = there is no such table. */
function prepareTable(db: DatabaseSync, table: string, names: readonly string[], file: string): TableStatements | null {
  const kind = db.prepare('SELECT type FROM sqlite_master WHERE name = ?').get(table)?.['type'];
  if (kind === undefined) return null;
  const [own, where] = [quoted(table), names.map((name) => `${name} = ?`).join(' AND ')];
  const isView = kind === 'view';
  const hasTimes = columnsOf(db, table).includes('last_modified');
  const age = hasTimes ? "unixepoch(last_modified, 'utc')" : 'NULL';
  const columns = [...names, 'tile_data', ...(hasTimes ? ['last_modified'] : [])];
  const values = [...names.map(() => '?'), '?', ...(hasTimes ? [LOCAL_NOW] : [])];
  return {
    get: db.prepare(`SELECT tile_data, coalesce(${age}, ${secondsOf(file)}) AS modified FROM ${own} WHERE ${where}`),
    put: isView ? null : db.prepare(`INSERT OR REPLACE INTO ${own} (${columns.join(', ')}) VALUES (${values.join(', ')})`),
    delete: isView ? null : db.prepare(`DELETE FROM ${own} WHERE ${where}`),
  };
}

/** What is written from now on has a time of its own; what is there keeps the file's. */
function addTimes(db: DatabaseSync, table: string, file: string): void {
  const columns = columnsOf(db, table);
  const isTable = db.prepare("SELECT 1 FROM sqlite_master WHERE name = ? AND type = 'table'").get(table) !== undefined;
  if (!isTable || columns.includes('last_modified')) return;
  const local = db.prepare("SELECT datetime(?, 'unixepoch', 'localtime') AS local").get(secondsOf(file))?.['local'];
  db.exec(`ALTER TABLE ${quoted(table)} ADD COLUMN last_modified datetime DEFAULT '${String(local)}'`);
}

function secondsOf(file: string): number {
  return Math.floor((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) / 1000);
}

export function columnsOf(db: DatabaseSync, table: string): readonly string[] {
  return db.prepare('SELECT name FROM pragma_table_info(?)').all(table).map(({ name }) => String(name));
}

/** A name as SQLite takes it, whatever characters it has. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
