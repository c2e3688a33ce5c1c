import { compileWasm, type WasmMemory } from '../wasm.ts';
import { CODEC_WASM } from './codecWasm.ts';

/** What assembly/index.ts exports. Addresses are bytes in `memory`, which holds nothing of the kernels' own. */
export interface CodecKernels {
  readonly memory: WasmMemory;
  scan(pixels: number, count: number): number;
  straighten(pixels: number, count: number): void;
  take(pixels: number, count: number, channels: number, out: number): void;
  spread(colours: number, count: number, out: number): void;
  filter(samples: number, rowBytes: number, height: number, bpp: number, out: number): void;
}

/** Bits of scan()'s answer. */
export const SCAN_OPAQUE = 1;
export const SCAN_GREY = 2;

/** Makes instances of the compiled kernels; null where the machine has no SIMD. */
export function compileCodecKernels(): (() => CodecKernels) | null {
  return compileWasm<CodecKernels>(CODEC_WASM);
}
