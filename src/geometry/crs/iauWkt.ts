import { baseTitle, iauCrs, iauParts, shapeOf, westward, type IauParts } from './iau.ts';

/** A projection as GDAL names it in WKT 1, and its parameters without the false origin. */
type Projection = readonly [name: string, parameters: readonly (readonly [name: string, value: number])[]];

const about = (centre: number): Projection[1] => [['longitude_of_center', centre]];
const polar = (latitude: number): Projection => ['Polar_Stereographic', [['latitude_of_origin', latitude], ['central_meridian', 0], ['scale_factor', 1]]];
const equirectangular = (centre: number): Projection => ['Equirectangular', [['standard_parallel_1', 0], ['central_meridian', centre]]];
const mollweide = (centre: number): Projection => ['Mollweide', [['central_meridian', centre]]];
const orthographic = (centre: number): Projection => ['Orthographic', [['latitude_of_origin', 0], ['central_meridian', centre]]];

/** By conversion number; what is not here has no name in WKT 1. */
const PROJECTIONS: ReadonlyMap<number, Projection> = new Map<number, Projection>([
  [10, equirectangular(0)],
  [15, equirectangular(180)],
  [20, ['Sinusoidal', about(0)]],
  [25, ['Sinusoidal', about(180)]],
  [30, polar(90)],
  [35, polar(-90)],
  [40, mollweide(0)],
  [45, mollweide(180)],
  [50, ['Robinson', about(0)]],
  [55, ['Robinson', about(180)]],
  [60, ['Transverse_Mercator', [['latitude_of_origin', 0], ['central_meridian', 0], ['scale_factor', 1]]]],
  [65, orthographic(0)],
  [70, orthographic(180)],
  [75, ['Lambert_Conformal_Conic_2SP', [['latitude_of_origin', 40], ['central_meridian', 0], ['standard_parallel_1', 20], ['standard_parallel_2', 60]]]],
  [80, ['Lambert_Azimuthal_Equal_Area', [['latitude_of_center', 40], ['longitude_of_center', 0]]]],
  [85, ['Albers_Conic_Equal_Area', [['latitude_of_center', 40], ['longitude_of_center', 0], ['standard_parallel_1', 20], ['standard_parallel_2', 60]]]],
]);

const DEGREE = 'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]]';
const METRE = 'UNIT["metre",1,AUTHORITY["EPSG","9001"]]';

/**
 * A number of the IAU_2015 authority as well-known text (OGC 01-009, "WKT 1", as GDAL writes it), for files that must describe
 * their reference system; null where the number is none of the authority, or WKT 1 has no name for its projection (90, Mercator).
 */
export function iauWkt(code: number): string | null {
  const parts = iauParts(code);
  if (parts === null) return null;
  if (parts.conversion === 0) return geographic(parts, true);
  const projection = PROJECTIONS.get(parts.conversion);
  const crs = iauCrs('', code, [], { equidistantCylindrical: 'epsg1028' });
  if (projection === undefined || crs === null) return null;
  const [name, parameters] = projection;
  const all = [...parameters, ['false_easting', 0], ['false_northing', 0]] as const;
  const [x, direction] = westward(parts) ? ['Westing', 'WEST'] : ['Easting', 'EAST'];
  const texts = all.map(([key, value]) => `PARAMETER["${key}",${value}]`).join(',');
  return `PROJCS["${crs.title}",${geographic(parts, false)},PROJECTION["${name}"],${texts},${METRE},AXIS["${x}",${direction}],AXIS["Northing",NORTH],AUTHORITY["IAU","${code}"]]`;
}

/** The geographic CRS, with its axes where it stands alone. The spheroid of bases 1 and 2 is one, under the number of base 1. */
function geographic(parts: IauParts, isWhole: boolean): string {
  const { body, base } = parts;
  const { a, b } = shapeOf(parts);
  const number = body.naif * 100;
  const shape = number + (base === 0 ? 0 : 1);
  const name = `${body.name} (2015)${base === 0 ? ' - Sphere' : ''}`;
  const spheroid = `SPHEROID["${name}",${a},${a === b ? 0 : rounded(a / (a - b))},${authority(shape)}]`;
  const [latitude, longitude] = base === 2 ? ['Planetocentric latitude', 'Planetocentric longitude'] : ['Latitude', 'Longitude'];
  const axes = isWhole ? `AXIS["${latitude}",NORTH],AXIS["${longitude}",${westward(parts) ? 'WEST' : 'EAST'}],` : '';
  return `GEOGCS["${baseTitle(parts)}",DATUM["${name}",${spheroid},${authority(shape)}],PRIMEM["Reference Meridian",0,${authority(number)}],${DEGREE},${axes}${authority(number + base)}]`;
}

function authority(code: number): string {
  return `AUTHORITY["IAU","${code}"]`;
}

/** To 15 significant digits, as GDAL writes numbers. */
function rounded(value: number): number {
  return Number(value.toPrecision(15));
}
