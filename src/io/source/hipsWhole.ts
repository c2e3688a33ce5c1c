import { sniffImage } from '../../raster/codec/sniff.ts';

/** Files may end in some padding. */
const TAIL_BYTES = 64;

/**
 * Whether a picture ends as its format wants it: PNG in IEND (ISO/IEC 15948, 11.2.5), JPEG in EOI (ITU-T T.81, B.1.1.3), WebP where
 * its RIFF header says. A transfer that was cut short does not; nothing is decoded. Other formats: false, not known.
 */
export function looksWhole(bytes: Uint8Array): boolean {
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).subarray(-TAIL_BYTES);
  switch (sniffImage(bytes)) {
    case 'image/png':
      return tail.includes('IEND', 0, 'latin1');
    case 'image/jpeg':
      return tail.includes(Buffer.from([0xff, 0xd9]));
    case 'image/webp':
      return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) + 8 <= bytes.length;
    default:
      return false;
  }
}
