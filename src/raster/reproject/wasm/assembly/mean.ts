import {
  BLOCK_BYTES, column, HEIGHT, lastFactor, linear, middleFactor, ORIGIN, SAMPLES_X, SAMPLES_Y, square, storeTail, tail, WIDTH, X, Y,
} from './rows';
import { mix4, packed } from './smooth';

/** Fraction bits of a sample's coordinate: a block spans less than 2^15 source pixels. */
const BITS: i32 = 16;
const WEIGHT_BITS: i32 = 14;
const ONE: i32 = 1 << WEIGHT_BITS;

// @ts-ignore: decorator
@inline
function lane(x: v128, which: u8): v128 {
  return f32x4.splat(<f32>(which == 0 ? f64x2.extract_lane(x, 0) : f64x2.extract_lane(x, 1)));
}

// @ts-ignore: decorator
@inline
function quadratic(x0: v128, x1: v128, x2: v128, u: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(x2, u), x1), u), x0);
}

// @ts-ignore: decorator
@inline
function toFixed(x: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.mul(x, f32x4.splat(<f32>(1 << BITS))));
}

/** Channel sums of one pixel -> their mean, rounded. */
// @ts-ignore: decorator
@inline
function mean4(sum: v128, scale: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(sum), scale), f32x4.splat(0.5)));
}

/**
 * Means for `count` blocks of RGBA: samplesX x samplesY bilinear samples over each pixel's footprint, four pixels at a time. The
 * footprint is the parallelogram that touches the surface at the pixel's centre.
 */
