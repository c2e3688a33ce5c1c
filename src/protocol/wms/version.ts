import { GatewayError } from '../../errors.ts';
import { optional, type Kvp } from '../params.ts';
import type { WmsVersion } from './types.ts';

/** '1.3' -> [1, 3, 0]; null where it is no version. */
function parts(version: string): readonly number[] | null {
  if (!/^\d+(?:\.\d+){0,2}$/.test(version)) return null;
  const numbers = version.split('.').map(Number);
  return [...numbers, 0, 0].slice(0, 3);
}

function isAbove(a: readonly number[], b: readonly number[]): boolean {
  const differing = a.findIndex((value, i) => value !== b[i]);
  return differing >= 0 && (a[differing] as number) > (b[differing] as number);
}

/**
 * The version to answer in (OGC 06-042, 6.2.4): the one asked for, else the highest below it, else the lowest there is; the
 * highest where none was asked for. @param spoken ascending, not empty @throws INVALID_PARAMETER where the text is no version
 */
export function negotiateVersion(asked: string | null, spoken: readonly WmsVersion[]): WmsVersion {
  if (asked === null) return spoken.at(-1)!;
  const wanted = parts(asked.trim());
  if (wanted === null) {
    throw new GatewayError('INVALID_PARAMETER', `VERSION '${asked}' is not a version; spoken are ${spoken.join(' and ')}`, { locator: 'VERSION' });
  }
  return spoken.findLast((known) => !isAbove(parts(known) ?? [], wanted)) ?? spoken[0]!;
}

/** VERSION, or WMTVER as WMS 1.0 called it; null where neither is there. */
export function askedVersion(kvp: Kvp): string | null {
  return optional(kvp, 'VERSION') ?? optional(kvp, 'WMTVER');
}

/**
 * The version of a request that must state one (all but GetCapabilities). A request with SRS and without CRS is taken for
 * 1.1.1. @throws MISSING_PARAMETER
 */
export function requiredVersion(kvp: Kvp, spoken: readonly WmsVersion[]): WmsVersion {
  const asked = askedVersion(kvp);
  if (asked !== null) return negotiateVersion(asked, spoken);
  if (kvp.has('SRS') && !kvp.has('CRS')) return negotiateVersion('1.1.1', spoken);
  throw new GatewayError('MISSING_PARAMETER', `parameter VERSION is missing; spoken are ${spoken.join(' and ')}`, { locator: 'VERSION' });
}
