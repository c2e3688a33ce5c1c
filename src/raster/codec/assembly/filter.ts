/** Filter types of PNG (ISO/IEC 15948, 9.2); averages hardly ever win and are left out. */
const SUB: i32 = 1;
const UP: i32 = 2;
const PAETH: i32 = 4;

/**
 * Filters `height` rows, each by the type whose residuals, as signed bytes, have the least sum of absolute values (9.6: "minimum
 * sum of absolute differences"). The row before `samples` is the one above; the 16 bytes before that are read but do not count.
 * @param bpp bytes of a pixel, 1..4
 * @param out the type byte and the residuals of each row
 */
export function filter(samples: usize, rowBytes: i32, height: i32, bpp: i32, out: usize): void {
  let row = samples;
  let o = out;
  for (let y = 0; y < height; y++, row += <usize>rowBytes, o += <usize>rowBytes + 1) {
    const type = bestFilter(row, rowBytes, bpp);
    store<u8>(o, <u8>type);
    if (type == SUB) writeSub(row, rowBytes, bpp, o + 1);
    else if (type == UP) writeUp(row, rowBytes, o + 1);
    else writePaeth(row, rowBytes, bpp, o + 1);
  }
}

/** Over whole vectors only: what lies beyond the row's end must not decide. */
function bestFilter(row: usize, rowBytes: i32, bpp: i32): i32 {
  let subs = i32x4.splat(0), ups = i32x4.splat(0), paeths = i32x4.splat(0);
  for (let p = row, stop = row + <usize>(rowBytes & ~15); p < stop; p += 16) {
    const x = v128.load(p);
    const left = v128.load(p - <usize>bpp);
    const up = v128.load(p - <usize>rowBytes);
    const corner = v128.load(p - <usize>(rowBytes + bpp));
    subs = i32x4.add(subs, sum(i8x16.sub(x, left)));
    ups = i32x4.add(ups, sum(i8x16.sub(x, up)));
    paeths = i32x4.add(paeths, sum(i8x16.sub(x, paeth(left, up, corner))));
  }
  const sub = total(subs);
  const up = total(ups);
  const mixed = total(paeths);
  if (up <= sub && up <= mixed) return UP;
  return sub <= mixed ? SUB : PAETH;
}

// @ts-ignore: decorator
@inline
function sum(residuals: v128): v128 {
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(i8x16.abs(residuals)));
}

// @ts-ignore: decorator
@inline
function total(sums: v128): i32 {
  return i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
}

// @ts-ignore: decorator
@inline
function distance(a: v128, b: v128): v128 {
  return v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a));
}

/**
 * Paeth's predictor: of left, up and corner the one nearest to left + up - corner, in this order. The distance of the corner is
 * |(left - corner) + (up - corner)|: the sum of the other two where the signs agree, else their difference.
 */
// @ts-ignore: decorator
@inline
function paeth(left: v128, up: v128, corner: v128): v128 {
  const fromLeft = distance(up, corner);
  const fromUp = distance(left, corner);
  const agree = i8x16.eq(i8x16.ge_u(left, corner), i8x16.ge_u(up, corner));
  const fromCorner = v128.bitselect(i8x16.add_sat_u(fromLeft, fromUp), distance(fromLeft, fromUp), agree);
  const upOrCorner = v128.bitselect(up, corner, i8x16.le_u(fromUp, fromCorner));
  return v128.bitselect(left, upOrCorner, i8x16.le_u(fromLeft, i8x16.min_u(fromUp, fromCorner)));
}

function writeSub(row: usize, rowBytes: i32, bpp: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>rowBytes; i += 16) v128.store(out + i, i8x16.sub(v128.load(row + i), v128.load(row + i - <usize>bpp)));
  for (let i: usize = 0; i < <usize>bpp; i++) store<u8>(out + i, load<u8>(row + i));
}

function writeUp(row: usize, rowBytes: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>rowBytes; i += 16) v128.store(out + i, i8x16.sub(v128.load(row + i), v128.load(row + i - <usize>rowBytes)));
}

/** Without a left neighbour the prediction is the one above. */
function writePaeth(row: usize, rowBytes: i32, bpp: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>rowBytes; i += 16) {
    const p = row + i;
    const predicted = paeth(v128.load(p - <usize>bpp), v128.load(p - <usize>rowBytes), v128.load(p - <usize>(rowBytes + bpp)));
    v128.store(out + i, i8x16.sub(v128.load(p), predicted));
  }
  for (let i: usize = 0; i < <usize>bpp; i++) store<u8>(out + i, <u8>(load<u8>(row + i) - load<u8>(row + i - <usize>rowBytes)));
}
