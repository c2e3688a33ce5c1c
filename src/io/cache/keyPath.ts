import { GatewayError } from '../../errors.ts';
import type { TileKey } from './types.ts';

/** One part of a key: no separators, no '..', nothing that a file system, a URL or a shell would take for something else. */
const PART = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,200}$/;

/**
 * The key as one relative path, 'moon/Norder3/Dir0/Npix271.png'; different keys have different paths.
 * @throws GatewayError INVALID_PARAMETER for parts that are empty, '.', '..', longer than 200 or hold other characters
 */
export function pathOfKey(key: TileKey): string {
  const parts = [key.cache, ...key.tile.split('/'), key.extension];
  const wrong = parts.find((part) => !PART.test(part));
  if (wrong !== undefined || key.extension.includes('.')) {
    const bad = JSON.stringify(wrong ?? key.extension);
    const allowed = "1 to 200 letters, digits, '.', '_', '-', and no '.' in the extension";
    throw new GatewayError('INVALID_PARAMETER', `${bad} cannot be part of a cache key; allowed: ${allowed}`, { locator: 'tile' });
  }
  return `${key.cache}/${key.tile}.${key.extension}`;
}
