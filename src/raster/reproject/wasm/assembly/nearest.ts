import { BLOCK_BYTES, column, HEIGHT, lastFactor, linear, middleFactor, ORIGIN, square, WIDTH, X, Y } from './rows';

/** 2^52: the integer in a double's low bits. */
const INTEGER: f64 = 4503599627370496.0;

/**
 * Nearest pixel for `count` blocks; four bytes per pixel, whatever they mean. The arithmetic is that of nearestBlock in
 * ../../kernels.ts, step by step, so that the results are the same to the bit.
 */
export function nearest(blocks: usize, count: i32, mosaic: usize, mosaicWidth: i32, mosaicHeight: i32, out: usize, outWidth: i32): void {
  const zero = f64x2.splat(0);
  const lastCol = f64x2.splat(<f64>(mosaicWidth - 1));
  const lastRow = f64x2.splat(<f64>(mosaicHeight - 1));
  const stride = f64x2.splat(<f64>mosaicWidth);
  const magic = f64x2.splat(INTEGER);
  const two = f64x2.splat(2);
  for (let end = blocks + <usize>count * BLOCK_BYTES, p = blocks; p < end; p += BLOCK_BYTES) {
    const w = load<i32>(p, WIDTH);
    const h = load<i32>(p, HEIGHT);
    const from = mosaic + ((<usize>load<i32>(p, ORIGIN)) << 2);
    const step = f64x2.splat(1 / <f64>w);
    let line = out + ((<usize>(load<i32>(p, Y) * outWidth + load<i32>(p, X))) << 2);
    for (let j = 0; j < h; j++, line += (<usize>outWidth) << 2) {
      const v = (<f64>j + 0.5) / <f64>h;
      const last = lastFactor(v);
      const middle = middleFactor(v);
      const first = last - 2 * v + 1;
      const a = column(p, first, middle, last);
      const b = column(p + 16, first, middle, last);
      const c = column(p + 32, first, middle, last);
      const e1 = linear(a, b, c);
      const e2 = square(a, b, c);
      const c0 = v128.shuffle<f64>(a, a, 0, 0);
      const r0 = v128.shuffle<f64>(a, a, 1, 1);
      const c1 = v128.shuffle<f64>(e1, e1, 0, 0);
      const r1 = v128.shuffle<f64>(e1, e1, 1, 1);
      const c2 = v128.shuffle<f64>(e2, e2, 0, 0);
      const r2 = v128.shuffle<f64>(e2, e2, 1, 1);
      let i = f64x2(0.5, 1.5);
      let o = line;
      for (const stop = line + ((<usize>w) << 2); o < stop; o += 8, i = f64x2.add(i, two)) {
        const u = f64x2.mul(i, step);
        const col = f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(c2, u), c1), u), c0);
        const row = f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(r2, u), r1), u), r0);
        const inCol = f64x2.floor(f64x2.pmin(f64x2.pmax(col, zero), lastCol));
        const inRow = f64x2.floor(f64x2.pmin(f64x2.pmax(row, zero), lastRow));
        const index = f64x2.add(f64x2.add(f64x2.mul(inRow, stride), inCol), magic);
        store<u32>(o, load<u32>(from + ((<usize>i32x4.extract_lane(index, 0)) << 2)));
        if (o + 4 < stop) store<u32>(o, load<u32>(from + ((<usize>i32x4.extract_lane(index, 2)) << 2)), 4);
      }
    }
  }
}
