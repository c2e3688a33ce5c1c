import { RGBA, type Raster } from '../raster.ts';

/**
 * The picture in greys of the same brightness (ITU-R BT.601, in the whole numbers of PIL's mode L); alpha stays. Premultiplied colours
 * may be weighed as they are: brightness is linear.
 */
export function inGrey({ width, height, data, opaque }: Raster): Raster {
  const out = data.slice();
  for (let i = 0; i < out.length; i += RGBA) {
    const grey = (data[i]! * 19_595 + data[i + 1]! * 38_470 + data[i + 2]! * 7471 + 0x8000) >> 16;
    out.fill(grey, i, i + 3);
  }
  return { width, height, data: out, opaque };
}

/** Alpha up to this is none, as in MapProxy. */
const NO_ALPHA = 128;

/** Each pixel either opaque or not there: for palettes in which one entry is transparent. */
export function withoutHalfTones({ width, height, data, opaque }: Raster): Raster {
  if (opaque) return { width, height, data, opaque };
  const out = data.slice();
  for (let i = 0; i < out.length; i += RGBA) {
    const alpha = data[i + 3]!;
    if (alpha === 255) continue;
    if (alpha <= NO_ALPHA) out.fill(0, i, i + RGBA);
    else for (let c = 0; c < RGBA; c++) out[i + c] = Math.min(255, Math.round((data[i + c]! * 255) / alpha));
  }
  return { width, height, data: out, opaque };
}
