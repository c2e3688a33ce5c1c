import type { GridLevel, GridListing } from '../task/grids.ts';

/** A grid in the words and columns of `mapproxy-util grids`. */
export function gridText({ name, srs, bbox, origin, tile_size, caches, levels }: GridListing): string {
  const configuration = { bbox: list(bbox), origin: `'${origin}'`, srs: `'${srs}'`, tile_size: list(tile_size), caches: caches.join(', ') };
  const width = Math.max(...levels.map(({ resolution }) => String(resolution).length));
  return [
    `${name}:`,
    '    Configuration:',
    ...Object.entries(configuration).filter(([, value]) => value !== '').map(([key, value]) => `        ${key}: ${value}`),
    '    Levels: Resolutions, # x * y = total tiles',
    ...levels.map((level) => `        ${levelText(level, width)}`),
  ].map((line) => `${line}\n`).join('');
}

function list(numbers: readonly number[]): string {
  return `[${numbers.join(', ')}]`;
}

/** `03:  4891.96981025128,  #      8 * 8      =       64 (12 covered)` */
function levelText({ level, resolution, columns, rows, tiles, covered, approximate }: GridLevel, width: number): string {
  const start = `${level.padStart(2, '0')}:  ${`${resolution},`.padEnd(width + 2)}# ${String(columns).padStart(6)} * ${String(rows).padEnd(6)} = ${readable(tiles).padStart(8)}`;
  return covered === undefined ? start : `${start} (${approximate === true ? 'about ' : ''}${readable(covered)} covered)`;
}

const MILLION = 1_000_000;

/** Whole up to a million, then millions: '16.777M'. */
function readable(count: number): string {
  if (count <= MILLION) return String(count);
  return `${(count / MILLION).toFixed(count > 10 * MILLION ? 2 : 3)}M`;
}
