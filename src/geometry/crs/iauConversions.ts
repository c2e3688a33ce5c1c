import { GatewayError } from '../../errors.ts';
import type { Radians } from '../angles.ts';
import type { Ellipsoid } from './bodyTable.ts';
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

/** The conversion numbers of the authority, ascending (PROJ >= 9.2.1). */
export const IAU_CONVERSIONS: readonly number[] = Object.freeze([10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90]);

/** The projection of a conversion number on an ellipsoid (a sphere where a = b). */
export function iauConversion(conversion: number, _shape: Ellipsoid, _parameters: readonly number[], _options: ConversionOptions): IauConversion {
  throw new GatewayError('CRS_NOT_SUPPORTED', `conversion ${conversion} is not supported`, { locator: 'crs' });
}
