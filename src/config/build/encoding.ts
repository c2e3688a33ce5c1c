import type { EncodeOptions } from '../../raster/codec/types.ts';
import type { PictureConfig } from '../types.ts';

/** What the encoder is told; the background is the caller's. Options that change nothing are absent. */
export function encodingOf({ jpeg_quality: quality, mode, colors, transparent, quantizer }: PictureConfig): Omit<EncodeOptions, 'background'> {
  const isGrey = mode === 'L' || mode === 'I';
  const isFlat = !transparent || isGrey || mode === 'RGB';
  return {
    quality,
    ...(isFlat ? { flatten: true } : {}),
    ...(isGrey ? { grey: true } : {}),
    ...(colors === 0 ? {} : { palette: { colours: Math.max(2, colors), isAlphaBinary: quantizer === 'mediancut' } }),
  };
}

/** Whether a picture is written with all that it shows. */
export function isFaithful({ flatten, grey, palette }: EncodeOptions): boolean {
  return flatten !== true && grey !== true && palette === undefined;
}
