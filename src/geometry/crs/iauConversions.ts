import { GatewayError } from '../../errors.ts';
import { DEGREE, type Radians } from '../angles.ts';
import type { Ellipsoid } from './bodyTable.ts';
import { createAlbers } from './projections/albers.ts';
import { createEquidistantCylindrical } from './projections/equidistantCylindrical.ts';
import { createLambertAzimuthalEqualArea } from './projections/lambertAzimuthalEqualArea.ts';
import { createLambertConformalConic, type ConicParallels } from './projections/lambertConformalConic.ts';
import { createMercator } from './projections/mercator.ts';
import { createMollweide } from './projections/mollweide.ts';
import { createOrthographic } from './projections/orthographic.ts';
import { createPolarStereographic } from './projections/polarStereographic.ts';
import { createRobinson } from './projections/robinson.ts';
import { createSinusoidal } from './projections/sinusoidal.ts';
import { createTransverseMercator } from './projections/transverseMercator.ts';
import type { Projection } from './projections/types.ts';

/** How conversions are computed where there is a choice. */
export interface ConversionOptions {
  /**
   * Equidistant cylindrical on an ellipsoid: 'epsg1028' = the registered method with the meridian arc (PROJ >= 9.8),
   * 'legacy' = the spherical formula with a (PROJ <= 9.7). No difference on spheres.
   */
  readonly equidistantCylindrical: 'epsg1028' | 'legacy';
}

/** A projection of the IAU_2015 authority applied to a shape. */
export interface IauConversion {
  readonly title: string;
  /** East-positive, also for bodies that count longitude west. */
  readonly centralMeridian: Radians;
  readonly projection: Projection;
}

/** One conversion of the authority: name as in PROJ, default parameters (degrees, scale), and how to build it. */
interface Conversion {
  readonly title: string;
  /** Central longitude first; the rest as the projection wants it. */
  readonly defaults: readonly [number, ...number[]];
  /** Names of the parameters a client may give after the code; none = fixed. */
  readonly takes: readonly string[];
  readonly build: (shape: Ellipsoid, parameters: readonly number[], options: ConversionOptions) => Projection;
}

const CENTRE = Object.freeze(['longitude', 'latitude']);
const CENTRE_AND_SCALE = Object.freeze([...CENTRE, 'scale']);
const CENTRE_AND_PARALLELS = Object.freeze([...CENTRE, 'first parallel', 'second parallel']);

function parallelsOf([, origin = 0, first = 0, second = 0]: readonly number[]): ConicParallels {
  return { origin: origin * DEGREE, first: first * DEGREE, second: second * DEGREE };
}

function fixed(title: string, longitude: number, build: Conversion['build']): Conversion {
  return { title, defaults: [longitude], takes: [], build };
}

function orthographic(longitude: number): Conversion {
  return { title: `Orthographic, clon = ${longitude}`, defaults: [longitude, 0], takes: CENTRE, build: (shape, [, latitude = 0]) => createOrthographic(shape, latitude * DEGREE) };
}

const equirectangular: Conversion['build'] = (shape, _, options) => createEquidistantCylindrical(shape, options.equidistantCylindrical);
const sinusoidal: Conversion['build'] = (shape) => createSinusoidal(shape);
const mollweide: Conversion['build'] = ({ a }) => createMollweide(a);
const robinson: Conversion['build'] = ({ a }) => createRobinson(a);

