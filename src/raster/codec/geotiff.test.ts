import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { asGeoTiff, type GeoTiffPlace } from './geotiff.ts';
import { createSharpCodec } from './sharp.ts';

const PLACE: GeoTiffPlace = {
  x0: -180, y0: 90, cellX: 0.5, cellY: 0.25,
  keys: [{ id: 1024, type: 'short', value: 2 }, { id: 1026, type: 'ascii', value: 'Moon' }, { id: 2057, type: 'double', value: 1737400 }, { id: 3073, type: 'ascii', value: 'x' }],
};

/** Values of the tags of a TIFF's directory, in its order. */
function tagsOf(tiff: Uint8Array): ReadonlyMap<number, readonly number[] | string> {
  const bytes = Buffer.from(tiff);
  const at = bytes.readUInt32LE(4);
  return new Map(Array.from({ length: bytes.readUInt16LE(at) }, (_, i): [number, readonly number[] | string] => {
    const field = at + 2 + i * 12;
    const [tag, type, count] = [bytes.readUInt16LE(field), bytes.readUInt16LE(field + 2), bytes.readUInt32LE(field + 4)];
    const size = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 12: 8 }[type]!;
    const from = size * count <= 4 ? field + 8 : bytes.readUInt32LE(field + 8);
    if (type === 2) return [tag, bytes.toString('latin1', from, from + count)];
    const read = (n: number): number => (type === 12 ? bytes.readDoubleLE(from + n * 8) : type === 3 ? bytes.readUInt16LE(from + n * 2) : bytes.readUInt8(from + n));
    return [tag, Array.from({ length: count }, (__, n) => read(n))];
  }));
}

/** Danger: a file whose pixels or whose place cannot be read. */
describe('a GeoTIFF', () => {
  const codec = createSharpCodec({ maxPixels: 1000 });
  const raster = { width: 3, height: 2, data: Uint8Array.from({ length: 24 }, (_, i) => (i % 4 === 3 ? 255 : i * 10)), opaque: true };

  it('has the place of its corner, the size of its pixels and the keys, sorted by number', async () => {
    const tags = tagsOf(await codec.encode(raster, 'image/tiff', { quality: 90, background: 0, place: PLACE }));
    expect(tags.get(33550)).toEqual([0.5, 0.25, 0]);
    expect(tags.get(33922)).toEqual([0, 0, 0, -180, 90, 0]);
    expect(tags.get(34735)).toEqual([1, 1, 0, 4, 1024, 0, 1, 2, 1026, 34737, 5, 0, 2057, 34736, 1, 0, 3073, 34737, 2, 5]);
    expect([tags.get(34736), tags.get(34737)]).toEqual([[1737400], 'Moon|x|\0']);
    expect([...tags.keys()]).toEqual([...tags.keys()].sort((a, b) => a - b));
  });

  it('keeps its pixels, whatever their number', async () => {
    for (const data of [raster.data, Uint8Array.from({ length: 24 }, () => 0), Uint8Array.from({ length: 24 }, (_, i) => (i < 12 ? 0 : 255))]) {
      const bytes = await codec.encode({ ...raster, data, opaque: false }, 'image/tiff', { quality: 90, background: 0, place: PLACE });
      expect([...(await codec.decode(bytes)).data]).toEqual([...data]);
    }
  });

  it('without a place is a plain TIFF', async () => {
    expect([...tagsOf(await codec.encode(raster, 'image/tiff', { quality: 90, background: 0 })).keys()]).not.toContain(33550);
  });

  it('is made of nothing but a little-endian TIFF', async () => {
    const png = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } }).png().toBuffer();
    expect(() => asGeoTiff(png, PLACE)).toThrow(/TIFF/);
  });
});
