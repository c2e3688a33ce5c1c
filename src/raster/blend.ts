import { emptyRaster, RGBA, type Raster } from './raster.ts';

/**
 * `top` over `bottom`, both of one size, alpha premultiplied (Porter & Duff 1984: source over). Neither input is written to.
 */
export function over(bottom: Raster, top: Raster): Raster {
  if (top.opaque) return top;
  const { width, height } = bottom;
  const out = emptyRaster(width, height);
  const [a, b, o] = [bottom.data, top.data, out.data];
  for (let i = 0; i < o.length; i += RGBA) {
    const through = 255 - b[i + 3]!;
    for (let k = i; k < i + RGBA; k++) o[k] = b[k]! + Math.round((a[k]! * through) / 255);
  }
  return { ...out, opaque: bottom.opaque };
}

/** `top` with every channel scaled by `opacity`, (0, 1]. */
export function faded(top: Raster, opacity: number): Raster {
  if (opacity >= 1) return top;
  return { ...top, data: top.data.map((v) => Math.round(v * opacity)), opaque: false };
}
