import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tinyTiff, type TinyTag } from '../../../test/contract/tinyTiff.ts';
import { createHttpClient } from '../net/http.ts';
import { openPicture } from './openPicture.ts';
import { tiffPicture } from './tiffPicture.ts';
import { openRemoteTiff } from './tiffReader.ts';

const directory = mkdtempSync(join(tmpdir(), 'tiff-'));
const servers: Server[] = [];
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
  for (const server of servers) server.close();
});

const INT16: readonly TinyTag[] = [{ tag: 258, type: 3, values: [16] }, { tag: 339, type: 3, values: [2] }];
const FLOAT32: readonly TinyTag[] = [{ tag: 258, type: 3, values: [32] }, { tag: 339, type: 3, values: [3] }];
const UINT16: readonly TinyTag[] = [{ tag: 258, type: 3, values: [16] }];
const PLACE: readonly TinyTag[] = [
  { tag: 33_550, type: 12, values: [90, 90, 0] },
  { tag: 33_922, type: 12, values: [0, 0, 0, -180, 90, 0] },
];
const noData = (text: string): TinyTag => ({ tag: 42_113, type: 2, values: [...Buffer.from(`${text}\0`)] });

let files = 0;
function written(width: number, height: number, numbers: ArrayBufferView, tags: readonly TinyTag[]): string {
  const file = join(directory, `${files++}.tif`);
  writeFileSync(file, tinyTiff(width, height, new Uint8Array(numbers.buffer), tags));
  return file;
}

/** Red and alpha of each pixel. */
async function shown(file: string, width: number, height: number, style: { range?: readonly [number, number]; noData?: number } = {}): Promise<number[][]> {
  const picture = await openPicture(file, { cacheDir: directory, style: { range: style.range ?? null, noData: style.noData ?? null } });
  const { raster } = await picture.read({ left: 0, top: 0, width, height });
  return Array.from({ length: width * height }, (_, i) => [raster.data[4 * i]!, raster.data[4 * i + 3]!]);
}

describe('a TIFF of numbers', () => {
  it('shows signed 16-bit numbers (danger: depths below zero clamped or wrapped)', async () => {
    const file = written(4, 1, Int16Array.of(-1000, 0, 1000, -32768), [...INT16, noData('-32768')]);
    expect(await shown(file, 4, 1, { range: [-1000, 1000] })).toEqual([[0, 255], [128, 255], [255, 255], [0, 0]]);
  });

  it('shows floats; NaN, and the number of the configuration, are holes', async () => {
    const file = written(4, 1, Float32Array.of(0.5, Number.NaN, 0.25, -9999), FLOAT32);
    expect(await shown(file, 4, 1, { range: [0, 1], noData: -9999 })).toEqual([[128, 255], [0, 0], [64, 255], [0, 0]]);
  });

  it('shows the usual range of unsigned 16-bit numbers where none is given (danger: a picture of 12 bits is nearly black)', async () => {
    const numbers = Uint16Array.from({ length: 4000 }, (_, i) => i);
    const pixels = await shown(written(80, 50, numbers, UINT16), 80, 50);
    expect([pixels[0]![0], pixels[2000]![0], pixels[3999]![0]]).toEqual([0, 128, 255]);
  });

  it('reads a window where it lies (danger: windows counted from the wrong corner)', async () => {
    const numbers = Uint16Array.from({ length: 60 }, (_, i) => i);
    const picture = await openPicture(written(10, 6, numbers, [...UINT16, ...PLACE]), { cacheDir: directory, style: { range: [0, 255], noData: null } });
    const { raster, left, top } = await picture.read({ left: 3, top: 2, width: 2, height: 3 });
    expect([left, top]).toEqual([3, 2]);
    expect([0, 1, 2, 3, 4, 5].map((i) => raster.data[4 * i])).toEqual([23, 24, 33, 34, 43, 44]);
    expect(await picture.georeference()).toEqual({ x0: -180, y0: 90, cellX: 90, cellY: 90 });
  });
});

/** A server of one file. @param byRanges what it knows of ranges */
async function serve(bytes: Buffer, byRanges = true): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer(({ headers }, reply) => {
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(headers.range ?? '') ?? [];
    asked.push(headers.range ?? '');
    if (from === undefined || !byRanges) return void reply.end(bytes);
    const end = Math.min(Number(to), bytes.length - 1);
    reply.writeHead(206, { 'content-range': `bytes ${from}-${end}/${bytes.length}`, etag: '"one"', 'last-modified': 'Fri, 27 Nov 2026 10:00:00 GMT' });
    reply.end(bytes.subarray(Number(from), end + 1));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  servers.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.tif`, asked };
}

describe('a TIFF on the web', () => {
  const http = createHttpClient({ tries: 1 });
  afterAll(() => http.close());

  it('is read by ranges: its head and the rows that are asked for (danger: gigabytes fetched for a thumbnail)', async () => {
    const numbers = Uint16Array.from({ length: 1000 * 1000 }, (_, i) => i % 1000);
    const rows = { tag: 278, type: 4, values: [1000] } as const;
    const { url, asked } = await serve(tinyTiff(1000, 1000, new Uint8Array(numbers.buffer), [...UINT16, rows, ...PLACE]));
    const reader = await openRemoteTiff(url, http);
    expect(reader.info).toMatchObject({ sizes: [{ width: 1000, height: 1000 }], holdsNumbers: true, etag: '"one"', modified: Date.UTC(2026, 10, 27, 10) });
    expect(asked.length).toBeLessThanOrEqual(2);
    const picture = tiffPicture({ info: reader.info, style: { range: [0, 255], noData: null }, version: '', modified: new Date(0), held: 'nothing', open: async () => reader });
    const { raster } = await picture.read({ left: 100, top: 10, width: 2, height: 1 });
    expect([raster.data[0], raster.data[4]]).toEqual([100, 101]);
  });

  it('shows colours as they are', async () => {
    const grey = Uint8Array.of(1, 2, 3, 4, 5, 6);
    const { url } = await serve(tinyTiff(3, 2, grey, PLACE));
    const reader = await openRemoteTiff(url, http);
    expect([...(await reader.colours(0, { left: 1, top: 0, width: 2, height: 2 })).data]).toEqual([2, 3, 5, 6].flatMap((g) => [g, g, g, 255]));
  });

  it('says what is wrong with its server (danger: "cannot be read" for a missing file)', async () => {
    const whole = await serve(tinyTiff(3, 2, new Uint8Array(6), []), false);
    await expect(openRemoteTiff(whole.url, http)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED', message: expect.stringContaining('ranges') });
    const text = await serve(Buffer.from('x'.repeat(200)));
    await expect(openRemoteTiff(text.url, http)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED', message: expect.stringContaining('TIFF') });
    await expect(openRemoteTiff('http://127.0.0.1:9/a.tif', http)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
  });
});
