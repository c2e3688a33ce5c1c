import type { TileKey } from './types.ts';

/** A tile by the place of its level and the grid's own numbers (rows from the grid's own corner of origin), as MapProxy counts. */
export interface TileNumber {
  readonly level: number;
  readonly col: number;
  readonly row: number;
}

/** Numbers that stay exact integers in every store, without leading zeros, so that one tile has one key. */
const GRID_TILE = /^(0|[1-9]\d{0,2})\/(0|[1-9]\d{0,9})\/(0|[1-9]\d{0,9})$/;

/** The key of a tile of a grid, the same for every kind of store: 'level/column/row' of a cache. */
export function gridKey(cache: string, { level, col, row }: TileNumber, extension: string): TileKey {
  return { cache, tile: `${level}/${col}/${row}`, extension };
}

/** The inverse of gridKey; null for keys of other shapes, such as those of HiPS tiles. */
export function tileNumberOf({ tile }: TileKey): TileNumber | null {
  const match = GRID_TILE.exec(tile);
  return match === null ? null : { level: Number(match[1]), col: Number(match[2]), row: Number(match[3]) };
}
