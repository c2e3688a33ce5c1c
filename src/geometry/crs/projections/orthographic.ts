import type { Radians } from '../../angles.ts';
import type { Ellipsoid } from '../bodyTable.ts';
import { EDGE_SLACK, type Projection } from './types.ts';

/**
 * Orthographic on a spheroid (EPSG 9840): the view from infinity along the normal at (central meridian, phi0). The inverse is
 * closed: the line of sight is cut with the spheroid, nearer point. Points beyond the limb are not on the map.
 */
export function createOrthographic({ a, b }: Ellipsoid, phi0: Radians): Projection {
  const e2 = 1 - (b / a) ** 2;
  const sin0 = Math.sin(phi0);
  const cos0 = Math.cos(phi0);
  const nu0 = a / Math.sqrt(1 - e2 * sin0 * sin0);
  /** Coordinate of the map's origin along the map's north axis, from the centre of the body. */
  const origin = -e2 * nu0 * sin0 * cos0;
  /** Quadratic form of the spheroid x^2 + y^2 + (z a/b)^2 = a^2 along the line of sight. */
  const stretch = (a / b) ** 2;
  const sight = cos0 * cos0 + stretch * sin0 * sin0;
  const slack = a * a * EDGE_SLACK;

  function forward(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const sinPhi = Math.sin(v[i] as number);
      const cosPhi = Math.cos(v[i] as number);
      const cosLambda = Math.cos(u[i] as number);
      const nu = a / Math.sqrt(1 - e2 * sinPhi * sinPhi);
      const visible = sin0 * sinPhi + cos0 * cosPhi * cosLambda >= -EDGE_SLACK;
      u[i] = visible ? nu * cosPhi * Math.sin(u[i] as number) : Number.NaN;
      v[i] = visible ? nu * ((1 - e2) * sinPhi * cos0 - cosPhi * cosLambda * sin0) - origin : Number.NaN;
    }
  }

  function inverse(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const east = u[i] as number;
      const north = (v[i] as number) + origin;
      const cross = north * sin0 * cos0 * (stretch - 1);
      const constant = east * east + north * north * (sin0 * sin0 + stretch * cos0 * cos0) - a * a;
      const root = cross * cross - sight * constant;
      if (root >= -slack) {
        const depth = (Math.sqrt(Math.max(0, root)) - cross) / sight;
        const x = depth * cos0 - north * sin0;
        const z = (depth * sin0 + north * cos0) * stretch;
        u[i] = Math.atan2(east, x);
        v[i] = Math.atan2(z, Math.sqrt(x * x + east * east));
      } else {
        u[i] = Number.NaN;
        v[i] = Number.NaN;
      }
    }
  }

  const halfY = Math.sqrt((a * sin0) ** 2 + (b * cos0) ** 2);
  return { unit: 'metre', extent: [-a, -halfY - origin, a, halfY - origin], periodX: null, poleLines: false, forward, inverse };
}
