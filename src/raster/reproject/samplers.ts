import { CUBIC_WEIGHTS, type TargetPixels } from './kernels.ts';
import type { Mosaic } from './mosaic.ts';
import { rowAt, slopeAt } from './surface.ts';
import type { Kernel, SmoothBlock } from './types.ts';

/** Adds the colour at a point to sum[at .. at + 3]: red, green, blue, alpha, unrounded. col and row in level coordinates. */
export type Sampler = (mosaic: Mosaic, col: number, row: number, sum: Float64Array, at: number) => void;

/** The sampler of a kernel that is asked for so many samples per pixel; averages over a footprint are made of bilinear samples whatever the kernel. */
export function samplerOf(kernel: Kernel, samples: number): Sampler {
  if (kernel === 'nearest') return sampleNearest;
  return kernel === 'bilinear' || samples > 1 ? sampleBilinear : sampleBicubic;
}

function addPixel(p: number, weight: number, sum: Float64Array, at: number): void {
  sum[at]! += (p & 255) * weight;
  sum[at + 1]! += ((p >>> 8) & 255) * weight;
  sum[at + 2]! += ((p >>> 16) & 255) * weight;
  sum[at + 3]! += (p >>> 24) * weight;
}

function sampleNearest(m: Mosaic, col: number, row: number, sum: Float64Array, to: number): void {
  const c = Math.min(Math.floor(col - m.col), m.width - 1);
  const r = Math.min(Math.floor(row - m.row), m.height - 1);
  addPixel(m.data[r * m.width + c]!, 1, sum, to);
}

function sampleBilinear(m: Mosaic, col: number, row: number, sum: Float64Array, to: number): void {
  const c = col - m.col - 0.5;
  const r = row - m.row - 0.5;
  const ic = c | 0;
  const ir = r | 0;
  const fx = c - ic;
  const fy = r - ir;
  const at = ir * m.width + ic;
  addPixel(m.data[at]!, (1 - fx) * (1 - fy), sum, to);
  addPixel(m.data[at + 1]!, fx * (1 - fy), sum, to);
  addPixel(m.data[at + m.width]!, (1 - fx) * fy, sum, to);
  addPixel(m.data[at + m.width + 1]!, fx * fy, sum, to);
}

function sampleBicubic(m: Mosaic, col: number, row: number, sum: Float64Array, to: number): void {
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
    for (let l = 0; l < 4; l++) addPixel(m.data[at + l]!, wy * CUBIC_WEIGHTS[px + l]!, sum, to);
  }
}

/** The mean of `count` colours summed at sum[at .. at + 3] as a pixel; overshoot is cut to [0, alpha]. */
export function meanPixel(sum: Float64Array, at: number, count: number): number {
  const alpha = Math.min(255, Math.max(0, Math.round(sum[at + 3]! / count)));
  const red = Math.min(alpha, Math.max(0, Math.round(sum[at]! / count)));
  const green = Math.min(alpha, Math.max(0, Math.round(sum[at + 1]! / count)));
  const blue = Math.min(alpha, Math.max(0, Math.round(sum[at + 2]! / count)));
  return red | (green << 8) | (blue << 16) | (alpha << 24);
}

/**
 * A smooth block averaged over each pixel's footprint: samplesX x samplesY bilinear samples per pixel, spread evenly over the plane
 * that touches the surface at the pixel's centre. Hot: no calls inside.
 */
export function averagedBlock({ data, width, col, row }: Mosaic, block: SmoothBlock, target: TargetPixels): void {
  const { x, y, width: w, height: h, cols, rows, samplesX: nx, samplesY: ny } = block;
  const [cs, rs, dcs, drs] = [new Float64Array(3), new Float64Array(3), new Float64Array(3), new Float64Array(3)];
  const step = 1 / w;
  const scale = 1 / (nx * ny);
  for (let j = 0; j < h; j++) {
    const v = (j + 0.5) / h;
    rowAt(cols, v, col + 0.5, cs);
    rowAt(rows, v, row + 0.5, rs);
    slopeAt(cols, v, dcs);
    slopeAt(rows, v, drs);
    let o = (y + j) * target.width + x;
    for (let i = 0; i < w; i++) {
      const u = (i + 0.5) * step;
      // Steps from sample to sample, along the target's columns and rows.
      const cx = (cs[1]! + 2 * cs[2]! * u) / (w * nx);
      const rx = (rs[1]! + 2 * rs[2]! * u) / (w * nx);
      const cy = ((dcs[2]! * u + dcs[1]!) * u + dcs[0]!) / (h * ny);
      const ry = ((drs[2]! * u + drs[1]!) * u + drs[0]!) / (h * ny);
      const cFirst = (cs[2]! * u + cs[1]!) * u + cs[0]! - (cx * (nx - 1) + cy * (ny - 1)) / 2;
      const rFirst = (rs[2]! * u + rs[1]!) * u + rs[0]! - (rx * (nx - 1) + ry * (ny - 1)) / 2;
      let red = 0;
      let green = 0;
      let blue = 0;
      let alpha = 0;
      for (let s = 0; s < ny; s++) {
        let c = cFirst + s * cy;
        let r = rFirst + s * ry;
        for (let k = 0; k < nx; k++) {
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
          c += cx;
          r += rx;
        }
      }
      target.data[o++] =
        (red * scale + 0.5) | ((green * scale + 0.5) << 8) | ((blue * scale + 0.5) << 16) | ((alpha * scale + 0.5) << 24);
    }
  }
}
