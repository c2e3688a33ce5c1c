import type { Raster } from '../../src/raster/raster.ts';

/**
 * References computed without the engine: the HEALPix pixel centre by the ring formulas of Gorski et al. 2005 (equations 2-9, as
 * in every textbook: j_r, n_r, k_shift), not by the face-plane form that src/geometry/healpix uses; the picture sampled point by
 * point in floating point.
 */

const JRLL = [2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4];
const JPLL = [1, 3, 5, 7, 0, 2, 4, 6, 1, 3, 5, 7];

/** Longitude and latitude (degrees) of point (x, y) of a face, x and y in units of cells of a face n cells wide. */
export function facePoint(face: number, x: number, y: number, n: number): [lon: number, lat: number] {
  const jr = JRLL[face]! * n - x - y; // ring, continuous: integer at the corners between rings
  let nr: number;
  let z: number;
  if (jr < n) {
    nr = jr;
    z = 1 - (nr * nr) / (3 * n * n);
  } else if (jr > 3 * n) {
    nr = 4 * n - jr;
    z = (nr * nr) / (3 * n * n) - 1;
  } else {
    nr = n;
    z = ((2 * n - jr) * 2) / (3 * n);
  }
  const jp = nr === 0 ? 0 : (JPLL[face]! * nr + x - y) / nr;
  return [(jp * 45 + 360) % 360, (Math.asin(z) * 180) / Math.PI];
}

/** Face and in-face cell of a NESTED number, bit by bit. */
export function nestedCell(order: number, npix: number): { face: number; x: number; y: number } {
  const face = Math.floor(npix / 4 ** order);
  let [rest, x, y] = [npix - face * 4 ** order, 0, 0];
  for (let bit = 0; bit < order; bit++) {
    const digit = rest % 4;
    x += (digit & 1) * 2 ** bit;
    y += (digit >> 1) * 2 ** bit;
    rest = (rest - digit) / 4;
  }
  return { face, x, y };
}

/** The sky point of the pixel at (col, row) + (dx, dy) of tile (order, npix): row = x, col = y (HiPS PNG order). */
export function tilePoint(order: number, npix: number, width: number, col: number, row: number): [number, number] {
  const { face, x, y } = nestedCell(order, npix);
  return facePoint(face, x * width + row, y * width + col, 2 ** order * width);
}

/** A function of longitude and latitude, degrees, to red, green, blue in 0..255. */
export type Field = (lon: number, lat: number, out: Float64Array) => void;

/** Bilinear sampling of a global simple-cylindrical picture, -180..180, 90..-90; across a pole the opposite meridian follows. */
export function sampleGlobal(picture: Raster): Field {
  const { width, height, data } = picture;
  const pixel = (c: number, r: number, k: number): number => {
    let [cc, rr] = [c, r];
    if (rr < 0) [rr, cc] = [-1 - rr, cc + width / 2];
    if (rr >= height) [rr, cc] = [2 * height - 1 - rr, cc + width / 2];
    return data[(rr * width + (((cc % width) + width) % width)) * 4 + k]!;
  };
  return (lon, lat, out) => {
    const c = ((lon + 180) / 360) * width - 0.5;
    const r = ((90 - lat) / 180) * height - 0.5;
    const [c0, r0] = [Math.floor(c), Math.floor(r)];
    const [fx, fy] = [c - c0, r - r0];
    for (let k = 0; k < 3; k++) {
      out[k] =
        (1 - fy) * ((1 - fx) * pixel(c0, r0, k) + fx * pixel(c0 + 1, r0, k)) +
        fy * ((1 - fx) * pixel(c0, r0 + 1, k) + fx * pixel(c0 + 1, r0 + 1, k));
    }
  };
}

/** The tile as it should be: n x n samples per pixel (1 = the pixel's centre). RGB, unrounded. */
export function referenceTile(field: Field, order: number, npix: number, width: number, n: number): Float64Array {
  const out = new Float64Array(width * width * 3);
  const rgb = new Float64Array(3);
  for (let row = 0; row < width; row++) {
    for (let col = 0; col < width; col++) {
      const at = (row * width + col) * 3;
      for (let s = 0; s < n * n; s++) {
        const [lon, lat] = tilePoint(order, npix, width, col + ((s % n) + 0.5) / n, row + (Math.floor(s / n) + 0.5) / n);
        field(lon, lat, rgb);
        for (let k = 0; k < 3; k++) out[at + k]! += rgb[k]! / (n * n);
      }
    }
  }
  return out;
}

/** Mean and largest absolute difference of a picture from unrounded RGB, over the pixels that `counts` admits. */
export function difference(
  picture: Raster,
  reference: Float64Array,
  counts: (pixel: number) => boolean = () => true,
): { mean: number; max: number; pixels: number } {
  let [sum, max, pixels] = [0, 0, 0];
  for (let i = 0; i < picture.width * picture.height; i++) {
    if (!counts(i)) continue;
    pixels++;
    for (let k = 0; k < 3; k++) {
      const d = Math.abs(picture.data[i * 4 + k]! - reference[i * 3 + k]!);
      sum += d;
      if (d > max) max = d;
    }
  }
  return { mean: pixels === 0 ? 0 : sum / (3 * pixels), max, pixels };
}
