import { pathOfKey } from './keyPath.ts';
import { tileNumberOf, type TileNumber } from './gridKey.ts';
import type { TileKey } from './types.ts';

/** MapProxy's arrangements of tile files (`directory_layout`). */
export const DIRECTORY_LAYOUTS = ['tc', 'mp', 'tms', 'reverse_tms', 'quadkey', 'arcgis'] as const;
export type DirectoryLayout = (typeof DIRECTORY_LAYOUTS)[number];

/** Beside the tiles of a grid: no layout has a directory of this name. */
const OTHER_KEYS = 'other';

/**
 * Where a store with one of MapProxy's layouts keeps a key, relative to the cache's own directory: tiles of the grid where
 * MapProxy 7 keeps them, byte for byte; any other key below 'other/'.
 * @param cache what the keys of the grid's tiles (gridKey) name as their cache
 * @throws GatewayError INVALID_PARAMETER for what cannot be part of a key
 */
export function layoutPath(layout: DirectoryLayout, cache: string): (key: TileKey) => string {
  return (key) => {
    const plain = pathOfKey(key);
    const tile = key.cache === cache ? tileNumberOf(key) : null;
    return tile === null ? `${OTHER_KEYS}/${plain}` : `${tilePath(layout, tile)}.${key.extension}`;
  };
}

/** The path of a tile without its extension; '' for the only quadkey of level 0 (MapProxy's file is called '.png'). */
export function tilePath(layout: DirectoryLayout, tile: TileNumber): string {
  return PATHS[layout].write(tile);
}

/** The inverse of tilePath; null where a path is none of the layout's. */
export function tileOfPath(layout: DirectoryLayout, path: string): TileNumber | null {
  const { pattern, read } = PATHS[layout];
  const match = pattern.exec(path);
  if (match === null) return null;
  const tile = read(match.slice(1));
  return tilePath(layout, tile) === path ? tile : null;
}

/** Where the tiles of one level are, for cleaning up; null where a layout keeps none of its levels apart. */
export function levelPath(layout: DirectoryLayout, level: number): string | null {
  if (layout === 'reverse_tms' || layout === 'quadkey') return null;
  const [first] = tilePath(layout, { level, col: 0, row: 0 }).split('/');
  return first ?? null;
}

interface Paths {
  write(tile: TileNumber): string;
  readonly pattern: RegExp;
  read(parts: readonly string[]): TileNumber;
}

const PATHS: { readonly [layout in DirectoryLayout]: Paths } = Object.freeze({
  tc: {
    write: ({ level, col, row }) => `${digits(level, 2)}/${groups(col, 3, 3)}/${groups(row, 3, 3)}`,
    pattern: /^(\d{2,})\/(\d{3,})\/(\d{3})\/(\d{3})\/(\d{3,})\/(\d{3})\/(\d{3})$/,
    read: ([z, ...parts]) => ({ level: Number(z), col: Number(parts.slice(0, 3).join('')), row: Number(parts.slice(3).join('')) }),
  },
  mp: {
    write: ({ level, col, row }) => `${digits(level, 2)}/${groups(col, 4, 2)}/${groups(row, 4, 2)}`,
    pattern: /^(\d{2,})\/(\d{4,})\/(\d{4})\/(\d{4,})\/(\d{4})$/,
    read: ([z, ...parts]) => ({ level: Number(z), col: Number(parts.slice(0, 2).join('')), row: Number(parts.slice(2).join('')) }),
  },
  tms: {
    write: ({ level, col, row }) => `${level}/${col}/${row}`,
    pattern: /^(\d+)\/(\d+)\/(\d+)$/,
    read: ([z, x, y]) => ({ level: Number(z), col: Number(x), row: Number(y) }),
  },
  reverse_tms: {
    write: ({ level, col, row }) => `${row}/${col}/${level}`,
    pattern: /^(\d+)\/(\d+)\/(\d+)$/,
    read: ([y, x, z]) => ({ level: Number(z), col: Number(x), row: Number(y) }),
  },
  quadkey: {
    write: quadkey,
    pattern: /^([0-3]*)$/,
    read: ([key = '']) => ({ level: key.length, col: bitsOf(key, 1), row: bitsOf(key, 2) }),
  },
  arcgis: {
    write: ({ level, col, row }) => `L${digits(level, 2)}/R${hex(row)}/C${hex(col)}`,
    pattern: /^L(\d{2,})\/R([0-9a-f]{8,})\/C([0-9a-f]{8,})$/,
    read: ([z, y = '', x = '']) => ({ level: Number(z), col: Number.parseInt(x, 16), row: Number.parseInt(y, 16) }),
  },
});

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** '000/000/004': a number in groups of decimal digits, so that no directory gets more than 10^size entries; the first takes what is left. */
function groups(value: number, size: number, count: number): string {
  const base = 10 ** size;
  return Array.from({ length: count }, (_, i) => {
    const rest = Math.floor(value / base ** (count - 1 - i));
    return digits(i === 0 ? rest : rest % base, size);
  }).join('/');
}

/** One digit of base 4 per level, the coarsest first: 1 for the right half, 2 for the half of higher rows. */
function quadkey({ level, col, row }: TileNumber): string {
  const at = (bit: number): number => (Math.floor(col / 2 ** bit) % 2) + 2 * (Math.floor(row / 2 ** bit) % 2);
  return Array.from({ length: level }, (_, i) => at(level - 1 - i)).join('');
}

/** The number that one bit of each digit spells. */
function bitsOf(key: string, bit: 1 | 2): number {
  return [...key].reduce((sum, digit) => sum * 2 + ((Number(digit) & bit) === 0 ? 0 : 1), 0);
}
