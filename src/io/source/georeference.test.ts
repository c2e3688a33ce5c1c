import { describe, expect, it } from 'vitest';
import { tinyTiff } from '../../../test/contract/tinyTiff.ts';
import type { TinyTag } from '../../../test/contract/tinyTiff.ts';
import { crsOf } from '../../geometry/crs/registry.ts';
import { bboxOfGeoreference, georeferenceOfTags, parseWorldFile } from './georeference.ts';
import { readTiffTags } from './tiffTags.ts';
import type { ReadAt } from './tiffTags.ts';

const MOON = crsOf('IAU_2015:30100');
const from = (file: Uint8Array): ReadAt => async (offset, length) => file.subarray(offset, offset + length);
const pixels = new Uint8Array(6).fill(9);
const keys = (rasterType: number): TinyTag => ({ tag: 34_735, type: 3, values: [1, 1, 0, 2, 1025, 0, 1, rasterType, 3072, 0, 1, 32_767] });
const SCALE: TinyTag = { tag: 33_550, type: 12, values: [0.5, 0.25, 0] };
const TIE: TinyTag = { tag: 33_922, type: 12, values: [2, 1, 0, 11, 20, 0] };

describe('world file', () => {
  it('gives the centre of the first pixel, not its corner (danger: maps off by half a pixel)', () => {
    expect(parseWorldFile('0.5\n0.0\n0.0\n-0.25\n10.25\n19.875\n')).toEqual({ x0: 10, y0: 20, cellX: 0.5, cellY: 0.25 });
    expect(parseWorldFile('1 0 0 -1 0 0')).toEqual({ x0: -0.5, y0: 0.5, cellX: 1, cellY: 1 });
  });

  it.each(['', '1 2 3', '1 0 0 x 0 0', '1 0.1 0 -1 0 0', '1 0 0.1 -1 0 0', '1 0 0 1 0 0', '-1 0 0 -1 0 0', '0 0 0 -1 0 0'])(
    'refuses %j (danger: a rotated or mirrored map drawn straight)',
    (text) => {
      expect(() => parseWorldFile(text)).toThrow();
    },
  );
});

describe('GeoTIFF tags', () => {
  it.each([true, false])('ties a corner or a centre, little-endian %s (danger: PixelIsPoint off by half a pixel)', async (little) => {
    const area = await readTiffTags(from(tinyTiff(3, 2, pixels, [SCALE, TIE, keys(1)], little)));
    expect(georeferenceOfTags(area)).toEqual({ x0: 10, y0: 20.25, cellX: 0.5, cellY: 0.25 });
    const point = await readTiffTags(from(tinyTiff(3, 2, pixels, [SCALE, TIE, keys(2)], little)));
    expect(georeferenceOfTags(point)).toEqual({ x0: 9.75, y0: 20.375, cellX: 0.5, cellY: 0.25 });
    expect([...point.geoKeys]).toEqual([
      [1025, 2],
      [3072, 32_767],
    ]);
  });

  it('reads the matrix form, and refuses a rotated one', async () => {
    const matrix = (b: number): TinyTag => ({ tag: 34_264, type: 12, values: [0.5, b, 0, 10, 0, -0.25, 0, 20, 0, 0, 0, 0, 0, 0, 0, 1] });
    const straight = await readTiffTags(from(tinyTiff(3, 2, pixels, [matrix(0), keys(1)])));
    expect(georeferenceOfTags(straight)).toEqual({ x0: 10, y0: 20, cellX: 0.5, cellY: 0.25 });
    const point = await readTiffTags(from(tinyTiff(3, 2, pixels, [matrix(0), keys(2)])));
    expect(georeferenceOfTags(point)).toEqual({ x0: 9.75, y0: 20.125, cellX: 0.5, cellY: 0.25 });
    const askew = await readTiffTags(from(tinyTiff(3, 2, pixels, [matrix(0.1)])));
    expect(() => georeferenceOfTags(askew)).toThrow('rotated');
  });

  it('says nothing where there are none, and knows tiles and depth', async () => {
    const plain = await readTiffTags(from(tinyTiff(3, 2, pixels, [])));
    expect(georeferenceOfTags(plain)).toBeNull();
    expect(plain).toMatchObject({ tiled: false, bitsPerSample: [8], sampleFormat: 1 });
    const tags: TinyTag[] = [
      { tag: 258, type: 3, values: [16, 16, 16] },
      { tag: 322, type: 4, values: [256] },
      { tag: 339, type: 3, values: [3] },
    ];
    expect(await readTiffTags(from(tinyTiff(3, 2, pixels, tags)))).toMatchObject({ tiled: true, bitsPerSample: [16, 16, 16], sampleFormat: 3 });
  });

  it('reads BigTIFF', async () => {
    const file = Buffer.alloc(16 + 8 + 2 * 20 + 24);
    file.write('II', 0, 'latin1');
    file.writeUInt16LE(43, 2);
    file.writeUInt16LE(8, 4);
    file.writeBigUInt64LE(16n, 8);
    file.writeBigUInt64LE(2n, 16);
    const entry = (at: number, tag: number, type: number, count: bigint) => {
      file.writeUInt16LE(tag, at);
      file.writeUInt16LE(type, at + 2);
      file.writeBigUInt64LE(count, at + 4);
    };
    entry(24, 258, 3, 3n);
    for (const k of [0, 1, 2]) file.writeUInt16LE(8, 36 + 2 * k);
    entry(44, 33_550, 12, 3n);
    file.writeBigUInt64LE(64n, 56);
    for (const [k, v] of [0.5, 0.25, 0].entries()) file.writeDoubleLE(v, 64 + 8 * k);
    expect(await readTiffTags(from(file))).toMatchObject({ bitsPerSample: [8, 8, 8], pixelScale: [0.5, 0.25, 0] });
  });

  it.each([
    ['text', Buffer.from('not a TIFF at all, but long enough')],
    ['nothing', Buffer.alloc(0)],
    ['a cut-off directory', tinyTiff(3, 2, pixels, [SCALE]).subarray(0, 40)],
    ['cut-off values', tinyTiff(3, 2, pixels, [SCALE, TIE]).subarray(0, 150)],
    ['a count of millions', Buffer.concat([Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0, 0xff, 0xff]), Buffer.alloc(100)])],
  ])('throws on %s (danger: reading wild, endless or hostile lengths)', async (_, file) => {
    await expect(readTiffTags(from(file))).rejects.toThrow();
  });
});

describe('bbox of a georeference', () => {
  it('closes a circle that few digits leave open (danger: a seam at the dateline, holes at the poles)', () => {
    const rough = { x0: -180, y0: 90.01, cellX: 0.0879, cellY: 0.0879 };
    expect(bboxOfGeoreference(rough, MOON, 4096, 2048)).toEqual([-180, -90, 180, 90]);
  });

  it('leaves all else as it is', () => {
    const part = { x0: 10, y0: 20, cellX: 0.5, cellY: 0.25 };
    expect(bboxOfGeoreference(part, MOON, 100, 40)).toEqual([10, 10, 60, 20]);
    const polar = { x0: -1e6, y0: 1e6, cellX: 1000, cellY: 1000 };
    expect(bboxOfGeoreference(polar, crsOf('IAU_2015:30130'), 2000, 2000)).toEqual([-1e6, -1e6, 1e6, 1e6]);
  });
});
