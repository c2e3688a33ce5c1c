import { CUBIC_WEIGHTS } from './kernels.ts';
import type { Mosaic } from './mosaic.ts';
import type { Kernel, LinearBlock } from './types.ts';
import type { TargetPixels } from './kernels.ts';

/**
 * Sums of several samples per pixel: for pixels that cover more than one source pixel, and for pixels whose samples are given
 * one by one. `sum` collects red, green, blue, alpha, unrounded.
 */
export type Sampler = (mosaic: Mosaic, col: number, row: number, sum: Float64Array) => void;

/** The sampler of a kernel; col and row in level coordinates. */
export function samplerOf(kernel: Kernel): Sampler {
  return kernel === 'nearest' ? sampleNearest : kernel === 'bilinear' ? sampleBilinear : sampleBicubic;
}

function addPixel(p: number, weight: number, sum: Float64Array): void {
  sum[0]! += (p & 255) * weight;
  sum[1]! += ((p >>> 8) & 255) * weight;
  sum[2]! += ((p >>> 16) & 255) * weight;
  sum[3]! += (p >>> 24) * weight;
}

function sampleNearest(m: Mosaic, col: number, row: number, sum: Float64Array): void {
  const c = Math.min(Math.floor(col - m.col), m.width - 1);
  const r = Math.min(Math.floor(row - m.row), m.height - 1);
  addPixel(m.data[r * m.width + c]!, 1, sum);
}

function sampleBilinear(m: Mosaic, col: number, row: number, sum: Float64Array): void {
  const c = col - m.col - 0.5;
  const r = row - m.row - 0.5;
  const ic = c | 0;
  const ir = r | 0;
  const fx = c - ic;
  const fy = r - ir;
  const at = ir * m.width + ic;
  addPixel(m.data[at]!, (1 - fx) * (1 - fy), sum);
  addPixel(m.data[at + 1]!, fx * (1 - fy), sum);
  addPixel(m.data[at + m.width]!, (1 - fx) * fy, sum);
  addPixel(m.data[at + m.width + 1]!, fx * fy, sum);
}

function sampleBicubic(m: Mosaic, col: number, row: number, sum: Float64Array): void {
  const c = col - m.col - 0.5;
  const r = row - m.row - 0.5;
  const ic = c | 0;
  const ir = r | 0;
  const phases = CUBIC_WEIGHTS.length / 4 - 1;
  const px = Math.round((c - ic) * phases) * 4;
  const py = Math.round((r - ir) * phases) * 4;
  for (let k = 0; k < 4; k++) {
    const wy = CUBIC_WEIGHTS[py + k]!;
    const at = (ir - 1 + k) * m.width + ic - 1;
    for (let l = 0; l < 4; l++) addPixel(m.data[at + l]!, wy * CUBIC_WEIGHTS[px + l]!, sum);
  }
}

/** The mean of `count` summed samples as a pixel; overshoot is cut to [0, alpha]. */
export function meanPixel(sum: Float64Array, count: number): number {
  const alpha = Math.min(255, Math.max(0, Math.round(sum[3]! / count)));
  const red = Math.min(alpha, Math.max(0, Math.round(sum[0]! / count)));
  const green = Math.min(alpha, Math.max(0, Math.round(sum[1]! / count)));
  const blue = Math.min(alpha, Math.max(0, Math.round(sum[2]! / count)));
  return red | (green << 8) | (blue << 16) | (alpha << 24);
}

/** A linear block with block.subsamples^2 samples per pixel. */
export function supersampledBlock(mosaic: Mosaic, block: LinearBlock, sample: Sampler, target: TargetPixels): void {
  const { x, y, width, height, subsamples: n, cols, rows } = block;
  const sum = new Float64Array(4);
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      sum.fill(0);
      for (let sy = 0; sy < n; sy++) {
        const v = (j + (sy + 0.5) / n) / height;
        for (let sx = 0; sx < n; sx++) {
          const u = (i + (sx + 0.5) / n) / width;
          sample(mosaic, bilinear(cols, u, v), bilinear(rows, u, v), sum);
        }
      }
      target.data[(y + j) * target.width + x + i] = meanPixel(sum, n * n);
    }
  }
}

function bilinear([a, b, c, d]: readonly [number, number, number, number], u: number, v: number): number {
  return (1 - v) * (a + (b - a) * u) + v * (c + (d - c) * u);
}
