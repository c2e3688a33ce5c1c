import { CUBIC_WEIGHTS, type TargetPixels } from './kernels.ts';
import type { Mosaic } from './mosaic.ts';
import type { Kernel, LinearBlock } from './types.ts';

/** Adds the colour at a point to `sum`: red, green, blue, alpha, unrounded. col and row in level coordinates. */
export type Sampler = (mosaic: Mosaic, col: number, row: number, sum: Float64Array) => void;

/** The sampler of a kernel; averages over a footprint are made of bilinear samples whatever the kernel. */
export function samplerOf(kernel: Kernel, subsamples: number): Sampler {
  if (kernel === 'nearest') return sampleNearest;
  return kernel === 'bilinear' || subsamples > 1 ? sampleBilinear : sampleBicubic;
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

/** A linear block averaged over each pixel's footprint: block.subsamples^2 bilinear samples per pixel. Hot: no calls inside. */
export function averagedBlock({ data, width, col, row }: Mosaic, block: LinearBlock, target: TargetPixels): void {
  const { x, y, width: w, height: h, subsamples: n } = block;
  const [c00, c10, c01, c11] = block.cols;
  const [r00, r10, r01, r11] = block.rows;
  const sums = new Float64Array(w * 4);
  const scale = 1 / (n * n);
  for (let j = 0; j < h; j++) {
    sums.fill(0.5 / scale);
    for (let s = 0; s < n; s++) {
      const v = (j + (s + 0.5) / n) / h;
      const c0 = c00 + (c01 - c00) * v - col - 0.5;
      const r0 = r00 + (r01 - r00) * v - row - 0.5;
      const dc = (c10 + (c11 - c10) * v - col - 0.5 - c0) / (w * n);
      const dr = (r10 + (r11 - r10) * v - row - 0.5 - r0) / (w * n);
      let c = c0 + dc * 0.5;
      let r = r0 + dr * 0.5;
      for (let i = 0; i < w; i++) {
        let red = 0;
        let green = 0;
        let blue = 0;
        let alpha = 0;
        for (let k = 0; k < n; k++) {
          const ic = c | 0;
          const ir = r | 0;
          const at = ir * width + ic;
          const a = data[at]!;
          const b = data[at + 1]!;
          const d = data[at + width]!;
          const e = data[at + width + 1]!;
          const fx = c - ic;
          const fy = r - ir;
          const we = fx * fy;
          const wb = fx - we;
          const wd = fy - we;
          const wa = 1 - fx - wd;
          red += (a & 255) * wa + (b & 255) * wb + (d & 255) * wd + (e & 255) * we;
          green += ((a >>> 8) & 255) * wa + ((b >>> 8) & 255) * wb + ((d >>> 8) & 255) * wd + ((e >>> 8) & 255) * we;
          blue += ((a >>> 16) & 255) * wa + ((b >>> 16) & 255) * wb + ((d >>> 16) & 255) * wd + ((e >>> 16) & 255) * we;
          alpha += (a >>> 24) * wa + (b >>> 24) * wb + (d >>> 24) * wd + (e >>> 24) * we;
          c += dc;
          r += dr;
        }
        sums[i * 4]! += red;
        sums[i * 4 + 1]! += green;
        sums[i * 4 + 2]! += blue;
        sums[i * 4 + 3]! += alpha;
      }
    }
    const o = (y + j) * target.width + x;
    for (let i = 0; i < w; i++) {
      const k = i * 4;
      target.data[o + i] =
        (sums[k]! * scale) | ((sums[k + 1]! * scale) << 8) | ((sums[k + 2]! * scale) << 16) | ((sums[k + 3]! * scale) << 24);
    }
  }
}
