import type { Radians } from '../../angles.ts';
import type { Ellipsoid } from '../bodyTable.ts';
import { coneExtent, fromCone, toCone, type Cone } from './cone.ts';
import { conformal, eccentricity, parallelRadius } from './latitudes.ts';
import { conformalColatitude } from './polarStereographic.ts';
import { evaluateSeries } from './series.ts';
import { QUARTER, type Projection } from './types.ts';

/** The extent ends here on the far side, where the plane runs to infinity: 45 degrees beyond the equator. */
const EXTENT_END = -Math.PI / 4;

/** Latitude of the origin and of the two parallels of true scale, radians. */
export interface ConicParallels {
  readonly origin: Radians;
  readonly first: Radians;
  readonly second: Radians;
}

/** Lambert conformal conic with two standard parallels (EPSG 9802; Snyder 1987, eq. 15-1 ... 15-10). */
export function createLambertConformalConic(shape: Ellipsoid, parallels: ConicParallels): Projection {
  const e = eccentricity(shape);
  const side = parallels.first + parallels.second >= 0 ? 1 : -1;
  const colatitude = (phi: Radians): number => conformalColatitude(e, side * phi);
  const { first, second } = parallels;
  const constant =
    first === second
      ? Math.sin(side * first)
      : Math.log(parallelRadius(e, first) / parallelRadius(e, second)) / Math.log(colatitude(first) / colatitude(second));
  const metres = (shape.a * parallelRadius(e, first)) / (constant * colatitude(first) ** constant);
  const { toGeodetic } = conformal(shape);
  const cone: Cone = { constant, side, originRadius: metres * colatitude(parallels.origin) ** constant };

  function forward(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const phi = side * (v[i] as number);
      const onMap = phi > -QUARTER;
      if (!onMap) u[i] = Number.NaN;
      v[i] = onMap ? metres * conformalColatitude(e, phi) ** constant : Number.NaN;
    }
    fromCone(cone, n, u, v);
  }

  function inverse(n: number, u: Float64Array, v: Float64Array): void {
    toCone(cone, n, u, v);
    for (let i = 0; i < n; i++) {
      const chi = QUARTER - 2 * Math.atan(((v[i] as number) / metres) ** (1 / constant));
      v[i] = side * (chi + evaluateSeries(toGeodetic, chi));
    }
  }

  const extent = coneExtent(cone, 0, metres * conformalColatitude(e, EXTENT_END) ** constant);
  return { unit: 'metre', extent, periodX: null, poleLines: false, forward, inverse };
}
