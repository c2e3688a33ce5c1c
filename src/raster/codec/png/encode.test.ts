import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Raster } from '../../raster.ts';
import { compileCodecKernels } from '../kernels.ts';
import { straightSamples } from '../pack.ts';
import { createPngEncoder } from './encode.ts';

const encode = createPngEncoder(compileCodecKernels()!());

/** Mulberry32: the same pictures every time. */
function randomOf(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

type Kind = 'grey' | 'grey and alpha' | 'colour' | 'colour and alpha';

/** A smooth landscape with noise in it, premultiplied; no row is like another. */
function picture(width: number, height: number, kind: Kind, seed = 1): Raster {
  const random = randomOf(seed);
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const alpha = kind.endsWith('alpha') ? Math.min(255, Math.max(0, Math.floor(300 * Math.sin(x / 9 + y / 7)))) : 255;
    const grey = 100 + 80 * Math.sin(x / 11) + 40 * Math.cos(y / 5) + 20 * random();
    for (let c = 0; c < 3; c++) data[i * 4 + c] = Math.min(alpha, (kind.startsWith('grey') ? grey : grey * (1 - 0.2 * c) + 8 * random() * c) * (alpha / 255));
    data[i * 4 + 3] = alpha;
  }
  return { width, height, data, opaque: alphaIsFull(data) };
}

function alphaIsFull(data: Uint8Array): boolean {
  return data.every((v, i) => i % 4 !== 3 || v === 255);
}

/** What a reader of the file must see: straight RGBA. */
function expected(raster: Raster): Buffer {
  const { data, channels } = straightSamples(raster);
  const out = Buffer.alloc(raster.data.length);
  for (let i = 0, o = 0; i < data.length; i += channels, o += 4) {
    for (let c = 0; c < 3; c++) out[o + c] = data[i + (channels > 2 ? c : 0)]!;
    out[o + 3] = channels % 2 === 0 ? data[i + channels - 1]! : 255;
  }
  return out;
}

async function read(bytes: Uint8Array): Promise<{ data: Buffer; width: number; height: number }> {
  const { data, info } = await sharp(bytes, { failOn: 'warning' }).ensureAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

async function expectSame(raster: Raster): Promise<Uint8Array> {
  const bytes = await encode(raster);
  const back = await read(bytes);
  expect([back.width, back.height]).toEqual([raster.width, raster.height]);
  expect(Buffer.compare(back.data, expected(raster))).toBe(0);
  return bytes;
}

const KINDS: readonly Kind[] = ['grey', 'grey and alpha', 'colour', 'colour and alpha'];
/** Around the lengths of vectors; one row, one column; more rows than a band holds; a row longer than a band. */
const SIZES = [[1, 1], [1, 300], [300, 1], [5, 3], [15, 40], [16, 40], [17, 40], [33, 31], [256, 256], [512, 200], [700, 97], [40_000, 3]] as const;

describe('a PNG reads back bit for bit', () => {
  for (const kind of KINDS) {
    it(`${kind}, at every size (danger: a filter that does not undo, a row or a border lost, alpha divided wrongly)`, async () => {
      for (const [width, height] of SIZES) await expectSame(picture(width, height, kind));
    });
  }

  it('whichever filter suits: rows, columns, diagonals, noise (danger: one filter wrong that photographs never use)', async () => {
    const shapes: readonly ((x: number, y: number, r: () => number) => number)[] = [(x) => x * 37, (_, y) => y * 51, (x, y) => (x + y) * 3, (_x, _y, r) => r() * 256];
    for (const shape of shapes) {
      const random = randomOf(3);
      const data = new Uint8Array(100 * 80 * 4);
      for (let i = 0; i < 8000; i++) for (let c = 0; c < 4; c++) data[i * 4 + c] = c === 3 ? 255 : shape(i % 100, Math.floor(i / 100), random) + c * 5;
      await expectSame({ width: 100, height: 80, data, opaque: true });
    }
  });

  it('every colour under every alpha (danger: rounding of the division)', async () => {
    const data = new Uint8Array(256 * 256 * 4);
    for (let a = 0; a < 256; a++) for (let c = 0; c < 256; c++) data.set([Math.min(c, a), Math.min(c >> 1, a), Math.min(255 - c, a), a], (a * 256 + c) * 4);
    await expectSame({ width: 256, height: 256, data, opaque: false });
  });

  it('colours a little above their alpha stay in range (danger: a kernel rounds up, and white turns black)', async () => {
    const { data, ...rest } = picture(64, 64, 'colour and alpha');
    await expectSame({ ...rest, data: data.map((v, i) => (i % 4 === 3 ? v : Math.min(255, v + 1))) });
  });

  it('opaque pictures that are not said to be (danger: a channel of 255 in every opaque tile)', async () => {
    const bytes = await expectSame({ ...picture(64, 64, 'colour'), opaque: false });
    expect(bytes[25]).toBe(2);
  });

  it('pictures at once, and bytes at an odd address (danger: one memory for two tiles)', async () => {
    const rasters = [1, 2, 3, 4].map((seed) => picture(200 + seed, 200, 'colour', seed));
    const odd = new Uint8Array(rasters[0]!.data.length + 1).subarray(1);
    odd.set(rasters[0]!.data);
    await Promise.all([...rasters, { ...rasters[0]!, data: odd }].map(expectSame));
  });
});

describe('few colours', () => {
  const of = (colours: readonly (readonly number[])[], size = 128): Raster => {
    const random = randomOf(9);
    const data = new Uint8Array(size * size * 4);
    for (let i = 0; i < size * size; i++) data.set(colours[Math.floor(random() * colours.length)]!, i * 4);
    return { width: size, height: size, data, opaque: false };
  };
  const palette = (n: number, alpha: (i: number) => number): number[][] =>
    Array.from({ length: n }, (_, i) => [i * 7, 255 - i, i, 255].map((v, c) => (c === 3 ? alpha(i) : Math.min(v & 255, alpha(i)))));

  it('are written with a palette, opaque and not (danger: indices off by one, transparency lost)', async () => {
    for (const colours of [palette(2, () => 255), palette(256, () => 255), palette(200, (i) => i)]) {
      const bytes = await expectSame(of(colours));
      expect(bytes[25]).toBe(3);
    }
  });

  it('257 are not (danger: a colour lost)', async () => {
    expect((await expectSame(of([...palette(256, () => 255), [1, 2, 3, 255]])))[25]).toBe(2);
  });

  it('one costs next to nothing (danger: the sea filling the cache)', async () => {
    for (const colour of [[0, 0, 0, 0], [255, 255, 255, 255], [10, 20, 30, 255], [10, 20, 30, 40]]) {
      const bytes = await expectSame(of([colour], 512));
      expect(bytes.length).toBeLessThan(256);
    }
  });
});

describe('size', () => {
  it('is no larger than libvips makes it at the same level without choice of filters, by far (danger: filters that do not help)', async () => {
    const raster = picture(512, 512, 'grey');
    const { data, channels } = straightSamples(raster);
    const plain = await sharp(data, { raw: { width: 512, height: 512, channels } }).toColourspace('b-w').png({ compressionLevel: 1 }).toBuffer();
    expect((await encode(raster)).length).toBeLessThan(0.8 * plain.length);
  });

  it('is the same whatever was encoded before (danger: entity tags that change)', async () => {
    const raster = picture(517, 300, 'colour and alpha');
    const first = await encode(raster);
    await encode(picture(900, 900, 'grey', 4));
    expect(Buffer.compare(await encode(raster), first)).toBe(0);
  });
});
