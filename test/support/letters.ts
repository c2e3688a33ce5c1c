import type { Raster } from '../../src/raster/raster.ts';

/** 5 x 7 glyphs of letters without any symmetry, so that a mirrored or turned map cannot pass for a right one. */
const GLYPHS: Readonly<Record<string, readonly string[]>> = {
  F: ['11111', '10000', '10000', '11110', '10000', '10000', '10000'],
  G: ['01110', '10001', '10000', '10111', '10001', '10001', '01111'],
  J: ['00111', '00010', '00010', '00010', '00010', '10010', '01100'],
  L: ['10000', '10000', '10000', '10000', '10000', '10000', '11111'],
  P: ['11110', '10001', '10001', '11110', '10000', '10000', '10000'],
  Q: ['01110', '10001', '10001', '10001', '10101', '10010', '01101'],
  R: ['11110', '10001', '10001', '11110', '10100', '10010', '10001'],
};
const NAMES = Object.keys(GLYPHS);

/**
 * A global simple-cylindrical map (-180..180, 90..-90) of letters, one per 30 x 30 degree field, on a ground whose red grows to the
 * east and whose green grows to the north.
 */
export function letteredMap(width: number): Raster {
  const height = width / 2;
  const data = new Uint8Array(width * height * 4);
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      const [x, y] = [(c / width) * 12, (r / height) * 6];
      const glyph = GLYPHS[NAMES[(Math.floor(x) + 5 * Math.floor(y)) % NAMES.length]!]!;
      const [gx, gy] = [Math.floor((x % 1) * 9) - 2, Math.floor((y % 1) * 11) - 2];
      const ink = glyph[gy]?.[gx] === '1';
      data.set(ink ? [255, 255, 255, 255] : [Math.round((200 * c) / width), Math.round(200 * (1 - r / height)), 60, 255], (r * width + c) * 4);
    }
  }
  return { width, height, data, opaque: true };
}
