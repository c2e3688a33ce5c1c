import type { Pixels } from '../../geometry/lattice/types.ts';
import { CUBIC_WEIGHTS } from './kernels.ts';
import { rowAt } from './surface.ts';
import type { Kernel, SmoothBlock } from './types.ts';

/**
 * The kernels for measurements: one band of 32-bit floats, NaN = no data. The readable reference of the SIMD ones.
 *
 * No data neither spreads nor is painted over: what is missing among the four pixels round a sample is left out of the mean; where
 * less than half of the weight is left there is no data. Bicubic needs all its sixteen pixels and is bilinear elsewhere.
 */

/** A window of a level's chart, as Mosaic. */
export interface FloatMosaic {
  readonly col: number;
  readonly row: number;
  readonly width: Pixels;
  readonly height: Pixels;
  readonly data: Float32Array;
}

/** Target samples, row by row. */
export interface FloatTarget {
  readonly data: Float32Array;
  readonly width: Pixels;
}

/** Where one picture of measurements is put together, as Desk. */
export interface FloatDesk {
  /** No data at first where the blocks will not cover all. */
  readonly target: FloatTarget;
  mosaicSamples(count: Pixels): Float32Array;
  paint(kernel: Kernel, mosaic: FloatMosaic, blocks: readonly SmoothBlock[]): void;
  /** The samples, the caller's own. Nothing of the desk may be used afterwards. */
  finish(): Float32Array;
}

/** Least weight of data in a bilinear mean. */
const ENOUGH = 0.5;

/** Draws one block, one sample per pixel. The mosaic holds every tap: KERNEL_REACH beyond the block's coordinates. */
export function paintFloatBlock(kernel: Kernel, mosaic: FloatMosaic, block: SmoothBlock, target: FloatTarget): void {
  const { x, y, width, height, cols, rows } = block;
  const offset = kernel === 'nearest' ? 0 : 0.5;
  const [c, r] = [new Float64Array(3), new Float64Array(3)];
  const sample = SAMPLE[kernel];
  const step = 1 / width;
  for (let j = 0; j < height; j++) {
    rowAt(cols, (j + 0.5) / height, mosaic.col + offset, c);
    rowAt(rows, (j + 0.5) / height, mosaic.row + offset, r);
    for (let i = 0; i < width; i++) {
      const u = (i + 0.5) * step;
      target.data[(y + j) * target.width + x + i] = sample(mosaic, (c[2]! * u + c[1]!) * u + c[0]!, (r[2]! * u + r[1]!) * u + r[0]!);
    }
  }
}

type Sample = (mosaic: FloatMosaic, col: number, row: number) => number;
const SAMPLE: { readonly [kernel in Kernel]: Sample } = Object.freeze({ nearest, bilinear, bicubic });

function nearest({ data, width, height }: FloatMosaic, col: number, row: number): number {
  const c = Math.min(Math.max(Math.floor(col), 0), width - 1);
  const r = Math.min(Math.max(Math.floor(row), 0), height - 1);
  return data[r * width + c]!;
}

function bilinear({ data, width }: FloatMosaic, col: number, row: number): number {
  const [c, r] = [Math.floor(col), Math.floor(row)];
  const [fx, fy] = [col - c, row - r];
  let [sum, weights] = [0, 0];
  for (const [dc, dr, weight] of [[0, 0, (1 - fx) * (1 - fy)], [1, 0, fx * (1 - fy)], [0, 1, (1 - fx) * fy], [1, 1, fx * fy]] as const) {
    const value = data[(r + dr) * width + c + dc]!;
    if (Number.isNaN(value)) continue;
    sum += weight * value;
    weights += weight;
  }
  return weights >= ENOUGH ? sum / weights : NaN;
}

function bicubic(mosaic: FloatMosaic, col: number, row: number): number {
  const { data, width } = mosaic;
  const phases = CUBIC_WEIGHTS.length / 4 - 1;
  const [c, r] = [Math.floor(col), Math.floor(row)];
  const px = Math.round((col - c) * phases) * 4;
  const py = Math.round((row - r) * phases) * 4;
  let sum = 0;
  for (let k = 0; k < 4; k++) {
    const at = (r - 1 + k) * width + c - 1;
    for (let l = 0; l < 4; l++) sum += CUBIC_WEIGHTS[py + k]! * CUBIC_WEIGHTS[px + l]! * data[at + l]!;
  }
  return Number.isNaN(sum) ? bilinear(mosaic, col, row) : sum;
}
