import { RGBA } from '../../raster.ts';
import { reserve } from '../../wasm.ts';
import { paintBlock, type Desk, type DeskSize } from '../desk.ts';
import { CUBIC_WEIGHTS, type TargetPixels } from '../kernels.ts';
import type { Mosaic } from '../mosaic.ts';
import type { Kernel, SmoothBlock } from '../types.ts';
import { BLOCK_BYTES, writeBlock } from './blockTable.ts';
import { compileKernels, type Kernels } from './kernels.ts';

/** Behind the kernels' constants lie the bicubic weights: four 16-bit ones for each of 1024 phases, 2^14 = 1. */
const ONE = 1 << 14;
const PHASES = CUBIC_WEIGHTS.length / 4 - 1;
const WEIGHTS_BYTES = PHASES * 4 * Int16Array.BYTES_PER_ELEMENT;
/** Loads of sixteen bytes may look this far beyond a mosaic. */
const GUARD = 64;
/** A memory never shrinks: beyond this it is not kept for the next picture. 24 Mpixel of target and mosaic. */
const KEPT_BYTES = 96 * 2 ** 20;

/**
 * Gives desks of the SIMD kernels, one at a time; null where they cannot run. Nothing passes from one picture to the next but the
 * memory that it lay in.
 */
export function createSimdDesks(): ((size: DeskSize) => Desk) | null {
  const instantiate = compileKernels();
  if (instantiate === null) return null;
  const kept = withWeights(instantiate());
  return (size) => {
    const layout = layoutOf(size, kept.heap.value);
    return deskOn(layout.end <= KEPT_BYTES ? kept : withWeights(instantiate()), size, layout);
  };
}

function withWeights(kernels: Kernels): Kernels {
  reserve(kernels.memory, kernels.heap.value + WEIGHTS_BYTES);
  writeWeights(new Int16Array(kernels.memory.buffer, kernels.heap.value, PHASES * 4));
  return kernels;
}

/** Rounds the weights so that each four still sum to 1: what is missing goes to the largest. */
function writeWeights(out: Int16Array): void {
  for (let p = 0; p < PHASES; p++) {
    let rest = ONE;
    for (let k = 0; k < 4; k++) {
      out[4 * p + k] = Math.round(CUBIC_WEIGHTS[4 * p + k]! * ONE);
      rest -= out[4 * p + k]!;
    }
    out[4 * p + (2 * p < PHASES ? 1 : 2)]! += rest;
  }
}

/** Byte offsets in the memory. */
interface Layout {
  readonly weights: number;
  readonly table: number;
  readonly target: number;
  readonly mosaic: number;
  readonly end: number;
}

function layoutOf({ width, height, blocks, mosaicPixels }: DeskSize, weights: number): Layout {
  const table = aligned(weights + WEIGHTS_BYTES);
  const target = table + blocks * BLOCK_BYTES;
  const mosaic = aligned(target + width * height * RGBA);
  return { weights, table, target, mosaic, end: mosaic + mosaicPixels * RGBA + GUARD };
}

function aligned(offset: number): number {
  return Math.ceil(offset / 16) * 16;
}

function deskOn(kernels: Kernels, size: DeskSize, layout: Layout): Desk {
  reserve(kernels.memory, layout.end);
  const { buffer } = kernels.memory;
  const pixels = size.width * size.height;
  const target: TargetPixels = { data: new Uint32Array(buffer, layout.target, pixels), width: size.width };
  if (!size.isCovered) target.data.fill(0);
  return {
    target,
    mosaicPixels: (count) => new Uint32Array(buffer, layout.mosaic, count),
    paint(kernel, mosaic, blocks) {
      if (kernel === 'nearest') paintNearest(kernels, layout, mosaic, blocks, size.width);
      else paintSmooth(kernels, layout, mosaic, blocks, kernel, target);
    },
    finish: () => new Uint8Array(buffer.slice(layout.target, layout.target + pixels * RGBA)),
  };
}

function tableOf({ memory }: Kernels, layout: Layout): { readonly doubles: Float64Array; readonly ints: Int32Array } {
  const bytes = layout.target - layout.table;
  return { doubles: new Float64Array(memory.buffer, layout.table, bytes / 8), ints: new Int32Array(memory.buffer, layout.table, bytes / 4) };
}

function paintNearest(kernels: Kernels, layout: Layout, mosaic: Mosaic, blocks: readonly SmoothBlock[], outWidth: number): void {
  const table = tableOf(kernels, layout);
  blocks.forEach((block, i) => writeBlock(table, i, block, mosaic, 0));
  kernels.nearest(layout.table, blocks.length, layout.mosaic, mosaic.width, mosaic.height, layout.target, outWidth);
}

/** Single samples from the table's start, means behind them; a block too wide for fixed point is left to the readable kernel. */
function paintSmooth(kernels: Kernels, layout: Layout, mosaic: Mosaic, blocks: readonly SmoothBlock[], kernel: Kernel, target: TargetPixels): void {
  const table = tableOf(kernels, layout);
  let count = 0;
  for (const isMean of [false, true]) {
    const first = count;
    for (const block of blocks) {
      if (block.samplesX * block.samplesY > 1 !== isMean) continue;
      if (writeBlock(table, count, block, mosaic, 0.5)) count++;
      else paintBlock(kernel, mosaic, block, target);
    }
    const at = layout.table + first * BLOCK_BYTES;
    const shared = [at, count - first, layout.mosaic, mosaic.width, layout.target, target.width] as const;
    if (isMean) kernels.mean(...shared);
    else if (kernel === 'bicubic') kernels.bicubic(...shared, layout.weights);
    else kernels.bilinear(...shared);
  }
}
