import { GatewayError } from '../../errors.ts';

/** A CRS identifier taken apart, in canonical spelling. */
export interface CrsCode {
  /** 'IAU_2015', 'EPSG', 'ESRI', 'CRS', 'HIPS', or another authority in upper case. */
  readonly authority: string;
  /** '49900', '4326', '84', 'ICRS-M'; upper case. */
  readonly code: string;
  /** Numbers after the code, as in 'IAU:2015:49960,100,45,1.0'; usually none. */
  readonly parameters: readonly number[];
}

const URN = /^urn:(?:x-)?ogc:def:crs:(.+)$/i;
const OGC_ADDRESS = /^https?:\/\/(?:www\.)?opengis\.net\/def\/crs\/([^/]+)\/([^/]*)\/([^/]+)\/?$/i;
const OGC_FRAGMENT = /^https?:\/\/(?:www\.)?opengis\.net\/gml\/srs\/epsg\.xml#(\d+)$/i;
const WEB_SERVICE = /^https?:\/\/[^/]+(?:\/[^/]+)*\/ws\/(IAU)\/([^/]+)\/([^/]+)\/?$/i;

/** Versions of the IAU report that mean the one registered authority. */
const IAU_VERSIONS: readonly string[] = Object.freeze(['', '0', '2015', '2018']);
/** The numbering of 2006, with the year in the name: only its geographic codes mean the same as today. */
const OLD_IAU = /^IAU(?:2000|2009|2015)$/;
const WEB_MERCATOR_ALIASES: readonly string[] = Object.freeze(['900913', '3785', '102100', '102113']);
const SKY_ALIASES: Readonly<Record<string, string>> = Object.freeze({
  EQUATORIAL: 'ICRS',
  GALACTIC: 'GAL',
  ECLIPTIC: 'ECL',
});
/** No real identifier is longer; keeps messages and patterns short. */
const LONGEST = 200;
/** Esri's own codes, which some servers publish under EPSG. */
const ESRI_CODES = Object.freeze({ first: 100_000, last: 199_999 });

function unreadable(identifier: string, why: string): GatewayError {
  return new GatewayError(
    'CRS_NOT_SUPPORTED',
    `'${identifier}' is not a coordinate reference system: ${why}; expected AUTHORITY:CODE, for example IAU_2015:49900, EPSG:4326, CRS:84 or HIPS:ICRS, or the same as an OGC URN or address`,
    { locator: 'crs' },
  );
}

function decoded(identifier: string): string {
  if (identifier.length > LONGEST) throw unreadable(`${identifier.slice(0, LONGEST)}...`, `it is longer than ${LONGEST} characters`);
  const bare = identifier.trim().replace(/^\[(.*)\]$/, '$1').trim();
  if (!bare.includes('%')) return bare;
  try {
    return decodeURIComponent(bare).trim();
  } catch (cause) {
    throw new GatewayError('CRS_NOT_SUPPORTED', `'${identifier}' is not a coordinate reference system: malformed % escape`, { locator: 'crs', cause });
  }
}

/** The fields authority, version ('' if none), code; null where the text has no such shape. */
function fields(text: string): readonly [string, string, string] | null {
  const fragment = OGC_FRAGMENT.exec(text);
  if (fragment) return ['EPSG', '', fragment[1] as string];
  const address = OGC_ADDRESS.exec(text) ?? WEB_SERVICE.exec(text);
  if (address) return [address[1] as string, address[2] as string, address[3] as string];
  if (/^https?:/i.test(text)) return null;
  const parts = (URN.exec(text)?.[1] ?? text).split(':').map((part) => part.trim());
  if (parts.length < 2 || parts.length > 4) return null;
  const versions = parts.slice(1, -1).filter((part) => part !== '');
  if (versions.length > 1) return null;
  return [parts[0] as string, versions[0] ?? '', parts[parts.length - 1] as string];
}

function splitParameters(identifier: string, text: string): { readonly code: string; readonly parameters: readonly number[] } {
  const [code = '', ...rest] = text.split(',').map((part) => part.trim());
  if (code === '') throw unreadable(identifier, 'the code is empty');
  if (rest.some((part) => part === '' || !Number.isFinite(Number(part)))) throw unreadable(identifier, 'its parameters are not all numbers');
  return { code: code.toUpperCase(), parameters: rest.map(Number) };
}

