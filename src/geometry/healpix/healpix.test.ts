import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEGREE } from '../angles.ts';
import { neighbourCell } from './edges.ts';
import { facesToSphere, sphereToFaces } from './face.ts';
import { cellCount, cellOf, MAX_ORDER, npixOf } from './morton.ts';

interface Oracle {
  readonly centres: readonly (readonly [order: number, npix: number, lon: number, lat: number])[];
  readonly points: readonly (readonly [order: number, lon: number, lat: number, npix: number])[];
  readonly neighbours: readonly (readonly number[])[];
}
const oracle = JSON.parse(readFileSync(new URL('../../../test/oracle/healpix/healpix.json', import.meta.url), 'utf8')) as Oracle;

function centre(order: number, npix: number): [lon: number, lat: number] {
  const { face, x, y } = cellOf(order, npix);
  const lon = new Float64Array(1);
  const lat = new Float64Array(1);
  facesToSphere(1, Int8Array.of(face), Float64Array.of(x + 0.5), Float64Array.of(y + 0.5), 2 ** order, lon, lat);
  return [lon[0]! / DEGREE, lat[0]! / DEGREE];
}

function npixAt(order: number, lon: number, lat: number): number {
  const n = 2 ** order;
  const face = new Int8Array(1);
  const x = new Float64Array(1);
  const y = new Float64Array(1);
  sphereToFaces(1, Float64Array.of(lon * DEGREE), Float64Array.of(lat * DEGREE), n, face, x, y);
  return npixOf(order, face[0]!, Math.min(Math.floor(x[0]!), n - 1), Math.min(Math.floor(y[0]!), n - 1));
}

describe('NESTED numbers', () => {
  it('interleave and de-interleave without BigInt up to order 24, whose last number is a safe integer', () => {
    const last = 2 ** MAX_ORDER - 1;
    for (const [x, y] of [[0, 0], [last, last], [last, 0], [0, last], [0xabcdef, 0x123456], [0xfff, 0x1000]] as const) {
      for (const face of [0, 7, 11]) {
        const npix = npixOf(MAX_ORDER, face, x, y);
        expect(Number.isSafeInteger(npix)).toBe(true);
        expect(cellOf(MAX_ORDER, npix)).toEqual({ face, x, y });
      }
    }
    expect(npixOf(MAX_ORDER, 11, last, last)).toBe(cellCount(MAX_ORDER) - 1);
  });

  it('take x from the even bits: children are south, east, west, north', () => {
    expect([0, 1, 2, 3].map((n) => cellOf(1, n))).toEqual([
      { face: 0, x: 0, y: 0 },
      { face: 0, x: 1, y: 0 },
      { face: 0, x: 0, y: 1 },
      { face: 0, x: 1, y: 1 },
    ]);
  });
});

describe('face <-> sphere against healpy', () => {
  it('finds the centre of every cell to 1e-12 degree, on the poles, the edges and at order 24', () => {
    for (const [order, npix, lon, lat] of oracle.centres) {
      const [ourLon, ourLat] = centre(order, npix);
      const turn = (((ourLon - lon + 540) % 360) - 180) * Math.cos(lat * DEGREE);
      // healpy's own z -> angle near the poles is good to a few 1e-9 of the distance from the pole; elsewhere both are exact.
      const tolerance = Math.abs(lat) > 89.9 ? 1e-8 : 1e-12;
      expect(Math.abs(turn), `${order}/${npix} lon ${ourLon} ${lon}`).toBeLessThan(tolerance);
      expect(Math.abs(ourLat - lat), `${order}/${npix} lat`).toBeLessThan(tolerance);
    }
  });

  it('finds the cell of any direction, whatever the turn of the longitude', () => {
    for (const [order, lon, lat, npix] of oracle.points) expect(npixAt(order, lon, lat), `${order} ${lon} ${lat}`).toBe(npix);
  });

  it('comes back to the same point of the same face, corners of caps included, with the precision of doubles', () => {
    const lon = new Float64Array(1);
    const lat = new Float64Array(1);
    const [face, x, y] = [new Int8Array(1), new Float64Array(1), new Float64Array(1)];
    for (let f = 0; f < 12; f++) {
      for (const u of [1e-9, 0.1, 0.5, 0.77, 1 - 1e-9]) {
        for (const v of [1e-9, 0.2, 0.5, 0.93, 1 - 1e-9]) {
          facesToSphere(1, Int8Array.of(f), Float64Array.of(u), Float64Array.of(v), 1, lon, lat);
          sphereToFaces(1, lon, lat, 1, face, x, y);
          expect([face[0], Math.abs(x[0]! - u) < 1e-14, Math.abs(y[0]! - v) < 1e-14]).toEqual([f, true, true]);
        }
      }
    }
  });

  it('reaches the poles exactly and gives NaN for no face', () => {
    const lon = new Float64Array(3);
    const lat = new Float64Array(3);
    facesToSphere(3, Int8Array.of(0, 8, -1), Float64Array.of(1, 0, 0.5), Float64Array.of(1, 0, 0.5), 1, lon, lat);
    expect(lat[0]).toBeCloseTo(Math.PI / 2, 15);
    expect(lat[1]).toBeCloseTo(-Math.PI / 2, 15);
    expect(lon[2]).toBeNaN();
    const [face, x, y] = [new Int8Array(1), new Float64Array(1), new Float64Array(1)];
    sphereToFaces(1, Float64Array.of(NaN), Float64Array.of(0), 1, face, x, y);
    expect(face[0]).toBe(-1);
    sphereToFaces(1, Float64Array.of(0.3), Float64Array.of(Math.PI / 2), 1, face, x, y);
    expect([face[0], x[0], y[0]]).toEqual([0, expect.closeTo(1, 12), expect.closeTo(1, 12)]);
  });
});

describe('neighbours across base cells', () => {
  const n = 8;
  /** healpy's order SW W NW N NE E SE S in steps of (x, y). */
  const STEPS = [[-1, 0], [-1, 1], [0, 1], [1, 1], [1, 0], [1, -1], [0, -1], [-1, -1]] as const;

  it('are those of healpy for every cell of order 3, with nothing beyond the corners of three cells', () => {
    const out = new Float64Array(3);
    oracle.neighbours.forEach((expected, npix) => {
      const { face, x, y } = cellOf(3, npix);
      const ours = STEPS.map(([dx, dy]) => (neighbourCell(face, x + dx, y + dy, n, out) ? npixOf(3, out[0]!, out[1]!, out[2]!) : -1));
      expect(ours, `cell ${npix}`).toEqual(expected);
    });
  });

  it('are glued both ways: stepping back leads home', () => {
    const out = new Float64Array(3);
    for (let face = 0; face < 12; face++) {
      for (let i = 0; i < n; i++) {
        for (const [x, y] of [[-1, i], [n, i], [i, -1], [i, n]] as const) {
          expect(neighbourCell(face, x, y, n, out)).toBe(true);
          const [f, a, b] = [out[0]!, out[1]!, out[2]!];
          const home = [[-1, 0], [1, 0], [0, -1], [0, 1]].some(([dx, dy]) => {
            const found = neighbourCell(f, a + dx!, b + dy!, n, out);
            const inside = [Math.min(Math.max(x, 0), n - 1), Math.min(Math.max(y, 0), n - 1)];
            return found && out[0] === face && out[1] === inside[0] && out[2] === inside[1];
          });
          expect(home, `face ${face} ${x},${y}`).toBe(true);
        }
      }
    }
  });
});
