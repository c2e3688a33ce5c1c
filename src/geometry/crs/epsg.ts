import { DEGREE } from '../angles.ts';
import { EARTH, webMercatorOnBody, WGS84 } from './alias.ts';
import type { Ellipsoid } from './bodyTable.ts';
import { createPlaneCrs, PLAIN } from './planeCrs.ts';
import { DEGREES } from './projections/degrees.ts';
import { createLambertAzimuthalEqualArea } from './projections/lambertAzimuthalEqualArea.ts';
import { createLambertConformalConic } from './projections/lambertConformalConic.ts';
import { createPolarStereographic, type PolarScale } from './projections/polarStereographic.ts';
import { createTransverseMercator } from './projections/transverseMercator.ts';
import type { Projection } from './projections/types.ts';
import type { Crs } from './types.ts';

/** GRS 1980 (EPSG:7019), the ellipsoid of ETRS89; the two datums agree within a metre, which is neglected. */
const GRS80: Ellipsoid = Object.freeze({ a: 6378137, b: 6378137 * (1 - 1 / 298.257222101) });

/** One code of the EPSG dataset: degrees, metres, axis order of the registry. */
interface Row {
  readonly title: string;
  readonly shape: Ellipsoid;
  readonly axes: 'xy' | 'yx';
  readonly longitude: number;
  readonly falseOrigin: readonly [number, number];
  readonly build: () => Projection;
}

function polar(title: string, pole: 'north' | 'south', longitude: number, scale: PolarScale, axes: 'xy' | 'yx' = 'xy', falseOrigin: readonly [number, number] = [0, 0]): Row {
  return { title, shape: WGS84, axes, longitude, falseOrigin, build: () => createPolarStereographic(WGS84, pole, scale) };
}

function universalPolar(title: string, pole: 'north' | 'south', axes: 'xy' | 'yx'): Row {
  return polar(title, pole, 0, { atPole: 0.994 }, axes, [2_000_000, 2_000_000]);
}

function polarEqualArea(title: string, latitude: 90 | -90, longitude: number): Row {
  return { title, shape: WGS84, axes: 'xy', longitude, falseOrigin: [0, 0], build: () => createLambertAzimuthalEqualArea(WGS84, latitude * DEGREE) };
}

function conic(title: string, axes: 'xy' | 'yx', longitude: number, falseOrigin: readonly [number, number], [origin, first, second]: readonly [number, number, number]): Row {
  const parallels = { origin: origin * DEGREE, first: first * DEGREE, second: second * DEGREE };
  return { title, shape: GRS80, axes, longitude, falseOrigin, build: () => createLambertConformalConic(GRS80, parallels) };
}

