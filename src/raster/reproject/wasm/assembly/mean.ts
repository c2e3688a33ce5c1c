import { byteMagic, fractionScale, magic, one, WEIGHT_BITS } from './constants';
import {
  BLOCK_BYTES, column, columnsOf, fixed, FRACTION_BITS, HEIGHT, lastFactor, linear, middleFactor, ORIGIN, pointAt, rowsOf, SAMPLES_X,
  SAMPLES_Y, square, storeTail, tail, WIDTH, X, Y,
} from './rows';
import { mix4, packed } from './smooth';

/** Channel sums of one pixel -> their mean, rounded: the sum with 2^23 has no bits below 1. */
// @ts-ignore: decorator
@inline
function mean4(sum: v128, scale: v128, magic: v128): v128 {
  return i32x4.sub(f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(sum), scale), magic), magic);
}

// @ts-ignore: decorator
@inline
function times(x: v128, factor: f64): v128 {
  return f64x2.mul(x, f64x2.splat(factor));
}

/**
 * Means for `count` blocks of RGBA: samplesX x samplesY bilinear samples over each pixel's footprint, four pixels at a time. The
 * footprint is the parallelogram that touches the surface at the pixel's centre. What varies along a row is carried in fixed
 * point by differences: the first sample's place (quadratic), the steps along x (linear) and along y (quadratic).
 */
