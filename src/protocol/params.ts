import { GatewayError } from '../errors.ts';

/** Query parameters: names in upper case, the first value of each, decoded. */
export type Kvp = ReadonlyMap<string, string>;

/** '+' is a blank and %XX an octet of UTF-8; text with a broken escape stays as it was sent. */
function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/**
 * A query string (with or without '?') or form body taken apart by the rules of OGC 06-042, 6.4 and 6.8: names whatever their
 * case, order free, unknown names kept for whoever wants them. Of repeated names the first one counts. A name without '='
 * has the value ''. Never throws.
 */
export function parseKvp(query: string): Kvp {
  const found = new Map<string, string>();
  for (const part of query.replace(/^\?/, '').split('&')) {
    if (part === '') continue;
    const cut = part.indexOf('=');
    const name = decode(cut < 0 ? part : part.slice(0, cut)).trim().toUpperCase();
    if (name !== '' && !found.has(name)) found.set(name, cut < 0 ? '' : decode(part.slice(cut + 1)));
  }
  return found;
}

/** The value of a parameter, or null where it is absent or empty. @param name upper case */
export function optional(kvp: Kvp, name: string): string | null {
  return kvp.get(name) || null;
}

/** The value of a parameter. @throws MISSING_PARAMETER where it is absent or empty, with `locator` or the name */
export function required(kvp: Kvp, name: string, locator: string = name): string {
  const value = optional(kvp, name);
  if (value === null) throw new GatewayError('MISSING_PARAMETER', `parameter ${name} is missing`, { locator });
  return value;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * A finite decimal number, exponents allowed, nothing else. The blank in '1e 5' is a plus sign that the client did not escape.
 * @throws INVALID_PARAMETER
 */
export function parseNumber(text: string, locator: string): number {
  const trimmed = text.trim().replace(/(?<=\de) (?=\d)/i, '+');
  const value = Number(trimmed);
  if (NUMBER.test(trimmed) && Number.isFinite(value)) return value;
  throw new GatewayError('INVALID_PARAMETER', `${locator} '${text}' is not a number`, { locator });
}

/** A whole number, sign allowed, nothing else. @throws INVALID_PARAMETER */
export function parseInteger(text: string, locator: string): number {
  const trimmed = text.trim();
  const value = Number(trimmed);
  if (/^[+-]?\d+$/.test(trimmed) && Number.isSafeInteger(value)) return value;
  throw new GatewayError('INVALID_PARAMETER', `${locator} '${text}' is not a whole number`, { locator });
}

/** The parts of a comma-separated list, empty ones included; '' is one empty part. */
export function splitList(text: string): readonly string[] {
  return text.split(',');
}

/** Versions that WMTS never had. */
const WMS_VERSION = /^1\.(?:1\.[01]|3\.0)$/;

/**
 * The service that a request on a shared address means: by SERVICE, else by a REQUEST that only one of them has, else by a
 * version that only WMS has. null where it cannot be told (OWS Common then wants SERVICE). Other values of SERVICE: null too.
 */
export function serviceOf(kvp: Kvp): 'WMS' | 'WMTS' | null {
  const service = optional(kvp, 'SERVICE')?.trim().toUpperCase();
  if (service !== undefined) return service === 'WMS' || service === 'WMTS' ? service : null;
  const request = optional(kvp, 'REQUEST')?.trim().toLowerCase() ?? '';
  if (request === 'gettile' || kvp.has('TILEMATRIXSET')) return 'WMTS';
  if (['getmap', 'map', 'capabilities', 'getlegendgraphic', 'getfeatureinfo', 'feature_info'].includes(request)) return 'WMS';
  return kvp.has('WMTVER') || WMS_VERSION.test(kvp.get('VERSION') ?? '') ? 'WMS' : null;
}
