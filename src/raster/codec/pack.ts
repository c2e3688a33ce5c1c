import type { Pixels } from '../../geometry/lattice/types.ts';
import type { MapFormat } from '../format.ts';
import { RGBA, wordsOf, type Raster } from '../raster.ts';

/** Straight (not premultiplied) samples as image files hold them: 1 grey, 2 grey + alpha, 3 RGB, 4 RGBA, 8 bits each. */
export interface Samples {
  readonly data: Uint8Array;
  readonly channels: 1 | 2 | 3 | 4;
}

/** Alpha of a fully opaque pixel. */
const OPAQUE = 255;
/** Mask of the alpha byte in a pixel read as a little-endian 32-bit word. */
const ALPHA_MASK = 0xff000000;
/** Of the other three. */
const COLOURS = 0xffffff;

/** True when every alpha is 255. Stops at the first that is not. */
export function isOpaque(rgba: Uint8Array): boolean {
  const words = wordsOf(rgba);
  for (let i = 0; i < words.length; i++) if (words[i]! < ALPHA_MASK) return false;
  return true;
}

/** True when R = G = B in every pixel. Stops at the first that differs. */
export function isGrey(rgba: Uint8Array): boolean {
  const words = wordsOf(rgba);
  for (let i = 0; i < words.length; i++) {
    const w = words[i]!;
    if (((w ^ (w >>> 8)) & 0xffff) !== 0) return false;
  }
  return true;
}

/**
 * Straight RGBA to a Raster, multiplying colours by alpha in place (rounded to nearest). Takes `rgba` over: the caller must not
 * use it afterwards.
 */
export function premultiplied(rgba: Uint8Array, width: Pixels, height: Pixels): Raster {
  const opaque = isOpaque(rgba);
  if (!opaque) {
    for (let i = 0; i < rgba.length; i += RGBA) {
      const a = rgba[i + 3]!;
      if (a === OPAQUE) continue;
      rgba[i] = multiply(rgba[i]!, a);
      rgba[i + 1] = multiply(rgba[i + 1]!, a);
      rgba[i + 2] = multiply(rgba[i + 2]!, a);
    }
  }
  return { width, height, data: rgba, opaque };
}

/** Three bytes per pixel to a Raster. @param data its memory, whatever it holds; default of its own */
export function opaqueRaster(rgb: Uint8Array, width: Pixels, height: Pixels, data: Uint8Array = new Uint8Array(width * height * RGBA)): Raster {
  const count = width * height;
  const out = new Uint32Array(data.buffer, data.byteOffset, count);
  const words = wordsOf(rgb);
  let i = 0;
  // Four pixels are three words: a third of the time of reading bytes.
  for (let w = 0; i + 4 <= count; i += 4, w += 3) {
    const [p, q, r] = [words[w]!, words[w + 1]!, words[w + 2]!];
    out[i] = p | ALPHA_MASK;
    out[i + 1] = (p >>> 24) | (q << 8) | ALPHA_MASK;
    out[i + 2] = (q >>> 16) | (r << 16) | ALPHA_MASK;
    out[i + 3] = (r >>> 8) | ALPHA_MASK;
  }
  for (let b = 3 * i; i < count; i++, b += 3) out[i] = rgb[b]! | (rgb[b + 1]! << 8) | (rgb[b + 2]! << 16) | ALPHA_MASK;
  return { width, height, data, opaque: true };
}

/** c x a / 255, rounded to nearest; exact for all bytes. */
function multiply(c: number, a: number): number {
  return Math.floor((c * a + 127) / 255);
}

/** c x 255 / a, rounded to nearest, at most 255 (a kernel's rounding may leave a colour one above its alpha). */
function divide(c: number, a: number): number {
  return Math.min(OPAQUE, Math.floor((c * OPAQUE + (a >> 1)) / a));
}

/** Straight samples with as few channels as hold the picture without loss: for PNG and WebP. */
export function straightSamples(raster: Raster): Samples {
  const { data } = raster;
  const grey = isGrey(data);
  if (raster.opaque || isOpaque(data)) return { data: takeColours(data, grey ? 1 : 3), channels: grey ? 1 : 3 };
  const channels = grey ? 2 : 4;
  const out = new Uint8Array((data.length / RGBA) * channels);
  for (let i = 0, o = 0; i < data.length; i += RGBA, o += channels) {
    const a = data[i + 3]!;
    if (a === 0) continue;
    for (let c = 0; c < channels - 1; c++) out[o + c] = a === OPAQUE ? data[i + c]! : divide(data[i + c]!, a);
    out[o + channels - 1] = a;
  }
  return { data: out, channels };
}

/** What a picture is encoded as. @param mixed as in EncodeOptions */
export function encodedFormat({ data, opaque }: Raster, format: MapFormat, mixed: boolean): MapFormat {
  return mixed && format === 'image/png' && (opaque || isOpaque(data)) ? 'image/jpeg' : format;
}

/** The picture over an opaque background. @param background 0xRRGGBB */
export function onBackground(raster: Raster, background: number): Raster {
  const { data } = raster;
  return { ...raster, data: raster.opaque || isOpaque(data) ? data : over(data, background), opaque: true };
}

/** Premultiplied pixels over a colour: c + bg x (1 - a), RGBA out. */
function over(data: Uint8Array, background: number): Uint8Array {
  const bg = [(background >> 16) & 0xff, (background >> 8) & 0xff, background & 0xff];
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += RGBA) {
    const rest = OPAQUE - data[i + 3]!;
    out[i] = Math.min(OPAQUE, data[i]! + multiply(bg[0]!, rest));
    out[i + 1] = Math.min(OPAQUE, data[i + 1]! + multiply(bg[1]!, rest));
    out[i + 2] = Math.min(OPAQUE, data[i + 2]! + multiply(bg[2]!, rest));
    out[i + 3] = OPAQUE;
  }
  return out;
}

/** The first one or three channels of RGBA. */
function takeColours(data: Uint8Array, channels: 1 | 3): Uint8Array {
  const n = data.length / RGBA;
  const out = new Uint8Array(n * channels);
  if (channels === 1) {
    for (let i = 0; i < n; i++) out[i] = data[i * RGBA]!;
    return out;
  }
  const words = wordsOf(data);
  const packed = new Uint32Array(out.buffer, 0, Math.floor(n / 4) * 3);
  let i = 0;
  // Four pixels are three words: a third of the time of writing bytes.
  for (let w = 0; i + 4 <= n; i += 4, w += 3) {
    const [p, q, r, s] = [words[i]!, words[i + 1]!, words[i + 2]!, words[i + 3]!];
    packed[w] = (p & COLOURS) | (q << 24);
    packed[w + 1] = ((q >>> 8) & 0xffff) | (r << 16);
    packed[w + 2] = ((r >>> 16) & 0xff) | (s << 8);
  }
  for (; i < n; i++) for (let c = 0; c < 3; c++) out[3 * i + c] = data[i * RGBA + c]!;
  return out;
}
