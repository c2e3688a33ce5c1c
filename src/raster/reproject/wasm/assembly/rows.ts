/**
 * The table of blocks and the surfaces in it, as ../blockTable.ts writes them. A block is BLOCK_BYTES long:
 *   0    nine nodes, each (column, row) as two f64, counted from the block's origin
 *   144  x, y, width, height of the block in the target, samplesX, samplesY: i32
 *   168  index of the mosaic's pixel at the block's origin: i32
 * Everything is pure: nothing is kept between calls but what the caller put into memory.
 */

export const BLOCK_BYTES: usize = 176;
export const X: usize = 144;
export const Y: usize = 148;
export const WIDTH: usize = 152;
export const HEIGHT: usize = 156;
export const SAMPLES_X: usize = 160;
export const SAMPLES_Y: usize = 164;
export const ORIGIN: usize = 168;

/** A column of nodes, weighted: lanes (column, row). */
// @ts-ignore: decorator
@inline
export function column(nodes: usize, f0: f64, f1: f64, f2: f64): v128 {
  return f64x2.add(
    f64x2.add(f64x2.mul(v128.load(nodes), f64x2.splat(f0)), f64x2.mul(v128.load(nodes, 48), f64x2.splat(f1))),
    f64x2.mul(v128.load(nodes, 96), f64x2.splat(f2)),
  );
}

/** Coefficient of u of the quadratic through a (u = 0), b (1/2), c (1). */
// @ts-ignore: decorator
@inline
export function linear(a: v128, b: v128, c: v128): v128 {
  return f64x2.sub(f64x2.sub(f64x2.mul(f64x2.splat(4), b), f64x2.mul(f64x2.splat(3), a)), c);
}

/** Coefficient of u^2. */
// @ts-ignore: decorator
@inline
export function square(a: v128, b: v128, c: v128): v128 {
  return f64x2.sub(f64x2.mul(f64x2.splat(2), f64x2.add(a, c)), f64x2.mul(f64x2.splat(4), b));
}

// @ts-ignore: decorator
@inline
export function lastFactor(v: f64): f64 {
  return (2 * v - 1) * v;
}

// @ts-ignore: decorator
@inline
export function middleFactor(v: f64): f64 {
  return 4 * v * (1 - v);
}

/** e0 + u (e1 + u e2), lanes (column, row). */
// @ts-ignore: decorator
@inline
export function pointAt(e0: v128, e1: v128, e2: v128, u: f64): v128 {
  const us = f64x2.splat(u);
  return f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(e2, us), e1), us), e0);
}

/** Fraction bits of a coordinate in a kernel of one sample per pixel. A block spans less than 2^11 source pixels. */
export const FRACTION_BITS: i32 = 20;

/** (column, row) as fixed point in the low halves of the two lanes. @param scale, magic of constants.ts */
// @ts-ignore: decorator
@inline
export function fixed(point: v128, scale: v128, magic: v128): v128 {
  return f64x2.add(f64x2.mul(point, scale), magic);
}

/** Columns of four points as fixed() made them. */
// @ts-ignore: decorator
@inline
export function columnsOf(p0: v128, p1: v128, p2: v128, p3: v128): v128 {
  return v128.shuffle<i32>(v128.shuffle<i32>(p0, p1, 0, 4, 2, 6), v128.shuffle<i32>(p2, p3, 0, 4, 2, 6), 0, 1, 4, 5);
}

/** Rows of four points as fixed() made them. */
// @ts-ignore: decorator
@inline
export function rowsOf(p0: v128, p1: v128, p2: v128, p3: v128): v128 {
  return v128.shuffle<i32>(v128.shuffle<i32>(p0, p1, 0, 4, 2, 6), v128.shuffle<i32>(p2, p3, 0, 4, 2, 6), 2, 3, 6, 7);
}

/** Lanes from `count` (1..3) on repeat the first, so that no tap strays from the block. */
// @ts-ignore: decorator
@inline
export function tail(lanes: v128, count: i32): v128 {
  const wanted = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
  return v128.bitselect(lanes, v128.shuffle<i32>(lanes, lanes, 0, 0, 0, 0), wanted);
}

/** Stores the first `count` (1..3) lanes. */
// @ts-ignore: decorator
@inline
export function storeTail(at: usize, lanes: v128, count: i32): void {
  store<i32>(at, i32x4.extract_lane(lanes, 0));
  if (count > 1) store<i32>(at, i32x4.extract_lane(lanes, 1), 4);
  if (count > 2) store<i32>(at, i32x4.extract_lane(lanes, 2), 8);
}
