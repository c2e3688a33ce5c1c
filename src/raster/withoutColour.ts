import { wordsOf, type Raster } from './raster.ts';

/** Alpha of a fully opaque pixel. */
const OPAQUE = 255;

/**
 * The picture with every pixel of about one colour transparent: MapProxy's `transparent_color`. A new raster, or the same where no pixel has it.
 * @param colour 0xRRGGBB, of straight (not premultiplied) pixels
 * @param tolerance largest difference in each band that still is the colour, 0..255
 */
export function withoutColour(raster: Raster, colour: number, tolerance: number): Raster {
  const isColour = matcher(colour, tolerance);
  const words = wordsOf(raster.data);
  let out: Uint32Array | null = null;
  for (let i = 0; i < words.length; i++) {
    if (!isColour(words[i]!)) continue;
    out ??= words.slice();
    out[i] = 0;
  }
  return out === null ? raster : { width: raster.width, height: raster.height, data: new Uint8Array(out.buffer), opaque: false };
}

function matcher(colour: number, tolerance: number): (word: number) => boolean {
  const [red, green, blue] = [colour >>> 16, (colour >>> 8) & 255, colour & 255];
  return (word) => {
    const alpha = word >>> 24;
    if (alpha === 0) return false;
    const near = (band: number, wanted: number): boolean => Math.abs((alpha === OPAQUE ? band : (band * OPAQUE) / alpha) - wanted) <= tolerance;
    return near(word & 255, red) && near((word >>> 8) & 255, green) && near((word >>> 16) & 255, blue);
  };
}
