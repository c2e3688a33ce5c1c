import type { Mosaic } from './mosaic.ts';
import { rowAt } from './surface.ts';
import type { SmoothBlock } from './types.ts';

/**
 * The hot loops: one smooth block of the target, one sample per pixel. Coordinates are relative to the mosaic's window; the
 * planner guarantees that every tap lies inside it. Colours are premultiplied, so a weighted mean of pixels is a weighted mean
 * of light: transparent neighbours never darken an edge.
 *
 * Weights are fixed point: 16 bits for bilinear (products of two fractions), 2^-10 steps of the fraction for bicubic.
 */

/** Target pixels as 32-bit RGBA words. */
export interface TargetPixels {
  readonly data: Uint32Array;
  readonly width: number;
}

/** Nearest pixel: the one whose square holds the sample. */
export function nearestBlock({ data, width, height, col, row }: Mosaic, block: SmoothBlock, target: TargetPixels): void {
  const { x, y, width: w, height: h, cols, rows } = block;
  const out = target.data;
  const lastCol = width - 1;
  const lastRow = height - 1;
  const step = 1 / w;
  const c = new Float64Array(3);
  const r = new Float64Array(3);
  for (let j = 0; j < h; j++) {
    const v = (j + 0.5) / h;
    rowAt(cols, v, col, c);
    rowAt(rows, v, row, r);
    const [c0, c1, c2, r0, r1, r2] = [c[0]!, c[1]!, c[2]!, r[0]!, r[1]!, r[2]!];
    let o = (y + j) * target.width + x;
    for (let i = 0; i < w; i++) {
      const u = (i + 0.5) * step;
      const ic = ((c2 * u + c1) * u + c0) | 0;
      const ir = ((r2 * u + r1) * u + r0) | 0;
      const inCol = ic < 0 ? 0 : ic > lastCol ? lastCol : ic;
      const inRow = ir < 0 ? 0 : ir > lastRow ? lastRow : ir;
      out[o++] = data[inRow * width + inCol]!;
    }
  }
}

const HALF = 1 << 15;

/** Bilinear: the four pixels whose centres surround the sample. */
export function bilinearBlock({ data, width, col, row }: Mosaic, block: SmoothBlock, target: TargetPixels): void {
  const { x, y, width: w, height: h, cols, rows } = block;
  const out = target.data;
  const step = 1 / w;
  const cs = new Float64Array(3);
  const rs = new Float64Array(3);
  for (let j = 0; j < h; j++) {
    const v = (j + 0.5) / h;
    rowAt(cols, v, col + 0.5, cs);
    rowAt(rows, v, row + 0.5, rs);
    const [c0, c1, c2, r0, r1, r2] = [cs[0]!, cs[1]!, cs[2]!, rs[0]!, rs[1]!, rs[2]!];
    let o = (y + j) * target.width + x;
    for (let i = 0; i < w; i++) {
      const u = (i + 0.5) * step;
      const c = (c2 * u + c1) * u + c0;
      const r = (r2 * u + r1) * u + r0;
      const ic = c | 0;
      const ir = r | 0;
      const at = ir * width + ic;
      const a = data[at]!;
      const b = data[at + 1]!;
      const d = data[at + width]!;
      const e = data[at + width + 1]!;
      if (a === b && a === d && a === e) {
        out[o++] = a;
      } else {
        const fx = c - ic;
        const fy = r - ir;
        const we = (fx * fy * 65536 + 0.5) | 0;
        const wb = ((fx * 65536 + 0.5) | 0) - we;
        const wd = ((fy * 65536 + 0.5) | 0) - we;
        const wa = 65536 - wb - wd - we;
        const red = ((a & 255) * wa + (b & 255) * wb + (d & 255) * wd + (e & 255) * we + HALF) >>> 16;
        const green = (((a >>> 8) & 255) * wa + ((b >>> 8) & 255) * wb + ((d >>> 8) & 255) * wd + ((e >>> 8) & 255) * we + HALF) >>> 16;
        const blue = (((a >>> 16) & 255) * wa + ((b >>> 16) & 255) * wb + ((d >>> 16) & 255) * wd + ((e >>> 16) & 255) * we + HALF) >>> 16;
        const alpha =
          (a & b & d & e) >>> 24 === 255 ? 255 : ((a >>> 24) * wa + (b >>> 24) * wb + (d >>> 24) * wd + (e >>> 24) * we + HALF) >>> 16;
        out[o++] = red | (green << 8) | (blue << 16) | (alpha << 24);
      }
    }
  }
}

