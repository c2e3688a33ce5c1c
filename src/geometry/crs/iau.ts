import { bodyFrame } from '../frame/frame.ts';
import { BODIES, bodyOfNaif, type Body, type Ellipsoid } from './bodyTable.ts';
import { iauConversion, IAU_CONVERSIONS } from './iauConversions.ts';
import type { ConversionOptions } from './iauConversions.ts';
import { createPlaneCrs, PLAIN } from './planeCrs.ts';
import { DEGREES } from './projections/degrees.ts';
import type { Crs } from './types.ts';

/**
 * The IAU_2015 authority by rule (Hare & Malapert 2021; PROJ >= 9.2.1): code = NAIF * 100 + suffix, suffix = conversion +
 * base. Bases: 0 sphere, planetocentric ("Ocentric", longitude east); 1 spheroid, planetographic latitude, longitude west
 * or east; 2 spheroid, planetocentric latitude, longitude east. Conversion 0 is geographic, 10 ... 90 are projections.
 */
export interface IauParts {
  readonly body: Body;
  readonly conversion: number;
  readonly base: 0 | 1 | 2;
}

const SUFFIXES = 100;
const BASES_PER_CONVERSION = 5;

function isSpherical(ellipsoid: Ellipsoid): boolean {
  return ellipsoid.a === ellipsoid.b;
}

/** True where the body has codes of this base; projected codes of base 2 exist only where base 1 counts west. */
function hasBase(body: Body, base: number, projected: boolean): boolean {
  if (base === 0) return true;
  if (base > 2 || body.ographic === null) return false;
  if (base === 1) return true;
  return !isSpherical(body.ographic) && (!projected || body.ographic.longitude === 'west');
}

/** What a number of the authority says; null where it has none. */
export function iauParts(code: number): IauParts | null {
  const body = bodyOfNaif(Math.floor(code / SUFFIXES));
  const suffix = code % SUFFIXES;
  const base = suffix % BASES_PER_CONVERSION;
  const conversion = suffix - base;
  if (body === null || !hasBase(body, base, conversion > 0)) return null;
  if (conversion !== 0 && !IAU_CONVERSIONS.includes(conversion)) return null;
  return { body, conversion, base: base as 0 | 1 | 2 };
}

/** Every code of the authority, ascending: 2201 numbers, of which 127 are geographic. */
export function iauCodes(): readonly number[] {
  return BODIES.flatMap((body) =>
    [0, ...IAU_CONVERSIONS].flatMap((conversion) =>
      [0, 1, 2].filter((base) => hasBase(body, base, conversion > 0)).map((base) => body.naif * SUFFIXES + conversion + base),
    ),
  );
}

/** The codes of one body, ascending; none if the table does not know it. */
export function iauCodesOf(frameId: string): readonly number[] {
  return iauCodes().filter((code) => bodyOfNaif(Math.floor(code / SUFFIXES))?.name.toLowerCase() === frameId);
}

/** Name of the geographic CRS behind a number, as PROJ writes it. */
export function baseTitle({ body, base }: IauParts): string {
  return `${body.name} (2015)${['- Sphere / Ocentric', '/ Ographic', '/ Ocentric'].map((text) => ` ${text}`)[base]}`;
}

/** The ellipsoid that the projections of this base work on. */
export function shapeOf({ body, base }: IauParts): Ellipsoid {
  return base === 0 || body.ographic === null ? { a: body.radius, b: body.radius } : body.ographic;
}

function geographic(id: string, parts: IauParts): Crs {
  const shape = shapeOf(parts);
  return createPlaneCrs({
    ...PLAIN,
    id,
    frame: bodyFrame(parts.body.name),
    title: baseTitle(parts),
    axes: 'yx',
    semiMajorAxis: shape.a,
    xSign: westward(parts) ? -1 : 1,
    geodeticOn: parts.base === 1 ? shape : null,
    projection: DEGREES,
  });
}

/** Whether longitude and x grow to the west. */
export function westward({ body, base }: IauParts): boolean {
  return base === 1 && body.ographic?.longitude === 'west';
}

/**
 * The CRS of an IAU_2015 number, or null where the authority has none. Projected codes of bases 1 and 2 apply the projection
 * to the geodetic latitude; where base 1 counts longitude west its x grows to the west. `parameters` replace the projection's
 * default parameters, for the conversions that take any (see iauConversion). Throws INVALID_PARAMETER for impossible ones.
 */
export function iauCrs(id: string, code: number, parameters: readonly number[], options: ConversionOptions): Crs | null {
  const parts = iauParts(code);
  if (parts === null) return null;
  if (parts.conversion === 0) return parameters.length === 0 ? geographic(id, parts) : null;
  const shape = shapeOf(parts);
  const conversion = iauConversion(parts.conversion, shape, parameters, options);
  return createPlaneCrs({
    ...PLAIN,
    id,
    frame: bodyFrame(parts.body.name),
    title: `${baseTitle(parts)} / ${conversion.title}`,
    axes: 'xy',
    semiMajorAxis: shape.a,
    centralMeridian: conversion.centralMeridian,
    xSign: westward(parts) ? -1 : 1,
    geodeticOn: parts.base === 0 ? null : shape,
    projection: conversion.projection,
  });
}
