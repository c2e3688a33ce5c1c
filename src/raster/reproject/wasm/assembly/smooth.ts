import { cubicHalf, fractionScale, half, magic, one, PASS_BITS, WEIGHT_BITS } from './constants';
import {
  BLOCK_BYTES, column, columnsOf, fixed, FRACTION_BITS, HEIGHT, lastFactor, linear, middleFactor, ORIGIN, pointAt, rowsOf, square,
  storeTail, tail, WIDTH, X, Y,
} from './rows';

/** Bytes of the same place in two lines, side by side. */
// @ts-ignore: decorator
@inline
function zipLow(upper: v128, lower: v128): v128 {
  return v128.shuffle<u8>(upper, lower, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// @ts-ignore: decorator
@inline
function zipHigh(upper: v128, lower: v128): v128 {
  return v128.shuffle<u8>(upper, lower, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/** Four pixels of four 32-bit channels each -> 16 bytes, cut to [0, 255]. */
// @ts-ignore: decorator
@inline
export function packed(p0: v128, p1: v128, p2: v128, p3: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(p0, p1), i16x8.narrow_i32x4_s(p2, p3));
}

/** Weighted sum of 2 x 2 pixels, channels in 32-bit lanes, 14 fraction bits. Weights as pairs (upper, lower) in each lane. */
// @ts-ignore: decorator
@inline
export function mix4(at: usize, stride: usize, left: v128, right: v128): v128 {
  const pairs = zipLow(v128.load64_zero(at), v128.load64_zero(at + stride));
  return i32x4.add(i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(pairs), left), i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(pairs), right));
}

// @ts-ignore: decorator
@inline
function rounded(sum: v128, half: v128): v128 {
  return i32x4.shr_s(i32x4.add(sum, half), WEIGHT_BITS);
}

/** Four pixels at (c, r), fixed point. Weights are cut to 14 bits so that they still sum to 1. */
// @ts-ignore: decorator
@inline
function bilinear4(from: usize, stride: usize, width: v128, c: v128, r: v128, one: v128, half: v128): v128 {
  const at = i32x4.shl(i32x4.add(i32x4.mul(i32x4.shr_s(r, FRACTION_BITS), width), i32x4.shr_s(c, FRACTION_BITS)), 2);
  const fx = i32x4.shr_u(i32x4.shl(c, 32 - FRACTION_BITS), 32 - WEIGHT_BITS);
  const fy = i32x4.shr_u(i32x4.shl(r, 32 - FRACTION_BITS), 32 - WEIGHT_BITS);
  // The high halves of the lanes are zero: the dot product is fx fy.
  const we = i32x4.shr_s(i32x4.dot_i16x8_s(fx, fy), WEIGHT_BITS);
  const wd = i32x4.sub(fy, we);
  const wb = i32x4.sub(fx, we);
  const wa = i32x4.sub(one, i32x4.add(fx, wd));
  const left = v128.or(wa, i32x4.shl(wd, 16));
  const right = v128.or(wb, i32x4.shl(we, 16));
  const p0 = mix4(from + <usize>i32x4.extract_lane(at, 0), stride, v128.shuffle<i32>(left, left, 0, 0, 0, 0), v128.shuffle<i32>(right, right, 0, 0, 0, 0));
  const p1 = mix4(from + <usize>i32x4.extract_lane(at, 1), stride, v128.shuffle<i32>(left, left, 1, 1, 1, 1), v128.shuffle<i32>(right, right, 1, 1, 1, 1));
  const p2 = mix4(from + <usize>i32x4.extract_lane(at, 2), stride, v128.shuffle<i32>(left, left, 2, 2, 2, 2), v128.shuffle<i32>(right, right, 2, 2, 2, 2));
  const p3 = mix4(from + <usize>i32x4.extract_lane(at, 3), stride, v128.shuffle<i32>(left, left, 3, 3, 3, 3), v128.shuffle<i32>(right, right, 3, 3, 3, 3));
  return packed(rounded(p0, half), rounded(p1, half), rounded(p2, half), rounded(p3, half));
}

/** Bits of a phase of the bicubic weights, and bytes of the four weights of one. */
const PHASE_BITS: i32 = 10;
const PHASE_BYTES_LOG2: i32 = 3;

/** One column of four pixels, weighted; PASS_BITS fraction bits. */
// @ts-ignore: decorator
@inline
function column4(upper: v128, lower: v128, y01: v128, y23: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(upper, y01), i32x4.dot_i16x8_s(lower, y23)), WEIGHT_BITS - PASS_BITS);
}

