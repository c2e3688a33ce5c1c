import { formatOfExtension, IMAGE_FORMATS, type ImageFormat, type MapFormat } from '../raster/format.ts';

/**
 * The picture format of a media type: parameters ('; mode=8bit'), case and the habits 'image/jpg', 'image/png8', 'png', 'jpeg' are
 * read; null where it is none that the gateway writes.
 */
export function imageFormatOf(text: string): ImageFormat | null {
  const type = (text.split(';')[0] as string).trim().toLowerCase();
  const short = type.replace(/^image\//, '').replace(/^(?:x-)?png(?:8|24|32)?$/, 'png').replace(/^jpeg$/, 'jpg');
  return IMAGE_FORMATS.find((format) => format === type) ?? formatOfExtension(short) ?? null;
}

/** The same for maps, which may be GeoTIFFs too: 'image/tiff', 'image/geotiff', 'image/tiff; application=geotiff'. */
export function mapFormatOf(text: string): MapFormat | null {
  const type = (text.split(';')[0] as string).trim().toLowerCase();
  return /^(?:image\/)?(?:geo)?tiff?$/.test(type) ? 'image/tiff' : imageFormatOf(text);
}
