import { fractionScale, magic } from './constants';
import {
  BLOCK_BYTES, column, columnsOf, fixed, FRACTION_BITS, HEIGHT, lastFactor, linear, middleFactor, ORIGIN, pointAt, rowsOf, square,
  storeTail, tail, WIDTH, X, Y,
} from './rows';

/** One band of 32-bit floats, NaN = no data: the rules of ../../floatKernels.ts. Nearest is the one of pixels, four bytes each. */

/** The values at one place of four samples. */
// @ts-ignore: decorator
@inline
function gather(p0: usize, p1: usize, p2: usize, p3: usize, offset: usize): v128 {
  let four = v128.load32_zero(p0 + offset);
  four = v128.load_lane<u32>(p1 + offset, four, 1);
  four = v128.load_lane<u32>(p2 + offset, four, 2);
  return v128.load_lane<u32>(p3 + offset, four, 3);
}

/** All ones where there is data. */
// @ts-ignore: decorator
@inline
function known(x: v128): v128 {
  return f32x4.eq(x, x);
}

// @ts-ignore: decorator
@inline
function fraction(x: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(i32x4.shl(x, 32 - FRACTION_BITS), 32 - FRACTION_BITS)), f32x4.splat(<f32>(1.0 / <f64>(1 << FRACTION_BITS))));
}

function bilinear4(p0: usize, p1: usize, p2: usize, p3: usize, stride: usize, fx: v128, fy: v128): v128 {
  const a = gather(p0, p1, p2, p3, 0);
  const b = gather(p0, p1, p2, p3, 4);
  const d = gather(p0, p1, p2, p3, stride);
  const e = gather(p0, p1, p2, p3, stride + 4);
  const gx = f32x4.sub(f32x4.splat(1), fx);
  const gy = f32x4.sub(f32x4.splat(1), fy);
  const wa = v128.and(f32x4.mul(gx, gy), known(a));
  const wb = v128.and(f32x4.mul(fx, gy), known(b));
  const wd = v128.and(f32x4.mul(gx, fy), known(d));
  const we = v128.and(f32x4.mul(fx, fy), known(e));
  const weights = f32x4.add(f32x4.add(wa, wb), f32x4.add(wd, we));
  const sum = f32x4.add(
    f32x4.add(f32x4.mul(wa, v128.and(a, known(a))), f32x4.mul(wb, v128.and(b, known(b)))),
    f32x4.add(f32x4.mul(wd, v128.and(d, known(d))), f32x4.mul(we, v128.and(e, known(e)))),
  );
  return v128.bitselect(f32x4.div(sum, weights), f32x4.splat(f32.NaN), f32x4.ge(weights, f32x4.splat(0.5)));
}

/** One of the four Catmull-Rom weights (Keys 1981, a = -1/2) at t: 0 and 3 are those of the outer pixels. */
// @ts-ignore: decorator
@inline
function weight(k: i32, t: v128): v128 {
  const t2 = f32x4.mul(t, t);
  if (k == 0) return f32x4.mul(t, f32x4.sub(f32x4.mul(t, f32x4.sub(f32x4.splat(1), f32x4.mul(t, f32x4.splat(0.5)))), f32x4.splat(0.5)));
  if (k == 1) return f32x4.add(f32x4.mul(t2, f32x4.sub(f32x4.mul(t, f32x4.splat(1.5)), f32x4.splat(2.5))), f32x4.splat(1));
  if (k == 2) return f32x4.mul(t, f32x4.add(f32x4.mul(t, f32x4.sub(f32x4.splat(2), f32x4.mul(t, f32x4.splat(1.5)))), f32x4.splat(0.5)));
  return f32x4.mul(t2, f32x4.sub(f32x4.mul(t, f32x4.splat(0.5)), f32x4.splat(0.5)));
}

