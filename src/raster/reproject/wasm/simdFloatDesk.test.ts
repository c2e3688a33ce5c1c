import { describe, expect, it } from 'vitest';
import { paintFloatBlock, type FloatMosaic } from '../floatKernels.ts';
import { NODE_U, NODE_V } from '../surface.ts';
import { KERNELS, type Kernel, type SmoothBlock } from '../types.ts';
import { createSimdFloatDesks } from './simdFloatDesk.ts';

const desks = createSimdFloatDesks()!;
const WIDTH = 97;
const HEIGHT = 80;
const WINDOW = { col: 11, row: -40, width: WIDTH, height: HEIGHT };

/** Heights of a rough landscape, metres. */
function heights(holes: (c: number, r: number) => boolean): Float32Array {
  return Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [c, r] = [i % WIDTH, Math.floor(i / WIDTH)];
    return holes(c, r) ? NaN : 4000 * Math.sin(c / 6) * Math.cos(r / 9) + ((i * 2_654_435_761) % 97);
  });
}

/** A turned, slightly bent block of width x height pixels inside the window. */
function block(width: number, height: number, x = 0, y = 0): SmoothBlock {
  const cols = NODE_U.map((u, k) => WINDOW.col + 10 + 60.3 * u + 9.7 * NODE_V[k]! + 5 * u * u);
  const rows = NODE_U.map((u, k) => WINDOW.row + 20 - 12.1 * u + 47.9 * NODE_V[k]! + 4 * u * NODE_V[k]!);
  return { x, y, width, height, cols, rows, samplesX: 1, samplesY: 1 };
}

function both(kernel: Kernel, data: Float32Array, blocks: readonly SmoothBlock[], width: number, height: number): readonly [Float32Array, Float32Array] {
  const desk = desks({ width, height, blocks: blocks.length, mosaicPixels: data.length, isCovered: false });
  const samples = desk.mosaicSamples(data.length);
  samples.set(data);
  desk.paint(kernel, { ...WINDOW, data: samples }, blocks);
  const plain = { data: new Float32Array(width * height).fill(NaN), width };
  const mosaic: FloatMosaic = { ...WINDOW, data };
  for (const one of blocks) paintFloatBlock(kernel, mosaic, one, plain);
  return [desk.finish(), plain.data];
}

/** Largest difference where both have data, and the pixels where only one of them has. */
function compare([a, b]: readonly [Float32Array, Float32Array]): { readonly worst: number; readonly torn: number; readonly holes: number } {
  let [worst, torn, holes] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(b[i])) holes++;
    if (Number.isNaN(a[i]) !== Number.isNaN(b[i])) torn++;
    else if (!Number.isNaN(a[i])) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  }
  return { worst, torn, holes };
}

/** Bicubic's readable weights come in 1024 phases: a step of 300 m between neighbours may differ by some 0.3 m; bilinear by rounding. */
const BOUND: { readonly [kernel in Kernel]: number } = { nearest: 0, bilinear: 0.02, bicubic: 1 };

describe('SIMD kernels for measurements equal the readable ones', () => {
  for (const kernel of KERNELS) {
    it(`${kernel}: every size of block (danger: tails, lanes swapped)`, () => {
      const data = heights(() => false);
      for (const [w, h] of [[1, 1], [2, 3], [3, 1], [4, 4], [5, 2], [7, 7], [64, 64], [61, 33]] as const) {
        const found = compare(both(kernel, data, [block(w, h)], w, h));
        expect([found.torn, found.holes]).toEqual([0, 0]);
        expect(found.worst).toBeLessThanOrEqual(BOUND[kernel]);
      }
    });

    it(`${kernel}: with holes (danger: no data taken for a number, or spreading)`, () => {
      for (const holes of [(c: number) => c > 50, (c: number, r: number) => (c * 7 + r * 13) % 29 === 0]) {
        const found = compare(both(kernel, heights(holes), [block(64, 64)], 64, 64));
        expect(found.holes).toBeGreaterThan(10);
        // Where just half of the weight is there, rounding decides.
        expect(found.torn).toBeLessThanOrEqual(1);
        expect(found.worst).toBeLessThanOrEqual(BOUND[kernel]);
      }
    });
  }

  it('leaves what no block covers without data (danger: heights of 0 where nothing was measured)', () => {
    const [simd] = both('bilinear', heights(() => false), [block(8, 8, 4, 4)], 16, 16);
    expect(Number.isNaN(simd[0]!)).toBe(true);
    expect(Number.isNaN(simd[4 * 16 + 4]!)).toBe(false);
  });

  it('keeps a plane a plane (danger: a bent or shifted ramp)', () => {
    const ramp = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => 3 * (i % WIDTH) - 2 * Math.floor(i / WIDTH));
    const identity: SmoothBlock = { x: 0, y: 0, width: 40, height: 40, samplesX: 1, samplesY: 1, cols: NODE_U.map((u) => WINDOW.col + 20.25 + 20 * u), rows: NODE_V.map((v) => WINDOW.row + 20.75 + 20 * v) };
    for (const kernel of ['bilinear', 'bicubic'] as const) {
      const [simd] = both(kernel, ramp, [identity], 40, 40);
      for (let i = 0; i < 1600; i++) {
        const wanted = 3 * (20.25 + 0.5 * ((i % 40) + 0.5) - 0.5) - 2 * (20.75 + 0.5 * (Math.floor(i / 40) + 0.5) - 0.5);
        expect(simd[i]!).toBeCloseTo(wanted, 3);
      }
    }
  });
});
