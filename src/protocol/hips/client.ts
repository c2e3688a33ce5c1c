import { GatewayError } from '../../errors.ts';
import { formatAllskyPath, formatTilePath } from './path.ts';
import type { HipsTileFormat } from './tileFormat.ts';
import { TILE_EXTENSION } from './tileFormat.ts';

/** What tiles are read for: a picture, a picture whose transparency matters, or measurements. */
export type TilePurpose = 'picture' | 'transparent' | 'data';

/** Best format first. A picture from FITS needs a cut, so it comes last; measurements are in FITS only. */
const PREFERENCE: { readonly [purpose in TilePurpose]: readonly HipsTileFormat[] } = Object.freeze({
  picture: ['jpeg', 'webp', 'png', 'fits'],
  transparent: ['png', 'webp', 'jpeg', 'fits'],
  data: ['fits'],
});

/** Guess for a HiPS that names no format it could be asked for. */
const UNNAMED: readonly HipsTileFormat[] = ['jpeg', 'png'];

/**
 * The formats to ask a HiPS for, the best for the purpose first, the others to be tried when a tile is missing in it (isMissing).
 * @param offered what its properties say, see HipsDescription.formats
 * @param wanted the operator's choice, tried first even when the properties do not name it; null = none
 */
export function formatsToTry(offered: readonly HipsTileFormat[], purpose: TilePurpose, wanted: HipsTileFormat | null): readonly HipsTileFormat[] {
  const known = offered.length === 0 ? UNNAMED : offered;
  const usable = PREFERENCE[purpose].filter((format) => known.includes(format));
  return wanted === null ? usable : [wanted, ...usable.filter((format) => format !== wanted)];
}

/**
 * The address of a HiPS without trailing slashes or fragment, also from the address of its properties file or its page. A query
 * stays: tokens live there.
 * @throws GatewayError CONFIG_INVALID unless it is an http(s) address
 */
export function hipsAddress(url: string): string {
  const address = URL.parse(url.trim());
  if (address === null || !/^https?:$/.test(address.protocol)) {
    throw new GatewayError('CONFIG_INVALID', `${JSON.stringify(url.slice(0, 200))} is no http(s) address of a HiPS`, { locator: 'url' });
  }
  const path = address.pathname.replace(/\/(?:properties|index\.html)$/, '').replace(/\/+$/, '');
  return `${origin(address)}${path}${address.search}`;
}

/** Scheme, credentials and host: what URL.origin would be with the credentials that an operator may have written. */
function origin(address: URL): string {
  const user = address.username === '' ? '' : `${address.username}${address.password === '' ? '' : `:${address.password}`}@`;
  return `${address.protocol}//${user}${address.host}`;
}

/**
 * Where to ask, in this order: the operator's addresses, then those that the HiPS gives itself, which are often stale. The latter
 * come from a stranger: never with credentials or a query, and only where the operator allows fall-backs.
 * @param own addresses from the configuration, at least one
 * @param published see HipsDescription.serviceUrls
 */
export function mirrorOrder(own: readonly string[], published: readonly string[]): readonly string[] {
  const fallBacks = published.flatMap((url) => {
    const address = URL.parse(url);
    const plain = address !== null && /^https?:$/.test(address.protocol) && address.username === '' && address.search === '';
    return plain ? [hipsAddress(url)] : [];
  });
  return [...new Set([...own.map(hipsAddress), ...fallBacks])];
}

/** Address of a file of a HiPS. @param base see hipsAddress @param path relative, as formatTilePath writes it */
export function hipsFileUrl(base: string, path: string): string {
  const query = base.indexOf('?');
  return query === -1 ? `${base}/${path}` : `${base.slice(0, query)}/${path}${base.slice(query)}`;
}

/** Address of a tile. @param base see hipsAddress */
export function tileUrl(base: string, order: number, npix: number, format: HipsTileFormat): string {
  return hipsFileUrl(base, `${formatTilePath(order, npix)}.${TILE_EXTENSION[format]}`);
}

/** Address of an all-sky mosaic. @param base see hipsAddress */
export function allskyUrl(base: string, order: number, format: HipsTileFormat): string {
  return hipsFileUrl(base, `${formatAllskyPath(order)}.${TILE_EXTENSION[format]}`);
}

/**
 * Whether an answer says that there is no such tile: 404 and 410, the 403 of object stores, 204, an empty 200. Of these and of 415
 * the next format may know better; everything else that is not a filled 200 is trouble and must never be kept as "nothing there".
 */
export function isMissing(status: number, byteLength: number): boolean {
  return status === 404 || status === 410 || status === 403 || status === 204 || (status === 200 && byteLength === 0);
}

/** Whether the next of formatsToTry is worth asking after an answer. */
export function isWorthAnotherFormat(status: number, byteLength: number): boolean {
  return status === 415 || status === 406 || isMissing(status, byteLength);
}
