import type { EncodeOptions } from '../../raster/codec/types.ts';
import type { PictureConfig } from '../types.ts';

const TIFF_COMPRESSION = { raw: 'none', tiff_lzw: 'lzw', jpeg: 'jpeg' } as const;

/** What the encoder is told; the background is the caller's. Options that change nothing are absent. */
export function encodingOf({ jpeg_quality: quality, mode, colors, transparent, quantizer, tiff_compression }: PictureConfig): Omit<EncodeOptions, 'background'> {
  const isGrey = mode === 'L' || mode === 'I';
  const isFlat = !transparent || isGrey || mode === 'RGB';
  return {
    quality,
    ...(isFlat ? { flatten: true } : {}),
    ...(isGrey ? { grey: true } : {}),
    ...(tiff_compression === null ? {} : { tiff: TIFF_COMPRESSION[tiff_compression] }),
    ...(colors === 0 ? {} : { palette: { colours: Math.max(2, colors), isAlphaBinary: quantizer === 'mediancut' } }),
  };
}

/** Whether a picture is written with all that it shows. */
export function isFaithful({ flatten, grey, palette }: EncodeOptions): boolean {
  return flatten !== true && grey !== true && palette === undefined;
}
