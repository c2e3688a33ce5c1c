/** Pixels are RGBA, four bytes each; every buffer may be read and written up to 63 bytes beyond its end. */

/** Bits of scan()'s answer. */
const OPAQUE: i32 = 1;
const GREY: i32 = 2;

/** What holds for all of `count` pixels: bit 0 alpha 255, bit 1 red = green = blue. */
export function scan(pixels: usize, count: i32): i32 {
  let alphas = i8x16.splat(-1);
  let differences = i8x16.splat(0);
  let p = pixels;
  for (const stop = pixels + ((<usize>(count & ~3)) << 2); p < stop; p += 16) {
    const four = v128.load(p);
    alphas = v128.and(alphas, four);
    // Red and green against green and blue.
    differences = v128.or(differences, v128.xor(four, i32x4.shr_u(four, 8)));
  }
  for (const stop = pixels + ((<usize>count) << 2); p < stop; p += 4) {
    const one = v128.load32_splat(p);
    alphas = v128.and(alphas, one);
    differences = v128.or(differences, v128.xor(one, i32x4.shr_u(one, 8)));
  }
  const opaque = i32x4.all_true(i32x4.eq(v128.and(alphas, i32x4.splat(0xff000000)), i32x4.splat(0xff000000)));
  const coloured = v128.any_true(v128.and(differences, i32x4.splat(0x0000ffff)));
  return (opaque ? OPAQUE : 0) | (coloured ? 0 : GREY);
}

/** Divides the alpha out of `count` pixels in place: floor((255 c + a / 2) / a), at most 255; nothing under alpha 0. */
export function straighten(pixels: usize, count: i32): void {
  const low = i32x4.splat(255);
  const most = f32x4.splat(255);
  for (let p = pixels, stop = pixels + ((<usize>count) << 2); p < stop; p += 16) {
    const four = v128.load(p);
    const alpha = i32x4.shr_u(four, 24);
    const a = f32x4.convert_i32x4_s(alpha);
    const half = i32x4.shr_u(alpha, 1);
    const seen = i32x4.ne(alpha, i32x4.splat(0));
    const red = divided(v128.and(four, low), half, a, most);
    const green = divided(v128.and(i32x4.shr_u(four, 8), low), half, a, most);
    const blue = divided(v128.and(i32x4.shr_u(four, 16), low), half, a, most);
    const colour = v128.or(v128.or(red, i32x4.shl(green, 8)), i32x4.shl(blue, 16));
    v128.store(p, v128.and(v128.or(colour, v128.and(four, i32x4.splat(0xff000000))), seen));
  }
}

/** Exact in single precision: quotients of such small integers are never nearer than 1/255 to the next one. */
// @ts-ignore: decorator
@inline
function divided(c: v128, half: v128, a: v128, most: v128): v128 {
  const dividend = i32x4.add(i32x4.sub(i32x4.shl(c, 8), c), half);
  return i32x4.trunc_sat_f32x4_s(f32x4.pmin(f32x4.div(f32x4.convert_i32x4_s(dividend), a), most));
}

/** Takes 1 (red), 2 (red, alpha), 3 (red, green, blue) or 4 channels of `count` pixels. */
export function take(pixels: usize, count: i32, channels: i32, out: usize): void {
  if (channels == 1) takeRed(pixels, count, out);
  else if (channels == 2) takeRedAlpha(pixels, count, out);
  else if (channels == 3) takeColours(pixels, count, out);
  else memory.copy(out, pixels, (<usize>count) << 2);
}

function takeRed(pixels: usize, count: i32, out: usize): void {
  for (let p = pixels, o = out, stop = pixels + ((<usize>count) << 2); p < stop; p += 64, o += 16) {
    const a = v128.shuffle<u8>(v128.load(p), v128.load(p, 16), 0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0, 0, 0, 0, 0);
    const b = v128.shuffle<u8>(v128.load(p, 32), v128.load(p, 48), 0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0, 0, 0, 0, 0);
    v128.store(o, v128.shuffle<i64>(a, b, 0, 2));
  }
}

function takeRedAlpha(pixels: usize, count: i32, out: usize): void {
  for (let p = pixels, o = out, stop = pixels + ((<usize>count) << 2); p < stop; p += 32, o += 16) {
    v128.store(o, v128.shuffle<u8>(v128.load(p), v128.load(p, 16), 0, 3, 4, 7, 8, 11, 12, 15, 16, 19, 20, 23, 24, 27, 28, 31));
  }
}

function takeColours(pixels: usize, count: i32, out: usize): void {
  const rgb = i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
  for (let p = pixels, o = out, stop = pixels + ((<usize>count) << 2); p < stop; p += 16, o += 12) {
    v128.store(o, v128.swizzle(v128.load(p), rgb));
  }
}

/** `count` opaque pixels out of three bytes each. */
export function spread(colours: usize, count: i32, out: usize): void {
  const rgb = i8x16(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1);
  const opaque = i32x4.splat(0xff000000);
  for (let p = colours, o = out, stop = out + ((<usize>count) << 2); o < stop; p += 12, o += 16) {
    v128.store(o, v128.or(v128.swizzle(v128.load(p), rgb), opaque));
  }
}
