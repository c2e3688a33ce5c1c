import { describe, expect, it } from 'vitest';
import { boundsOf, NODE_U, NODE_V, rowAt, sagOf, slopeAt, valueAt, type Nodes } from './surface.ts';

/** A polynomial that a biquadratic surface must reproduce, and its derivative by v. */
const f = (u: number, v: number): number => 3 + 2 * u - 5 * v + 7 * u * v - 4 * u * u + 6 * u * u * v * v - v * v;
const fv = (u: number, v: number): number => -5 + 7 * u + 12 * u * u * v - 2 * v;
const nodes: Nodes = NODE_U.map((u, k) => f(u, NODE_V[k]!));
const grid = Array.from({ length: 21 }, (_, i) => i / 20);

describe('a biquadratic surface', () => {
  it('passes through its nodes and is exact for biquadratic functions (danger: rows and columns of nodes swapped)', () => {
    for (const u of grid) for (const v of grid) expect(valueAt(nodes, u, v)).toBeCloseTo(f(u, v), 12);
  });

  it('gives rows and their slope from an origin (danger: samples of a mean spread the wrong way)', () => {
    const [row, slope] = [new Float64Array(3), new Float64Array(3)];
    for (const v of grid) {
      rowAt(nodes, v, 100, row);
      slopeAt(nodes, v, slope);
      for (const u of grid) {
        expect(row[0]! + u * (row[1]! + u * row[2]!)).toBeCloseTo(f(u, v) - 100, 10);
        expect(slope[0]! + u * (slope[1]! + u * slope[2]!)).toBeCloseTo(fv(u, v), 10);
      }
    }
  });

  it('keeps within its bounds, with an extreme between the nodes (danger: taps outside the assembled window)', () => {
    const hump: Nodes = [0, 3.9, 4, 0, 3.9, 4, 0, 3.9, 4];
    for (const n of [nodes, hump]) {
      const [min, max] = boundsOf(n);
      for (const u of grid) {
        for (const v of grid) {
          expect(valueAt(n, u, v)).toBeGreaterThanOrEqual(min - 1e-9);
          expect(valueAt(n, u, v)).toBeLessThanOrEqual(max + 1e-9);
        }
      }
    }
    expect(boundsOf(hump)[1]).toBeGreaterThan(4);
  });

  it('has the bounds of a flat piece to the bit (danger: a neighbouring tile fetched for a rounding error)', () => {
    const flat: Nodes = NODE_U.map((u) => 512 + 64 * u);
    expect(boundsOf(flat)).toEqual([512, 576]);
  });

  it('strays from its tangent planes by no more than the sag (danger: samples of a mean outside the window)', () => {
    const [w, h] = [8, 4];
    const sag = sagOf(nodes, w, h);
    const row = new Float64Array(3);
    for (let j = 0; j < h; j++) {
      for (let i = 0; i < w; i++) {
        const [u, v] = [(i + 0.5) / w, (j + 0.5) / h];
        rowAt(nodes, v, 0, row);
        for (const [du, dv] of [[-0.5, -0.5], [-0.5, 0.5], [0.5, -0.5], [0.5, 0.5]] as const) {
          const plane = f(u, v) + ((row[1]! + 2 * row[2]! * u) * du) / w + (fv(u, v) * dv) / h;
          expect(Math.abs(plane - f(u + du / w, v + dv / h))).toBeLessThanOrEqual(sag);
        }
      }
    }
  });
});
