/**
 * Interleaving of the two in-face indices into the NESTED pixel number (Gorski et al. 2005, ApJ 622, section 4.2): x takes the
 * even bits, y the odd bits. Everything is a safe integer up to order 24 (12 * 4^24 < 2^52), so no BigInt; bit operations work
 * on halves of 12 bits, because JavaScript's are 32 bits wide.
 */

/** Deepest order of a tile number: 12 * 4^24 is below 2^53. */
export const MAX_ORDER = 24;

const HALF_BITS = 12;
const HALF = 1 << HALF_BITS;
const HALF_SQUARED = HALF * HALF;

/** 12 bits -> 24 bits, a zero between each two. */
function spread(v: number): number {
  let s = v;
  s = (s | (s << 8)) & 0x00ff00ff;
  s = (s | (s << 4)) & 0x0f0f0f0f;
  s = (s | (s << 2)) & 0x33333333;
  return (s | (s << 1)) & 0x55555555;
}

/** Every other bit of 24 bits -> 12 bits; the inverse of spread. */
function squeeze(v: number): number {
  let s = v & 0x55555555;
  s = (s | (s >>> 1)) & 0x33333333;
  s = (s | (s >>> 2)) & 0x0f0f0f0f;
  s = (s | (s >>> 4)) & 0x00ff00ff;
  return (s | (s >>> 8)) & 0x0000ffff;
}

/** Number of cells of a base cell at an order, 4^order. */
export function cellsPerFace(order: number): number {
  return 4 ** order;
}

/** Number of cells of the sphere at an order, 12 * 4^order. */
export function cellCount(order: number): number {
  return 12 * cellsPerFace(order);
}

/**
 * NESTED number of cell (x, y) of a face.
 * @param x to the North-East, [0, 2^order); @param y to the North-West, [0, 2^order); @param order [0, 24]
 */
export function npixOf(order: number, face: number, x: number, y: number): number {
  const low = spread(x & (HALF - 1)) | (spread(y & (HALF - 1)) << 1);
  const high = spread(Math.floor(x / HALF)) | (spread(Math.floor(y / HALF)) << 1);
  return face * cellsPerFace(order) + high * HALF_SQUARED + low;
}

/** The face and in-face indices of a NESTED number; the inverse of npixOf. @param npix [0, 12 * 4^order) */
export function cellOf(order: number, npix: number): { readonly face: number; readonly x: number; readonly y: number } {
  const perFace = cellsPerFace(order);
  const face = Math.floor(npix / perFace);
  const inFace = npix - face * perFace;
  const high = Math.floor(inFace / HALF_SQUARED);
  const low = inFace - high * HALF_SQUARED;
  return { face, x: squeeze(low) + squeeze(high) * HALF, y: squeeze(low >>> 1) + squeeze(high >>> 1) * HALF };
}