const PHASES = 1024;

/** Four Catmull-Rom weights (Keys 1981, a = -1/2) for each of PHASES + 1 fractions; each four sum to 1. */
export const CUBIC_WEIGHTS: Float64Array = cubicWeights();

function cubicWeights(): Float64Array {
  const table = new Float64Array((PHASES + 1) * 4);
  for (let p = 0; p <= PHASES; p++) {
    const t = p / PHASES;
    table[p * 4] = ((-0.5 * t + 1) * t - 0.5) * t;
    table[p * 4 + 1] = (1.5 * t - 2.5) * t * t + 1;
    table[p * 4 + 2] = ((-1.5 * t + 2) * t + 0.5) * t;
    table[p * 4 + 3] = (0.5 * t - 0.5) * t * t;
  }
  return table;
}

/** Bicubic: 4 x 4 pixels; overshoot is cut to [0, alpha]. */
export function bicubicBlock({ data, width, col, row }: Mosaic, block: SmoothBlock, target: TargetPixels): void {
  const { x, y, width: w, height: h, cols, rows } = block;
  const out = target.data;
  const step = 1 / w;
  const cs = new Float64Array(3);
  const rs = new Float64Array(3);
  const weights = CUBIC_WEIGHTS;
  for (let j = 0; j < h; j++) {
    const v = (j + 0.5) / h;
    rowAt(cols, v, col + 0.5, cs);
    rowAt(rows, v, row + 0.5, rs);
    const [c0, c1, c2, r0, r1, r2] = [cs[0]!, cs[1]!, cs[2]!, rs[0]!, rs[1]!, rs[2]!];
    let o = (y + j) * target.width + x;
    for (let i = 0; i < w; i++) {
      const u = (i + 0.5) * step;
      const c = (c2 * u + c1) * u + c0;
      const r = (r2 * u + r1) * u + r0;
      const ic = c | 0;
      const ir = r | 0;
      const px = (((c - ic) * PHASES + 0.5) | 0) * 4;
      const py = (((r - ir) * PHASES + 0.5) | 0) * 4;
      const x0 = weights[px]!;
      const x1 = weights[px + 1]!;
      const x2 = weights[px + 2]!;
      const x3 = weights[px + 3]!;
      let at = (ir - 1) * width + ic - 1;
      let red = 0.5;
      let green = 0.5;
      let blue = 0.5;
      let common = -1;
      for (let k = 0; k < 4; k++) {
        const wy = weights[py + k]!;
        const a = data[at]!;
        const b = data[at + 1]!;
        const d = data[at + 2]!;
        const e = data[at + 3]!;
        red += wy * ((a & 255) * x0 + (b & 255) * x1 + (d & 255) * x2 + (e & 255) * x3);
        green += wy * (((a >>> 8) & 255) * x0 + ((b >>> 8) & 255) * x1 + ((d >>> 8) & 255) * x2 + ((e >>> 8) & 255) * x3);
        blue += wy * (((a >>> 16) & 255) * x0 + ((b >>> 16) & 255) * x1 + ((d >>> 16) & 255) * x2 + ((e >>> 16) & 255) * x3);
        common &= a & b & d & e;
        at += width;
      }
      const top = common >>> 24 === 255 ? 255 : bicubicAlpha(data, width, at, px, py);
      out[o++] = cut(red, top) | (cut(green, top) << 8) | (cut(blue, top) << 16) | (top << 24);
    }
  }
}

/** Alpha of 4 x 4 pixels that are not all opaque, [0, 255]. @param end index of the first pixel of the row below them */
function bicubicAlpha(data: Uint32Array, width: number, end: number, px: number, py: number): number {
  const weights = CUBIC_WEIGHTS;
  let alpha = 0.5;
  for (let k = 0; k < 4; k++) {
    const at = end - (4 - k) * width;
    for (let l = 0; l < 4; l++) alpha += weights[py + k]! * weights[px + l]! * (data[at + l]! >>> 24);
  }
  return alpha >= 255 ? 255 : alpha <= 0 ? 0 : alpha | 0;
}

function cut(value: number, top: number): number {
  return value >= top ? top : value <= 0 ? 0 : value | 0;
}
