import { RGBA, type Raster } from '../raster.ts';
import { plainDesk, type Desk, type DeskSize } from './desk.ts';
import { assembleMosaic, mosaicSize, type Mosaic } from './mosaic.ts';
import { meanPixel, samplerOf } from './samplers.ts';
import { createSeamDesk } from './seamDesk.ts';
import type { ExactBlock, Kernel, PatchRasters, ReprojectPlan } from './types.ts';
import { createSimdDesks } from './wasm/simdDesk.ts';

/** Gives the desk for a picture. */
export type Desks = (size: DeskSize) => Desk;

/** One set of SIMD kernels per thread, compiled with the first picture: its only state is memory that pictures are put together in. */
let desks: Desks | undefined;

/**
 * The target's pixels. Pure; safe in a worker thread.
 * @param rasters those of plan.patches, in their order, each as large as its patch's grid; null = nothing there (transparent)
 * @throws TOO_LARGE when the window to be assembled is out of all proportion
 */
export function resample(plan: ReprojectPlan, rasters: PatchRasters): Raster {
  desks ??= createSimdDesks() ?? plainDesk;
  return resampleOn(desks, plan, rasters);
}

/** The same on desks of the caller's choice. */
export function resampleOn(deskFor: Desks, plan: ReprojectPlan, rasters: PatchRasters): Raster {
  const { width, height } = plan.target;
  const isCovered = pixelsWritten(plan) === width * height;
  const desk = deskFor({
    width,
    height,
    isCovered,
    mosaicPixels: plan.parts.reduce((most, part) => Math.max(most, mosaicSize(part)), 0),
    blocks: plan.parts.reduce((most, part) => Math.max(most, part.blocks.length), plan.seams.length),
  });
  const seams = createSeamDesk(desk, plan);
  const sums = plan.exact.map((block) => new Float64Array(block.width * block.height * RGBA));
  let opaque = isCovered && !plan.exact.some((block) => block.part.includes(-1)) && !plan.seams.some((seam) => seam.side.includes(0));
  plan.parts.forEach((part, i) => {
    const mosaic = assembleMosaic(plan, part, rasters, desk.mosaicPixels(mosaicSize(part)));
    opaque &&= mosaic.opaque;
    desk.paint(plan.kernel, mosaic, part.blocks);
    seams.paint(i, mosaic);
    plan.exact.forEach((block, b) => addSamples(block, i, mosaic, plan.kernel, sums[b]!));
  });
  seams.finish();
  plan.exact.forEach((block, b) => writeMeans(block, sums[b]!, desk.target.data, width));
  return { width, height, data: desk.finish(), opaque, isOwn: true };
}

/** Pixels that blocks write, transparent ones among them. */
function pixelsWritten(plan: ReprojectPlan): number {
  let pixels = 0;
  for (const part of plan.parts) for (const block of part.blocks) pixels += block.width * block.height;
  for (const block of plan.seams) pixels += block.width * block.height;
  for (const block of plan.exact) pixels += block.width * block.height;
  return pixels;
}

/** Adds the samples of a block that lie in a part to the sums of their pixels. */
function addSamples(block: ExactBlock, index: number, mosaic: Mosaic, kernel: Kernel, sums: Float64Array): void {
  const { samplesX, samplesY, part, col, row } = block;
  const count = samplesX * samplesY;
  const sample = samplerOf(kernel, count);
  for (let s = 0; s < part.length; s++) {
    if (part[s] === index) sample(mosaic, col[s]!, row[s]!, sums, Math.floor(s / count) * RGBA);
  }
}

function writeMeans({ x, y, width, height, samplesX, samplesY }: ExactBlock, sums: Float64Array, target: Uint32Array, targetWidth: number): void {
  for (let i = 0; i < width * height; i++) {
    target[(y + Math.floor(i / width)) * targetWidth + x + (i % width)] = meanPixel(sums, i * RGBA, samplesX * samplesY);
  }
}