/** One pixel from 4 x 4, channels in 32-bit lanes, not cut. @param at the first of the sixteen; @param wx, wy the weights of the phases */
// @ts-ignore: decorator
@inline
function mix16(at: usize, stride: usize, wx: usize, wy: usize, half: v128): v128 {
  const y01 = v128.load32_splat(wy);
  const y23 = v128.load32_splat(wy, 4);
  const r0 = v128.load(at);
  const r1 = v128.load(at + stride);
  const r2 = v128.load(at + 2 * stride);
  const r3 = v128.load(at + 3 * stride);
  const upperNear = zipLow(r0, r1);
  const upperFar = zipHigh(r0, r1);
  const lowerNear = zipLow(r2, r3);
  const lowerFar = zipHigh(r2, r3);
  const c0 = column4(i16x8.extend_low_i8x16_u(upperNear), i16x8.extend_low_i8x16_u(lowerNear), y01, y23);
  const c1 = column4(i16x8.extend_high_i8x16_u(upperNear), i16x8.extend_high_i8x16_u(lowerNear), y01, y23);
  const c2 = column4(i16x8.extend_low_i8x16_u(upperFar), i16x8.extend_low_i8x16_u(lowerFar), y01, y23);
  const c3 = column4(i16x8.extend_high_i8x16_u(upperFar), i16x8.extend_high_i8x16_u(lowerFar), y01, y23);
  const even = i16x8.narrow_i32x4_s(c0, c2);
  const odd = i16x8.narrow_i32x4_s(c1, c3);
  const near = v128.shuffle<i16>(even, odd, 0, 8, 1, 9, 2, 10, 3, 11);
  const far = v128.shuffle<i16>(even, odd, 4, 12, 5, 13, 6, 14, 7, 15);
  const sum = i32x4.add(i32x4.dot_i16x8_s(near, v128.load32_splat(wx)), i32x4.dot_i16x8_s(far, v128.load32_splat(wx, 4)));
  return i32x4.shr_s(i32x4.add(sum, half), WEIGHT_BITS + PASS_BITS);
}

/** Four pixels at (c, r), fixed point; overshoot cut to [0, alpha]. `from` is one pixel up and to the left. */
// @ts-ignore: decorator
@inline
function bicubic4(from: usize, stride: usize, width: v128, weights: usize, c: v128, r: v128, half: v128): v128 {
  const at = i32x4.shl(i32x4.add(i32x4.mul(i32x4.shr_s(r, FRACTION_BITS), width), i32x4.shr_s(c, FRACTION_BITS)), 2);
  const px = i32x4.shl(i32x4.shr_u(i32x4.shl(c, 32 - FRACTION_BITS), 32 - PHASE_BITS), PHASE_BYTES_LOG2);
  const py = i32x4.shl(i32x4.shr_u(i32x4.shl(r, 32 - FRACTION_BITS), 32 - PHASE_BITS), PHASE_BYTES_LOG2);
  const p0 = mix16(from + <usize>i32x4.extract_lane(at, 0), stride, weights + <usize>i32x4.extract_lane(px, 0), weights + <usize>i32x4.extract_lane(py, 0), half);
  const p1 = mix16(from + <usize>i32x4.extract_lane(at, 1), stride, weights + <usize>i32x4.extract_lane(px, 1), weights + <usize>i32x4.extract_lane(py, 1), half);
  const p2 = mix16(from + <usize>i32x4.extract_lane(at, 2), stride, weights + <usize>i32x4.extract_lane(px, 2), weights + <usize>i32x4.extract_lane(py, 2), half);
  const p3 = mix16(from + <usize>i32x4.extract_lane(at, 3), stride, weights + <usize>i32x4.extract_lane(px, 3), weights + <usize>i32x4.extract_lane(py, 3), half);
  const colours = packed(p0, p1, p2, p3);
  return i8x16.min_u(colours, v128.swizzle(colours, i8x16(3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15)));
}

/** Bilinear for `count` blocks of RGBA. */
export function bilinear(blocks: usize, count: i32, mosaic: usize, mosaicWidth: i32, out: usize, outWidth: i32): void {
  blend(false, blocks, count, mosaic, mosaicWidth, out, outWidth, 0);
}

