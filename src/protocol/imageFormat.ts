import { formatOfExtension, IMAGE_FORMATS, type ImageFormat } from '../raster/format.ts';

/**
 * The picture format of a media type: parameters ('; mode=8bit'), case and the habits 'image/jpg', 'image/png8', 'png', 'jpeg' are
 * read; null where it is none that the gateway writes.
 */
export function imageFormatOf(text: string): ImageFormat | null {
  const type = (text.split(';')[0] as string).trim().toLowerCase();
  const short = type.replace(/^image\//, '').replace(/^(?:x-)?png(?:8|24|32)?$/, 'png').replace(/^jpeg$/, 'jpg');
  return IMAGE_FORMATS.find((format) => format === type) ?? formatOfExtension(short) ?? null;
}
