import { EARTH } from './alias.ts';
import { parseCrsCode } from './code.ts';
import { baseTitle, iauParts, shapeOf, westward } from './iau.ts';
import type { Crs } from './types.ts';

/** One key of a GeoTIFF's directory (OGC 19-008r4, 7.1). */
export type GeoKey =
  | { readonly id: number; readonly type: 'short'; readonly value: number }
  | { readonly id: number; readonly type: 'double'; readonly value: number }
  | { readonly id: number; readonly type: 'ascii'; readonly value: string };

const PROJECTED = 1;
const GEOGRAPHIC = 2;
const USER_DEFINED = 32767;
const PIXEL_IS_AREA = 1;
const DEGREE = 9102;
const METRE = 9001;

function short(id: number, value: number): GeoKey {
  return { id, type: 'short', value };
}

function ascii(id: number, value: string): GeoKey {
  return { id, type: 'ascii', value };
}

/** GTModelType, GTRasterType and, where there is one, GTCitation. */
function head(model: number, citation: string | null): readonly GeoKey[] {
  return [short(1024, model), short(1025, PIXEL_IS_AREA), ...(citation === null ? [] : [ascii(1026, citation)])];
}

interface Sphere {
  readonly name: string;
  readonly datum: string;
  readonly a: number;
  readonly b: number;
}

/** A geographic CRS of one's own, in the form in which GDAL writes and reads it: names in the citation, then the ellipsoid. */
function ownGeographic({ name, datum, a, b }: Sphere): readonly GeoKey[] {
  return [
    short(2048, USER_DEFINED),
    ascii(2049, `GCS Name = ${name}|Datum = ${datum}|Ellipsoid = ${datum}|Primem = Reference Meridian|`),
    short(2050, USER_DEFINED),
    short(2054, DEGREE),
    short(2056, USER_DEFINED),
    { id: 2057, type: 'double', value: a },
    { id: 2058, type: 'double', value: b },
    { id: 2061, type: 'double', value: 0 },
  ];
}

/** Identifiers of the keys of projections (OGC 19-008r4, annex B.3). */
const KEY = Object.freeze({
  method: 3075, parallel1: 3078, parallel2: 3079, originLon: 3080, originLat: 3081, falseEasting: 3082, falseNorthing: 3083, falseOriginLon: 3084,
  falseOriginLat: 3085, falseOriginEasting: 3086, falseOriginNorthing: 3087, centreLon: 3088, centreLat: 3089, scale: 3092, poleLon: 3095,
} as const);

type ProjectionKeys = Partial<Record<keyof typeof KEY, number>>;

const FALSE_ORIGIN = { falseEasting: 0, falseNorthing: 0 } as const;

function polar(latitude: number): ProjectionKeys {
  return { method: 15, originLat: latitude, poleLon: 0, scale: 1, ...FALSE_ORIGIN };
}

/** By conversion of the IAU's codes: GeoTIFF's method and its parameters. `given` stand after the code and replace the defaults. */
const PROJECTIONS: ReadonlyMap<number, (given: readonly number[]) => ProjectionKeys> = new Map<number, (given: readonly number[]) => ProjectionKeys>([
  [10, () => ({ method: 17, centreLon: 0, centreLat: 0, parallel1: 0, ...FALSE_ORIGIN })],
  [15, () => ({ method: 17, centreLon: 180, centreLat: 0, parallel1: 0, ...FALSE_ORIGIN })],
  [20, () => ({ method: 24, centreLon: 0, ...FALSE_ORIGIN })],
  [25, () => ({ method: 24, centreLon: 180, ...FALSE_ORIGIN })],
  [30, () => polar(90)],
  [35, () => polar(-90)],
  [50, () => ({ method: 23, centreLon: 0, ...FALSE_ORIGIN })],
  [55, () => ({ method: 23, centreLon: 180, ...FALSE_ORIGIN })],
  [60, ([lon = 0, lat = 0, scale = 1]) => ({ method: 1, originLon: lon, originLat: lat, scale, ...FALSE_ORIGIN })],
  [65, ([lon = 0, lat = 0]) => ({ method: 21, centreLon: lon, centreLat: lat, ...FALSE_ORIGIN })],
  [70, ([lon = 180, lat = 0]) => ({ method: 21, centreLon: lon, centreLat: lat, ...FALSE_ORIGIN })],
  [75, ([lon = 0, lat = 40, first = 20, second = 60]) => ({
    method: 8, parallel1: first, parallel2: second, falseOriginLon: lon, falseOriginLat: lat, falseOriginEasting: 0, falseOriginNorthing: 0,
  })],
  [80, ([lon = 0, lat = 40]) => ({ method: 10, centreLon: lon, centreLat: lat, ...FALSE_ORIGIN })],
  [85, ([lon = 0, lat = 40, first = 20, second = 60]) => ({ method: 11, parallel1: first, parallel2: second, originLon: lon, originLat: lat, ...FALSE_ORIGIN })],
  [90, () => ({ method: 7, originLon: 0, originLat: 0, scale: 1, ...FALSE_ORIGIN })],
]);

