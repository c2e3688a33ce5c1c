import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { tinyTiff } from '../../../test/contract/tinyTiff.ts';
import { crsOf } from '../../geometry/crs/registry.ts';
import { createSharpCodec } from '../../raster/codec/sharp.ts';
import { premultiplied } from '../../raster/codec/pack.ts';
import type { Raster } from '../../raster/raster.ts';
import { reduce } from '../../raster/reduce.ts';
import { createFileStore } from '../cache/store/file.ts';
import { createMemoryStore } from '../cache/store/memory.ts';
import { createImageSource } from './image.ts';
import type { ImageSource, ImageSourceOptions } from './image.ts';
import { bboxOfPicture } from './imageGeoreference.ts';
import { openPicture, type OpenPictureOptions } from './openPicture.ts';
import type { Picture } from './picture.ts';

const MOON = crsOf('IAU_2015:30100');
const WORLD = [-180, -90, 180, 90] as const;
const PLAIN = { range: null, noData: null } as const;
const codec = createSharpCodec({ maxPixels: 1e8 });
const never = new AbortController().signal;

const made: string[] = [];
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'image-'));
  made.push(directory);
  return directory;
}

/** An asymmetric picture: mirrors, shifts and turns all show. */
function pattern(width: number, height: number): Raster {
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rgba.set([(x * 255) / width, (y * 255) / height, (x * 7 + y * 13) % 256, 255], (y * width + x) * 4);
  }
  return premultiplied(rgba, width, height);
}

async function writePicture(path: string, raster: Raster): Promise<string> {
  const raw = { width: raster.width, height: raster.height, channels: 4 } as const;
  await sharp(raster.data, { raw }).toFile(path);
  return path;
}

interface Wishes extends Partial<Omit<ImageSourceOptions, 'picture' | 'bbox'>>, Partial<OpenPictureOptions> {
  /** null = as the picture says. */
  readonly bbox?: ImageSourceOptions['bbox'] | null;
}

async function source(file: string, { bbox = WORLD, cacheDir = join(freshDirectory(), 'converted'), wholeUpToPixels, style = PLAIN, ...more }: Wishes = {}): Promise<ImageSource & Pick<Picture, 'modified'>> {
  const report = (error: unknown) => {
    throw error;
  };
  const picture = await openPicture(file, { cacheDir, style, ...(wholeUpToPixels === undefined ? {} : { wholeUpToPixels }) });
  const made = createImageSource({
    id: 'moon',
    picture,
    crs: MOON,
    bbox: bbox ?? (await bboxOfPicture(file, MOON, picture)),
    store: createMemoryStore(1e8),
    codec,
    decodedCacheBytes: 1e8,
    report,
    ...more,
  });
  return { ...made, modified: picture.modified };
}

/** A whole level, put together from its patches. */
async function levelOf(image: ImageSource, level: number): Promise<Raster> {
  const { lattice } = image.tiling.levels[level]!;
  const data = new Uint8Array(lattice.width * lattice.height * 4);
  for (let pr = 0; pr * 512 < lattice.height; pr++) {
    for (let pc = 0; pc * 512 < lattice.width; pc++) {
      const patch = image.tiling.patchAt(level, 0, pc, pr)!;
      const raster = (await image.fetch(patch, never))!;
      expect([raster.width, raster.height]).toEqual([patch.grid.width, patch.grid.height]);
      for (let r = 0; r < raster.height; r++) {
        data.set(raster.data.subarray(r * raster.width * 4, (r + 1) * raster.width * 4), ((pr * 512 + r) * lattice.width + pc * 512) * 4);
      }
    }
  }
  return { width: lattice.width, height: lattice.height, data, opaque: true };
}

const equal = (a: Raster, b: Raster) => a.width === b.width && a.height === b.height && Buffer.compare(a.data, b.data) === 0;

