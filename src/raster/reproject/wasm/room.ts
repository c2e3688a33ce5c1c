import { RGBA } from '../../raster.ts';
import { reserve } from '../../wasm.ts';
import type { DeskSize } from '../desk.ts';
import { CUBIC_WEIGHTS } from '../kernels.ts';
import { BLOCK_BYTES, type BlockTable } from './blockTable.ts';
import { compileKernels, type Kernels } from './kernels.ts';

/** Behind the kernels' constants lie the bicubic weights: four 16-bit ones for each of 1024 phases, 2^14 = 1. */
const ONE = 1 << 14;
const PHASES = CUBIC_WEIGHTS.length / 4 - 1;
const WEIGHTS_BYTES = PHASES * 4 * Int16Array.BYTES_PER_ELEMENT;
/** Loads of sixteen bytes may look this far beyond a mosaic. */
const GUARD = 64;
/** A memory never shrinks: beyond this it is not kept for the next picture. 4 Mpixel of target and mosaic: all tiles but those next to a pole. */
const KEPT_BYTES = 16 * 2 ** 20;

/** Kernels and where in their memory one picture is put together: byte offsets. */
export interface Room {
  readonly kernels: Kernels;
  readonly weights: number;
  readonly table: number;
  /** Four bytes per pixel, as the mosaic. */
  readonly target: number;
  readonly mosaic: number;
}

/**
 * Gives room for pictures, one at a time; null where the kernels cannot run. Nothing passes from one picture to the next but the
 * memory that it lay in.
 */
export function createRooms(): ((size: DeskSize) => Room) | null {
  const instantiate = compileKernels();
  if (instantiate === null) return null;
  const kept = withWeights(instantiate());
  return (size) => {
    const layout = layoutOf(size, kept.heap.value);
    const kernels = layout.end <= KEPT_BYTES ? kept : withWeights(instantiate());
    reserve(kernels.memory, layout.end);
    return { ...layout, kernels };
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

function layoutOf({ width, height, blocks, mosaicPixels }: DeskSize, weights: number): Omit<Room, 'kernels'> & { readonly end: number } {
  const table = aligned(weights + WEIGHTS_BYTES);
  const target = table + blocks * BLOCK_BYTES;
  const mosaic = aligned(target + width * height * RGBA);
  return { weights, table, target, mosaic, end: mosaic + mosaicPixels * RGBA + GUARD };
}

function aligned(offset: number): number {
  return Math.ceil(offset / 16) * 16;
}

/** Views of the room's table. */
export function tableIn({ kernels, table, target }: Room): BlockTable {
  const { buffer } = kernels.memory;
  const bytes = target - table;
  return {
    doubles: new Float64Array(buffer, table, bytes / Float64Array.BYTES_PER_ELEMENT),
    ints: new Int32Array(buffer, table, bytes / Int32Array.BYTES_PER_ELEMENT),
  };
}