function projectionKeys(keys: ProjectionKeys): readonly GeoKey[] {
  const { method = 0, ...rest } = keys;
  const parameters = Object.entries(rest).map(([name, value]): GeoKey => ({ id: KEY[name as keyof typeof KEY], type: 'double', value }));
  return [short(3072, USER_DEFINED), short(3074, USER_DEFINED), short(KEY.method, method), short(3076, METRE), ...parameters];
}

/** Mollweide has no method in GeoTIFF: it stands in PCSCitation in the words of Esri, which GDAL reads too. At most 511 letters. */
function mollweideKeys(centre: number, { name, datum, a }: Sphere): readonly GeoKey[] {
  const plain = (text: string): string => text.replaceAll(/[^A-Za-z0-9]+/g, '_');
  const geographic = `GEOGCS["GCS_${plain(name)}",DATUM["D_${plain(datum)}",SPHEROID["${plain(datum)}",${a},0.0]],PRIMEM["Reference_Meridian",0.0],UNIT["Degree",0.0174532925199433]]`;
  const parameters = [['False_Easting', 0], ['False_Northing', 0], ['Central_Meridian', centre]].map(([key, value]) => `PARAMETER["${key}",${value}.0]`);
  const text = `PROJCS["${plain(name)}_Mollweide_${centre}",${geographic},PROJECTION["Mollweide"],${parameters.join()},UNIT["Meter",1.0]]`;
  return [ascii(3073, `ESRI PE String = ${text}`), short(3076, METRE)];
}

function iauKeys(crs: Crs, code: number, parameters: readonly number[]): readonly GeoKey[] | null {
  const parts = iauParts(code);
  // What no key can say: longitudes to the west, and planetocentric latitudes on a spheroid.
  if (parts === null || westward(parts) || (parts.base === 2 && parts.conversion === 0)) return null;
  const sphere = { name: baseTitle(parts), datum: `${parts.body.name} (2015)${parts.base === 0 ? ' - Sphere' : ''}`, ...shapeOf(parts) };
  if (parts.conversion === 0) return [...head(GEOGRAPHIC, crs.title), ...ownGeographic(sphere)];
  const projection = PROJECTIONS.get(parts.conversion)?.(parameters);
  const about = ownGeographic(sphere);
  return projection === undefined
    ? [...head(USER_DEFINED, crs.title), ...about, ...mollweideKeys(parts.conversion === 40 ? 0 : 180, sphere)]
    : [...head(PROJECTED, crs.title), ...about, ...projectionKeys(projection)];
}

function earthKeys(crs: Crs, code: number): readonly GeoKey[] {
  return crs.unit === 'degree'
    ? [...head(GEOGRAPHIC, null), short(2048, code), short(2054, DEGREE)]
    : [...head(PROJECTED, null), short(3072, code), short(3076, METRE)];
}

/** Degrees of a body or of the sky, east to the right: a sphere that carries the name. */
function degreesKeys({ title, frame, semiMajorAxis }: Crs): readonly GeoKey[] {
  const radius = semiMajorAxis ?? 1;
  return [...head(GEOGRAPHIC, title), ...ownGeographic({ name: title, datum: frame.id, a: radius, b: radius })];
}

/**
 * The keys by which a GeoTIFF tells its CRS, ascending: EPSG numbers on the Earth, the ellipsoid and the projection for the codes of
 * the IAU; what GeoTIFF cannot say is told in the citation alone.
 */
export function geoKeysOf(crs: Crs): readonly GeoKey[] {
  return keysOf(crs).toSorted((a, b) => a.id - b.id);
}

function keysOf(crs: Crs): readonly GeoKey[] {
  const { authority, code, parameters } = parseCrsCode(crs.id);
  const isEarth = crs.frame.kind === 'body' && crs.frame.id === EARTH.id;
  if (authority === 'EPSG' && isEarth) return earthKeys(crs, Number(code));
  if (crs.id === 'CRS:84' && isEarth) return earthKeys(crs, 4326);
  const own = authority === 'IAU_2015' ? iauKeys(crs, Number(code), parameters) : null;
  if (own !== null) return own;
  if (authority !== 'IAU_2015' && crs.unit === 'degree' && !crs.id.endsWith('-M')) return degreesKeys(crs);
  return head(USER_DEFINED, `${crs.id} ${crs.title}`);
}