describe.each([
  ['in memory', {}],
  ['read in windows', { wholeUpToPixels: 0 }],
])('picture %s', (_, how) => {
  it('shows its pixels and their exact means at every level, across patch borders (danger: seams, shifts, blur)', async () => {
    const picture = pattern(2500, 1251);
    const image = await source(await writePicture(join(freshDirectory(), 'a.png'), picture), how);
    const sizes = image.tiling.levels.map(({ lattice }) => [lattice.width, lattice.height]);
    expect(sizes).toEqual([
      [2500, 1251],
      [1250, 626],
      [626, 313],
      [314, 157],
    ]);
    let expected = picture;
    for (const [i, [width, height]] of sizes.entries()) {
      if (i > 0) expected = reduce(expected, width!, height!);
      expect(equal(await levelOf(image, i), expected)).toBe(true);
    }
  });

  it('keeps transparency, premultiplied', async () => {
    const data = new Uint8Array(1030 * 4 * 4).fill(200);
    for (let i = 3; i < data.length; i += 4) data[i] = i % 8 === 3 ? 128 : 255;
    const file = join(freshDirectory(), 'a.png');
    await sharp(data, { raw: { width: 1030, height: 4, channels: 4 } }).toFile(file);
    const image = await source(file, { ...how, bbox: [0, 0, 10, 1] });
    const raster = (await image.fetch(image.tiling.patchAt(0, 0, 0, 0)!, never))!;
    expect(raster.opaque).toBe(false);
    expect([...raster.data.subarray(0, 8)]).toEqual([100, 100, 100, 128, 200, 200, 200, 255]);
  });

  it('offers narrower levels near the poles, and computes them (danger: a polar tile that needs a whole row of the world)', async () => {
    const picture = pattern(17_408, 16);
    const image = await source(await writePicture(join(freshDirectory(), 'a.png'), picture), { ...how, bbox: [-180, -0.1, 180, 0.1] });
    const narrow = image.tiling.levelFor(1000, 1);
    expect(image.tiling.steps[narrow]).toEqual({ cols: 1, rows: 0 });
    expect(equal(await levelOf(image, narrow), reduce(picture, 8704, 16))).toBe(true);
  });
});

