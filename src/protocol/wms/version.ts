import { GatewayError } from '../../errors.ts';
import { optional, type Kvp } from '../params.ts';
import { WMS_VERSIONS, type WmsVersion } from './types.ts';

const HIGHEST: WmsVersion = '1.3.0';
const LOWEST: WmsVersion = '1.1.1';

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
 * highest where none was asked for. @throws INVALID_PARAMETER where the text is no version
 */
export function negotiateVersion(asked: string | null): WmsVersion {
  if (asked === null) return HIGHEST;
  const wanted = parts(asked.trim());
  if (wanted === null) {
    throw new GatewayError('INVALID_PARAMETER', `VERSION '${asked}' is not a version; spoken are ${WMS_VERSIONS.join(' and ')}`, { locator: 'VERSION' });
  }
  return WMS_VERSIONS.findLast((known) => !isAbove(parts(known) ?? [], wanted)) ?? LOWEST;
}

/** VERSION, or WMTVER as WMS 1.0 called it; null where neither is there. */
export function askedVersion(kvp: Kvp): string | null {
  return optional(kvp, 'VERSION') ?? optional(kvp, 'WMTVER');
}

/**
 * The version of a request that must state one (all but GetCapabilities). A request with SRS and without CRS is taken for
 * 1.1.1. @throws MISSING_PARAMETER
 */
export function requiredVersion(kvp: Kvp): WmsVersion {
  const asked = askedVersion(kvp);
  if (asked !== null) return negotiateVersion(asked);
  if (kvp.has('SRS') && !kvp.has('CRS')) return '1.1.1';
  throw new GatewayError('MISSING_PARAMETER', `parameter VERSION is missing; spoken are ${WMS_VERSIONS.join(' and ')}`, { locator: 'VERSION' });
}
