import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openPicture } from './openPicture.ts';
import { planetaryCopy } from './planetaryCopy.ts';
import type { FileVersion } from './tiledCopy.ts';

const directory = mkdtempSync(join(tmpdir(), 'planetary-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const [LINES, SAMPLES] = [6, 40];

/** A picture as PDS3 has it: a label of whole records, then numbers of 16 bits, most significant byte first, or of 8: 100 line + sample, to 255. */
function pds3(bits: 8 | 16 = 16): Buffer {
  const recordBytes = (bits / 8) * SAMPLES;
  const label = (records: number): string =>
    [
      'PDS_VERSION_ID = PDS3', 'RECORD_TYPE = FIXED_LENGTH', `RECORD_BYTES = ${recordBytes}`, `FILE_RECORDS = ${records + LINES}`,
      `LABEL_RECORDS = ${records}`, `^IMAGE = ${records + 1}`, 'OBJECT = IMAGE', ` LINES = ${LINES}`, ` LINE_SAMPLES = ${SAMPLES}`,
      ` SAMPLE_TYPE = ${bits === 8 ? 'UNSIGNED' : 'MSB'}_INTEGER`, ` SAMPLE_BITS = ${bits}`, 'END_OBJECT = IMAGE', 'END', '',
    ].join('\r\n');
  const records = Math.ceil(label(99).length / recordBytes);
  const numbers = Buffer.alloc(recordBytes * LINES);
  for (let i = 0; i < LINES * SAMPLES; i++) {
    const number = 100 * Math.floor(i / SAMPLES) + (i % SAMPLES);
    if (bits === 8) numbers.writeUInt8(Math.min(255, number), i);
    else numbers.writeInt16BE(number, 2 * i);
  }
  return Buffer.concat([Buffer.from(label(records).padEnd(records * recordBytes)), numbers]);
}

function written(name: string, bytes: Uint8Array | string): FileVersion {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  const { size, mtime } = statSync(path);
  return { path, sizeBytes: size, modified: mtime };
}

describe('planetaryCopy', () => {
  it('makes a TIFF of the same numbers, once, and leaves nothing else behind', { timeout: 60_000 }, async () => {
    const file = written('a.img', pds3());
    const copies = join(directory, 'copies');
    const path = await planetaryCopy(file, copies);
    const picture = await openPicture(path, { cacheDir: copies, style: { range: [0, 255], noData: null } });
    expect([picture.width, picture.height]).toEqual([SAMPLES, LINES]);
    const { raster } = await picture.read({ left: 3, top: 1, width: 2, height: 2 });
    expect([0, 1, 2, 3].map((i) => raster.data[4 * i])).toEqual([103, 104, 203, 204]);
    expect(readdirSync(copies)).toEqual([path.slice(copies.length + 1)]);
    const { mtimeMs } = statSync(path);
    expect(await planetaryCopy(file, copies)).toBe(path);
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
  });

  it('of a small picture of 8 bits is one that libvips reads (danger: blocks larger than the picture, which it refuses)', { timeout: 60_000 }, async () => {
    const copies = join(directory, 'small');
    const path = await planetaryCopy(written('c.img', pds3(8)), copies);
    const picture = await openPicture(path, { cacheDir: copies, style: { range: null, noData: null }, wholeUpToPixels: 0 });
    const { raster } = await picture.read({ left: 3, top: 1, width: 2, height: 2 });
    expect([picture.width, picture.height, ...[0, 1, 2, 3].map((i) => raster.data[4 * i])]).toEqual([SAMPLES, LINES, 103, 104, 203, 204]);
  });

  it('says what GDAL says of a broken file, and leaves nothing behind (danger: half a file taken for a copy)', { timeout: 60_000 }, async () => {
    const copies = join(directory, 'broken');
    await expect(planetaryCopy(written('b.img', 'PDS_VERSION_ID = PDS3\r\nEND\r\n'), copies)).rejects.toMatchObject({ code: 'CONFIG_INVALID', locator: 'url' });
    expect(readdirSync(copies)).toEqual([]);
  });
});
