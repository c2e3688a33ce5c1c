/**
 * Vectors that loops need, in memory: V8 builds a v128.const anew, with four instructions, wherever it is used, also inside a loop;
 * what was loaded before the loop stays in a register.
 */

// @ts-ignore: decorator
@inline
export const WEIGHT_BITS: i32 = 14;
/** Fraction bits that remain between the two passes of bicubic. */
// @ts-ignore: decorator
@inline
export const PASS_BITS: i32 = 6;

const ONE: i32 = 1 << WEIGHT_BITS;
const HALF: i32 = ONE >> 1;
/** Half of the last bit of both passes, and half a bit of the first, which was cut off there. */
const CUBIC_HALF: i32 = (1 << (WEIGHT_BITS + PASS_BITS - 1)) + (1 << (WEIGHT_BITS - 1));
const MAGIC_HIGH: i32 = 0x43380000;
const SCALE_HIGH: i32 = 0x41300000;
/** 2^23 as the bits of a single. */
const BYTE_MAGIC: i32 = 0x4b000000;

const VECTORS: usize = memory.data<i32>(
  [
    ONE, ONE, ONE, ONE,
    HALF, HALF, HALF, HALF,
    CUBIC_HALF, CUBIC_HALF, CUBIC_HALF, CUBIC_HALF,
    0, MAGIC_HIGH, 0, MAGIC_HIGH,
    0, SCALE_HIGH, 0, SCALE_HIGH,
    BYTE_MAGIC, BYTE_MAGIC, BYTE_MAGIC, BYTE_MAGIC,
  ],
  16,
);

/** The weight 1 in each lane. */
// @ts-ignore: decorator
@inline
export function one(): v128 {
  return v128.load(VECTORS);
}

/** Half of it: rounds a weighted sum. */
// @ts-ignore: decorator
@inline
export function half(): v128 {
  return v128.load(VECTORS, 16);
}

/** Rounds a bicubic sum. */
// @ts-ignore: decorator
@inline
export function cubicHalf(): v128 {
  return v128.load(VECTORS, 32);
}

/** 1.5 x 2^52: added to a double it leaves no bit below 1. */
// @ts-ignore: decorator
@inline
export function magic(): v128 {
  return v128.load(VECTORS, 48);
}

/** 2^FRACTION_BITS. */
// @ts-ignore: decorator
@inline
export function fractionScale(): v128 {
  return v128.load(VECTORS, 64);
}

/** 2^23: added to a single it leaves no bit below 1. */
// @ts-ignore: decorator
@inline
export function byteMagic(): v128 {
  return v128.load(VECTORS, 80);
}

/** The first address behind the kernels' constants. */
export const heap: usize = __heap_base;
