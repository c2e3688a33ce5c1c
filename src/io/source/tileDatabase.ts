import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../../errors.ts';
import { sniffImage } from '../../raster/codec/sniff.ts';
import type { EncodedPatch } from './types.ts';

/** A file with a table of tiles (MBTiles, GeoPackage), which is only read. */
export interface TileDatabase {
  /** Absolute path. */
  readonly path: string;
  readonly modified: Date;
  /** Zoom levels that have tiles, and the columns of each. */
  readonly zooms: readonly { readonly zoom: number; readonly minCol: number; readonly maxCol: number }[];
  /** null = there is no such tile. */
  tile(zoom: number, col: number, row: number): EncodedPatch | null;
  /** Answers of a question to the tables beside it. @throws Error where there are none */
  rows(sql: string, ...values: readonly string[]): readonly Record<string, unknown>[];
  close(): void;
}

/** @throws GatewayError CONFIG_INVALID, locator 'filename', for a file that is missing or has no such table */
export async function openTileDatabase(file: string, tableOf: (rows: TileDatabase['rows']) => string): Promise<TileDatabase> {
  const path = resolve(file);
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadable(`${path} cannot be read`, cause);
  });
  const db = opened(path);
  try {
    const rows: TileDatabase['rows'] = (sql, ...values) => db.prepare(sql).all(...values);
    const table = `"${tableOf(rows).replaceAll('"', '""')}"`;
    const one = db.prepare(`SELECT tile_data FROM ${table} WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?`);
    // A question for each level, since each is answered by the index; GROUP BY would read the whole table.
    const next = db.prepare(`SELECT min(zoom_level) AS zoom FROM ${table} WHERE zoom_level > ?`);
    const columns = db.prepare(`SELECT min(tile_column) AS minCol, max(tile_column) AS maxCol FROM ${table} WHERE zoom_level = ?`);
    const zooms: { zoom: number; minCol: number; maxCol: number }[] = [];
    for (let zoom = next.get(-1)?.['zoom']; typeof zoom === 'number'; zoom = next.get(zoom)?.['zoom']) {
      const { minCol, maxCol } = columns.get(zoom)!;
      zooms.push({ zoom, minCol: Number(minCol), maxCol: Number(maxCol) });
    }
    return {
      path,
      modified: found.mtime,
      zooms,
      rows,
      tile(zoom, col, row) {
        const bytes = one.get(zoom, col, row)?.['tile_data'];
        return bytes instanceof Uint8Array && bytes.length > 0 ? { bytes, contentType: sniffImage(bytes) ?? 'application/octet-stream' } : null;
      },
      close: () => db.close(),
    };
  } catch (cause) {
    db.close();
    if (cause instanceof GatewayError) throw cause;
    throw unreadable(`${path} has no tiles that can be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function opened(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { readOnly: true });
  } catch (cause) {
    throw unreadable(`${path} cannot be opened`, cause);
  }
}

/** CONFIG_INVALID about the file. */
export function unreadable(message: string, cause?: unknown): GatewayError {
  return new GatewayError('CONFIG_INVALID', message, { locator: 'filename', cause });
}
