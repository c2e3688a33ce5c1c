import sharp from 'sharp';

/** An 8-bit RGB picture, row-major, 3 bytes a pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Decodes a picture file or its bytes, brought to `size` if given; alpha is laid over black. */
export async function readPicture(input: string | Uint8Array, size?: { readonly width: number; readonly height: number }): Promise<Picture> {
  const decoded = sharp(input).flatten({ background: '#000' }).toColourspace('srgb').removeAlpha();
  if (size) decoded.resize({ ...size, fit: 'fill' });
  const { data, info } = await decoded.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** Brightness 0..255 of the pixel at (x, y), rounded down; NaN outside the picture. */
export function brightness(picture: Picture, x: number, y: number): number {
  const col = Math.floor(x);
  const row = Math.floor(y);
  if (!(col >= 0 && row >= 0 && col < picture.width && row < picture.height)) return Number.NaN;
  const at = 3 * (row * picture.width + col);
  return (picture.data[at]! + picture.data[at + 1]! + picture.data[at + 2]!) / 3;
}

/** Pearson's correlation of two series of equal length; pairs with a NaN are left out. 0 where either is constant. */
export function correlation(a: Float64Array, b: Float64Array): number {
  let n = 0;
  let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    n += 1;
    sa += x;
    sb += y;
    saa += x * x;
    sbb += y * y;
    sab += x * y;
  }
  const scale = Math.sqrt((n * saa - sa * sa) * (n * sbb - sb * sb));
  return scale > 0 ? (n * sab - sa * sb) / scale : 0;
}

/** Mean and largest absolute difference of two pictures of one size, over all samples, 0..255. */
export function difference(a: Picture, b: Picture): { readonly mean: number; readonly max: number } {
  if (a.width !== b.width || a.height !== b.height) throw new Error(`${a.width}x${a.height} against ${b.width}x${b.height}`);
  let sum = 0;
  let max = 0;
  for (let i = 0; i < a.data.length; i++) {
    const d = Math.abs(a.data[i]! - b.data[i]!);
    sum += d;
    if (d > max) max = d;
  }
  return { mean: sum / a.data.length, max };
}
