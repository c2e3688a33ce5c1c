import { emptyRaster, RGBA, wordsOf, type Raster } from './raster.ts';

/**
 * `top` over `bottom`, both of one size, alpha premultiplied (Porter & Duff 1984: source over). Neither input is written to.
 */
export function over(bottom: Raster, top: Raster): Raster {
  if (top.opaque) return top;
  const { width, height } = bottom;
  const out = emptyRaster(width, height);
  const [below, above, words] = [wordsOf(bottom.data), wordsOf(top.data), wordsOf(out.data)];
  const [a, b, o] = [bottom.data, top.data, out.data];
  for (let p = 0; p < words.length; p++) {
    const through = 255 - (above[p]! >>> 24);
    if (through === 0) words[p] = above[p]!;
    else if (through === 255) words[p] = below[p]!;
    else for (let k = p * RGBA; k < (p + 1) * RGBA; k++) o[k] = b[k]! + Math.round((a[k]! * through) / 255);
  }
  return { ...out, opaque: bottom.opaque };
}

/** `top` with every channel scaled by `opacity`, (0, 1]. */
export function faded(top: Raster, opacity: number): Raster {
  if (opacity >= 1) return top;
  return { ...top, data: top.data.map((v) => Math.round(v * opacity)), opaque: false };
}
