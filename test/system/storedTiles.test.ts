import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGateway } from '../../src/config/build.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Raster } from '../../src/raster/raster.ts';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/**
 * Caches that are only read: tiles that another program left, shown as maps, tiles of other grids and HiPS.
 * Dangers: a warm cache that is no use without its upstream; a map from another level than MapProxy's; tiles made again that lie there.
 */
const CONFIG = `
services: {hips: , wms: , wmts: }
layers:
  - {name: warm, title: Stored, sources: [warm], md: {hips: {hips_order: 0, hips_tile_width: 256}}}
  - {name: part, title: A part of what is stored, sources: [part], md: {hips: {hips_order: 0, hips_tile_width: 256}}}
  - {name: polar, title: Stored in another projection, sources: [polar]}
  - {name: same, title: Stored twice, sources: [same]}
  - {name: several, title: Stored along several grids, sources: [several]}
  - {name: seeded, title: Tiles that exports make, sources: [seeded]}
  - {name: upstream, title: Tiles of an upstream that is gone, sources: [upstream]}
sources:
  slow: {type: image, url: grey.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], seed_only: true}
  gone: {type: tile, url: 'http://127.0.0.1:9/%(tms_path)s.png', grid: deg}
caches:
  warm: {grids: [deg], sources: []}
  part: {grids: [deg], sources: [], cache: {type: file, directory: cache/warm_IAU_201530100, coverage: {bbox: [-100, -20, -10, 40], srs: 'IAU_2015:30100'}}}
  polar: {grids: [MOON_NORTH_POLAR], sources: [warm]}
  same: {grids: [deg], sources: [warm], disable_storage: true}
  several: {grids: [deg, north, metres], sources: []}
  seeded: {grids: [deg], sources: [slow]}
  upstream: {grids: [deg], sources: [gone]}
grids:
  deg: {srs: 'IAU_2015:30100', origin: nw, tile_size: [90, 90], res: [2, 1, 0.5], max_shrink_factor: 3}
  north: {srs: 'IAU_2015:30130', origin: nw, tile_size: [90, 90], bbox: [-900000, -900000, 900000, 900000], res: [20000]}
  metres: {srs: 'IAU_2015:30110', origin: nw, tile_size: [90, 90], res: [60000]}
globals: {cache: {base_dir: cache}, srs: {preferred_src_proj: {'IAU_2015:30140': ['IAU_2015:30100']}}}
`;
const LEVELS = [[255, 0, 0], [0, 255, 0], [0, 0, 255]] as const;
const LONG_AGO = new Date('2001-01-01');

/** Colours of the tiles of each grid. */
const SEVERAL = { deg: [200, 100, 0], north: [0, 200, 100], metres: [100, 0, 200] } as const;

let served: PictureGateway;
const codec = createSharpCodec({ maxPixels: 1e6 });

beforeAll(async () => {
  served = await pictureGateway(CONFIG, { grey: plainPicture(360, 180, [70, 70, 70, 255]) });
  // Level 1, second column and first row, is missing.
  for (const [level, [cols, rows]] of ([[2, 1], [4, 2], [8, 4]] as const).entries()) {
    for (let col = 0; col < cols; col++) for (let row = 0; row < rows; row++) if (level !== 1 || col !== 1 || row !== 0) await store('warm', level, col, row, plainPicture(90, 90, [...LEVELS[level]!, 255]));
  }
  const stored = [['deg', 30100, 0, 2, 1], ['deg', 30100, 1, 4, 2], ['deg', 30100, 2, 8, 4], ['north', 30130, 0, 1, 1], ['metres', 30110, 0, 3, 2]] as const;
  for (const [grid, srs, level, cols, rows] of stored) {
    for (let col = 0; col < cols; col++) for (let row = 0; row < rows; row++) await store('several', level, col, row, plainPicture(90, 90, [...SEVERAL[grid], 255]), srs);
  }
  await store('upstream', 1, 0, 0, plainPicture(90, 90, [9, 8, 7, 255]));
});
afterAll(() => served.close());

async function store(cache: string, level: number, col: number, row: number, picture: Raster, srs = 30100): Promise<void> {
  const three = (n: number): string => String(n).padStart(3, '0');
  const file = path.join(served.directory, 'cache', `${cache}_IAU_2015${srs}`, `0${level}`, '000', '000', three(col), '000', '000', `${three(row)}.png`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, await codec.encode(picture, 'image/png', { quality: 90, background: 0 }));
  utimesSync(file, LONG_AGO, LONG_AGO);
}

async function map(layer: string, bbox: readonly number[], width: number, height: number, srs = 'IAU_2015:30100') {
  const query = `SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layer}&STYLES=&SRS=${srs}&BBOX=${bbox.join()}&WIDTH=${width}&HEIGHT=${height}&FORMAT=image/png&TRANSPARENT=TRUE`;
  return decoded((await served.app.inject(`/service?${query}`)).rawPayload);
}

describe('a cache without sources and with several grids', () => {
  it.each([
    ['their own', 'IAU_2015:30100', [0, 0, 10, 10], 'deg'],
    ['their own', 'IAU_2015:30130', [-100_000, -100_000, 100_000, 100_000], 'north'],
    ['their own', 'IAU_2015:30110', [0, 0, 600_000, 600_000], 'metres'],
    ['the first of their kind', 'IAU_2015:30190', [0, 3_800_000, 100_000, 3_900_000], 'north'],
    ['the preferred one', 'IAU_2015:30140', [0, 0, 600_000, 600_000], 'deg'],
  ] as const)('maps show the tiles of %s: %s of %j those of %s', async (_, srs, bbox, grid) => {
    const seen = pixelAt(await map('several', bbox, 20, 20, srs), 10, 10);
    expect(Object.entries(SEVERAL).find(([, colour]) => colour.every((value, i) => seen[i] === value))?.[0] ?? seen).toBe(grid);
  });
});

