import sharp from 'sharp';
import { GatewayError } from '../../errors.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import { premultiplied } from '../../raster/codec/pack.ts';
import type { Raster } from '../../raster/raster.ts';

/** A whole-pixel rectangle of a picture. */
export interface PixelRect {
  readonly left: Pixels;
  readonly top: Pixels;
  readonly width: Pixels;
  readonly height: Pixels;
}

export interface ImageHeader {
  readonly width: Pixels;
  readonly height: Pixels;
  readonly grey: boolean;
}

/** Side of the blocks of a converted picture. */
const BLOCK: Pixels = 512;

/** What libvips calls the formats that are read; it knows more, SVG and PDF among them. */
const FORMATS: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'tiff', 'gif']);

/** Width, height and kind from the header alone. @throws Error when it is no picture of a known format */
export async function readImageHeader(path: string): Promise<ImageHeader> {
  const { width, height, space, format } = await sharp(path, { limitInputPixels: false }).metadata();
  if (!FORMATS.has(format)) throw new Error(`${format} is not read`);
  return { width, height, grey: space === 'b-w' || space === 'grey16' };
}

/** Decodes a window, or all, of a picture on disk. @throws GatewayError UPSTREAM_FAILED */
export async function readImage(path: string, window: PixelRect | null): Promise<Raster> {
  const whole = sharp(path, { limitInputPixels: false, sequentialRead: window === null });
  const image = window === null ? whole : whole.extract(window);
  const { data, info } = await image
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw new GatewayError('UPSTREAM_FAILED', `cannot read the picture ${path}`, { cause });
    });
  return premultiplied(data, info.width, info.height);
}

/**
 * Writes a picture as a tiled TIFF whose windows can be read in milliseconds, streaming: memory stays small whatever the
 * size (but for interlaced and progressive files). Not compressed: 134 Mpixel take 0.7 s that way and 4.4 s with LZW.
 * @throws GatewayError UPSTREAM_FAILED
 */
export async function convertToTiled(from: string, to: string, { grey }: ImageHeader): Promise<void> {
  const image = sharp(from, { limitInputPixels: false, sequentialRead: true });
  await image
    .toColourspace(grey ? 'b-w' : 'srgb')
    .tiff({ tile: true, tileWidth: BLOCK, tileHeight: BLOCK, compression: 'none', bigtiff: true })
    .toFile(to)
    .catch((cause: unknown) => {
      throw new GatewayError('UPSTREAM_FAILED', `cannot convert the picture ${from}`, { cause });
    });
}
