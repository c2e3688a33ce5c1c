import { QUARTER, type Projection } from './types.ts';

/**
 * Mercator on a sphere (EPSG 1026; Snyder 1987, eq. 7-1 ... 7-5). Periodic in x; the poles are at infinity, so that the
 * extent is the usual square.
 */
export function createMercator(radius: number): Projection {
  function forward(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const phi = v[i] as number;
      const onMap = phi < QUARTER && phi > -QUARTER;
      u[i] = onMap ? radius * (u[i] as number) : Number.NaN;
      v[i] = onMap ? radius * Math.asinh(Math.tan(phi)) : Number.NaN;
    }
  }

  function inverse(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const x = u[i] as number;
      const y = v[i] as number;
      const onMap = Number.isFinite(x) && Number.isFinite(y);
      u[i] = onMap ? x / radius : Number.NaN;
      v[i] = onMap ? Math.atan(Math.sinh(y / radius)) : Number.NaN;
    }
  }

  const half = Math.PI * radius;
  return { unit: 'metre', extent: [-half, -half, half, half], periodX: 2 * half, poleLines: false, forward, inverse };
}
