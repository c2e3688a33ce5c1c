import { RGBA, type Raster } from '../raster.ts';
import { bicubicBlock, bilinearBlock, nearestBlock, type TargetPixels } from './kernels.ts';
import { assembleMosaic, type Mosaic } from './mosaic.ts';
import { averagedBlock, meanPixel, samplerOf } from './samplers.ts';
import type { ExactBlock, Kernel, SmoothBlock, PatchRasters, ReprojectPlan } from './types.ts';

const BLOCK_KERNEL: { readonly [kernel in Kernel]: (mosaic: Mosaic, block: SmoothBlock, target: TargetPixels) => void } =
  Object.freeze({ nearest: nearestBlock, bilinear: bilinearBlock, bicubic: bicubicBlock });

/**
 * The target's pixels. Pure; safe in a worker thread.
 * @param rasters those of plan.patches, in their order, each as large as its patch's grid; null = nothing there (transparent)
 * @throws TOO_LARGE when the window to be assembled is out of all proportion
 */
export function resample(plan: ReprojectPlan, rasters: PatchRasters): Raster {
  const { width, height } = plan.target;
  const bytes = new Uint8Array(width * height * RGBA);
  const target: TargetPixels = { data: new Uint32Array(bytes.buffer), width };
  const mosaics = plan.parts.map((part) => assembleMosaic(plan, part, rasters));
  plan.parts.forEach((part, i) => {
    for (const block of part.blocks) {
      if (block.samplesX * block.samplesY > 1) averagedBlock(mosaics[i]!, block, target);
      else BLOCK_KERNEL[plan.kernel](mosaics[i]!, block, target);
    }
  });
  for (const block of plan.exact) resampleExact(block, mosaics, plan.kernel, target);
  return { width, height, data: bytes, opaque: isOpaque(plan, mosaics) };
}

function resampleExact(block: ExactBlock, mosaics: readonly Mosaic[], kernel: Kernel, target: TargetPixels): void {
  const { x, y, width, height, subsamples, part, col, row } = block;
  const count = subsamples * subsamples;
  const sample = samplerOf(kernel, subsamples);
  const sum = new Float64Array(4);
  for (let i = 0; i < width * height; i++) {
    sum.fill(0);
    for (let s = i * count; s < (i + 1) * count; s++) {
      const mosaic = mosaics[part[s]!];
      if (mosaic !== undefined) sample(mosaic, col[s]!, row[s]!, sum);
    }
    target.data[(y + Math.floor(i / width)) * target.width + x + (i % width)] = meanPixel(sum, count);
  }
}

/** Every pixel was written, and from opaque mosaics only. */
function isOpaque(plan: ReprojectPlan, mosaics: readonly Mosaic[]): boolean {
  const { width, height } = plan.target;
  let pixels = 0;
  for (const part of plan.parts) for (const block of part.blocks) pixels += block.width * block.height;
  for (const block of plan.exact) {
    if (block.part.includes(-1)) return false;
    pixels += block.width * block.height;
  }
  return pixels === width * height && mosaics.every((mosaic) => mosaic.opaque);
}