/**
 * Bicubic for `count` blocks of RGBA.
 * @param weights for each of 2^10 phases the four weights as i16, 14 fraction bits; each four sum to 2^14
 */
export function bicubic(blocks: usize, count: i32, mosaic: usize, mosaicWidth: i32, out: usize, outWidth: i32, weights: usize): void {
  blend(true, blocks, count, mosaic - <usize>((mosaicWidth + 1) << 2), mosaicWidth, out, outWidth, weights);
}

/** Walks each row of each block in fixed point, four pixels at a time: position, first and second difference. */
// @ts-ignore: decorator
@inline
function blend(cubic: bool, blocks: usize, count: i32, mosaic: usize, mosaicWidth: i32, out: usize, outWidth: i32, weights: usize): void {
  const width = i32x4.splat(mosaicWidth);
  const whole = one();
  const rounding = cubic ? cubicHalf() : half();
  const scale = fractionScale();
  const shift = magic();
  const stride = (<usize>mosaicWidth) << 2;
  // Half of the last bit that a weight sees: positions are rounded to it.
  const slack = i32x4.splat(cubic ? 1 << (FRACTION_BITS - PHASE_BITS - 1) : 1 << (FRACTION_BITS - WEIGHT_BITS - 1));
  for (let end = blocks + <usize>count * BLOCK_BYTES, p = blocks; p < end; p += BLOCK_BYTES) {
    const w = load<i32>(p, WIDTH);
    const h = load<i32>(p, HEIGHT);
    const from = mosaic + ((<usize>load<i32>(p, ORIGIN)) << 2);
    const step = 1 / <f64>w;
    let line = out + ((<usize>(load<i32>(p, Y) * outWidth + load<i32>(p, X))) << 2);
    for (let j = 0; j < h; j++, line += (<usize>outWidth) << 2) {
      const v = (<f64>j + 0.5) / <f64>h;
      const last = lastFactor(v);
      const middle = middleFactor(v);
      const first = last - 2 * v + 1;
      const e0 = column(p, first, middle, last);
      const eb = column(p + 16, first, middle, last);
      const ec = column(p + 32, first, middle, last);
      const e1 = linear(e0, eb, ec);
      const e2 = square(e0, eb, ec);
      const a0 = fixed(pointAt(e0, e1, e2, 0.5 * step), scale, shift);
      const a1 = fixed(pointAt(e0, e1, e2, 1.5 * step), scale, shift);
      const a2 = fixed(pointAt(e0, e1, e2, 2.5 * step), scale, shift);
      const a3 = fixed(pointAt(e0, e1, e2, 3.5 * step), scale, shift);
      const b0 = fixed(pointAt(e0, e1, e2, 4.5 * step), scale, shift);
      const b1 = fixed(pointAt(e0, e1, e2, 5.5 * step), scale, shift);
      const b2 = fixed(pointAt(e0, e1, e2, 6.5 * step), scale, shift);
      const b3 = fixed(pointAt(e0, e1, e2, 7.5 * step), scale, shift);
      const bend = fixed(f64x2.mul(e2, f64x2.splat(32 * step * step)), scale, shift);
      let c = columnsOf(a0, a1, a2, a3);
      let r = rowsOf(a0, a1, a2, a3);
      let dc = i32x4.sub(columnsOf(b0, b1, b2, b3), c);
      let dr = i32x4.sub(rowsOf(b0, b1, b2, b3), r);
      const ddc = v128.shuffle<i32>(bend, bend, 0, 0, 0, 0);
      const ddr = v128.shuffle<i32>(bend, bend, 2, 2, 2, 2);
      c = i32x4.add(c, slack);
      r = i32x4.add(r, slack);
      let o = line;
      for (const stop = line + ((<usize>(w & ~3)) << 2); o < stop; o += 16) {
        v128.store(o, cubic ? bicubic4(from, stride, width, weights, c, r, rounding) : bilinear4(from, stride, width, c, r, whole, rounding));
        c = i32x4.add(c, dc);
        r = i32x4.add(r, dr);
        dc = i32x4.add(dc, ddc);
        dr = i32x4.add(dr, ddr);
      }
      const rest = w & 3;
      if (rest != 0) {
        c = tail(c, rest);
        r = tail(r, rest);
        storeTail(o, cubic ? bicubic4(from, stride, width, weights, c, r, rounding) : bilinear4(from, stride, width, c, r, whole, rounding), rest);
      }
    }
  }
}
