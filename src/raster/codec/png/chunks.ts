import { crc32 } from 'node:zlib';
import type { Pixels } from '../../../geometry/lattice/types.ts';

/** Colour types (ISO/IEC 15948, 11.2.2). */
export const PNG_GREY = 0;
export const PNG_RGB = 2;
export const PNG_PALETTE = 3;
export const PNG_GREY_ALPHA = 4;
export const PNG_RGBA = 6;

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Length, type and checksum of a chunk. */
const CHUNK_OVERHEAD = 12;

/** What a PNG says of itself. */
export interface PngHeader {
  readonly width: Pixels;
  readonly height: Pixels;
  readonly bitDepth: 1 | 8;
  readonly colourType: number;
  /** Three bytes per colour, for PNG_PALETTE. */
  readonly palette?: Uint8Array;
  /** Alpha per colour of the palette; absent = all opaque. */
  readonly paletteAlpha?: Uint8Array;
}

/** The whole file. @param data the zlib stream of the filtered rows, in one or more pieces */
export function pngFile(header: PngHeader, data: Uint8Array): Uint8Array {
  const { palette, paletteAlpha } = header;
  const chunks: (readonly [string, Uint8Array])[] = [['IHDR', headerBytes(header)]];
  if (palette !== undefined) chunks.push(['PLTE', palette]);
  if (paletteAlpha !== undefined) chunks.push(['tRNS', paletteAlpha]);
  chunks.push(['IDAT', data], ['IEND', new Uint8Array(0)]);
  const length = chunks.reduce((sum, [, bytes]) => sum + CHUNK_OVERHEAD + bytes.length, SIGNATURE.length);
  const file = new Uint8Array(length);
  file.set(SIGNATURE);
  let at = SIGNATURE.length;
  for (const [type, bytes] of chunks) at = writeChunk(file, at, type, bytes);
  return file;
}

function headerBytes({ width, height, bitDepth, colourType }: PngHeader): Uint8Array {
  const bytes = new Uint8Array(13);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  bytes[8] = bitDepth;
  bytes[9] = colourType;
  return bytes;
}

/** Returns the offset behind the chunk. */
function writeChunk(file: Uint8Array, at: number, type: string, bytes: Uint8Array): number {
  const view = new DataView(file.buffer, at, CHUNK_OVERHEAD + bytes.length);
  view.setUint32(0, bytes.length);
  for (let i = 0; i < 4; i++) file[at + 4 + i] = type.charCodeAt(i);
  file.set(bytes, at + 8);
  view.setUint32(8 + bytes.length, crc32(file.subarray(at + 4, at + 8 + bytes.length)));
  return at + CHUNK_OVERHEAD + bytes.length;
}
