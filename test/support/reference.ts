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

/** What to compare: every `stride`-th pixel along both axes that `counts` admits, against n x n samples per pixel. */
export interface Comparison {
  readonly order: number;
  readonly npix: number;
  /** 1 = the pixel's centre. */
  readonly samples: number;
  readonly stride: number;
  counts(pixel: number): boolean;
}

/** Mean and largest absolute difference of a tile from the tile as it should be (unrounded), of 255. */
export function compareTile(tile: Raster, field: Field, comparison: Comparison): { mean: number; max: number; pixels: number } {
  const { order, npix, samples: n, stride, counts } = comparison;
  const { width } = tile;
  const rgb = new Float64Array(3);
  const expected = new Float64Array(3);
  let [sum, max, pixels] = [0, 0, 0];
  for (let row = stride >> 1; row < width; row += stride) {
    for (let col = stride >> 1; col < width; col += stride) {
      const i = row * width + col;
      if (!counts(i)) continue;
      pixels++;
      expected.fill(0);
      for (let s = 0; s < n * n; s++) {
        const [lon, lat] = tilePoint(order, npix, width, col + ((s % n) + 0.5) / n, row + (Math.floor(s / n) + 0.5) / n);
        field(lon, lat, rgb);
        for (let k = 0; k < 3; k++) expected[k]! += rgb[k]! / (n * n);
      }
      for (let k = 0; k < 3; k++) {
        const d = Math.abs(tile.data[i * 4 + k]! - expected[k]!);
        sum += d;
        if (d > max) max = d;
      }
    }
  }
  return { mean: pixels === 0 ? NaN : sum / (3 * pixels), max, pixels };
}