/** The codes that need no definition, by number. UTM zones are rules, see below; 4326 and 3857 are in alias.ts. */
const ROWS: ReadonlyMap<number, Row> = new Map<number, Row>([
  [3031, polar('WGS 84 / Antarctic Polar Stereographic', 'south', 0, { trueAt: -71 * DEGREE })],
  [3034, conic('ETRS89 / LCC Europe', 'yx', 10, [4_000_000, 2_800_000], [52, 35, 65])],
  [3035, { title: 'ETRS89 / LAEA Europe', shape: GRS80, axes: 'yx', longitude: 10, falseOrigin: [4_321_000, 3_210_000], build: () => createLambertAzimuthalEqualArea(GRS80, 52 * DEGREE) }],
  [2154, conic('RGF93 / Lambert-93', 'xy', 3, [700_000, 6_600_000], [46.5, 49, 44])],
  [3413, polar('WGS 84 / NSIDC Sea Ice Polar Stereographic North', 'north', -45, { trueAt: 70 * DEGREE })],
  [3571, polarEqualArea('WGS 84 / North Pole LAEA Bering Sea', 90, 180)],
  [3572, polarEqualArea('WGS 84 / North Pole LAEA Alaska', 90, -150)],
  [3573, polarEqualArea('WGS 84 / North Pole LAEA Canada', 90, -100)],
  [3574, polarEqualArea('WGS 84 / North Pole LAEA Atlantic', 90, -40)],
  [3575, polarEqualArea('WGS 84 / North Pole LAEA Europe', 90, 10)],
  [3576, polarEqualArea('WGS 84 / North Pole LAEA Russia', 90, 90)],
  [3976, polar('WGS 84 / NSIDC Sea Ice Polar Stereographic South', 'south', 0, { trueAt: -70 * DEGREE })],
  [3995, polar('WGS 84 / Arctic Polar Stereographic', 'north', 0, { trueAt: 71 * DEGREE })],
  [4258, { title: 'ETRS89, degrees', shape: GRS80, axes: 'yx', longitude: 0, falseOrigin: [0, 0], build: () => DEGREES }],
  [5041, universalPolar('WGS 84 / UPS North (E,N)', 'north', 'xy')],
  [5042, universalPolar('WGS 84 / UPS South (E,N)', 'south', 'xy')],
  [6931, polarEqualArea('WGS 84 / NSIDC EASE-Grid 2.0 North', 90, 0)],
  [6932, polarEqualArea('WGS 84 / NSIDC EASE-Grid 2.0 South', -90, 0)],
  [32661, universalPolar('WGS 84 / UPS North (N,E)', 'north', 'yx')],
  [32761, universalPolar('WGS 84 / UPS South (N,E)', 'south', 'yx')],
]);

/** UTM zones as rules: code of zone 0, zones, hemisphere. */
const ZONE_RULES = Object.freeze([
  { base: 32600, first: 1, last: 60, south: false, shape: WGS84, datum: 'WGS 84' },
  { base: 32700, first: 1, last: 60, south: true, shape: WGS84, datum: 'WGS 84' },
  { base: 25800, first: 28, last: 38, south: false, shape: GRS80, datum: 'ETRS89' },
]);
const WEB_MERCATOR = 3857;
const ZONE_WIDTH = 6;
const UTM_SCALE = 0.9996;
const UTM_EASTING = 500_000;
const UTM_SOUTH_NORTHING = 10_000_000;

function zoneRow(code: number): Row | null {
  const rule = ZONE_RULES.find(({ base, first, last }) => code >= base + first && code <= base + last);
  if (rule === undefined) return null;
  const zone = code - rule.base;
  return {
    title: `${rule.datum} / UTM zone ${zone}${rule.south ? 'S' : 'N'}`,
    shape: rule.shape,
    axes: 'xy',
    longitude: zone * ZONE_WIDTH - 183,
    falseOrigin: [UTM_EASTING, rule.south ? UTM_SOUTH_NORTHING : 0],
    build: () => createTransverseMercator(rule.shape, 0, UTM_SCALE),
  };
}

/** What EPSG codes are known without a definition, for messages. */
export const EPSG_KNOWN = `EPSG:4326, EPSG:3857, ${[...ROWS.keys()].sort((a, b) => a - b).map((code) => `EPSG:${code}`).join(', ')}, EPSG:326zz, EPSG:327zz, EPSG:25828-25838`;

/**
 * A terrestrial CRS of the EPSG dataset by the gateway's own projections, or null where the code is not built in. Latitudes
 * are geodetic in the plane and planetocentric on the frame 'earth'.
 */
export function epsgCrs(code: number): Crs | null {
  if (code === WEB_MERCATOR) return webMercatorOnBody(EARTH);
  const row = ROWS.get(code) ?? zoneRow(code);
  if (row === null) return null;
  return createPlaneCrs({
    ...PLAIN,
    id: `EPSG:${code}`,
    frame: EARTH,
    title: row.title,
    axes: row.axes,
    semiMajorAxis: row.shape.a,
    centralMeridian: row.longitude * DEGREE,
    falseEasting: row.falseOrigin[0],
    falseNorthing: row.falseOrigin[1],
    geodeticOn: row.shape,
    projection: row.build(),
  });
}
