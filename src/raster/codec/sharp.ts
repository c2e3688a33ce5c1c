import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { GatewayError } from '../../errors.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import type { MapFormat } from '../format.ts';
import { release, RGBA, wordsOf } from '../raster.ts';
import type { Raster } from '../raster.ts';
import { reduce } from '../reduce.ts';
import { asGeoTiff } from './geotiff.ts';
import { compileCodecKernels } from './kernels.ts';
import { encodedFormat, onBackground, premultiplied } from './pack.ts';
import type { Samples } from './pack.ts';
import { createPngEncoder, encodeIndexed } from './png/encode.ts';
import { indexed, type Indexed } from './png/palette.ts';
import { quantised } from './png/quantise.ts';
import { inGrey, withoutHalfTones } from './reduceColours.ts';
import { PLAIN_SAMPLER, simdSampler, type Sampler } from './samples.ts';
import { sniffImage } from './sniff.ts';
import type { Codec, EncodeOptions, Unpacked } from './types.ts';

/** What the codec refuses to hold in memory. */
export interface CodecLimits {
  /** Largest width x height that decode accepts; checked against the header, before any pixel is read. */
  readonly maxPixels: Pixels;
}

/** zlib level and filter choice for PNG where there is no SIMD for the gateway's own encoder. */
const PNG_OPTIONS = { compressionLevel: 2, adaptiveFiltering: true } as const;
/** libwebp's fastest: a third of the time of its default for 8 % more bytes. */
const WEBP_EFFORT = 0;

/** libaom's fastest: twice the time of WebP for a sixth less bytes; the next step takes as long again and saves nothing. */
const AVIF_EFFORT = 0;
/** Of the quality of a JPEG, for as good a picture. */
const AVIF_SHARE = 5 / 6;

/**
 * The codec on libvips. One picture is one thread's work (many run side by side in libuv's pool) and libvips keeps no
 * operation cache: both are set for the whole process here, once.
 */
export function createSharpCodec(limits: CodecLimits): Codec {
  sharp.concurrency(1);
  sharp.cache(false);
  const kernels = compileCodecKernels()?.() ?? null;
  const encodePng = kernels === null ? null : createPngEncoder(kernels);
  const sampler = kernels === null ? PLAIN_SAMPLER : simdSampler(kernels);
  return {
    unpack: (bytes) => unpack(bytes, limits.maxPixels, sampler),
    decode: async (bytes) => (await unpack(bytes, limits.maxPixels, sampler)).raster(),
    encode(raster, asked, options) {
      const whole = options.flatten === true ? onBackground(raster, options.background) : raster;
      const shown = options.grey === true ? inGrey(whole) : whole;
      const format = encodedFormat(shown, asked, options.mixed === true);
      if (format !== 'image/png') return encode(shown, format, options, sampler);
      const picture = options.palette?.isAlphaBinary === true ? withoutHalfTones(shown) : shown;
      const palette = options.palette === undefined ? null : paletteFor(wordsOf(picture.data), options.palette.colours);
      if (palette !== null) return encodeIndexed(picture, palette);
      return encodePng === null ? encode(picture, format, options, sampler) : encodePng(picture);
    },
    resize,
  };
}

async function unpack(bytes: Uint8Array, maxPixels: Pixels, sampler: Sampler): Promise<Unpacked> {
  if (sniffImage(bytes) === undefined) {
    throw new GatewayError('UPSTREAM_FAILED', `not a picture: ${bytes.length} bytes starting with ${firstBytes(bytes)}`);
  }
  const { data, info } = await toStraight(sharp(bytes, { limitInputPixels: maxPixels })).catch((cause: unknown) => {
    throw decodeError(cause, maxPixels);
  });
  const { width, height, channels } = info;
  return {
    width,
    height,
    raster(memory) {
      if (channels !== 3 && memory === undefined) return premultiplied(data, width, height);
      const raster = channels === 3 ? sampler.spread(data, width, height, memory) : premultiplied(copied(data, memory!), width, height);
      release(data);
      return raster;
    },
  };
}

/** Not set(): to shared memory it moves a word at a time. */
function copied(from: Buffer, to: Uint8Array): Uint8Array {
  from.copy(to);
  return to;
}

/** Any colour space and depth -> sRGB, with alpha if there is any, 8 bits (16 bits are divided by 256). */
function toStraight(image: Sharp) {
  return image.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
}

function decodeError(cause: unknown, maxPixels: Pixels): GatewayError {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (text.includes('exceeds pixel limit')) {
    return new GatewayError('TOO_LARGE', `a picture has more than the ${maxPixels} pixels allowed`, { cause });
  }
  return new GatewayError('UPSTREAM_FAILED', `a picture cannot be decoded: ${text}`, { cause });
}

function firstBytes(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes.subarray(0, 16)).toString('latin1'));
}

async function encode(raster: Raster, format: MapFormat, options: EncodeOptions, sampler: Sampler): Promise<Uint8Array> {
  const samples = sampler.straight(format === 'image/jpeg' || (format === 'image/tiff' && options.tiff === 'jpeg') ? onBackground(raster, options.background) : raster);
  const image = imageOf(samples, raster.width, raster.height);
  const bytes = await writer(image, format, options).toBuffer();
  release(samples.data);
  return format === 'image/tiff' && options.place !== undefined ? asGeoTiff(bytes, options.place) : bytes;
}

/**
 * null = the picture has no more colours than that. libvips cannot do it: it rounds 17 colours up to 256, mixes transparent pixels with
 * others, and takes ten times as long.
 */
function paletteFor(words: Uint32Array, colours: number): Indexed | null {
  const found = indexed(words);
  return found !== null && found.colours.length <= colours ? null : quantised(words, colours);
}

function imageOf({ data, channels }: Samples, width: Pixels, height: Pixels): Sharp {
  const image = sharp(data, { raw: { width, height, channels } });
  return channels <= 2 ? image.toColourspace('b-w') : image;
}

function writer(image: Sharp, format: MapFormat, { quality, tiff = 'deflate' }: EncodeOptions): Sharp {
  switch (format) {
    case 'image/png':
      return image.png(PNG_OPTIONS);
    case 'image/jpeg':
      return image.jpeg({ quality, chromaSubsampling: '4:2:0', optimiseCoding: false });
    case 'image/webp':
      return image.webp({ quality, effort: WEBP_EFFORT });
    case 'image/avif':
      return image.toColourspace('srgb').avif({ quality: Math.max(1, Math.round(quality * AVIF_SHARE)), effort: AVIF_EFFORT, chromaSubsampling: '4:2:0' });
    case 'image/tiff':
      return image.tiff({ compression: tiff, predictor: 'horizontal', quality });
  }
}

async function resize(raster: Raster, width: Pixels, height: Pixels): Promise<Raster> {
  if (width <= raster.width && height <= raster.height) return reduce(raster, width, height);
  const raw = { width: raster.width, height: raster.height, channels: RGBA, premultiplied: true } as const;
  const data = await sharp(raster.data, { raw })
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return premultiplied(data, width, height); // libvips magnifies premultiplied colours, but hands out straight ones
}