export function mean(blocks: usize, count: i32, mosaic: usize, mosaicWidth: i32, out: usize, outWidth: i32): void {
  const width = i32x4.splat(mosaicWidth);
  const stride = (<usize>mosaicWidth) << 2;
  const whole = one();
  const unit = fractionScale();
  const shift = magic();
  const byte = byteMagic();
  // Half of the last bit that a weight sees: places are rounded to it.
  const slack = i32x4.splat(1 << (FRACTION_BITS - WEIGHT_BITS - 1));
  for (let end = blocks + <usize>count * BLOCK_BYTES, p = blocks; p < end; p += BLOCK_BYTES) {
    const w = load<i32>(p, WIDTH);
    const h = load<i32>(p, HEIGHT);
    const nx = load<i32>(p, SAMPLES_X);
    const ny = load<i32>(p, SAMPLES_Y);
    const from = mosaic + ((<usize>load<i32>(p, ORIGIN)) << 2);
    const step = 1 / <f64>w;
    const scale = f32x4.splat(<f32>(1 / <f64>((nx * ny) << WEIGHT_BITS)));
    // Derivatives -> steps from sample to sample; from the centre back to the first sample.
    const perX = 1 / <f64>(w * nx);
    const perY = 1 / <f64>(h * ny);
    const backX = 0.5 * <f64>(nx - 1) * perX;
    const backY = 0.5 * <f64>(ny - 1) * perY;
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
      const d0 = column(p, 4 * v - 3, 4 - 8 * v, 4 * v - 1);
      const db = column(p + 16, 4 * v - 3, 4 - 8 * v, 4 * v - 1);
      const dc = column(p + 32, 4 * v - 3, 4 - 8 * v, 4 * v - 1);
      const d1 = linear(d0, db, dc);
      const d2 = square(d0, db, dc);
      // First sample: e - backX de/du - backY de/dv.
      const f0 = f64x2.sub(f64x2.sub(e0, times(e1, backX)), times(d0, backY));
      const f1 = f64x2.sub(f64x2.sub(e1, times(e2, 2 * backX)), times(d1, backY));
      const f2 = f64x2.sub(e2, times(d2, backY));
      const a0 = fixed(pointAt(f0, f1, f2, 0.5 * step), unit, shift);
      const a1 = fixed(pointAt(f0, f1, f2, 1.5 * step), unit, shift);
      const a2 = fixed(pointAt(f0, f1, f2, 2.5 * step), unit, shift);
      const a3 = fixed(pointAt(f0, f1, f2, 3.5 * step), unit, shift);
      const b0 = fixed(pointAt(f0, f1, f2, 4.5 * step), unit, shift);
      const b1 = fixed(pointAt(f0, f1, f2, 5.5 * step), unit, shift);
      const b2 = fixed(pointAt(f0, f1, f2, 6.5 * step), unit, shift);
      const b3 = fixed(pointAt(f0, f1, f2, 7.5 * step), unit, shift);
      const bend = fixed(times(f2, 32 * step * step), unit, shift);
      let c = columnsOf(a0, a1, a2, a3);
      let r = rowsOf(a0, a1, a2, a3);
      let dc4 = i32x4.sub(columnsOf(b0, b1, b2, b3), c);
      let dr4 = i32x4.sub(rowsOf(b0, b1, b2, b3), r);
      const ddc4 = v128.shuffle<i32>(bend, bend, 0, 0, 0, 0);
      const ddr4 = v128.shuffle<i32>(bend, bend, 2, 2, 2, 2);
      c = i32x4.add(c, slack);
      r = i32x4.add(r, slack);
      // Steps along x.
      const x0 = times(e1, perX);
      const x1 = times(e2, 2 * perX);
      const sx0 = fixed(f64x2.add(x0, times(x1, 0.5 * step)), unit, shift);
      const sx1 = fixed(f64x2.add(x0, times(x1, 1.5 * step)), unit, shift);
      const sx2 = fixed(f64x2.add(x0, times(x1, 2.5 * step)), unit, shift);
      const sx3 = fixed(f64x2.add(x0, times(x1, 3.5 * step)), unit, shift);
      const sx4 = fixed(times(x1, 4 * step), unit, shift);
      let cx = columnsOf(sx0, sx1, sx2, sx3);
      let rx = rowsOf(sx0, sx1, sx2, sx3);
      const dcx = v128.shuffle<i32>(sx4, sx4, 0, 0, 0, 0);
      const drx = v128.shuffle<i32>(sx4, sx4, 2, 2, 2, 2);
      // Steps along y.
      const y0 = times(d0, perY);
      const y1 = times(d1, perY);
      const y2 = times(d2, perY);
      const sy0 = fixed(pointAt(y0, y1, y2, 0.5 * step), unit, shift);
      const sy1 = fixed(pointAt(y0, y1, y2, 1.5 * step), unit, shift);
      const sy2 = fixed(pointAt(y0, y1, y2, 2.5 * step), unit, shift);
      const sy3 = fixed(pointAt(y0, y1, y2, 3.5 * step), unit, shift);
      const sy4 = fixed(pointAt(y0, y1, y2, 4.5 * step), unit, shift);
      const sy5 = fixed(pointAt(y0, y1, y2, 5.5 * step), unit, shift);
      const sy6 = fixed(pointAt(y0, y1, y2, 6.5 * step), unit, shift);
      const sy7 = fixed(pointAt(y0, y1, y2, 7.5 * step), unit, shift);
      const sy8 = fixed(times(y2, 32 * step * step), unit, shift);
      let cy = columnsOf(sy0, sy1, sy2, sy3);
      let ry = rowsOf(sy0, sy1, sy2, sy3);
      let dcy = i32x4.sub(columnsOf(sy4, sy5, sy6, sy7), cy);
      let dry = i32x4.sub(rowsOf(sy4, sy5, sy6, sy7), ry);
      const ddcy = v128.shuffle<i32>(sy8, sy8, 0, 0, 0, 0);
      const ddry = v128.shuffle<i32>(sy8, sy8, 2, 2, 2, 2);
      for (let i = 0; i < w; i += 4) {
        const rest = w - i;
        let cLine = c, rLine = r, stepCx = cx, stepRx = rx, stepCy = cy, stepRy = ry;
        if (rest < 4) {
          cLine = tail(c, rest);
          rLine = tail(r, rest);
          stepCx = tail(cx, rest);
          stepRx = tail(rx, rest);
          stepCy = tail(cy, rest);
          stepRy = tail(ry, rest);
        }
        let p0 = i32x4.splat(0), p1 = i32x4.splat(0), p2 = i32x4.splat(0), p3 = i32x4.splat(0);
        for (let s = 0; s < ny; s++) {
          let col = cLine;
          let row = rLine;
          for (let k = 0; k < nx; k++) {
            const at = i32x4.shl(i32x4.add(i32x4.mul(i32x4.shr_s(row, FRACTION_BITS), width), i32x4.shr_s(col, FRACTION_BITS)), 2);
            const fx = i32x4.shr_u(i32x4.shl(col, 32 - FRACTION_BITS), 32 - WEIGHT_BITS);
            const fy = i32x4.shr_u(i32x4.shl(row, 32 - FRACTION_BITS), 32 - WEIGHT_BITS);
            const we = i32x4.shr_s(i32x4.dot_i16x8_s(fx, fy), WEIGHT_BITS);
            const wd = i32x4.sub(fy, we);
            const left = v128.or(i32x4.sub(whole, i32x4.add(fx, wd)), i32x4.shl(wd, 16));
            const right = v128.or(i32x4.sub(fx, we), i32x4.shl(we, 16));
            p0 = i32x4.add(p0, mix4(from + <usize>i32x4.extract_lane(at, 0), stride, v128.shuffle<i32>(left, left, 0, 0, 0, 0), v128.shuffle<i32>(right, right, 0, 0, 0, 0)));
            p1 = i32x4.add(p1, mix4(from + <usize>i32x4.extract_lane(at, 1), stride, v128.shuffle<i32>(left, left, 1, 1, 1, 1), v128.shuffle<i32>(right, right, 1, 1, 1, 1)));
            p2 = i32x4.add(p2, mix4(from + <usize>i32x4.extract_lane(at, 2), stride, v128.shuffle<i32>(left, left, 2, 2, 2, 2), v128.shuffle<i32>(right, right, 2, 2, 2, 2)));
            p3 = i32x4.add(p3, mix4(from + <usize>i32x4.extract_lane(at, 3), stride, v128.shuffle<i32>(left, left, 3, 3, 3, 3), v128.shuffle<i32>(right, right, 3, 3, 3, 3)));
            col = i32x4.add(col, stepCx);
            row = i32x4.add(row, stepRx);
          }
          cLine = i32x4.add(cLine, stepCy);
          rLine = i32x4.add(rLine, stepRy);
        }
        const pixels = packed(mean4(p0, scale, byte), mean4(p1, scale, byte), mean4(p2, scale, byte), mean4(p3, scale, byte));
        const o = line + ((<usize>i) << 2);
        if (rest >= 4) v128.store(o, pixels);
        else storeTail(o, pixels, rest);
        c = i32x4.add(c, dc4);
        r = i32x4.add(r, dr4);
        dc4 = i32x4.add(dc4, ddc4);
        dr4 = i32x4.add(dr4, ddr4);
        cx = i32x4.add(cx, dcx);
        rx = i32x4.add(rx, drx);
        cy = i32x4.add(cy, dcy);
        ry = i32x4.add(ry, dry);
        dcy = i32x4.add(dcy, ddcy);
        dry = i32x4.add(dry, ddry);
      }
    }
  }
}