function iauCode(identifier: string, authority: string, version: string, code: string): string {
  if (!/^\d{3,12}$/.test(code)) throw unreadable(identifier, `'${code}' is not an IAU number`);
  if (OLD_IAU.test(authority) && Number(code) % 100 > 1) {
    throw unreadable(identifier, `the numbering of ${authority} differs from IAU_2015 beyond the geographic codes xx00 and xx01`);
  }
  const year = authority === 'IAU' ? version : authority.startsWith('IAU_') ? authority.slice('IAU_'.length) : '2015';
  if (!IAU_VERSIONS.includes(year) || !IAU_VERSIONS.includes(version)) {
    throw unreadable(identifier, `IAU version '${year}${version === year ? '' : version}' is unknown, the version is 2015`);
  }
  return String(Number(code));
}

function epsgCode(identifier: string, code: string): readonly [string, string] {
  if (!/^\d{4,6}$/.test(code)) throw unreadable(identifier, `'${code}' is not an EPSG number`);
  if (WEB_MERCATOR_ALIASES.includes(code)) return ['EPSG', '3857'];
  const number = Number(code);
  return [number >= ESRI_CODES.first && number <= ESRI_CODES.last ? 'ESRI' : 'EPSG', code];
}

function canonical(identifier: string, authority: string, version: string, code: string): readonly [string, string] {
  if (/^IAU(_?\d*)$/.test(authority)) return ['IAU_2015', iauCode(identifier, authority, version, code)];
  if (authority === 'EPSG' || authority === 'ESRI') return epsgCode(identifier, code);
  if (authority === 'OGC' || authority === 'CRS') return ['CRS', code.replace(/^CRS/, '')];
  if (authority === 'HIPS' || authority === 'IVOA') {
    const [name = '', ...suffix] = code.split('-');
    return ['HIPS', [SKY_ALIASES[name] ?? name, ...suffix].join('-')];
  }
  return [authority, code];
}

/**
 * Takes an identifier apart, whatever its form: AUTHORITY:CODE, AUTHORITY:VERSION:CODE, OGC URNs with and without version
 * (OGC 07-092), opengis.net addresses, `/ws/IAU/version/code` addresses (never fetched), safe CURIEs in brackets,
 * %-escapes, any case. IAU versions '', 0, 2015 and 2018 are the authority IAU_2015; EPSG 100000-199999 is ESRI; the many
 * numbers of the web Mercator are EPSG:3857. Throws CRS_NOT_SUPPORTED where the text is no identifier; whether the code
 * exists is the registry's business.
 */
export function parseCrsCode(identifier: string): CrsCode {
  const found = fields(decoded(identifier));
  if (found === null) throw unreadable(identifier, 'unknown form');
  const { code, parameters } = splitParameters(identifier, found[2]);
  const authority = found[0].toUpperCase();
  if (!/^[A-Z][A-Z0-9_]*$/.test(authority)) throw unreadable(identifier, `'${found[0]}' is not an authority`);
  const [finalAuthority, finalCode] = canonical(identifier, authority, found[1], code);
  return { authority: finalAuthority, code: finalCode, parameters };
}

/** The canonical identifier: 'IAU_2015:49900', 'EPSG:4326', 'IAU_2015:49960,100,45,1'. */
export function formatCrsCode(code: CrsCode): string {
  return [`${code.authority}:${code.code}`, ...code.parameters].join(',');
}

/** The identifier for WMTS SupportedCRS: 'urn:ogc:def:crs:IAU_2015::49910', 'urn:ogc:def:crs:OGC:1.3:CRS84'. */
export function formatCrsUrn(code: CrsCode): string {
  if (code.authority === 'CRS') return `urn:ogc:def:crs:OGC:1.3:CRS${code.code}`;
  return `urn:ogc:def:crs:${code.authority}::${[code.code, ...code.parameters].join(',')}`;
}

/** The address of the OGC register for JSON documents: 'http://www.opengis.net/def/crs/IAU/2015/49910'. */
export function formatCrsAddress(code: CrsCode): string {
  const tail = [code.code, ...code.parameters].join(',');
  if (code.authority === 'CRS') return `http://www.opengis.net/def/crs/OGC/1.3/CRS${tail}`;
  if (code.authority === 'IAU_2015') return `http://www.opengis.net/def/crs/IAU/2015/${tail}`;
  return `http://www.opengis.net/def/crs/${code.authority}/0/${tail}`;
}
