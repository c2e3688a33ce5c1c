import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../errors.ts';
import type { Raster } from '../raster.ts';
import { createSharpCodec } from './sharp.ts';

const codec = createSharpCodec({ maxPixels: 1_000_000 });
const WHITE = { quality: 85, background: 0xffffff };

function raw(bytes: readonly number[], channels: 1 | 2 | 3 | 4, width = 2) {
  return sharp(Uint8Array.from(bytes), { raw: { width, height: bytes.length / channels / width, channels } });
}

function opaqueRaster(width: number, height: number, at: (x: number, y: number) => readonly [number, number, number]): Raster {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([...at(x, y), 255], (y * width + x) * 4);
  }
  return { width, height, data, opaque: true };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (e: unknown) => e,
  );
  return error instanceof GatewayError ? error.code : String(error);
}

describe('decode', () => {
  const grey = [10, 200, 30, 40];
  const rgb = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

  it('expands grey to RGBA and knows it is opaque (danger: one-channel buffers read as RGBA)', async () => {
    const raster = await codec.decode(await raw(grey, 1).toColourspace('b-w').png().toBuffer());
    expect(raster).toMatchObject({ width: 2, height: 2, opaque: true });
    expect([...raster.data]).toEqual(grey.flatMap((g) => [g, g, g, 255]));
  });

  it('expands grey with alpha (danger: two bytes per pixel read as four)', async () => {
    const bytes = await raw([200, 128, 9, 0], 2).toColourspace('b-w').png().toBuffer();
    expect([...(await codec.decode(bytes)).data]).toEqual([100, 100, 100, 128, 0, 0, 0, 0]);
  });

  it('expands RGB, palette and GIF (danger: indices taken for colours)', async () => {
    const expected = [1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 10, 11, 12, 255];
    for (const bytes of [await raw(rgb, 3).png().toBuffer(), await raw(rgb, 3).tiff({ compression: 'none' }).toBuffer()]) {
      expect([...(await codec.decode(bytes)).data]).toEqual(expected);
    }
    const two = [255, 0, 0, 0, 0, 255];
    for (const bytes of [await raw(two, 3).png({ palette: true }).toBuffer(), await raw(two, 3).gif().toBuffer()]) {
      expect([...(await codec.decode(bytes)).data]).toEqual([255, 0, 0, 255, 0, 0, 255, 255]);
    }
  });

  it('divides 16 bits by 256 (danger: clamping everything bright to white)', async () => {
    const deep = sharp(Uint16Array.of(0, 0x1234, 0x8000, 0xffff), { raw: { width: 2, height: 2, channels: 1 } });
    const raster = await codec.decode(await deep.toColourspace('grey16').png().toBuffer());
    expect([0, 4, 8, 12].map((i) => raster.data[i])).toEqual([0, 0x12, 0x80, 0xff]);
  });

  it('premultiplies and is not opaque with a see-through pixel (danger: dark or bright fringes)', async () => {
    const raster = await codec.decode(await raw([200, 100, 50, 128, 9, 9, 9, 0], 4).png().toBuffer());
    expect(raster.opaque).toBe(false);
    expect([...raster.data]).toEqual([100, 50, 25, 128, 0, 0, 0, 0]);
  });

  it.each([3, 4] as const)('lays %i channels out in memory of the caller, and gives its own back (danger: megabytes that wait for a collector)', async (channels) => {
    const samples = Array.from({ length: 35 * channels }, (_, i) => (i * 37) % 256);
    const bytes = await raw(samples, channels, 7).png().toBuffer();
    const memory = new Uint8Array(new SharedArrayBuffer(35 * 4)).fill(99);
    const unpacked = await codec.unpack(bytes);
    expect([unpacked.width, unpacked.height]).toEqual([7, 5]);
    const before = process.memoryUsage().external;
    const raster = unpacked.raster(memory);
    expect(process.memoryUsage().external).toBeLessThan(before);
    expect(raster.data).toBe(memory);
    expect([...raster.data]).toEqual([...(await codec.decode(bytes)).data]);
    expect(raster.opaque).toBe(channels === 3);
  });

  it('decodes JPEG, WebP and AVIF, and says opaque (danger: alpha scans missing the promise)', async () => {
    for (const format of ['image/jpeg', 'image/webp', 'image/avif'] as const) {
      const bytes = await codec.encode(opaqueRaster(16, 16, () => [120, 60, 30]), format, WHITE);
      const raster = await codec.decode(bytes);
      expect(raster.opaque).toBe(true);
      expect(Math.abs(raster.data[0]! - 120)).toBeLessThanOrEqual(4);
    }
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', Buffer.from('<html>busy</html>')],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['a PNG head alone', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0])],
  ])('refuses %s as UPSTREAM_FAILED (danger: a crash, or an error page cached as a tile)', async (_, bytes) => {
    expect(await codeOf(codec.decode(bytes))).toBe('UPSTREAM_FAILED');
  });

  it('refuses a truncated JPEG (danger: half a tile, grey below, cached for ever)', async () => {
    const whole = await codec.encode(opaqueRaster(256, 256, (x, y) => [(x * y) % 256, x % 256, y % 256]), 'image/jpeg', WHITE);
    expect(await codeOf(codec.decode(whole.subarray(0, whole.length / 2)))).toBe('UPSTREAM_FAILED');
  });

  it('refuses a bomb from its header (danger: memory exhausted by a small file)', async () => {
    const bomb = await sharp({ create: { width: 1001, height: 1000, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    expect(await codeOf(codec.decode(bomb))).toBe('TOO_LARGE');
  });
});

describe('encode', () => {
  it('brings PNG back bit for bit, colour and grey (danger: lossy intermediate steps)', async () => {
    for (const raster of [
      opaqueRaster(7, 5, (x, y) => [x * 30, y * 50, 200]),
      opaqueRaster(7, 5, (x, y) => [x * y, x * y, x * y]),
    ]) {
      const back = await codec.decode(await codec.encode(raster, 'image/png', WHITE));
      expect(Buffer.compare(back.data, raster.data)).toBe(0);
      expect(back.opaque).toBe(true);
    }
  });

  /** More colours than a palette holds. */
  const busy = (at: (x: number, y: number) => readonly [number, number, number], alpha: (x: number) => number): Raster => {
    const { data, ...rest } = opaqueRaster(64, 64, at);
    return { ...rest, data: data.map((v, i) => (i % 4 === 3 ? alpha((i >> 2) % 64) : Math.min(v, alpha((i >> 2) % 64)))), opaque: false };
  };
  it.each([
    [1, opaqueRaster(64, 64, (x, y) => [x + y, x + y, x + y])],
    [3, opaqueRaster(64, 64, (x, y) => [x, y, x + y])],
    [2, busy((x, y) => [x + y, x + y, x + y], (x) => 255 - x)],
    [4, busy((x, y) => [x, y, x + y], (x) => 255 - x)],
  ])('writes PNG with %i channels (danger: grey maps four times as large as needed)', async (channels, raster) => {
    const bytes = await codec.encode(raster, 'image/png', WHITE);
    expect((await sharp(bytes).metadata()).channels).toBe(channels);
  });

  it('leaves the picture as it was, opaque, see-through and flattened (danger: a remembered picture given back with what was made for the encoder)', async () => {
    const pixels = (alpha: number): Uint8Array => new Uint8Array(16 * 16 * 4).map((_, i) => (i % 4 === 3 ? alpha : (i * 7) % 100));
    for (const raster of [{ width: 16, height: 16, data: pixels(255), opaque: true }, { width: 16, height: 16, data: pixels(100), opaque: false }]) {
      const before = [...raster.data];
      for (const format of ['image/png', 'image/jpeg', 'image/webp', 'image/tiff'] as const) {
        await codec.encode(raster, format, WHITE);
        await codec.encode(raster, format, { ...WHITE, flatten: true });
        expect([...raster.data]).toEqual(before);
      }
    }
  });

  it('divides the alpha out for PNG and WebP (danger: dark borders at transparent edges)', async () => {
    const raster: Raster = { width: 1, height: 2, data: Uint8Array.of(100, 50, 25, 128, 0, 0, 0, 0), opaque: false };
    const straight = await sharp(await codec.encode(raster, 'image/png', WHITE)).raw().toBuffer();
    expect([...straight]).toEqual([199, 100, 50, 128, 0, 0, 0, 0]);
    const webp = await codec.decode(await codec.encode(raster, 'image/webp', WHITE));
    expect(webp.data[3]).toBe(128);
    expect(webp.data[7]).toBe(0);
  });

  it('writes AVIF of all kinds of pictures (danger: alpha lost, grey turned into colours, one pixel refused)', async () => {
    const alphas = [() => 255, (x: number) => 255 - x];
    const colours: readonly Parameters<typeof busy>[0][] = [(x, y) => [x, y, x + y], (x) => [x, x, x]];
    for (const [colour, alpha] of colours.flatMap((one) => alphas.map((other) => [one, other] as const))) {
      const raster = await codec.decode(await codec.encode(busy(colour, alpha), 'image/png', WHITE));
      const found = await codec.decode(await codec.encode(raster, 'image/avif', { quality: 95, background: 0 }));
      expect([found.width, found.height, found.opaque]).toEqual([raster.width, raster.height, raster.opaque]);
      expect(found.data.reduce((sum, value, i) => sum + Math.abs(value - raster.data[i]!), 0) / found.data.length).toBeLessThan(3);
    }
    expect((await codec.decode(await codec.encode(opaqueRaster(1, 1, () => [9, 9, 9]), 'image/avif', WHITE))).width).toBe(1);
  });

  it('lays every format over the background when told to (danger: transparent maps for clients that asked for opaque ones)', async () => {
    const raster = { width: 3, height: 1, data: Uint8Array.from([0, 0, 0, 0, 50, 0, 0, 128, 9, 9, 9, 255]), opaque: false };
    for (const format of ['image/png', 'image/webp', 'image/avif', 'image/jpeg'] as const) {
      const { data } = await codec.decode(await codec.encode(raster, format, { quality: 100, background: 0x204060, flatten: true }));
      expect([data[3], data[7], data[11]], format).toEqual([255, 255, 255]);
      if (format === 'image/png') expect([...data]).toEqual([0x20, 0x40, 0x60, 255, 66, 32, 48, 255, 9, 9, 9, 255]);
    }
  });

  it('lays JPEG over the background (danger: transparent turned black)', async () => {
    const empty: Raster = { width: 16, height: 16, data: new Uint8Array(16 * 16 * 4), opaque: false };
    const raster = await codec.decode(await codec.encode(empty, 'image/jpeg', { quality: 90, background: 0x4080ff }));
    for (const [i, wanted] of [0x40, 0x80, 0xff].entries()) expect(Math.abs(raster.data[i]! - wanted)).toBeLessThanOrEqual(3);
  });
});

describe('resize', () => {
  it('shrinks by area and magnifies to the exact size, premultiplied both ways (danger: halos, off-by-one sizes)', async () => {
    const half: Raster = { width: 2, height: 1, data: Uint8Array.of(80, 0, 0, 80, 0, 0, 0, 0), opaque: false };
    expect([...(await codec.resize(half, 1, 1)).data]).toEqual([40, 0, 0, 40]);
    const big = await codec.resize(half, 9, 5);
    expect([big.width, big.height, big.data.length]).toEqual([9, 5, 180]);
    for (let i = 0; i < big.data.length; i += 4) expect(big.data[i]).toBe(big.data[i + 3]);
  });
});
