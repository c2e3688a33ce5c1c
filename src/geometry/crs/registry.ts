import { GatewayError } from '../../errors.ts';
import { degreesOnBody, EARTH } from './alias.ts';
import { formatCrsCode, parseCrsCode, type CrsCode } from './code.ts';
import { crsFromDefinition } from './earth.ts';
import { EPSG_KNOWN, epsgCrs } from './epsg.ts';
import { ESRI_CODES, esriCrs } from './esri.ts';
import { iauCrs } from './iau.ts';
import { SKY_CODES, skyCrs } from './sky.ts';
import type { Crs } from './types.ts';

/** How identifiers become CRSs. */
export interface CrsOptions {
  /** 'epsg1028' (default): registered method with the meridian arc, PROJ >= 9.8; 'legacy': spherical formula with a, PROJ <= 9.7. */
  readonly equidistantCylindrical?: 'epsg1028' | 'legacy';
  /** Further CRSs, or built-in ones redefined: identifier ('EPSG:27700') -> proj4 definition (see crsFromDefinition). */
  readonly definitions?: Readonly<Record<string, string>>;
}

function notSupported(identifier: string, options: CrsOptions): GatewayError {
  const configured = Object.keys(options.definitions ?? {});
  const known = [
    'IAU_2015:<NAIF number * 100 + suffix>',
    EPSG_KNOWN,
    'CRS:84',
    `HIPS:${SKY_CODES.join(', HIPS:')}`,
    `ESRI:${ESRI_CODES[0]}-${ESRI_CODES.at(-1)} (planets, degrees)`,
    ...configured,
  ];
  return new GatewayError('CRS_NOT_SUPPORTED', `coordinate reference system '${identifier}' is not supported; known are ${known.join(', ')}`, { locator: 'crs' });
}

function build(code: CrsCode, options: CrsOptions): Crs | null {
  const id = formatCrsCode(code);
  const definition = definitionOf(id, options);
  if (definition !== null) return crsFromDefinition(id, definition);
  if (code.authority === 'IAU_2015') {
    return iauCrs(id, Number(code.code), code.parameters, { equidistantCylindrical: options.equidistantCylindrical ?? 'epsg1028' });
  }
  if (code.parameters.length > 0) return null;
  if (id === 'EPSG:4326' || id === 'CRS:84') return degreesOnBody(EARTH, id);
  if (code.authority === 'EPSG') return epsgCrs(Number(code.code));
  if (code.authority === 'ESRI') return esriCrs(Number(code.code));
  if (code.authority === 'HIPS') return skyCrs(code.code);
  return null;
}

/** The configured definition whose key means this identifier, in whatever spelling; null if there is none. */
function definitionOf(id: string, { definitions = {} }: CrsOptions): string | null {
  const key = Object.keys(definitions).find((candidate) => canonicalKey(candidate) === id);
  return key === undefined ? null : (definitions[key] ?? null);
}

function canonicalKey(key: string): string {
  try {
    return formatCrsCode(parseCrsCode(key));
  } catch (cause) {
    throw new GatewayError('CONFIG_INVALID', `the name of the definition '${key}' is no identifier; expected AUTHORITY:CODE`, { locator: `definitions.${key}`, cause });
  }
}

/**
 * The CRS of an identifier in any form that code.ts reads. EPSG:4326 and CRS:84 are Earth's; for the alias on another body
 * or on the sky see degreesOnBody. Builds a new object at each call (see createCrsRegistry).
 * Throws CRS_NOT_SUPPORTED naming the value and what is known, INVALID_PARAMETER for impossible parameters after the code,
 * CONFIG_INVALID for an unusable definition.
 */
export function crsOf(identifier: string, options: CrsOptions = {}): Crs {
  const crs = build(parseCrsCode(identifier), options);
  if (crs === null) throw notSupported(identifier, options);
  return crs;
}

/** crsOf with fixed options and a memory: the same CRS, however it is spelt, is the same object. */
export interface CrsRegistry {
  crsOf(identifier: string): Crs;
}

/** A registry that builds every CRS once. It holds at most one object per canonical identifier without parameters. */
export function createCrsRegistry(options: CrsOptions = {}): CrsRegistry {
  const built = new Map<string, Crs>();
  return {
    crsOf(identifier) {
      const code = parseCrsCode(identifier);
      const id = formatCrsCode(code);
      const known = built.get(id);
      if (known !== undefined) return known;
      const crs = crsOf(identifier, options);
      if (code.parameters.length === 0) built.set(id, crs);
      return crs;
    },
  };
}
