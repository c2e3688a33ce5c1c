import type { Bbox } from '../../geometry/crs/axis.ts';
import type { TileMatrix } from '../../geometry/pyramid/tileMatrixSet.ts';
import type { FirstRow } from './mbtiles.ts';
import { openTileDatabase, unreadable, type TileDatabase } from './tileDatabase.ts';

/** One table of tiles of a GeoPackage (OGC 12-128r18, 2.2) and what is said of it. */
export interface Geopackage {
  readonly database: TileDatabase;
  /** 'EPSG:3857', 'IAU_2015:49900'; null where the file names none that others know. */
  readonly srs: string | null;
  readonly bbox: Bbox;
  /** Coarsest first; the identifiers are the zoom levels. Only levels with tiles. */
  readonly matrices: readonly TileMatrix[];
  /** Rows are counted from above, but in files of MapProxy from below, as its grids do unless told otherwise. */
  readonly firstRow: FirstRow;
}

/** How MapProxy describes its tables, and how tables with the grid's own rows are described that were written here. */
const GRID_ROWS: readonly string[] = ['Created with Mapproxy.', 'Tiles, rows as the grid counts them'];

/**
 * @param table name of the table; null = the only one
 * @throws GatewayError CONFIG_INVALID, locators 'filename' and 'table_name'
 */
export async function openGeopackage(file: string, table: string | null): Promise<Geopackage> {
  let name = table;
  const database = await openTileDatabase(file, (rows) => (name ??= onlyTable(rows, file)));
  try {
    const [set] = database.rows('SELECT * FROM gpkg_tile_matrix_set WHERE table_name = ?', name!);
    if (set === undefined) throw unreadable(`${file} says nothing of the table '${name}'; it has: ${tablesOf(database.rows).join(', ')}`);
    const bbox = ['min_x', 'min_y', 'max_x', 'max_y'].map((column) => Number(set[column])) as unknown as Bbox;
    const levels = database.rows('SELECT * FROM gpkg_tile_matrix WHERE table_name = ? ORDER BY zoom_level', name!);
    const used = new Set(database.zooms.map(({ zoom }) => zoom));
    const matrices = levels.filter((level) => used.has(Number(level['zoom_level']))).map((level) => matrixOf(level, bbox));
    if (matrices.length === 0) throw unreadable(`${file} has no tiles in the table '${name}'`);
    const [contents] = database.rows('SELECT description FROM gpkg_contents WHERE table_name = ?', name!);
    const firstRow = GRID_ROWS.includes(String(contents?.['description'])) ? 'sw' : 'nw';
    return { database, srs: srsOf(database, String(set['srs_id'])), bbox, matrices, firstRow };
  } catch (error) {
    database.close();
    throw error;
  }
}

function tablesOf(rows: TileDatabase['rows']): readonly string[] {
  return rows("SELECT table_name FROM gpkg_contents WHERE data_type = 'tiles' ORDER BY table_name").map((row) => String(row['table_name']));
}

function onlyTable(rows: TileDatabase['rows'], file: string): string {
  const tables = tablesOf(rows);
  if (tables.length === 1) return tables[0]!;
  throw unreadable(tables.length === 0 ? `${file} has no tables of tiles` : `${file} has several tables of tiles: give table_name, one of ${tables.join(', ')}`);
}

function matrixOf(level: Record<string, unknown>, bbox: Bbox): TileMatrix {
  const number = (column: string): number => Number(level[column]);
  const [cellSize, cellHeight] = [number('pixel_x_size'), number('pixel_y_size')];
  if (Math.abs(cellSize - cellHeight) > 1e-6 * cellSize) throw unreadable(`pixels of ${cellSize} x ${cellHeight}: only square ones are read`);
  return {
    id: String(level['zoom_level']),
    cellSize,
    cornerOfOrigin: 'topLeft',
    pointOfOrigin: [bbox[0], bbox[3]],
    tileWidth: number('tile_width'),
    tileHeight: number('tile_height'),
    matrixWidth: number('matrix_width'),
    matrixHeight: number('matrix_height'),
  };
}

function srsOf({ rows }: TileDatabase, id: string): string | null {
  const [found] = rows('SELECT organization, organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = CAST(? AS INTEGER)', id);
  const organization = String(found?.['organization'] ?? 'NONE').toUpperCase();
  return organization === 'NONE' ? null : `${organization}:${String(found!['organization_coordsys_id'])}`;
}
