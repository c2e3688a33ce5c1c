/**
 * The few TIFF tags that say where a picture lies and how it is cut (TIFF 6.0; BigTIFF; OGC 19-008r4 GeoTIFF 1.1). Only the first
 * directory is read, a few hundred bytes in all.
 */
export interface TiffTags {
  /** Bits of each channel. */
  readonly bitsPerSample: readonly number[];
  /** 1 unsigned, 2 signed, 3 floating point. */
  readonly sampleFormat: number;
  /** Cut into tiles rather than strips, so that windows can be read without what lies beside them. */
  readonly tiled: boolean;
  /** Model units per pixel: x, y, z. */
  readonly pixelScale: readonly number[] | null;
  /** Six numbers a point: column, row, 0, x, y, z. */
  readonly tiepoint: readonly number[] | null;
  /** 4 x 4 matrix, row-major, from (column, row, 0, 1) to (x, y, z, 1). */
  readonly transformation: readonly number[] | null;
  /** Keys whose values are numbers, also broken ones: 1025 raster type, 2048 geographic CRS, 2057 ellipsoid, 3072 projected CRS. */
  readonly geoKeys: ReadonlyMap<number, number>;
}

/** Whether its samples are measured numbers rather than brightnesses from 0 to 255. */
export function holdsNumbers({ bitsPerSample, sampleFormat }: TiffTags): boolean {
  return Math.max(...bitsPerSample) > 8 || sampleFormat !== 1;
}

/** Reads `length` bytes at `offset`; fewer only at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

const TAG = {
  bitsPerSample: 258,
  tileWidth: 322,
  sampleFormat: 339,
  pixelScale: 33_550,
  tiepoint: 33_922,
  transformation: 34_264,
  geoKeyDirectory: 34_735,
  geoDoubles: 34_736,
} as const;
const WANTED: ReadonlySet<number> = new Set(Object.values(TAG));

/** Bytes and reader of each field type that the tags above use: SHORT, LONG, DOUBLE, LONG8. */
const FIELD_TYPES: { readonly [type: number]: { readonly bytes: number; read(view: DataView, at: number, little: boolean): number } } = {
  3: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  4: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  12: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  16: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
};

/** More entries or values than any real file has: a broken or hostile one. */
const MAX_ENTRIES = 4096;
const MAX_VALUES = 65_536;

/** How classic TIFF and BigTIFF differ. */
interface Layout {
  readonly little: boolean;
  readonly big: boolean;
  readonly directory: number;
}

/** @throws Error when this is no TIFF, or one that is cut short */
export async function readTiffTags(read: ReadAt): Promise<TiffTags> {
  const layout = layoutOf(await viewOf(read, 0, 16));
  const values = await readEntries(read, layout);
  const get = (tag: number) => values.get(tag) ?? null;
  return {
    bitsPerSample: get(TAG.bitsPerSample) ?? [1],
    sampleFormat: get(TAG.sampleFormat)?.[0] ?? 1,
    tiled: values.has(TAG.tileWidth),
    pixelScale: get(TAG.pixelScale),
    tiepoint: get(TAG.tiepoint),
    transformation: get(TAG.transformation),
    geoKeys: geoKeysOf(get(TAG.geoKeyDirectory) ?? [], get(TAG.geoDoubles) ?? []),
  };
}

function layoutOf(header: DataView): Layout {
  const order = header.getUint16(0, false);
  const little = order === 0x4949;
  const magic = header.getUint16(2, little);
  if ((order !== 0x4949 && order !== 0x4d4d) || (magic !== 42 && magic !== 43)) throw new Error('not a TIFF');
  const big = magic === 43;
  return { little, big, directory: big ? Number(header.getBigUint64(8, little)) : header.getUint32(4, little) };
}

async function readEntries(read: ReadAt, layout: Layout): Promise<ReadonlyMap<number, readonly number[]>> {
  const { little, big, directory } = layout;
  const [countBytes, entryBytes] = big ? [8, 20] : [2, 12];
  const countView = await viewOf(read, directory, countBytes);
  const count = big ? Number(countView.getBigUint64(0, little)) : countView.getUint16(0, little);
  if (count > MAX_ENTRIES) throw new Error(`a TIFF directory of ${count} entries`);
  const entries = await viewOf(read, directory + countBytes, count * entryBytes);
  const found = new Map<number, readonly number[]>();
  for (let i = 0; i < count; i++) {
    const tag = entries.getUint16(i * entryBytes, little);
    if (WANTED.has(tag)) found.set(tag, await readValues(read, entries, i * entryBytes, layout));
  }
  return found;
}

/** The values of an entry: inside it where they fit, else where it points to. */
async function readValues(read: ReadAt, entries: DataView, at: number, { little, big }: Layout): Promise<readonly number[]> {
  const type = FIELD_TYPES[entries.getUint16(at + 2, little)];
  const count = big ? Number(entries.getBigUint64(at + 4, little)) : entries.getUint32(at + 4, little);
  if (type === undefined || count > MAX_VALUES) return [];
  const [valueAt, room] = big ? [at + 12, 8] : [at + 8, 4];
  const size = type.bytes * count;
  const pointer = big ? Number(entries.getBigUint64(valueAt, little)) : entries.getUint32(valueAt, little);
  const [view, start] = size <= room ? [entries, valueAt] : [await viewOf(read, pointer, size), 0];
  return Array.from({ length: count }, (_, i) => type.read(view, start + i * type.bytes, little));
}

/** The directory is groups of four: key, where its value is (0 = here, or the tag that holds it), count, value or place; the first group is its header. */
function geoKeysOf(directory: readonly number[], doubles: readonly number[]): ReadonlyMap<number, number> {
  const keys = new Map<number, number>();
  for (let i = 4; i + 3 < directory.length; i += 4) {
    const [key, where, , value] = directory.slice(i, i + 4) as [number, number, number, number];
    if (where === 0) keys.set(key, value);
    const double = where === TAG.geoDoubles ? doubles[value] : undefined;
    if (double !== undefined) keys.set(key, double);
  }
  return keys;
}

async function viewOf(read: ReadAt, offset: number, length: number): Promise<DataView> {
  const bytes = await read(offset, length);
  if (bytes.length < length) throw new Error('a TIFF that is cut short');
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}