describe('image source', () => {
  it('reads the header only when created (danger: a slow start)', async () => {
    const file = await writePicture(join(freshDirectory(), 'a.jpg'), pattern(600, 300));
    const image = await source(file);
    utimesSync(file, 5000, 5000);
    expect((await source(file)).modified).toEqual(new Date(5_000_000));
    rmSync(file);
    await expect(image.fetch(image.tiling.patchAt(0, 0, 0, 0)!, never)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
  });

  it('hands out a whole picture as it lies in memory, and overviews patch by patch (danger: a megabyte copied for every block of every tile)', async () => {
    const image = await source(await writePicture(join(freshDirectory(), 'a.png'), pattern(1200, 600)));
    const patches = [image.tiling.patchAt(0, 0, 0, 0)!, image.tiling.patchAt(0, 0, 1, 0)!, image.tiling.patchAt(1, 0, 0, 0)!];
    const found = await image.gather!({ patches, excerpts: [] }, never);
    expect(found.patches.map(({ level, grid: { col, row, width, height } }) => [level, col, row, width, height])).toEqual([[0, 0, 0, 1200, 600], [1, 0, 0, 512, 300]]);
    expect(found.rasters.map((raster) => [raster!.width, raster!.height])).toEqual([[1200, 600], [512, 300]]);
    expect((await image.gather!({ patches: patches.slice(0, 1), excerpts: [] }, never)).rasters[0]!.data).toBe(found.rasters[0]!.data);
    const large = await source(await writePicture(join(freshDirectory(), 'b.png'), pattern(1200, 600)), { wholeUpToPixels: 0 });
    expect(large.gather).toBeUndefined();
  });

  it('converts a large picture once, and needs it no more for what is in the store (danger: gigabytes read for a thumbnail)', async () => {
    const cacheDir = join(freshDirectory(), 'converted');
    const large = { wholeUpToPixels: 0, cacheDir, store: createFileStore(join(freshDirectory(), 'tiles')) };
    const file = await writePicture(join(freshDirectory(), 'a.jpg'), pattern(1200, 600));
    const image = await source(file, large);
    expect(existsSync(cacheDir)).toBe(false);
    const [top] = await Promise.all([levelOf(image, 2), levelOf(image, 2)]);
    const [copy, ...others] = readdirSync(cacheDir);
    expect([copy!.endsWith('.tif'), others]).toEqual([true, []]);
    rmSync(join(cacheDir, copy!));
    const again = await source(file, large);
    expect(equal(await levelOf(again, 2), top)).toBe(true);
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  it('takes a changed file for another, and drops the copy of the old one (danger: last year\'s map; a disk slowly filling)', async () => {
    const large = { wholeUpToPixels: 0, cacheDir: join(freshDirectory(), 'converted'), store: createMemoryStore(1e8) };
    const file = await writePicture(join(freshDirectory(), 'a.png'), pattern(1100, 600));
    await levelOf(await source(file, large), 1);
    await writePicture(file, pattern(1100, 599));
    utimesSync(file, 5000, 5000);
    expect(equal(await levelOf(await source(file, { ...large, bbox: WORLD }), 0), pattern(1100, 599))).toBe(true);
    expect(readdirSync(large.cacheDir).length).toBe(1);
  });

  it('reads a tiled TIFF in place', async () => {
    const picture = pattern(1100, 600);
    const file = join(freshDirectory(), 'a.tif');
    await sharp(picture.data, { raw: { width: 1100, height: 600, channels: 4 } })
      .tiff({ tile: true, compression: 'deflate' })
      .toFile(file);
    const cacheDir = join(freshDirectory(), 'converted');
    expect(equal(await levelOf(await source(file, { wholeUpToPixels: 0, cacheDir }), 0), picture)).toBe(true);
    expect(existsSync(cacheDir)).toBe(false);
  });

  it('keeps grey pictures grey when converted', async () => {
    const grey = new Uint8Array(700 * 350).map((_, i) => (i * 7) % 251);
    const file = join(freshDirectory(), 'a.png');
    await sharp(grey, { raw: { width: 700, height: 350, channels: 1 } }).toColourspace('b-w').png().toFile(file);
    const level = await levelOf(await source(file, { wholeUpToPixels: 0 }), 0);
    expect(level.data.every((v, i) => v === (i % 4 === 3 ? 255 : grey[i >> 2]))).toBe(true);
  });

  it('goes on without a store (danger: a full disk stops the map)', async () => {
    const heard: unknown[] = [];
    const full = () => Promise.reject(new Error('ENOSPC'));
    const store = { ...createMemoryStore(1e6), get: full, put: full };
    const file = await writePicture(join(freshDirectory(), 'a.png'), pattern(600, 300));
    const image = await source(file, { wholeUpToPixels: 0, store, report: (e) => void heard.push(e) });
    expect(equal(await levelOf(image, 1), reduce(pattern(600, 300), 300, 150))).toBe(true);
    expect(heard.length).toBe(2);
  });

  it('finds where it lies: world file or GeoTIFF tags (danger: maps off by half a pixel)', async () => {
    const directory = freshDirectory();
    const jpeg = await writePicture(join(directory, 'a.jpg'), pattern(100, 50));
    writeFileSync(join(directory, 'a.jgw'), '0.5\n0\n0\n-0.5\n10.25\n19.75\n');
    expect((await source(jpeg, { bbox: null })).bbox).toEqual([10, -5, 60, 20]);
    const tiff = join(directory, 'b.tif');
    const tags = [
      { tag: 33_550, type: 12, values: [3.6, 3.6, 0] },
      { tag: 33_922, type: 12, values: [0, 0, 0, -180, 90, 0] },
    ] as const;
    writeFileSync(tiff, tinyTiff(100, 50, new Uint8Array(5000).fill(77), tags));
    const image = await source(tiff, { bbox: null });
    expect(image.bbox).toEqual([-180, -90, 180, 90]);
    expect([...(await levelOf(image, 0)).data.subarray(0, 4)]).toEqual([77, 77, 77, 255]);
  });

  it('refuses what it cannot show, naming the option to mend', async () => {
    const directory = freshDirectory();
    const plain = await writePicture(join(directory, 'plain.png'), pattern(8, 8));
    writeFileSync(join(directory, 'text.png'), 'no picture');
    writeFileSync(join(directory, 'drawing.png'), '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>');
    writeFileSync(join(directory, 'askew.wld'), '1 0.1 0 -1 0 0');
    await writePicture(join(directory, 'askew.png'), pattern(8, 8));
    writeFileSync(join(directory, 'text.tif'), 'no TIFF either');
    const refused = async (name: string, bbox: Wishes['bbox'] = WORLD) => {
      const error: unknown = await source(join(directory, name), { bbox }).then(
        () => null,
        (e: unknown) => e,
      );
      return (error as { code: string; locator: string }).code === 'CONFIG_INVALID' ? (error as { locator: string }).locator : error;
    };
    expect(await refused('missing.png')).toBe('url');
    expect(await refused('.')).toBe('url');
    expect(await refused('text.png')).toBe('url');
    expect(await refused('drawing.png')).toBe('url');
    expect(await refused('text.tif')).toBe('url');
    expect(await refused('plain.png', null)).toBe('bbox');
    expect(await refused('askew.png', null)).toBe('bbox');
    expect(plain).toContain('plain.png');
  });
});
