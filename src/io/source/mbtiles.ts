import { openTileDatabase, type TileDatabase } from './tileDatabase.ts';

/** Which row of tiles is row 0: the lowest (south) or the uppermost (north). */
export type FirstRow = 'sw' | 'nw';

/** An MBTiles file and what its metadata say (MBTiles 1.3). */
export interface Mbtiles {
  readonly database: TileDatabase;
  /** Rows are counted from below, unless the metadata say `scheme` = xyz. */
  readonly firstRow: FirstRow;
}

/** @throws GatewayError CONFIG_INVALID, locator 'filename' */
export async function openMbtiles(file: string): Promise<Mbtiles> {
  const database = await openTileDatabase(file, () => 'tiles');
  const [scheme] = valuesOf(database, 'scheme');
  return { database, firstRow: scheme === 'xyz' ? 'nw' : 'sw' };
}

function valuesOf({ rows }: TileDatabase, name: string): readonly string[] {
  try {
    return rows('SELECT value FROM metadata WHERE name = ?', name).map(({ value }) => String(value));
  } catch {
    return []; // a file without metadata is no MBTiles by the book, and common
  }
}
