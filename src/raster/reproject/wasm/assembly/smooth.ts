import {
  BLOCK_BYTES, column, columnsOf, fixed, FRACTION_BITS, HEIGHT, lastFactor, linear, middleFactor, ORIGIN, pointAt, rowsOf, square,
  storeTail, tail, WIDTH, X, Y,
} from './rows';

/** Bits of a weight: 1 is 2^14, the largest power of two that a signed 16-bit lane holds with its opposite. */
const WEIGHT_BITS: i32 = 14;
const ONE: i32 = 1 << WEIGHT_BITS;

/** Bytes of two neighbouring RGBA pixels -> 16-bit pairs (left, right) of red, green, blue, alpha. */
// @ts-ignore: decorator
@inline
export function pairs(pixels: v128): v128 {
  return v128.swizzle(pixels, i8x16(0, -1, 4, -1, 1, -1, 5, -1, 2, -1, 6, -1, 3, -1, 7, -1));
}

/** The same of the third and fourth pixel. */
// @ts-ignore: decorator
@inline
function farPairs(pixels: v128): v128 {
  return v128.swizzle(pixels, i8x16(8, -1, 12, -1, 9, -1, 13, -1, 10, -1, 14, -1, 11, -1, 15, -1));
}

/** Four pixels of four 32-bit channels each -> 16 bytes, cut to [0, 255]. */
// @ts-ignore: decorator
@inline
export function packed(p0: v128, p1: v128, p2: v128, p3: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(p0, p1), i16x8.narrow_i32x4_s(p2, p3));
}

/** Weighted sum of 2 x 2 pixels, channels in 32-bit lanes, 14 fraction bits. Weights as pairs (left, right) in each lane. */
// @ts-ignore: decorator
@inline
export function mix4(at: usize, stride: usize, top: v128, bottom: v128): v128 {
  return i32x4.add(
    i32x4.dot_i16x8_s(pairs(v128.load64_zero(at)), top),
    i32x4.dot_i16x8_s(pairs(v128.load64_zero(at + stride)), bottom),
  );
}

// @ts-ignore: decorator
@inline
function rounded(sum: v128): v128 {
  return i32x4.shr_s(i32x4.add(sum, i32x4.splat(ONE >> 1)), WEIGHT_BITS);
}

/** Four pixels at (c, r), fixed point. */
// @ts-ignore: decorator
@inline
function bilinear4(from: usize, stride: usize, width: v128, c: v128, r: v128): v128 {
  const at = i32x4.shl(i32x4.add(i32x4.mul(i32x4.shr_s(r, FRACTION_BITS), width), i32x4.shr_s(c, FRACTION_BITS)), 2);
  const mask = i32x4.splat(ONE - 1);
  const fx = v128.and(i32x4.shr_s(c, FRACTION_BITS - WEIGHT_BITS), mask);
  const fy = v128.and(i32x4.shr_s(r, FRACTION_BITS - WEIGHT_BITS), mask);
  // The high halves of the lanes are zero: the dot product is fx fy.
  const we = rounded(i32x4.dot_i16x8_s(fx, fy));
  const wd = i32x4.sub(fy, we);
  const wb = i32x4.sub(fx, we);
  const wa = i32x4.sub(i32x4.splat(ONE), i32x4.add(fx, wd));
  const top = v128.or(wa, i32x4.shl(wb, 16));
  const bottom = v128.or(wd, i32x4.shl(we, 16));
  const p0 = mix4(from + <usize>i32x4.extract_lane(at, 0), stride, v128.shuffle<i32>(top, top, 0, 0, 0, 0), v128.shuffle<i32>(bottom, bottom, 0, 0, 0, 0));
  const p1 = mix4(from + <usize>i32x4.extract_lane(at, 1), stride, v128.shuffle<i32>(top, top, 1, 1, 1, 1), v128.shuffle<i32>(bottom, bottom, 1, 1, 1, 1));
  const p2 = mix4(from + <usize>i32x4.extract_lane(at, 2), stride, v128.shuffle<i32>(top, top, 2, 2, 2, 2), v128.shuffle<i32>(bottom, bottom, 2, 2, 2, 2));
  const p3 = mix4(from + <usize>i32x4.extract_lane(at, 3), stride, v128.shuffle<i32>(top, top, 3, 3, 3, 3), v128.shuffle<i32>(bottom, bottom, 3, 3, 3, 3));
  return packed(rounded(p0), rounded(p1), rounded(p2), rounded(p3));
}

/** Bits of a phase of the bicubic weights, and bytes of the four weights of one. */
const PHASE_BITS: i32 = 10;
const PHASE_BYTES_LOG2: i32 = 3;
/** Fraction bits that remain between the two passes. */
const PASS_BITS: i32 = 6;

/** Four pixels' weighted sum along a line, PASS_BITS fraction bits. Weights: pairs of the first two and of the last two pixels. */
// @ts-ignore: decorator
@inline
function line4(at: usize, near: v128, far: v128): v128 {
  const pixels = v128.load(at);
  const sum = i32x4.add(i32x4.dot_i16x8_s(pairs(pixels), near), i32x4.dot_i16x8_s(farPairs(pixels), far));
  return i32x4.shr_s(i32x4.add(sum, i32x4.splat(1 << (WEIGHT_BITS - PASS_BITS - 1))), WEIGHT_BITS - PASS_BITS);
}

