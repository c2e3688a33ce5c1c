import type { Pixels } from '../../geometry/lattice/types.ts';
import { RGBA } from '../raster.ts';
import { bicubicBlock, bilinearBlock, nearestBlock, type TargetPixels } from './kernels.ts';
import type { Mosaic } from './mosaic.ts';
import { averagedBlock } from './samplers.ts';
import type { Kernel, SmoothBlock } from './types.ts';

/** Where one picture is put together: its target, and one mosaic at a time. */
export interface Desk {
  /** Transparent at first where `isCovered` was false, anything where it was true. */
  readonly target: TargetPixels;
  /** Room for a mosaic, contents undefined. It takes the place of the mosaic before. */
  mosaicPixels(count: Pixels): Uint32Array;
  /** Draws blocks from the mosaic whose pixels lie in the room handed out last. */
  paint(kernel: Kernel, mosaic: Mosaic, blocks: readonly SmoothBlock[]): void;
  /** The picture's bytes, the caller's own. Nothing of the desk may be used afterwards. */
  finish(): Uint8Array;
}

/** What a desk must have room for. */
export interface DeskSize {
  readonly width: Pixels;
  readonly height: Pixels;
  /** Most pixels of a mosaic, and most blocks read from one. */
  readonly mosaicPixels: Pixels;
  readonly blocks: number;
  /** Every target pixel will be written. */
  readonly isCovered: boolean;
}

const BLOCK_KERNEL: { readonly [kernel in Kernel]: (mosaic: Mosaic, block: SmoothBlock, target: TargetPixels) => void } =
  Object.freeze({ nearest: nearestBlock, bilinear: bilinearBlock, bicubic: bicubicBlock });

/** Draws one block by the readable kernels. */
export function paintBlock(kernel: Kernel, mosaic: Mosaic, block: SmoothBlock, target: TargetPixels): void {
  if (block.samplesX * block.samplesY > 1) averagedBlock(mosaic, block, target);
  else BLOCK_KERNEL[kernel](mosaic, block, target);
}

/** The desk of the readable kernels: where WebAssembly's SIMD is not to be had, and what its results are compared with. */
export function plainDesk({ width, height }: DeskSize): Desk {
  const bytes = new Uint8Array(width * height * RGBA);
  const target: TargetPixels = { data: new Uint32Array(bytes.buffer), width };
  return {
    target,
    mosaicPixels: (count) => new Uint32Array(count),
    paint(kernel, mosaic, blocks) {
      for (const block of blocks) paintBlock(kernel, mosaic, block, target);
    },
    finish: () => bytes,
  };
}
