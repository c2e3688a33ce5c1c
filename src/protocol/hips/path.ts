import { GatewayError } from '../../errors.ts';
import { cellCount, MAX_ORDER } from '../../geometry/healpix/morton.ts';

/** What an address below `/hips/{layer}/` asks for. `extension` is lower case, without the dot, not yet checked against the layer. */
export type HipsRequest =
  | { readonly kind: 'properties' | 'moc' | 'metadata' | 'preview' | 'index' }
  | { readonly kind: 'tile'; readonly order: number; readonly npix: number; readonly extension: string }
  | { readonly kind: 'allsky'; readonly order: number; readonly extension: string };

/** Tiles per directory (HiPS 1.0, section 4.1). */
const DIRECTORY_SIZE = 10_000;

/** Deepest order that may have an Allsky file (HiPS 1.0, section 4.3.2). */
export const MAX_ALLSKY_ORDER = 3;

const EXTENSION = '[a-z]+(?:\\.fz)?';
const TILE = new RegExp(`^Norder([^/]*)/Dir([^/]*)/Npix([^/.]*)\\.(${EXTENSION})$`);
const ALLSKY = new RegExp(`^Norder([^/]*)/Allsky\\.(${EXTENSION})$`);
const WHOLE_NUMBER = /^(?:0|[1-9][0-9]{0,15})$/;

const FILES: ReadonlyMap<string, 'properties' | 'moc' | 'metadata' | 'preview' | 'index'> = new Map([
  ['', 'index'],
  ['index.html', 'index'],
  ['properties', 'properties'],
  ['Moc.fits', 'moc'],
  ['metadata.xml', 'metadata'],
  ['preview.jpg', 'preview'],
] as const);

/**
 * Reads the part of an address below `/hips/{layer}/` (%-decoded, without query, slashes collapsed, no leading slash).
 * Strict, so that each tile has exactly one address and nothing is cached twice.
 * @throws GatewayError INVALID_PARAMETER when it is no HiPS file name, TILE_OUT_OF_RANGE when it names a cell that is none;
 *   locator = the component at fault ('Norder', 'Dir', 'Npix' or 'path').
 */
export function parseHipsPath(path: string): HipsRequest {
  const kind = FILES.get(path);
  if (kind !== undefined) return { kind };
  const tile = TILE.exec(path);
  if (tile !== null) return parseTile(tile[1] ?? '', tile[2] ?? '', tile[3] ?? '', tile[4] ?? '');
  const allsky = ALLSKY.exec(path);
  if (allsky !== null) return parseAllsky(allsky[1] ?? '', allsky[2] ?? '');
  throw new GatewayError(
    'INVALID_PARAMETER',
    `${quoted(path)} is no file of a HiPS: expected Norder{K}/Dir{D}/Npix{N}.{ext}, Norder{K}/Allsky.{ext}, properties, ` +
      'Moc.fits, metadata.xml, preview.jpg or index.html',
    { locator: 'path' },
  );
}

function parseTile(orderText: string, dirText: string, npixText: string, extension: string): HipsRequest {
  const order = parseOrder(orderText, MAX_ORDER);
  const dir = wholeNumber('Dir', dirText);
  const npix = wholeNumber('Npix', npixText);
  const count = cellCount(order);
  if (npix >= count) {
    throw outOfRange('Npix', `Npix${npix} does not exist at Norder${order}: npix must be below 12*4^${order} = ${count}`);
  }
  const expected = directoryOf(npix);
  if (dir !== expected) throw outOfRange('Dir', `Npix${npix} is in Dir${expected}, not in Dir${dir}`);
  return { kind: 'tile', order, npix, extension };
}

function parseAllsky(orderText: string, extension: string): HipsRequest {
  return { kind: 'allsky', order: parseOrder(orderText, MAX_ALLSKY_ORDER), extension };
}

function parseOrder(text: string, max: number): number {
  const order = wholeNumber('Norder', text);
  if (order > max) throw outOfRange('Norder', `Norder${order} is out of range: 0 to ${max}`);
  return order;
}

function wholeNumber(component: 'Norder' | 'Dir' | 'Npix', text: string): number {
  if (!WHOLE_NUMBER.test(text)) {
    throw new GatewayError(
      'INVALID_PARAMETER',
      `${component} must be followed by a whole number of at most 16 digits without leading zeros, not by ${quoted(text)}`,
      { locator: component },
    );
  }
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw outOfRange(component, `${component}${text} is out of range`);
  return value;
}

function outOfRange(locator: string, message: string): GatewayError {
  return new GatewayError('TILE_OUT_OF_RANGE', message, { locator });
}

/** A client's text as it may appear in a message: one line, bounded. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}

/** Number of the directory that holds a tile: floor(npix / 10000) * 10000. */
function directoryOf(npix: number): number {
  return npix - (npix % DIRECTORY_SIZE);
}

/** Address of a tile without its extension, for example 'Norder3/Dir0/Npix271' (HiPS 1.0, section 4.1). */
export function formatTilePath(order: number, npix: number): string {
  return `Norder${order}/Dir${directoryOf(npix)}/Npix${npix}`;
}

/** Address of an all-sky mosaic without its extension, for example 'Norder3/Allsky'. */
export function formatAllskyPath(order: number): string {
  return `Norder${order}/Allsky`;
}
