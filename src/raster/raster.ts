import type { Pixels } from '../geometry/lattice/types.ts';

/**
 * A picture: row-major RGBA, 8 bits, alpha premultiplied. `opaque` is a promise that every alpha is 255 (false = not known).
 * Whoever creates a Raster gives it away: nobody writes to `data` afterwards.
 */
export interface Raster {
  readonly width: Pixels;
  readonly height: Pixels;
  readonly data: Uint8Array;
  readonly opaque: boolean;
  /** It was drawn for whoever asked, and nobody keeps it: who is done with it may release its pixels. */
  readonly isOwn?: true;
}

/** Bytes per RGBA pixel. */
export const RGBA = 4;

/** A fully transparent picture. */
export function emptyRaster(width: Pixels, height: Pixels): Raster {
  return { width, height, data: new Uint8Array(width * height * RGBA), opaque: false };
}

/** Bytes as 32-bit words, a pixel each (R lowest: little-endian machines only, as all that Node runs on). Copies only when misaligned. */
export function wordsOf(data: Uint8Array): Uint32Array {
  const aligned = data.byteOffset % RGBA === 0 ? data : data.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
}

/**
 * Gives the memory of bytes back at once, not when the collector comes, which megabytes of garbage would call again and again. Nobody may
 * use them afterwards. Bytes that are a part of something larger, shared, or gone already are left alone.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached && buffer.byteLength === byteLength) buffer.transfer(0);
}

/** The same picture in memory that can be handed to other threads without a copy. The pixels of `raster` are gone afterwards. */
export function inSharedMemory(raster: Raster): Raster {
  const { buffer, byteOffset, length } = raster.data;
  const data = new Uint8Array(new SharedArrayBuffer(length));
  Buffer.from(buffer, byteOffset, length).copy(data); // set() moves bytes of shared memory a word at a time: four times slower
  release(raster.data);
  return { ...raster, data };
}
