import { linkSync, lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, utimesSync, writeFileSync, lutimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { createSharpCodec } from '../../../raster/codec/sharp.ts';
import { createFlatColour } from '../flatColour.ts';
import { gridKey } from '../gridKey.ts';
import { layoutPath } from '../layout.ts';
import type { TileStore } from '../types.ts';
import { createFileStore } from './file.ts';

const colourOf = createFlatColour(createSharpCodec({ maxPixels: 1 << 20 }));

function picture(background: { r: number; g: number; b: number; alpha: number }, format: 'png' | 'jpeg' | 'webp' = 'png'): Promise<Buffer> {
  return sharp({ create: { width: 256, height: 256, channels: 4, background } }).toFormat(format).toBuffer();
}

const RED = { r: 254, g: 0, b: 4, alpha: 1 };

describe('colours of tiles', () => {
  it.each([
    [RED, 'png', 'fe0004'],
    [{ ...RED, alpha: 0.5 }, 'png', null],
    [{ r: 0, g: 0, b: 0, alpha: 0 }, 'png', '00000000'],
    [{ r: 255, g: 255, b: 255, alpha: 1 }, 'jpeg', 'ffffff'],
  ] as const)('%j as %s is %s', async (background, format, colour) => expect(await colourOf(await picture(background, format))).toBe(colour));

  it('pictures with a single other pixel, large ones and what is no picture have none (danger: a tile replaced by a flat one)', async () => {
    const dot = await picture({ ...RED, b: 5 });
    const almost = sharp(await picture(RED)).composite([{ input: await sharp(dot).resize(1, 1).png().toBuffer(), left: 255, top: 255 }]);
    expect(await colourOf(await almost.png().toBuffer())).toBeNull();
    expect(await colourOf(Buffer.from('no picture'))).toBeNull();
    expect(await colourOf(new Uint8Array(0))).toBeNull();
    expect(await colourOf(await sharp(await picture(RED)).png({ compressionLevel: 0 }).toBuffer())).toBeNull();
  });
});

describe('tiles of one colour', () => {
  let root = '';
  const key = (col: number) => gridKey('moon', { level: 2, col, row: 1 }, 'png');
  const fileOf = (col: number): string => path.join(root, `02/000/000/00${col}/000/000/001.png`);
  const shared = (): string => path.join(root, 'single_color_tiles/fe0004.png');
  const storeOf = (link: 'symlink' | 'hardlink'): TileStore => createFileStore(root, { pathOf: layoutPath('tc', 'moon'), flat: { link, colourOf } });

  beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'flat-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  it("are relative links to MapProxy's file of the colour", async () => {
    const red = await picture(RED);
    const store = storeOf('symlink');
    await store.put(key(1), red);
    await store.put(key(2), red);
    expect(readlinkSync(fileOf(1))).toBe('../../../../../../single_color_tiles/fe0004.png');
    expect(readFileSync(shared())).toEqual(red);
    expect(Buffer.from((await store.get(key(2)))!.bytes)).toEqual(red);
  });

  it('are as old as their link, not as the shared file (danger: a tile that is made again at every request)', async () => {
    const store = storeOf('symlink');
    await store.put(key(1), await picture(RED));
    utimesSync(shared(), 1000, 1000);
    lutimesSync(fileOf(1), 2_000_000, 2_000_000);
    expect((await store.get(key(1)))!.modified).toEqual(new Date(2_000_000_000));
  });

  it('leave the shared file alone when one of them is drawn anew or removed', async () => {
    const store = storeOf('symlink');
    const red = await picture(RED);
    await store.put(key(1), red);
    await store.put(key(2), red);
    await store.put(key(1), Buffer.from('several colours'));
    await store.delete(key(2));
    expect(readFileSync(shared())).toEqual(red);
    expect(lstatSync(fileOf(1)).isSymbolicLink()).toBe(false);
    expect(await store.get(key(2))).toBeUndefined();
  });

  it('do not trust a shared file that shows something else (danger: one damaged file for every flat tile)', async () => {
    const store = storeOf('symlink');
    const red = await picture(RED);
    await store.put(key(1), red);
    writeFileSync(shared(), await picture({ ...RED, r: 1 }));
    await store.put(key(2), red);
    expect(Buffer.from((await store.get(key(2)))!.bytes)).toEqual(red);
  });

  it('keep the file that MapProxy wrote of the same colour', async () => {
    const theirs = await sharp(await picture(RED)).png({ compressionLevel: 1 }).toBuffer();
    const store = storeOf('symlink');
    await store.put(key(1), await picture(RED));
    writeFileSync(shared(), theirs);
    await store.put(key(2), await picture(RED));
    expect(readFileSync(shared())).toEqual(theirs);
  });

  it('a link that leads nowhere is no tile, and is mended', async () => {
    const store = storeOf('symlink');
    await store.put(key(1), await picture(RED));
    rmSync(shared());
    expect(await store.get(key(1))).toBeUndefined();
    await store.put(key(1), await picture(RED));
    expect(await store.get(key(1))).toBeDefined();
  });

  it('hard links: one file, a fresh one once it is old, and no litter', async () => {
    const store = storeOf('hardlink');
    const red = await picture(RED);
    for (const col of [1, 2, 2]) await store.put(key(col), red);
    expect(statSync(fileOf(1)).ino).toBe(statSync(shared()).ino);
    expect(statSync(shared()).nlink).toBe(3);
    utimesSync(shared(), 1000, 1000);
    await store.put(key(3), red);
    expect(statSync(fileOf(3)).ino).not.toBe(statSync(fileOf(1)).ino);
    expect(Date.now() - (await store.get(key(3)))!.modified.getTime()).toBeLessThan(10_000);
    expect((await store.get(key(1)))!.modified).toEqual(new Date(1_000_000));
  });

  it('hard links: tiles that MapProxy linked are read', async () => {
    const store = storeOf('hardlink');
    await store.put(key(1), await picture(RED));
    linkSync(shared(), fileOf(1).replace('001.png', '009.png'));
    expect(await store.get(gridKey('moon', { level: 2, col: 1, row: 9 }, 'png'))).toBeDefined();
  });
});
