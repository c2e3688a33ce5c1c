import type { Pixels } from '../../geometry/lattice/types.ts';
import { RGBA, type Raster } from '../raster.ts';
import { reserve } from '../wasm.ts';
import { SCAN_GREY, SCAN_OPAQUE, type CodecKernels } from './kernels.ts';
import { opaqueRaster, straightSamples, type Samples } from './pack.ts';

/** Between the pixels of a Raster and the samples of picture files. */
export interface Sampler {
  /** Three bytes per pixel to a Raster. @param data its memory, whatever it holds; default of its own */
  spread(rgb: Uint8Array, width: Pixels, height: Pixels, data?: Uint8Array): Raster;
  /** Straight samples, with as few channels as hold the picture without loss. */
  straight(raster: Raster): Samples;
}

/** Pixels that pass through the kernels' memory at once: they stay in the processor's cache. */
export const BAND_PIXELS = 1 << 15;
/** Loads and stores of the kernels go this far beyond their data. */
export const GUARD = 64;
const RGB = 3;

/** What works without SIMD, and what the kernels' results are compared with. */
export const PLAIN_SAMPLER: Sampler = Object.freeze({ spread: opaqueRaster, straight: straightSamples });

/** The same by SIMD, in a fraction of the time from the first picture on: a loop over a million pixels makes megabytes of garbage until it is compiled. */
export function simdSampler(kernels: CodecKernels): Sampler {
  return {
    spread: (rgb, width, height, data = new Uint8Array(width * height * RGBA)) => {
      inBands(kernels, { count: width * height, from: rgb, fromBytes: RGB, to: data, toBytes: RGBA }, (at, count, out) => kernels.spread(at, count, out));
      return { width, height, data, opaque: true };
    },
    straight: (raster) => {
      const channels = channelsOf(raster, kernels);
      const data = new Uint8Array(raster.width * raster.height * channels);
      inBands(kernels, { count: raster.width * raster.height, from: raster.data, fromBytes: RGBA, to: data, toBytes: channels }, (at, count, out) => {
        if (channels % 2 === 0) kernels.straighten(at, count);
        kernels.take(at, count, channels, out);
      });
      return { data, channels };
    },
  };
}

/** Pixels to be made of others, and the bytes of one of each. */
interface Pass {
  readonly count: Pixels;
  readonly from: Uint8Array;
  readonly fromBytes: number;
  readonly to: Uint8Array;
  readonly toBytes: number;
}

function inBands({ memory }: CodecKernels, { count, from, fromBytes, to, toBytes }: Pass, work: (at: number, count: Pixels, out: number) => void): void {
  const out = BAND_PIXELS * RGBA + GUARD;
  reserve(memory, out + BAND_PIXELS * RGBA + GUARD);
  const [source, room, target] = [bytesOf(from), Buffer.from(memory.buffer), bytesOf(to)]; // copy(), not set(): which moves bytes of shared memory a word at a time
  for (let at = 0; at < count; at += BAND_PIXELS) {
    const pixels = Math.min(BAND_PIXELS, count - at);
    source.copy(room, 0, at * fromBytes, (at + pixels) * fromBytes);
    work(0, pixels, out);
    room.copy(target, at * toBytes, out, out + pixels * toBytes);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** As few as hold the picture without loss. Scans from the top until it is sure. */
export function channelsOf({ data, opaque }: Raster, kernels: CodecKernels): Samples['channels'] {
  reserve(kernels.memory, BAND_PIXELS * RGBA + GUARD);
  const room = Buffer.from(kernels.memory.buffer, 0, BAND_PIXELS * RGBA);
  const pixels = bytesOf(data);
  const known = opaque ? SCAN_OPAQUE : 0;
  let holds = SCAN_OPAQUE | SCAN_GREY;
  for (let at = 0; at < data.length && (holds & ~known) !== 0; at += room.length) {
    const bytes = pixels.copy(room, 0, at);
    holds &= kernels.scan(0, bytes / RGBA);
  }
  const grey = (holds & SCAN_GREY) !== 0;
  if (opaque || (holds & SCAN_OPAQUE) !== 0) return grey ? 1 : 3;
  return grey ? 2 : 4;
}
