import { flipRow, tileBbox, type TileAddress } from '../../geometry/pyramid/tileMatrixSet.ts';
import { GatewayError } from '../../errors.ts';

/** A tile as addresses of tiles name it. */
export interface NamedTile {
  readonly address: TileAddress;
  /** Number of its matrix, 0 = the coarsest. */
  readonly z: number;
  /** Extension of its format, without dot. */
  readonly format: string;
}

type Value = (tile: NamedTile) => string | number;

/** The placeholders of MapProxy's `type: tile`; x and y as the grid counts them. */
const PLACEHOLDERS: Readonly<Record<string, Value>> = {
  x: ({ address }) => address.col,
  y: ({ address }) => address.row,
  z: ({ z }) => z,
  format: ({ format }) => format,
  quadkey: ({ address, z }) => quadkey(z, address.col, address.row),
  tc_path: ({ address, z }) => [padded(z, 2), ...thousands(address.col), ...thousands(address.row)].join('/'),
  tms_path: ({ address, z }) => `${z}/${address.col}/${address.row}`,
  arcgiscache_path: ({ address, z }) => `L${padded(z, 2)}/R${hex8(address.row)}/C${hex8(address.col)}`,
  bbox: ({ address: { matrix, col, row } }) => tileBbox(matrix, col, row).map((edge) => edge.toFixed(8)).join(','),
};

/** A placeholder of Python's % operator: name, flag and width, conversion. '%%' is a percent sign. */
const PLACEHOLDER = /%(?:%|\((\w*)\)(0?)(\d*)([sdirxX])|.?)/g;

/**
 * Reads a template of addresses: %(x)s, %(y)s, %(z)s, %(format)s, %(quadkey)s, %(tc_path)s, %(tms_path)s, %(arcgiscache_path)s,
 * %(bbox)s, also as d, i, x or X with a width ('%(z)02d').
 * @throws CONFIG_INVALID, locator 'url', for any other placeholder
 */
export function tileTemplate(template: string): (tile: NamedTile) => string {
  for (const [text, name] of template.matchAll(PLACEHOLDER)) if (text !== '%%') requireKnown(text, name);
  return (tile) => template.replaceAll(PLACEHOLDER, (_text, name: string | undefined, zero: string, width: string, type: string) => {
    if (name === undefined) return '%';
    return converted(PLACEHOLDERS[name]!(tile), type).padStart(Number(width), zero === '0' ? '0' : ' ');
  });
}

function requireKnown(text: string, name: string | undefined): void {
  if (name !== undefined && Object.hasOwn(PLACEHOLDERS, name)) return;
  const known = Object.keys(PLACEHOLDERS).map((each) => `%(${each})s`).join(', ');
  throw new GatewayError('CONFIG_INVALID', `'${text}' is no placeholder of a tile; there are: ${known}; a percent sign is written %%`, { locator: 'url' });
}

function converted(value: string | number, type: string): string {
  if (typeof value === 'string' || !/x/i.test(type)) return String(value);
  return type === 'X' ? value.toString(16).toUpperCase() : value.toString(16);
}

function padded(n: number, digits: number): string {
  return String(n).padStart(digits, '0');
}

/** Three groups of three digits, as TileCache has them. */
function thousands(n: number): readonly string[] {
  return [padded(Math.floor(n / 1e6), 3), padded(Math.floor(n / 1000) % 1000, 3), padded(n % 1000, 3)];
}

function hex8(n: number): string {
  return n.toString(16).padStart(8, '0');
}

/** One digit per level, the bit of the column plus twice that of the row (Bing Maps Tile System). */
function quadkey(z: number, col: number, row: number): string {
  const digit = (bit: number): number => (Math.floor(col / 2 ** bit) % 2) + 2 * (Math.floor(row / 2 ** bit) % 2);
  return Array.from({ length: z }, (_, i) => digit(z - 1 - i)).join('');
}

/** The placeholders of XYZ addresses; y is counted from the top. */
const XYZ_PLACEHOLDERS: Readonly<Record<string, (tile: NamedTile, subdomains: readonly string[]) => string | number>> = {
  x: ({ address }) => address.col,
  y: ({ address }) => rowFromTop(address),
  '-y': ({ address }) => flipRow(address.matrix, rowFromTop(address)),
  z: ({ z }) => z,
  q: ({ address, z }) => quadkey(z, address.col, rowFromTop(address)),
  s: ({ address: { col, row } }, subdomains) => subdomains[(col + row) % subdomains.length] ?? '',
};

function rowFromTop({ matrix, row }: TileAddress): number {
  return matrix.cornerOfOrigin === 'topLeft' ? row : flipRow(matrix, row);
}

const XYZ_PLACEHOLDER = /\{([^{}]*)\}/g;

/**
 * Reads a template of XYZ addresses: {z}, {x}, {y} (from the top, whatever the grid), {-y} (from below), {q} (quadkey), {s}.
 * @throws CONFIG_INVALID, locator 'url', for any other placeholder, or when x, y and z do not all occur
 */
export function xyzTemplate(template: string, subdomains: readonly string[]): (tile: NamedTile) => string {
  const names = [...template.matchAll(XYZ_PLACEHOLDER)].map(([, name = '']) => name);
  const unknown = names.find((name) => !Object.hasOwn(XYZ_PLACEHOLDERS, name));
  const isWhole = names.includes('q') || (names.includes('x') && names.includes('z') && (names.includes('y') || names.includes('-y')));
  if (unknown !== undefined || !isWhole) {
    const found = unknown === undefined ? 'the address does not name {z}, {x} and {y}' : `'{${unknown}}' is no placeholder of an XYZ tile`;
    throw new GatewayError('CONFIG_INVALID', `${found}; there are: ${Object.keys(XYZ_PLACEHOLDERS).map((name) => `{${name}}`).join(', ')}`, { locator: 'url' });
  }
  return (tile) => template.replaceAll(XYZ_PLACEHOLDER, (_text, name: string) => String(XYZ_PLACEHOLDERS[name]!(tile, subdomains)));
}

/** The address of a TMS tile below its map, rows counted from below (OSGeo TMS 1.0.0). */
export function tmsTemplate(base: string): (tile: NamedTile) => string {
  return ({ address, z, format }) => `${base.replace(/\/+$/, '')}/${z}/${address.col}/${flipRow(address.matrix, rowFromTop(address))}.${format}`;
}