describe('a cache without sources', () => {
  it.each([
    [2.1, 0], [2, 0], [1.8, 0], [1.7, 1], [1, 1], [0.88, 1], [0.86, 2], [0.3, 2],
  ])("a map of %d degrees a pixel shows level %i, as MapProxy's stretch_factor of 1.15 has it", async (res, level) => {
    const size = 20;
    const found = await map('warm', [30, 10, 30 + size * res, 10 + size * res], size, size);
    expect(pixelAt(found, 10, 10)).toEqual([...LEVELS[level]!, 255]);
  });

  it('where no tile is stored there is nothing', async () => {
    const found = await map('warm', [-100, 30, -80, 50], 20, 20);
    expect(pixelAt(found, 15, 5)).toEqual([0, 0, 0, 0]);
    expect(pixelAt(found, 4, 5)).toEqual([...LEVELS[1], 255]);
  });

  it('max_shrink_factor: a map that would reduce the coarsest level more is blank', async () => {
    expect(pixelAt(await map('warm', [-60, -60, 60, 60], 20, 20), 10, 10)).toEqual([...LEVELS[0], 255]); // 6 degrees a pixel
    expect(pixelAt(await map('warm', [-90, -90, 90, 90], 20, 20), 10, 10)).toEqual([0, 0, 0, 0]); // 9
  });

  it('with a coverage shows the tiles that this touches, and nothing else (danger: parts that nobody vouches for)', async () => {
    // level 2 has tiles of 45 degrees: columns 1 to 3 and rows 1 to 2 touch -100..-10, -20..40
    const found = await map('part', [-180, -90, 180, 90], 720, 360);
    const shown = (lon: number, lat: number): boolean => pixelAt(found, (lon + 180) * 2, (90 - lat) * 2)[3] === 255;
    expect([[-134, 0], [-91, 44], [-1, -44], [-136, 0], [1, 0], [-91, 46], [-91, -46]].map(([lon, lat]) => shown(lon!, lat!))).toEqual([true, true, true, false, false, false, false]);
    const capabilities = (await served.app.inject('/service?SERVICE=WMS&REQUEST=GetCapabilities')).body;
    expect(capabilities).toMatch(/<Name>part<\/Name>[\s\S]*?<westBoundLongitude>-100<[\s\S]*?<eastBoundLongitude>-10<[\s\S]*?<southBoundLatitude>-20<[\s\S]*?<northBoundLatitude>40</);
    expect((await served.app.inject('/hips/part/Norder0/Dir0/Npix5.png')).statusCode).toBe(404); // around longitude 90
    expect((await served.app.inject('/hips/part/Norder0/Dir0/Npix7.png')).statusCode).toBe(200); // around -90
  });

  it('is a HiPS', async () => {
    const answer = await served.app.inject('/hips/warm/Norder0/Dir0/Npix5.png');
    expect(answer.statusCode).toBe(200);
    const tile = await decoded(answer.rawPayload);
    expect(LEVELS.map((colour) => [...colour, 255])).toContainEqual(pixelAt(tile, 128, 128));
  });

  it('is a source of caches: on another grid it is drawn, on the same grid its tiles are handed on', async () => {
    const north = await served.app.inject('/wmts/polar/MOON_NORTH_POLAR/0/0/0.png');
    expect(north.statusCode).toBe(200);
    expect(pixelAt(await decoded(north.rawPayload), 128, 128)[3]).toBe(255);
    const [own, handed] = await Promise.all(['warm', 'same'].map((name) => served.app.inject(`/wmts/${name}/deg/1/0/0.png`)));
    expect(handed!.rawPayload.equals(own!.rawPayload)).toBe(true);
  });
});

it('seed_only: a tile that nobody made is blank, one that an export made is shown, also on maps', async () => {
  const address = '/wmts/seeded/deg/1/2/0.png';
  const before = await served.app.inject(address);
  expect([before.statusCode, pixelAt(await decoded(before.rawPayload), 5, 5)]).toEqual([200, [0, 0, 0, 0]]);
  const exporting = await buildGateway(loadConfig(path.join(served.directory, 'gateway.yaml')), { threads: 0, report: (error) => { throw error; } });
  const layer = exporting.tiles!.layers.get('seeded')!;
  const [set] = layer.sets;
  await layer.tile(set!, { matrix: set!.tileMatrices[1]!, col: 2, row: 0 }, 'image/png', 1, new AbortController().signal);
  await exporting.close();
  const after = await served.app.inject(address);
  expect(pixelAt(await decoded(after.rawPayload), 5, 5)).toEqual([70, 70, 70, 255]);
  expect(pixelAt(await map('seeded', [10, 10, 30, 30], 20, 20), 10, 10)).toEqual([70, 70, 70, 255]);
});

it("tiles of an upstream's that lie there are served although they are older than the configuration", async () => {
  const answer = await served.app.inject('/wmts/upstream/deg/1/0/0.png');
  expect(answer.statusCode).toBe(200);
  expect(pixelAt(await decoded(answer.rawPayload), 5, 5)).toEqual([9, 8, 7, 255]);
  expect((await served.app.inject('/wmts/upstream/deg/1/1/0.png')).statusCode).toBeGreaterThanOrEqual(500);
});
