import type { DatabaseSync } from 'node:sqlite';
import type { TileNumber } from '../../gridKey.ts';
import { GEOPACKAGE_TABLES, GEOPACKAGE_SRS, tileTable } from './geopackageTables.ts';
import type { Rows } from './mbtilesSchema.ts';
import type { TileSchema } from './tileFile.ts';

/** A row of gpkg_spatial_ref_sys. */
export interface GeopackageSrs {
  readonly name: string;
  /** 'EPSG', 'IAU_2015'; 'NONE' for what has no reference system that others know. */
  readonly organization: string;
  readonly code: number;
  /** WKT 1, or 'undefined'. */
  readonly definition: string;
}

/** One level of the tile matrix set. */
export interface GeopackageLevel {
  readonly columns: number;
  readonly rows: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly cellSize: number;
}

type Box = readonly [minX: number, minY: number, maxX: number, maxY: number];

export interface GeopackageDescription {
  readonly table: string;
  /** Which way the rows of new tables are counted: as the standard says (from the top), or as the grid does (MapProxy's way). */
  readonly rows: Rows;
  readonly srs: GeopackageSrs;
  /** What the tiles show. */
  readonly bbox: Box;
  /** What all levels fill with tiles. */
  readonly extent: Box;
  /** Coarsest first; a number is a zoom level. */
  readonly levels: readonly GeopackageLevel[];
  readonly isWebp: boolean;
  /** A tile in the numbers of a GeoPackage: rows from the top. */
  fromTop(tile: TileNumber): TileNumber;
}

/** 'GPKG' and version 1.3.0 (GeoPackage 1.3, 1.1.1.1.1). */
const APPLICATION_ID = 0x47504b47;
const VERSION = 10_300;

/** How tables with the grid's own rows are known: what MapProxy writes, and what is written here where such rows are wanted. */
const GRID_ROWS: readonly string[] = ['Created with Mapproxy.', 'Tiles, rows as the grid counts them'];
const STANDARD_ROWS = 'Tiles';

/** Further numbers for reference systems whose own is taken. */
const FIRST_FREE_SRS = 100_000;
/** Share by which rounding may change a resolution. */
const SAME = 1e-9;

/**
 * A table of tiles in an OGC GeoPackage 1.3. In tables made here rows are counted from the top, as it wants; those of MapProxy's
 * tables are the grid's own.
 */
export function geopackageSchema(description: GeopackageDescription): TileSchema {
  const { table, fromTop } = description;
  return {
    table,
    create(db) {
      if (contentsOf(db, table) !== undefined) return;
      const isNew = db.prepare('PRAGMA application_id').get()?.['application_id'] === 0;
      if (isNew) db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION}`);
      db.exec(`${GEOPACKAGE_TABLES} ${tileTable(table)}`);
      describe(db, description);
    },
    numbering(db) {
      requireSameLevels(db, description);
      const contents = contentsOf(db, table);
      return GRID_ROWS.includes(String(contents?.['description'])) ? (tile) => tile : fromTop;
    },
  };
}

function contentsOf(db: DatabaseSync, table: string): Record<string, unknown> | undefined {
  const isPackage = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_contents'").get() !== undefined;
  return isPackage ? db.prepare('SELECT data_type, description FROM gpkg_contents WHERE table_name = ?').get(table) : undefined;
}

/** Entries of the tables about tables. Required ones: 2.2.6 tile matrix set, 2.2.7 tile matrices, 1.1.2 reference systems. */
function describe(db: DatabaseSync, { table, rows, srs, bbox, extent, levels, isWebp }: GeopackageDescription): void {
  for (const [id, one] of GEOPACKAGE_SRS) addSrs(db, id, one);
  const srsId = srsIdOf(db, srs);
  const text = rows === 'grid' ? GRID_ROWS[1]! : STANDARD_ROWS;
  db.prepare('INSERT INTO gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    .run(table, 'tiles', table, text, ...bbox, srsId);
  db.prepare('INSERT INTO gpkg_tile_matrix_set (table_name, srs_id, min_x, min_y, max_x, max_y) VALUES (?, ?, ?, ?, ?, ?)').run(table, srsId, ...extent);
  const level = db.prepare('INSERT INTO gpkg_tile_matrix VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  levels.forEach(({ columns, rows: count, tileWidth, tileHeight, cellSize }, zoom) => {
    level.run(table, zoom, columns, count, tileWidth, tileHeight, cellSize, cellSize);
  });
  if (isWebp) addExtension(db, table, 'tile_data', 'gpkg_webp', 'extension_tiles_webp');
  if (!halves(levels)) addExtension(db, table, 'zoom_level', 'gpkg_zoom_other', 'extension_zoom_other_intervals');
}

function addSrs(db: DatabaseSync, id: number, { name, organization, code, definition }: GeopackageSrs): void {
  db.prepare('INSERT OR IGNORE INTO gpkg_spatial_ref_sys (srs_name, srs_id, organization, organization_coordsys_id, definition) VALUES (?, ?, ?, ?, ?)')
    .run(name, id, organization, code, definition);
}

/** The file's own number of a reference system; entered if it is not there. */
function srsIdOf(db: DatabaseSync, srs: GeopackageSrs): number {
  const known = db.prepare('SELECT srs_id FROM gpkg_spatial_ref_sys WHERE lower(organization) = lower(?) AND organization_coordsys_id = ?').get(srs.organization, srs.code);
  if (known !== undefined) return Number(known['srs_id']);
  const isTaken = db.prepare('SELECT 1 FROM gpkg_spatial_ref_sys WHERE srs_id = ?').get(srs.code) !== undefined;
  const last = db.prepare('SELECT max(srs_id) AS last FROM gpkg_spatial_ref_sys').get()?.['last'];
  const id = isTaken ? Math.max(FIRST_FREE_SRS, Number(last) + 1) : srs.code;
  addSrs(db, id, srs);
  return id;
}

function addExtension(db: DatabaseSync, table: string, column: string, name: string, anchor: string): void {
  db.exec(`CREATE TABLE IF NOT EXISTS gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))`);
  db.prepare('INSERT OR IGNORE INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)').run(table, column, name, `http://www.geopackage.org/spec120/#${anchor}`, 'read-write');
}

/** Without an extension, each level has half the pixel size of the one before (GeoPackage 1.3, 2.2.3). */
function halves(levels: readonly GeopackageLevel[]): boolean {
  return levels.every(({ cellSize }, i) => i === 0 || isSame(cellSize * 2, levels[i - 1]!.cellSize));
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= SAME * Math.max(Math.abs(a), Math.abs(b));
}

/** @throws Error where the table was made for another grid: its tiles would be shown in the wrong place */
function requireSameLevels(db: DatabaseSync, { table, levels }: GeopackageDescription): void {
  for (const row of db.prepare('SELECT zoom_level, tile_width, tile_height, pixel_x_size FROM gpkg_tile_matrix WHERE table_name = ?').all(table)) {
    const level = levels[Number(row['zoom_level'])];
    if (level === undefined) continue;
    const found = `${String(row['tile_width'])}x${String(row['tile_height'])} pixels of ${String(row['pixel_x_size'])}`;
    const isGood = row['tile_width'] === level.tileWidth && row['tile_height'] === level.tileHeight && isSame(Number(row['pixel_x_size']), level.cellSize);
    if (!isGood) throw new Error(`the table '${table}' has tiles of ${found} at level ${String(row['zoom_level'])}, the grid ${level.tileWidth}x${level.tileHeight} of ${level.cellSize}`);
  }
}
