/** A key of a GeoTIFF's directory; see geometry/crs/geoKeys.ts. */
export interface GeoTiffKey {
  readonly id: number;
  readonly type: 'short' | 'double' | 'ascii';
  readonly value: number | string;
}

/** Where a picture lies: what a GeoTIFF says beside its pixels. */
export interface GeoTiffPlace {
  /** Plane coordinates of the outer corner of the top left pixel. */
  readonly x0: number;
  readonly y0: number;
  /** Size of a pixel, plane units, positive. */
  readonly cellX: number;
  readonly cellY: number;
  /** Ascending by id. */
  readonly keys: readonly GeoTiffKey[];
}

/** A field of a TIFF directory: its value, or the bytes of its values, which stand elsewhere. */
interface Field {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly bytes: Buffer;
}

const SHORT = 3;
const ASCII = 2;
const DOUBLE = 12;
const FIELD_BYTES = 12;
const INLINE_BYTES = 4;

const PIXEL_SCALE = 33550;
const TIEPOINT = 33922;
const KEY_DIRECTORY = 34735;
const DOUBLE_PARAMS = 34736;
const ASCII_PARAMS = 34737;

function shorts(tag: number, values: readonly number[]): Field {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => bytes.writeUInt16LE(value, i * 2));
  return { tag, type: SHORT, count: values.length, bytes };
}

function doubles(tag: number, values: readonly number[]): Field {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, i) => bytes.writeDoubleLE(value, i * 8));
  return { tag, type: DOUBLE, count: values.length, bytes };
}

function ascii(tag: number, text: string): Field {
  const bytes = Buffer.from(`${text}\0`, 'latin1');
  return { tag, type: ASCII, count: bytes.length, bytes };
}

/** The key directory with the two fields that hold its longer values (OGC 19-008r4, 7.1.1). */
function keyFields(keys: readonly GeoTiffKey[]): readonly Field[] {
  const directory = [1, 1, 0, keys.length];
  const numbers: number[] = [];
  let texts = '';
  for (const { id, type, value } of keys) {
    if (typeof value === 'string') {
      directory.push(id, ASCII_PARAMS, value.length + 1, texts.length);
      texts += `${value}|`;
    } else if (type === 'double') {
      directory.push(id, DOUBLE_PARAMS, 1, numbers.length);
      numbers.push(value);
    } else {
      directory.push(id, 0, 1, value);
    }
  }
  return [
    shorts(KEY_DIRECTORY, directory),
    ...(numbers.length === 0 ? [] : [doubles(DOUBLE_PARAMS, numbers)]),
    ...(texts === '' ? [] : [ascii(ASCII_PARAMS, texts)]),
  ];
}

function placeFields({ x0, y0, cellX, cellY, keys }: GeoTiffPlace): readonly Field[] {
  return [doubles(PIXEL_SCALE, [cellX, cellY, 0]), doubles(TIEPOINT, [0, 0, 0, x0, y0, 0]), ...keyFields(keys)];
}

/**
 * A TIFF with the tags of a GeoTIFF: its directory is written anew at the end, the pixels stay where they are.
 * @param tiff little-endian, classic, one directory (as libvips writes it); not written to
 * @throws Error for any other TIFF
 */
export function asGeoTiff(tiff: Uint8Array, place: GeoTiffPlace): Uint8Array {
  const source = Buffer.from(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (source.toString('latin1', 0, 4) !== 'II*\0') throw new Error('not a little-endian TIFF');
  const at = source.readUInt32LE(4);
  const count = source.readUInt16LE(at);
  const kept = Array.from({ length: count }, (_, i) => source.subarray(at + 2 + i * FIELD_BYTES, at + 2 + (i + 1) * FIELD_BYTES));
  const added = placeFields(place);
  const values: Buffer[] = [];
  let end = source.length + (source.length % 2);
  const fields = added.map(({ tag, type, count: n, bytes }) => {
    const field = Buffer.alloc(FIELD_BYTES);
    field.writeUInt16LE(tag, 0);
    field.writeUInt16LE(type, 2);
    field.writeUInt32LE(n, 4);
    if (bytes.length <= INLINE_BYTES) {
      bytes.copy(field, 8);
      return field;
    }
    field.writeUInt32LE(end, 8);
    const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
    values.push(padded);
    end += padded.length;
    return field;
  });
  const sorted = [...kept, ...fields].sort((a, b) => a.readUInt16LE(0) - b.readUInt16LE(0));
  const directory = Buffer.concat([Buffer.from([sorted.length & 0xff, sorted.length >> 8]), ...sorted, Buffer.alloc(4)]);
  const out = Buffer.concat([source, Buffer.alloc(source.length % 2), ...values, directory]);
  out.writeUInt32LE(end, 4);
  return out;
}
