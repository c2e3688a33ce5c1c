import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Raster } from '../raster.ts';
import { createSharpCodec } from './sharp.ts';

const codec = createSharpCodec({ maxPixels: 1e6 });
const WHITE = { quality: 90, background: 0xffffff };
const palette = (colours: number, isAlphaBinary = false) => ({ ...WHITE, palette: { colours, isAlphaBinary } });

/** @param at premultiplied */
function picture(size: number, at: (x: number, y: number) => readonly [number, number, number, number]): Raster {
  const data = new Uint8Array(size * size * 4);
  for (let i = 0; i < size * size; i++) data.set(at(i % size, Math.floor(i / size)), i * 4);
  return { width: size, height: size, data, opaque: false };
}

const smooth = picture(128, (x, y) => [x * 2, y * 2, 255 - x - y, 255]);
const fading = picture(128, (x, y) => {
  const alpha = Math.min(255, x * 2);
  return [Math.round((alpha * y * 2) / 255), Math.round((alpha * 120) / 255), 0, alpha];
});

async function back(raster: Raster, options: Parameters<typeof codec.encode>[2]) {
  const bytes = await codec.encode(raster, 'image/png', options);
  const decoded = await codec.decode(bytes);
  const words = new Uint32Array(decoded.data.buffer, decoded.data.byteOffset, decoded.data.length / 4);
  return { meta: await sharp(bytes).metadata(), bytes, decoded, colours: new Set(words).size };
}

function meanError(a: Raster, b: Raster): number {
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]!), 0) / a.data.length;
}

describe('palettes', () => {
  it.each([[256, 3], [64, 6], [16, 12]])('at most %i colours, near those of the picture (danger: a web palette)', async (most, error) => {
    const { meta, decoded, colours } = await back(smooth, palette(most));
    expect(meta.isPalette).toBe(true);
    expect(colours).toBeLessThanOrEqual(most);
    expect(meanError(smooth, decoded)).toBeLessThan(error);
  });

  it('fewer colours than that stay as they are, half transparent ones too (danger: exact maps changed by a quantizer)', async () => {
    const few = picture(64, (x, y) => (x < 8 ? [0, 0, 0, 0] : [x * 2, (y & 3) * 20, 7, 150 + (y & 3)]));
    expect([...(await back(few, palette(256))).decoded.data]).toEqual([...few.data]);
  });

  it('alpha stays (danger: holes filled, or hard edges)', async () => {
    const { decoded, colours } = await back(fading, palette(256));
    expect(colours).toBeLessThanOrEqual(256);
    expect(meanError(fading, decoded)).toBeLessThan(5);
    expect(decoded.data[3]).toBe(0);
    expect(Math.abs(decoded.data[(64 * 128 + 60) * 4 + 3]! - 120)).toBeLessThan(12);
  });

  it('mediancut: opaque or not there (danger: half transparent pixels in a format that has none)', async () => {
    const { decoded, colours } = await back(fading, palette(32, true));
    expect(colours).toBeLessThanOrEqual(32);
    expect(new Set(decoded.data.filter((_, i) => i % 4 === 3))).toEqual(new Set([0, 255]));
    const alphaAt = (x: number) => decoded.data[(64 * 128 + x) * 4 + 3];
    expect([alphaAt(64), alphaAt(65)]).toEqual([0, 255]); // 128 and 130
  });

  it('no dithering: what is one colour stays one (danger: patterns that differ from tile to tile)', async () => {
    const half = picture(128, (x, y) => (y < 64 ? [90, 140, 200, 255] : [x * 2, y * 2, x ^ y, 255]));
    const { decoded } = await back(half, palette(16));
    const top = new Set(new Uint32Array(decoded.data.buffer, decoded.data.byteOffset, 128 * 64));
    expect(top.size).toBe(1);
  });

  it('JPEG and WebP have none', async () => {
    for (const format of ['image/jpeg', 'image/webp'] as const) {
      const plain = await codec.encode(smooth, format, WHITE);
      expect(Buffer.compare(await codec.encode(smooth, format, palette(4)), plain)).toBe(0);
    }
  });
});

it('greys are those of the brightness, alpha stays (danger: the mean of the bands)', async () => {
  const raster = picture(2, (x, y) => ([[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255], [0, 0, 100, 100]] as const)[y * 2 + x]!);
  const { decoded } = await back(raster, { ...WHITE, grey: true });
  expect([...decoded.data]).toEqual([76, 76, 76, 255, 150, 150, 150, 255, 29, 29, 29, 255, 11, 11, 11, 100]);
});
