import type { LatticePoints, SpherePoints } from './types.ts';

/** Room for n lattice points, zeroed. */
export function latticePoints(n: number): LatticePoints {
  return { chart: new Int8Array(n), col: new Float64Array(n), row: new Float64Array(n) };
}

/** Room for n sphere points, zeroed. */
export function spherePoints(n: number): SpherePoints {
  return { lon: new Float64Array(n), lat: new Float64Array(n) };
}
