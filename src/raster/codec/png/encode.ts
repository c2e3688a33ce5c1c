import { release, RGBA, wordsOf, type Raster } from '../../raster.ts';
import { reserve } from '../../wasm.ts';
import type { CodecKernels } from '../kernels.ts';
import { straightSamples } from '../pack.ts';
import { BAND_PIXELS, channelsOf, GUARD } from '../samples.ts';
import { PNG_GREY, PNG_GREY_ALPHA, PNG_PALETTE, PNG_RGB, PNG_RGBA, pngFile } from './chunks.ts';
import { codingOf, compress } from './compress.ts';
import { indexed, type Indexed } from './palette.ts';

/** A picture as a PNG: straight alpha, as few channels as hold it without loss, a palette where there are at most 256 colours. */
export type PngEncoder = (raster: Raster) => Promise<Uint8Array>;

/** Colour type of 1, 2, 3 and 4 channels. */
const COLOUR_TYPE = [PNG_GREY, PNG_GREY_ALPHA, PNG_RGB, PNG_RGBA];

/** The encoder on SIMD filters and node:zlib. Concurrent calls do not disturb each other. */
export function createPngEncoder(kernels: CodecKernels): PngEncoder {
  return async (raster) => {
    const words = wordsOf(raster.data);
    if (isOneColour(words)) return encodeOneColour(raster, words[0]!);
    const byPalette = indexed(words);
    if (byPalette !== null && !isGreyPalette(byPalette)) return encodeIndexed(raster, byPalette);
    return encodeSamples(raster, kernels);
  };
}

function isOneColour(words: Uint32Array): boolean {
  const first = words[0];
  for (let i = 1; i < words.length; i++) if (words[i] !== first) return false;
  return true;
}

/** A palette of one colour and one bit per pixel: 33 kB of zeros for a tile of 512 x 512, some 70 bytes compressed. */
async function encodeOneColour({ width, height }: Raster, word: number): Promise<Uint8Array> {
  const rows = new Uint8Array((1 + Math.ceil(width / 8)) * height);
  return pngFile({ width, height, bitDepth: 1, colourType: PNG_PALETTE, ...paletteOf(Uint32Array.of(word)) }, await compress(rows, 'matches'));
}

/** Opaque greys are kept as samples: filters suit them, and need no palette. */
function isGreyPalette({ colours }: Indexed): boolean {
  return colours.every((word) => word >>> 24 === 255 && (word & 255) === ((word >>> 8) & 255) && (word & 255) === ((word >>> 16) & 255));
}

/** By a palette that is known already. */
export async function encodeIndexed({ width, height }: Pick<Raster, 'width' | 'height'>, { colours, indices }: Indexed): Promise<Uint8Array> {
  const rows = new Uint8Array((1 + width) * height);
  for (let y = 0; y < height; y++) rows.set(indices.subarray(y * width, (y + 1) * width), y * (1 + width) + 1);
  return pngFile({ width, height, bitDepth: 8, colourType: PNG_PALETTE, ...paletteOf(colours) }, await compress(rows, 'matches'));
}

/** PLTE, and tRNS unless all are opaque. */
function paletteOf(colours: Uint32Array): { readonly palette: Uint8Array; readonly paletteAlpha?: Uint8Array } {
  const bytes = new Uint8Array(colours.slice().buffer);
  const { data, channels } = straightSamples({ width: colours.length, height: 1, data: bytes, opaque: false });
  const palette = new Uint8Array(colours.length * 3);
  for (let i = 0; i < colours.length; i++) {
    for (let c = 0; c < 3; c++) palette[3 * i + c] = data[i * channels + (channels > 2 ? c : 0)]!;
  }
  if (channels % 2 === 1) return { palette };
  return { palette, paletteAlpha: Uint8Array.from(colours, (word) => word >>> 24) };
}

async function encodeSamples(raster: Raster, kernels: CodecKernels): Promise<Uint8Array> {
  const { width, height } = raster;
  const channels = channelsOf(raster, kernels);
  const rows = filteredRows(raster, channels, kernels);
  const compressed = await compress(rows, codingOf(rows));
  release(rows);
  const file = pngFile({ width, height, bitDepth: 8, colourType: COLOUR_TYPE[channels - 1]! }, compressed);
  release(compressed);
  return file;
}

/** All rows, each with its filter's type in front, band by band. */
function filteredRows(raster: Raster, channels: number, kernels: CodecKernels): Uint8Array {
  const { width, height, data } = raster;
  const rowBytes = width * channels;
  const bandRows = Math.max(1, Math.min(height, Math.floor(BAND_PIXELS / width)));
  // Pixels | row above, and room before it | samples | residuals.
  const above = align(bandRows * width * RGBA + GUARD) + GUARD;
  const samples = above + rowBytes;
  const residuals = align(samples + bandRows * rowBytes + GUARD);
  reserve(kernels.memory, residuals + bandRows * (rowBytes + 1) + GUARD);
  const memory = new Uint8Array(kernels.memory.buffer);
  memory.fill(0, above - GUARD, samples);
  const out = new Uint8Array((rowBytes + 1) * height);
  for (let y = 0; y < height; y += bandRows) {
    const rows = Math.min(bandRows, height - y);
    memory.set(data.subarray(y * width * RGBA, (y + rows) * width * RGBA));
    if (channels % 2 === 0) kernels.straighten(0, rows * width);
    kernels.take(0, rows * width, channels, samples);
    kernels.filter(samples, rowBytes, rows, channels, residuals);
    out.set(memory.subarray(residuals, residuals + rows * (rowBytes + 1)), y * (rowBytes + 1));
    memory.copyWithin(above, samples + (rows - 1) * rowBytes, samples + rows * rowBytes);
  }
  return out;
}

function align(offset: number): number {
  return Math.ceil(offset / 16) * 16;
}
