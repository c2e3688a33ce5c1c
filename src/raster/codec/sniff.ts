/** Media types that the codec reads. */
export type ReadableImage = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/avif' | 'image/gif' | 'image/tiff';

/**
 * What a file is by its first bytes, whatever its name or an upstream's Content-Type says: PNG (ISO/IEC 15948, 5.2), JPEG
 * (ITU-T T.81, SOI + marker), WebP (RIFF container), AVIF (ISO/IEC 14496-12, 4.3: file type box), GIF87a / GIF89a, TIFF and BigTIFF of either byte order.
 * @returns undefined for anything else, SVG and PDF included: they are programs rather than pictures
 */
export function sniffImage(bytes: Uint8Array): ReadableImage | undefined {
  if (startsWith(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (startsWith(bytes, 0, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (startsWith(bytes, 0, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes, 8, [0x57, 0x45, 0x42, 0x50])) return 'image/webp';
  if (startsWith(bytes, 4, [0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69, 0x66])) return 'image/avif';
  if (startsWith(bytes, 0, [0x47, 0x49, 0x46, 0x38])) return 'image/gif';
  if (startsWith(bytes, 0, [0x49, 0x49, 0x2a, 0x00]) || startsWith(bytes, 0, [0x4d, 0x4d, 0x00, 0x2a])) return 'image/tiff';
  if (startsWith(bytes, 0, [0x49, 0x49, 0x2b, 0x00]) || startsWith(bytes, 0, [0x4d, 0x4d, 0x00, 0x2b])) return 'image/tiff';
  return undefined;
}

function startsWith(bytes: Uint8Array, offset: number, wanted: readonly number[]): boolean {
  return wanted.every((byte, i) => bytes[offset + i] === byte);
}
