/** Media types of the pictures that the gateway writes. */
export const IMAGE_FORMATS = ['image/png', 'image/jpeg', 'image/webp', 'image/avif'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

/** Media types of maps: those of tiles, and GeoTIFF, which tells where it lies. */
export const MAP_FORMATS = [...IMAGE_FORMATS, 'image/tiff'] as const;
export type MapFormat = (typeof MAP_FORMATS)[number];

/** File extension of each format, as HiPS, WMTS REST, XYZ and the caches spell it. */
export const EXTENSION_OF: { readonly [format in ImageFormat]: 'png' | 'jpg' | 'webp' | 'avif' } = Object.freeze({
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/avif': 'avif',
} as const);

/** Format of a lower-case extension, or undefined. */
export function formatOfExtension(extension: string): ImageFormat | undefined {
  return IMAGE_FORMATS.find((format) => EXTENSION_OF[format] === extension);
}

/** What a picture of MapProxy's `format: mixed` is by its first byte: JPEG where nothing of it is transparent, else PNG. */
export function mixedTypeOf(bytes: Uint8Array): ImageFormat {
  return bytes[0] === 0xff ? 'image/jpeg' : 'image/png';
}
