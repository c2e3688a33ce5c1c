import { compileWasm, type WasmMemory } from '../../wasm.ts';
import { KERNELS_WASM } from './kernelsWasm.ts';

/** What assembly/index.ts exports. Addresses are bytes in `memory`; the first free one is heap.value. */
export interface Kernels {
  readonly memory: WasmMemory;
  readonly heap: { readonly value: number };
  nearest(blocks: number, count: number, mosaic: number, mosaicWidth: number, mosaicHeight: number, out: number, outWidth: number): void;
  bilinear(blocks: number, count: number, mosaic: number, mosaicWidth: number, out: number, outWidth: number): void;
  bicubic(blocks: number, count: number, mosaic: number, mosaicWidth: number, out: number, outWidth: number, weights: number): void;
  floatBilinear(blocks: number, count: number, mosaic: number, mosaicWidth: number, out: number, outWidth: number): void;
  floatBicubic(blocks: number, count: number, mosaic: number, mosaicWidth: number, out: number, outWidth: number): void;
  mean(blocks: number, count: number, mosaic: number, mosaicWidth: number, out: number, outWidth: number): void;
}

/** Makes instances of the compiled kernels; null where the machine has no SIMD. */
export function compileKernels(): (() => Kernels) | null {
  return compileWasm<Kernels>(KERNELS_WASM);
}
