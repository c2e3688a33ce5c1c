/** A tag of a classic TIFF: ASCII (2, codes of the letters with a 0 at the end), SHORT (3), LONG (4) or DOUBLE (12) values. */
export interface TinyTag {
  readonly tag: number;
  readonly type: 2 | 3 | 4 | 12;
  readonly values: readonly number[];
}

const BYTES = { 2: 1, 3: 2, 4: 4, 12: 8 } as const;

/**
 * An uncompressed grey TIFF of one strip, of 8 bits unless the tags say otherwise: what a test needs to say about georeferences and depths.
 * @param pixels the bytes of width x height grey values
 */
export function tinyTiff(width: number, height: number, pixels: Uint8Array, extra: readonly TinyTag[], little = true): Buffer {
  const tags: TinyTag[] = [
    { tag: 256, type: 4, values: [width] },
    { tag: 257, type: 4, values: [height] },
    { tag: 258, type: 3, values: [8] },
    { tag: 259, type: 3, values: [1] },
    { tag: 262, type: 3, values: [1] },
    { tag: 273, type: 4, values: [0] },
    { tag: 277, type: 3, values: [1] },
    { tag: 278, type: 4, values: [height] },
    { tag: 279, type: 4, values: [pixels.length] },
  ];
  const all = [...tags.filter((t) => extra.every((e) => e.tag !== t.tag)), ...extra].sort((a, b) => a.tag - b.tag);
  const directory = 8;
  const heapStart = directory + 2 + all.length * 12 + 4;
  const heapSize = all.reduce((sum, t) => sum + BYTES[t.type] * t.values.length, 0);
  const file = Buffer.alloc(heapStart + heapSize + pixels.length);
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  view.setUint16(0, little ? 0x4949 : 0x4d4d, false);
  view.setUint16(2, 42, little);
  view.setUint32(4, directory, little);
  view.setUint16(directory, all.length, little);
  let heap = heapStart;
  for (const [i, { tag, type, values }] of all.entries()) {
    const at = directory + 2 + i * 12;
    view.setUint16(at, tag, little);
    view.setUint16(at + 2, type, little);
    view.setUint32(at + 4, values.length, little);
    const inside = BYTES[type] * values.length <= 4;
    const start = inside ? at + 8 : heap;
    if (!inside) view.setUint32(at + 8, heap, little);
    for (const [k, value] of (tag === 273 ? [heapStart + heapSize] : values).entries()) {
      if (type === 2) view.setUint8(start + k, value);
      else if (type === 3) view.setUint16(start + 2 * k, value, little);
      else if (type === 4) view.setUint32(start + 4 * k, value, little);
      else view.setFloat64(start + 8 * k, value, little);
    }
    if (!inside) heap += BYTES[type] * values.length;
  }
  file.set(pixels, heapStart + heapSize);
  return file;
}
