import type { Ellipsoid } from '../bodyTable.ts';
import { meridianArc } from './latitudes.ts';
import { evaluateSeries } from './series.ts';
import { EDGE_SLACK, QUARTER, type Projection } from './types.ts';

/** x = a * lon, y = a * lat; x may go on for ever. */
function spherical(a: number): Projection {
  const top = a * QUARTER;
  const limit = top * (1 + EDGE_SLACK);

  function forward(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      u[i] = a * (u[i] as number);
      v[i] = a * (v[i] as number);
    }
  }

  function inverse(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const x = u[i] as number;
      const y = v[i] as number;
      if (Number.isFinite(x) && y <= limit && y >= -limit) {
        u[i] = x / a;
        v[i] = y >= top ? QUARTER : y <= -top ? -QUARTER : y / a;
      } else {
        u[i] = Number.NaN;
        v[i] = Number.NaN;
      }
    }
  }

  return { unit: 'metre', extent: [-Math.PI * a, -top, Math.PI * a, top], periodX: 2 * Math.PI * a, poleLines: true, forward, inverse };
}

/** x = a * lon, y = arc of the meridian. */
function ellipsoidal(shape: Ellipsoid): Projection {
  const { radius, rectifying } = meridianArc(shape);
  const plane = spherical(radius);
  const { fromGeodetic, toGeodetic } = rectifying;
  const stretch = shape.a / radius;

  function forward(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const phi = v[i] as number;
      u[i] = (u[i] as number) * stretch;
      v[i] = phi + evaluateSeries(fromGeodetic, phi);
    }
    plane.forward(n, u, v);
  }

  function inverse(n: number, u: Float64Array, v: Float64Array): void {
    plane.inverse(n, u, v);
    for (let i = 0; i < n; i++) {
      const mu = v[i] as number;
      u[i] = (u[i] as number) / stretch;
      v[i] = mu >= QUARTER || mu <= -QUARTER ? mu : mu + evaluateSeries(toGeodetic, mu);
    }
  }

  const halfX = Math.PI * shape.a;
  return { ...plane, extent: [-halfX, plane.extent[1], halfX, plane.extent[3]], periodX: 2 * halfX, forward, inverse };
}

/**
 * Equidistant cylindrical with true scale on the equator. 'epsg1028' is the registered method (EPSG guidance note 7-2,
 * 3.2.5): y is the arc of the meridian; 'legacy' the spherical formula with a, as PROJ <= 9.7. Periodic in x.
 */
export function createEquidistantCylindrical(shape: Ellipsoid, method: 'epsg1028' | 'legacy'): Projection {
  return method === 'legacy' || shape.a === shape.b ? spherical(shape.a) : ellipsoidal(shape);
}
