import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEGREE } from '../../../src/geometry/angles.ts';
import { swapPoint } from '../../../src/geometry/crs/axis.ts';
import { createCrsRegistry } from '../../../src/geometry/crs/registry.ts';
import type { Crs } from '../../../src/geometry/crs/types.ts';

type Pair = readonly [number, number];

interface Vector {
  readonly id: string;
  readonly code: string;
  readonly kind?: 'latitude' | 'inverse-outside';
  readonly lat_kind: string;
  readonly lonlat_deg: Pair;
  readonly xy: Pair | null;
  readonly xy_epsg1028?: Pair;
  readonly tol: number;
  readonly inverse_ok: boolean | null;
  readonly inverse_tol_deg?: number;
  readonly x_sign_ambiguous?: boolean;
  readonly body: string;
  readonly a: number;
  readonly b: number;
  readonly lat_ocentric: number;
  readonly lat_ographic: number;
}

const FILE = new URL('vectors.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(FILE, 'utf8')) as { readonly vectors: readonly Vector[] };
const forwardVectors = vectors.filter((vector) => vector.kind === undefined);
const current = createCrsRegistry();
const legacy = createCrsRegistry({ equidistantCylindrical: 'legacy' });
const INVERSE_TOLERANCE_DEG = 1e-7;
/** Squared axis ratio of WGS 84. */
const WGS84_RATIO = (1 - 1 / 298.257223563) ** 2;

/** Where the vector's point is inside the gateway: east-positive, planetocentric, radians. */
function insideOf(vector: Vector): Pair {
  const [lon, lat] = vector.lonlat_deg;
  const geodetic = vector.lat_kind.startsWith('geodetic') && Math.abs(lat) < 90;
  return [lon * DEGREE, geodetic ? Math.atan(WGS84_RATIO * Math.tan(lat * DEGREE)) : lat * DEGREE];
}

function forward(crs: Crs, [lon, lat]: Pair): Pair {
  const x = new Float64Array(1);
  const y = new Float64Array(1);
  crs.fromSphere(1, Float64Array.of(lon), Float64Array.of(lat), x, y);
  return swapPoint(crs, [x[0] as number, y[0] as number]);
}

function inverse(crs: Crs, xy: Pair): Pair {
  const [x, y] = swapPoint(crs, xy);
  const lon = new Float64Array(1);
  const lat = new Float64Array(1);
  crs.toSphere(1, Float64Array.of(x), Float64Array.of(y), lon, lat);
  return [lon[0] as number, lat[0] as number];
}

function distanceDeg([lon1, lat1]: Pair, [lon2, lat2]: Pair): number {
  const h = Math.sin((lat1 - lat2) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin((lon1 - lon2) / 2) ** 2;
  return (2 * Math.asin(Math.min(1, Math.sqrt(h)))) / DEGREE;
}

function expectForward(crs: Crs, vector: Vector, wanted: Pair): void {
  const [first, second] = forward(crs, insideOf(vector));
  const error = vector.x_sign_ambiguous ? Math.abs(first) - Math.abs(wanted[0]) : first - wanted[0];
  expect(Math.abs(error)).toBeLessThanOrEqual(vector.tol);
  expect(Math.abs(second - wanted[1])).toBeLessThanOrEqual(vector.tol);
}

function expectInverse(crs: Crs, vector: Vector, xy: Pair): void {
  expect(distanceDeg(inverse(crs, xy), insideOf(vector))).toBeLessThanOrEqual(vector.inverse_tol_deg ?? INVERSE_TOLERANCE_DEG);
}

describe('oracle vectors of PROJ', () => {
  it('are all here (a truncated file passes everything)', () => {
    expect(vectors.length).toBe(713);
    expect(forwardVectors.length).toBe(682);
    expect(vectors.filter((vector) => vector.kind === 'latitude').length).toBe(19);
    expect(vectors.filter((vector) => vector.kind === 'inverse-outside').length).toBe(12);
  });

  describe.each([...new Set(forwardVectors.map((vector) => vector.code))])('%s', (code) => {
    const own = forwardVectors.filter((vector) => vector.code === code);

    it.each(own.filter((vector) => vector.xy !== null))('$id $lonlat_deg forward, PROJ <= 9.7', (vector) => {
      expectForward(legacy.crsOf(code), vector, vector.xy as Pair);
    });

    it.each(own.filter((vector) => vector.xy === null))('$id $lonlat_deg is not on the map (the far side shining through)', (vector) => {
      expect(forward(legacy.crsOf(code), insideOf(vector))).toEqual([Number.NaN, Number.NaN]);
    });

    it.each(own.filter((vector) => vector.inverse_ok === true))('$id $xy inverse, PROJ <= 9.7', (vector) => {
      expectInverse(legacy.crsOf(code), vector, vector.xy as Pair);
    });

    it.each(own.filter((vector) => vector.xy !== null))('$id $lonlat_deg forward and inverse, registered method', (vector) => {
      const wanted = vector.xy_epsg1028 ?? (vector.xy as Pair);
      expectForward(current.crsOf(code), vector, wanted);
      if (vector.inverse_ok === true) expectInverse(current.crsOf(code), vector, wanted);
    });
  });

  it.each(vectors.filter((vector) => vector.kind === 'inverse-outside'))('$id $code $xy is outside the map', (vector) => {
    expect(inverse(current.crsOf(vector.code), vector.xy as Pair)).toEqual([Number.NaN, Number.NaN]);
  });

  it.each(vectors.filter((vector) => vector.kind === 'latitude'))('$id latitude $lat_ocentric on $body', (vector) => {
    const code = { Mars: 49901, Mercury: 19901, Jupiter: 59901, Earth: 39901, Ceres: 200000101, Uranus: 79901 }[vector.body];
    const crs = current.crsOf(`IAU_2015:${code}`);
    expect(Math.abs(forward(crs, [0, vector.lat_ocentric * DEGREE])[0] - vector.lat_ographic)).toBeLessThanOrEqual(vector.tol);
    expect(Math.abs(inverse(crs, [vector.lat_ographic, 0])[1] / DEGREE - vector.lat_ocentric)).toBeLessThanOrEqual(vector.tol);
  });
});