export function mean(blocks: usize, count: i32, mosaic: usize, mosaicWidth: i32, out: usize, outWidth: i32): void {
  const width = i32x4.splat(mosaicWidth);
  const stride = (<usize>mosaicWidth) << 2;
  const mask = i32x4.splat(ONE - 1);
  const one = i32x4.splat(ONE);
  const halfWeight = i32x4.splat(ONE >> 1);
  for (let end = blocks + <usize>count * BLOCK_BYTES, p = blocks; p < end; p += BLOCK_BYTES) {
    const w = load<i32>(p, WIDTH);
    const h = load<i32>(p, HEIGHT);
    const nx = load<i32>(p, SAMPLES_X);
    const ny = load<i32>(p, SAMPLES_Y);
    const from = mosaic + ((<usize>load<i32>(p, ORIGIN)) << 2);
    const step = 1 / <f64>w;
    const scale = f32x4.splat(<f32>(1 / <f64>(nx * ny * ONE)));
    // Derivatives -> steps from sample to sample.
    const perX = f32x4.splat(<f32>(1 / <f64>(w * nx)));
    const perY = f32x4.splat(<f32>(1 / <f64>(h * ny)));
    const backX = f32x4.splat(0.5 * <f32>(nx - 1));
    const backY = f32x4.splat(0.5 * <f32>(ny - 1));
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
      const s0 = column(p, 4 * v - 3, 4 - 8 * v, 4 * v - 1);
      const sb = column(p + 16, 4 * v - 3, 4 - 8 * v, 4 * v - 1);
      const sc = column(p + 32, 4 * v - 3, 4 - 8 * v, 4 * v - 1);
      const s1 = linear(s0, sb, sc);
      const s2 = square(s0, sb, sc);
      const c0 = lane(e0, 0), c1 = lane(e1, 0), c2 = lane(e2, 0);
      const r0 = lane(e0, 1), r1 = lane(e1, 1), r2 = lane(e2, 1);
      const dc0 = lane(s0, 0), dc1 = lane(s1, 0), dc2 = lane(s2, 0);
      const dr0 = lane(s0, 1), dr1 = lane(s1, 1), dr2 = lane(s2, 1);
      for (let i = 0; i < w; i += 4) {
        const u = f32x4.mul(f32x4.add(f32x4.splat(<f32>i), f32x4(0.5, 1.5, 2.5, 3.5)), f32x4.splat(<f32>step));
        const twice = f32x4.add(u, u);
        const cx = f32x4.mul(f32x4.add(c1, f32x4.mul(c2, twice)), perX);
        const rx = f32x4.mul(f32x4.add(r1, f32x4.mul(r2, twice)), perX);
        const cy = f32x4.mul(quadratic(dc0, dc1, dc2, u), perY);
        const ry = f32x4.mul(quadratic(dr0, dr1, dr2, u), perY);
        let cs = f32x4.sub(quadratic(c0, c1, c2, u), f32x4.add(f32x4.mul(cx, backX), f32x4.mul(cy, backY)));
        let rs = f32x4.sub(quadratic(r0, r1, r2, u), f32x4.add(f32x4.mul(rx, backX), f32x4.mul(ry, backY)));
        const rest = w - i;
        let cLine = i32x4.add(toFixed(cs), i32x4.splat(1 << (BITS - WEIGHT_BITS - 1)));
        let rLine = i32x4.add(toFixed(rs), i32x4.splat(1 << (BITS - WEIGHT_BITS - 1)));
        let stepCx = toFixed(cx), stepRx = toFixed(rx), stepCy = toFixed(cy), stepRy = toFixed(ry);
        if (rest < 4) {
          cLine = tail(cLine, rest);
          rLine = tail(rLine, rest);
          stepCx = tail(stepCx, rest);
          stepRx = tail(stepRx, rest);
          stepCy = tail(stepCy, rest);
          stepRy = tail(stepRy, rest);
        }
        let p0 = i32x4.splat(0), p1 = i32x4.splat(0), p2 = i32x4.splat(0), p3 = i32x4.splat(0);
        for (let s = 0; s < ny; s++) {
          let c = cLine;
          let r = rLine;
          for (let k = 0; k < nx; k++) {
            const at = i32x4.shl(i32x4.add(i32x4.mul(i32x4.shr_s(r, BITS), width), i32x4.shr_s(c, BITS)), 2);
            const fx = v128.and(i32x4.shr_s(c, BITS - WEIGHT_BITS), mask);
            const fy = v128.and(i32x4.shr_s(r, BITS - WEIGHT_BITS), mask);
            const we = i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(fx, fy), halfWeight), WEIGHT_BITS);
            const wd = i32x4.sub(fy, we);
            const top = v128.or(i32x4.sub(one, i32x4.add(fx, wd)), i32x4.shl(i32x4.sub(fx, we), 16));
            const bottom = v128.or(wd, i32x4.shl(we, 16));
            p0 = i32x4.add(p0, mix4(from + <usize>i32x4.extract_lane(at, 0), stride, v128.shuffle<i32>(top, top, 0, 0, 0, 0), v128.shuffle<i32>(bottom, bottom, 0, 0, 0, 0)));
            p1 = i32x4.add(p1, mix4(from + <usize>i32x4.extract_lane(at, 1), stride, v128.shuffle<i32>(top, top, 1, 1, 1, 1), v128.shuffle<i32>(bottom, bottom, 1, 1, 1, 1)));
            p2 = i32x4.add(p2, mix4(from + <usize>i32x4.extract_lane(at, 2), stride, v128.shuffle<i32>(top, top, 2, 2, 2, 2), v128.shuffle<i32>(bottom, bottom, 2, 2, 2, 2)));
            p3 = i32x4.add(p3, mix4(from + <usize>i32x4.extract_lane(at, 3), stride, v128.shuffle<i32>(top, top, 3, 3, 3, 3), v128.shuffle<i32>(bottom, bottom, 3, 3, 3, 3)));
            c = i32x4.add(c, stepCx);
            r = i32x4.add(r, stepRx);
          }
          cLine = i32x4.add(cLine, stepCy);
          rLine = i32x4.add(rLine, stepRy);
        }
        const pixels = packed(mean4(p0, scale), mean4(p1, scale), mean4(p2, scale), mean4(p3, scale));
        const o = line + ((<usize>i) << 2);
        if (rest >= 4) v128.store(o, pixels);
        else storeTail(o, pixels, rest);
      }
    }
  }
}