/** Conversions by number, ascending (Hare & Malapert 2021, table 2, with the parameters that PROJ >= 9.2.1 registers). */
const CONVERSIONS: ReadonlyMap<number, Conversion> = new Map<number, Conversion>([
  [10, fixed('Equirectangular, clon = 0', 0, equirectangular)],
  [15, fixed('Equirectangular, clon = 180', 180, equirectangular)],
  [20, fixed('Sinusoidal, clon = 0', 0, sinusoidal)],
  [25, fixed('Sinusoidal, clon = 180', 180, sinusoidal)],
  [30, fixed('North Polar', 0, (shape) => createPolarStereographic(shape, 'north', { atPole: 1 }))],
  [35, fixed('South Polar', 0, (shape) => createPolarStereographic(shape, 'south', { atPole: 1 }))],
  [40, fixed('Mollweide, clon = 0', 0, mollweide)],
  [45, fixed('Mollweide, clon = 180', 180, mollweide)],
  [50, fixed('Robinson, clon = 0', 0, robinson)],
  [55, fixed('Robinson, clon = 180', 180, robinson)],
  [60, { title: 'Transverse Mercator', defaults: [0, 0, 1], takes: CENTRE_AND_SCALE, build: (shape, [, latitude = 0, scale = 1]) => createTransverseMercator(shape, latitude * DEGREE, scale) }],
  [65, orthographic(0)],
  [70, orthographic(180)],
  [75, { title: 'Lambert Conic Conformal', defaults: [0, 40, 20, 60], takes: CENTRE_AND_PARALLELS, build: (shape, parameters) => createLambertConformalConic(shape, parallelsOf(parameters)) }],
  [80, { title: 'Lambert Azimuthal Equal Area', defaults: [0, 40], takes: CENTRE, build: (shape, [, latitude = 0]) => createLambertAzimuthalEqualArea(shape, latitude * DEGREE) }],
  [85, { title: 'Albers Equal Area', defaults: [0, 40, 20, 60], takes: CENTRE_AND_PARALLELS, build: (shape, parameters) => createAlbers(shape, parallelsOf(parameters)) }],
  [90, fixed('Mercator', 0, ({ b }) => createMercator(b))],
]);

/** The conversion numbers of the authority, ascending (PROJ >= 9.2.1). */
export const IAU_CONVERSIONS: readonly number[] = Object.freeze([...CONVERSIONS.keys()]);

function invalid(message: string): GatewayError {
  return new GatewayError('INVALID_PARAMETER', message, { locator: 'crs' });
}

function checkParameter(name: string, value: number): void {
  if (name === 'scale' && !(value > 0)) throw invalid(`CRS parameter scale is ${value}; expected a number above 0`);
  const limit = name === 'longitude' ? 360 : name === 'scale' ? Infinity : name === 'latitude' ? 90 : 89;
  if (!(Math.abs(value) <= limit)) throw invalid(`CRS parameter ${name} is ${value}; expected degrees in [-${limit}, ${limit}]`);
}

/** The given parameters, checked, with the defaults behind them. */
function completed(conversion: Conversion, given: readonly number[]): readonly number[] {
  const { defaults, takes, title } = conversion;
  if (given.length > takes.length) {
    throw invalid(`${title} takes ${takes.length === 0 ? 'no parameters' : `at most ${takes.join(', ')}`} after its code, got ${given.length}: ${given.join(', ')}`);
  }
  given.forEach((value, index) => checkParameter(takes[index] as string, value));
  const all = defaults.map((value, index) => given[index] ?? value);
  if (takes === CENTRE_AND_PARALLELS && Math.abs((all[2] as number) + (all[3] as number)) < 1e-6) {
    throw invalid(`standard parallels ${all[2]} and ${all[3]} lie opposite each other: no cone touches both`);
  }
  return all;
}

/**
 * The projection of a conversion number on an ellipsoid (a sphere where a = b). `parameters` (degrees, scale) are the comma
 * form of Hare & Malapert 2021, table 2: 60 takes clon, clat, k; 65, 70 and 80 clon, clat; 75 and 85 clon, clat, sp1, sp2.
 * What is left out has the registered default; clon is east-positive and latitudes are of the projection's kind (geodetic
 * on an ellipsoid). Throws CRS_NOT_SUPPORTED for an unknown number, INVALID_PARAMETER for impossible parameters.
 */
export function iauConversion(number: number, shape: Ellipsoid, parameters: readonly number[], options: ConversionOptions): IauConversion {
  const conversion = CONVERSIONS.get(number);
  if (conversion === undefined) throw new GatewayError('CRS_NOT_SUPPORTED', `conversion ${number} is none of ${IAU_CONVERSIONS.join(', ')}`, { locator: 'crs' });
  const all = completed(conversion, parameters);
  const projection = conversion.build(shape, all, options);
  return { title: parameters.length === 0 ? conversion.title : `${conversion.title} (${all.join(', ')})`, centralMeridian: (all[0] as number) * DEGREE, projection };
}
