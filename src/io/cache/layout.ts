import type { TileKey } from './types.ts';

/** MapProxy's arrangements of tile files (`directory_layout`). */
export const DIRECTORY_LAYOUTS = ['tc', 'mp', 'tms', 'reverse_tms', 'quadkey', 'arcgis'] as const;
export type DirectoryLayout = (typeof DIRECTORY_LAYOUTS)[number];

/** A tile by the place of its level and the grid's own numbers (rows from the grid's own corner of origin). */
export interface TileNumber {
  readonly level: number;
  readonly col: number;
  readonly row: number;
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** '000/000/004': a number below 10^9 in groups, so that no directory gets more than `10^size` entries. */
function groups(value: number, size: number, count: number): string {
  const base = 10 ** size;
  return Array.from({ length: count }, (_, i) => digits(Math.floor(value / base ** (count - 1 - i)) % base, size)).join('/');
}

/** One digit of base 4 per level; level 0 has none, where '_' stands for the name. */
function quadkey({ level, col, row }: TileNumber): string {
  const at = (bit: number): number => (Math.floor(col / 2 ** bit) % 2) + 2 * (Math.floor(row / 2 ** bit) % 2);
  return level === 0 ? '_' : Array.from({ length: level }, (_, i) => at(level - 1 - i)).join('');
}

const PARTS: { readonly [layout in DirectoryLayout]: (tile: TileNumber) => readonly [string, string] } = Object.freeze({
  tc: ({ level, col, row }) => [digits(level, 2), `${groups(col, 3, 3)}/${groups(row, 3, 3)}`],
  mp: ({ level, col, row }) => [digits(level, 2), `${groups(col, 4, 2)}/${groups(row, 4, 2)}`],
  tms: ({ level, col, row }) => [String(level), `${col}/${row}`],
  reverse_tms: ({ level, col, row }) => [String(row), `${col}/${level}`],
  quadkey: (tile) => ['.', quadkey(tile)],
  arcgis: ({ level, col, row }) => [`L${digits(level, 2)}`, `R${hex(row)}/C${hex(col)}`],
});

/**
 * The key of a tile in a store whose root is the cache's own directory, so that MapProxy's files are found where it left them.
 * `quadkey` has no directories: its keys need a store one directory above, whose name is `directory`.
 * @param extension MapProxy's: 'png', 'jpeg', 'webp'
 */
export function keyOfTile(layout: DirectoryLayout, tile: TileNumber, extension: string, directory: string): TileKey {
  const [first, rest] = PARTS[layout](tile);
  return { cache: first === '.' ? directory : first, tile: rest, extension };
}