/** Channels of two lines -> 16-bit pairs (upper, lower). */
// @ts-ignore: decorator
@inline
function paired(upper: v128, lower: v128): v128 {
  const both = i16x8.narrow_i32x4_s(upper, lower);
  return v128.shuffle<i16>(both, both, 0, 4, 1, 5, 2, 6, 3, 7);
}

/** One pixel from 4 x 4, channels in 32-bit lanes, not cut. @param at the first of the sixteen; @param wx, wy the weights of the phases */
// @ts-ignore: decorator
@inline
function mix16(at: usize, stride: usize, wx: usize, wy: usize): v128 {
  const near = v128.load32_splat(wx);
  const far = v128.load32_splat(wx, 4);
  const h0 = line4(at, near, far);
  const h1 = line4(at + stride, near, far);
  const h2 = line4(at + 2 * stride, near, far);
  const h3 = line4(at + 3 * stride, near, far);
  const sum = i32x4.add(
    i32x4.dot_i16x8_s(paired(h0, h1), v128.load32_splat(wy)),
    i32x4.dot_i16x8_s(paired(h2, h3), v128.load32_splat(wy, 4)),
  );
  return i32x4.shr_s(i32x4.add(sum, i32x4.splat(1 << (WEIGHT_BITS + PASS_BITS - 1))), WEIGHT_BITS + PASS_BITS);
}

/** Four pixels at (c, r), fixed point; overshoot cut to [0, alpha]. `from` is one pixel up and to the left. */
// @ts-ignore: decorator
@inline
function bicubic4(from: usize, stride: usize, width: v128, weights: usize, c: v128, r: v128): v128 {
  const at = i32x4.shl(i32x4.add(i32x4.mul(i32x4.shr_s(r, FRACTION_BITS), width), i32x4.shr_s(c, FRACTION_BITS)), 2);
  const mask = i32x4.splat(((1 << PHASE_BITS) - 1) << PHASE_BYTES_LOG2);
  const px = v128.and(i32x4.shr_s(c, FRACTION_BITS - PHASE_BITS - PHASE_BYTES_LOG2), mask);
  const py = v128.and(i32x4.shr_s(r, FRACTION_BITS - PHASE_BITS - PHASE_BYTES_LOG2), mask);
  const p0 = mix16(from + <usize>i32x4.extract_lane(at, 0), stride, weights + <usize>i32x4.extract_lane(px, 0), weights + <usize>i32x4.extract_lane(py, 0));
  const p1 = mix16(from + <usize>i32x4.extract_lane(at, 1), stride, weights + <usize>i32x4.extract_lane(px, 1), weights + <usize>i32x4.extract_lane(py, 1));
  const p2 = mix16(from + <usize>i32x4.extract_lane(at, 2), stride, weights + <usize>i32x4.extract_lane(px, 2), weights + <usize>i32x4.extract_lane(py, 2));
  const p3 = mix16(from + <usize>i32x4.extract_lane(at, 3), stride, weights + <usize>i32x4.extract_lane(px, 3), weights + <usize>i32x4.extract_lane(py, 3));
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
  const stride = (<usize>mosaicWidth) << 2;
  // Half of the last bit that a weight sees: positions are rounded to it.
  const half = i32x4.splat(cubic ? 1 << (FRACTION_BITS - PHASE_BITS - 1) : 1 << (FRACTION_BITS - WEIGHT_BITS - 1));
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
      const a0 = fixed(pointAt(e0, e1, e2, 0.5 * step));
      const a1 = fixed(pointAt(e0, e1, e2, 1.5 * step));
      const a2 = fixed(pointAt(e0, e1, e2, 2.5 * step));
      const a3 = fixed(pointAt(e0, e1, e2, 3.5 * step));
      const b0 = fixed(pointAt(e0, e1, e2, 4.5 * step));
      const b1 = fixed(pointAt(e0, e1, e2, 5.5 * step));
      const b2 = fixed(pointAt(e0, e1, e2, 6.5 * step));
      const b3 = fixed(pointAt(e0, e1, e2, 7.5 * step));
      const bend = fixed(f64x2.mul(e2, f64x2.splat(32 * step * step)));
      let c = columnsOf(a0, a1, a2, a3);
      let r = rowsOf(a0, a1, a2, a3);
      let dc = i32x4.sub(columnsOf(b0, b1, b2, b3), c);
      let dr = i32x4.sub(rowsOf(b0, b1, b2, b3), r);
      const ddc = v128.shuffle<i32>(bend, bend, 0, 0, 0, 0);
      const ddr = v128.shuffle<i32>(bend, bend, 2, 2, 2, 2);
      c = i32x4.add(c, half);
      r = i32x4.add(r, half);
      let o = line;
      for (const stop = line + ((<usize>(w & ~3)) << 2); o < stop; o += 16) {
        v128.store(o, cubic ? bicubic4(from, stride, width, weights, c, r) : bilinear4(from, stride, width, c, r));
        c = i32x4.add(c, dc);
        r = i32x4.add(r, dr);
        dc = i32x4.add(dc, ddc);
        dr = i32x4.add(dr, ddr);
      }
      const rest = w & 3;
      if (rest != 0) {
        c = tail(c, rest);
        r = tail(r, rest);
        storeTail(o, cubic ? bicubic4(from, stride, width, weights, c, r) : bilinear4(from, stride, width, c, r), rest);
      }
    }
  }
}
