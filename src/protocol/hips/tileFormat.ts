/** Tile formats by the words of `hips_tile_format` that clients accept; any other word makes Aladin Lite refuse the whole HiPS. */
export const HIPS_TILE_FORMATS = ['png', 'jpeg', 'webp', 'fits'] as const;
export type HipsTileFormat = (typeof HIPS_TILE_FORMATS)[number];

/** File extension of each format (HiPS 1.0, section 4.1). */
export const TILE_EXTENSION: { readonly [format in HipsTileFormat]: 'png' | 'jpg' | 'webp' | 'fits' } = Object.freeze({
  png: 'png',
  jpeg: 'jpg',
  webp: 'webp',
  fits: 'fits',
} as const);

/** Media type of each format. */
export const TILE_MEDIA_TYPE: { readonly [format in HipsTileFormat]: `image/${HipsTileFormat}` } = Object.freeze({
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  fits: 'image/fits',
} as const);

/** The HiPS word for a media type without parameters ('image/jpeg' -> 'jpeg'), or undefined. */
export function tileFormatOfMediaType(mediaType: string): HipsTileFormat | undefined {
  return HIPS_TILE_FORMATS.find((format) => TILE_MEDIA_TYPE[format] === mediaType);
}

/**
 * The picture and measurement formats of a `hips_tile_format` found in the wild: words apart by blanks, commas or semicolons, any
 * case, 'jpg' for jpeg, media types. Words for anything else (tsv, fits.fz, ...) are left out.
 */
export function readTileFormats(value: string): readonly HipsTileFormat[] {
  const words = value.toLowerCase().split(/[\s,;|]+/).map((word) => word.replace(/^image\//, '').replace(/^\./, ''));
  const formats = words.map((word) => (word === 'jpg' ? 'jpeg' : word));
  return HIPS_TILE_FORMATS.filter((format) => formats.includes(format)).sort((a, b) => formats.indexOf(a) - formats.indexOf(b));
}