/** A line of four pixels for four samples, weighted. @param offset bytes from the sample's upper left pixel to the first of the line */
function line4(p0: usize, p1: usize, p2: usize, p3: usize, offset: usize, w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(w0, gather(p0, p1, p2, p3, offset)), f32x4.mul(w1, gather(p0, p1, p2, p3, offset + 4))),
    f32x4.add(f32x4.mul(w2, gather(p0, p1, p2, p3, offset + 8)), f32x4.mul(w3, gather(p0, p1, p2, p3, offset + 12))),
  );
}

// @ts-ignore: decorator
@inline
function sample4(cubic: bool, from: usize, stride: usize, width: v128, c: v128, r: v128): v128 {
  const at = i32x4.shl(i32x4.add(i32x4.mul(i32x4.shr_s(r, FRACTION_BITS), width), i32x4.shr_s(c, FRACTION_BITS)), 2);
  const p0 = from + <usize>i32x4.extract_lane(at, 0);
  const p1 = from + <usize>i32x4.extract_lane(at, 1);
  const p2 = from + <usize>i32x4.extract_lane(at, 2);
  const p3 = from + <usize>i32x4.extract_lane(at, 3);
  const fx = fraction(c);
  const fy = fraction(r);
  if (!cubic) return bilinear4(p0, p1, p2, p3, stride, fx, fy);
  const w0 = weight(0, fx), w1 = weight(1, fx), w2 = weight(2, fx), w3 = weight(3, fx);
  const above = line4(p0, p1, p2, p3, 0 - stride - 4, w0, w1, w2, w3);
  const first = line4(p0, p1, p2, p3, 0 - 4, w0, w1, w2, w3);
  const second = line4(p0, p1, p2, p3, stride - 4, w0, w1, w2, w3);
  const below = line4(p0, p1, p2, p3, 2 * stride - 4, w0, w1, w2, w3);
  const sum = f32x4.add(
    f32x4.add(f32x4.mul(weight(0, fy), above), f32x4.mul(weight(1, fy), first)),
    f32x4.add(f32x4.mul(weight(2, fy), second), f32x4.mul(weight(3, fy), below)),
  );
  const whole = known(sum);
  if (i32x4.all_true(whole)) return sum;
  return v128.bitselect(sum, bilinear4(p0, p1, p2, p3, stride, fx, fy), whole);
}

/** Bilinear for `count` blocks. */
export function floatBilinear(blocks: usize, count: i32, mosaic: usize, mosaicWidth: i32, out: usize, outWidth: i32): void {
  walk(false, blocks, count, mosaic, mosaicWidth, out, outWidth);
}

/** Bicubic for `count` blocks. */
export function floatBicubic(blocks: usize, count: i32, mosaic: usize, mosaicWidth: i32, out: usize, outWidth: i32): void {
  walk(true, blocks, count, mosaic, mosaicWidth, out, outWidth);
}

/** As blend() in smooth.ts: rows in fixed point, four samples at a time. */
// @ts-ignore: decorator
@inline
function walk(cubic: bool, blocks: usize, count: i32, mosaic: usize, mosaicWidth: i32, out: usize, outWidth: i32): void {
  const width = i32x4.splat(mosaicWidth);
  const stride = (<usize>mosaicWidth) << 2;
  const scale = fractionScale();
  const shift = magic();
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
      for (let i = 0; i < w; i += 4) {
        const a0 = fixed(pointAt(e0, e1, e2, (<f64>i + 0.5) * step), scale, shift);
        const a1 = fixed(pointAt(e0, e1, e2, (<f64>i + 1.5) * step), scale, shift);
        const a2 = fixed(pointAt(e0, e1, e2, (<f64>i + 2.5) * step), scale, shift);
        const a3 = fixed(pointAt(e0, e1, e2, (<f64>i + 3.5) * step), scale, shift);
        const c = columnsOf(a0, a1, a2, a3);
        const r = rowsOf(a0, a1, a2, a3);
        const rest = w - i;
        const o = line + ((<usize>i) << 2);
        if (rest >= 4) v128.store(o, sample4(cubic, from, stride, width, c, r));
        else storeTail(o, sample4(cubic, from, stride, width, tail(c, rest), tail(r, rest)), rest);
      }
    }
  }
}
