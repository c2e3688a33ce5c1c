import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGateway } from '../../src/config/build.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import type { Raster } from '../../src/raster/raster.ts';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/**
 * Missing tiles that are made of tiles of other levels. Dangers: a level too far away, or a nearer one passed over; seams between tiles made
 * from one picture; blank tiles where a coverage is clipped (MapProxy's #575); tiles that nobody wanted stored; a source that is not asked.
 */
const CONFIG = `
services: {wms: , tms: {use_grid_names: true}, wmts: }
layers:
${['up', 'far', 'ramp', 'down', 'kept', 'clipped', 'deep', 'mean', 'odd', 'odder'].map((name) => `  - {name: ${name}, title: T, sources: [${name}]}`).join('\n')}
sources:
  coarse: {type: image, url: halves.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], max_res: 30000, image: {resampling_method: nearest}}
caches:
  up: {grids: [deg], sources: [], upscale_tiles: 2, image: {resampling_method: nearest}}
  far: {grids: [deg], sources: [], upscale_tiles: -1}
  ramp: {grids: [deg], sources: [], upscale_tiles: 1, image: {resampling_method: bilinear}}
  down: {grids: [deg], sources: [], downscale_tiles: 2}
  mean: {grids: [deg], sources: [], downscale_tiles: 1, image: {resampling_method: bilinear}}
  odd: {grids: [odd], sources: [], upscale_tiles: 1, image: {resampling_method: bilinear}, cache: {type: file, directory: odd}}
  odder: {grids: [odd], sources: [], downscale_tiles: 1, image: {resampling_method: bilinear}, cache: {type: file, directory: odd}}
  kept: {grids: [deg], sources: [], upscale_tiles: 1, cache_rescaled_tiles: true}
  clipped: {grids: [deg], sources: [], upscale_tiles: 1, cache: {type: file, coverage: {bbox: [-180, 0, -100, 80], srs: 'IAU_2015:30100', clip: true}}}
  deep: {grids: [deg], sources: [coarse], upscale_tiles: 2, image: {resampling_method: nearest}}
grids:
  deg: {srs: 'IAU_2015:30100', origin: nw, tile_size: [90, 90], res: [2, 1, 0.5, 0.25]}
  odd: {srs: 'IAU_2015:30100', origin: sw, tile_size: [80, 60], res: [3.1, 1.3, 0.7]}
globals: {cache: {base_dir: cache}}
`;
const [RED, GREEN, BLUE] = [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]] as const;
const NOTHING = [0, 0, 0, 0];

let served: PictureGateway;
const codec = createSharpCodec({ maxPixels: 1e6 });

beforeAll(async () => {
  served = await pictureGateway(CONFIG, { halves: picture(360, 180, (x) => (x < 180 ? [200, 10, 20, 255] : [10, 200, 20, 255])) });
  await store('up', [0, 0, 0], plainPicture(90, 90, RED));
  await store('up', [1, 1, 0], picture(90, 90, (x, y) => [x * 2, y * 2, 0, 255]));
  for (const name of ['far', 'kept', 'clipped']) await store(name, [0, 0, 0], plainPicture(90, 90, BLUE));
  for (const col of [0, 1, 2, 3]) for (const row of [0, 1]) await store('ramp', [1, col, row], picture(90, 90, (x) => [Math.floor((x + col * 90) / 2), 0, 0, 255]));
  for (let col = 0; col * 104 < 360; col++) {
    for (let row = 0; row * 78 < 180; row++) await store('odd', [1, col, row], picture(80, 60, (x, y) => [(col * 80 + x + 0.5) * 0.65, ((row + 1) * 60 - y - 0.5) * 1.3, 0, 255].map(Math.round)));
  }
  await store('down', [3, 0, 0], plainPicture(90, 90, GREEN));
  await store('down', [2, 1, 1], plainPicture(90, 90, RED));
  for (const [i, colour] of [RED, GREEN, BLUE, [255, 255, 255, 255] as const].entries()) await store('mean', [1, i % 2, i >> 1], picture(90, 90, (x, y) => ((x + y) % 2 === 0 ? colour : [0, 0, 0, 255])));
});
afterAll(() => served.close());

function picture(width: number, height: number, at: (x: number, y: number) => readonly number[]): Raster {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) data.set(at(i % width, Math.floor(i / width)), i * 4);
  return { width, height, data, opaque: true };
}

type Address = readonly [level: number, col: number, row: number];

function fileOf(cache: string, [level, col, row]: Address): string {
  const three = (n: number): string => String(n).padStart(3, '0');
  return path.join(served.directory, cache === 'odd' ? '' : 'cache', cache === 'odd' ? cache : `${cache}_IAU_201530100`, `0${level}`, '000', '000', three(col), '000', '000', `${three(row)}.png`);
}

async function store(cache: string, address: Address, tile: Raster): Promise<void> {
  const file = fileOf(cache, address);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, await codec.encode(tile, 'image/png', { quality: 90, background: 0 }));
}

async function tile(layer: string, [level, col, row]: Address): Promise<Raster> {
  const answer = await served.app.inject(`/wmts/${layer}/deg/${level}/${col}/${row}.png`);
  expect(answer.statusCode).toBe(200);
  return decoded(answer.rawPayload);
}

async function map(layer: string, bbox: readonly number[], width: number, height: number): Promise<Raster> {
  const query = `SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layer}&STYLES=&SRS=IAU_2015:30100&BBOX=${bbox.join()}&WIDTH=${width}&HEIGHT=${height}&FORMAT=image/png&TRANSPARENT=TRUE`;
  return decoded((await served.app.inject(`/service?${query}`)).rawPayload);
}

describe('upscale_tiles', () => {
  it('a missing tile is the part of the nearest coarser one, pixel by pixel', async () => {
    const found = await tile('up', [2, 3, 1]);
    for (const [x, y] of [[0, 0], [1, 1], [44, 7], [89, 89]] as const) expect(pixelAt(found, x, y)).toEqual([2 * (45 + (x >> 1)), 2 * (45 + (y >> 1)), 0, 255]);
    expect(pixelAt(await tile('up', [2, 0, 0]), 40, 40)).toEqual(RED); // two levels up: the next one has none here
  });

  it('no further away than is said; -1 = any', async () => {
    expect(pixelAt(await tile('up', [3, 0, 0]), 40, 40)).toEqual(NOTHING);
    expect(pixelAt(await tile('far', [3, 0, 0]), 40, 40)).toEqual(BLUE);
    expect(pixelAt(await tile('far', [3, 15, 0]), 40, 40)).toEqual(NOTHING); // the coarser tile of this place is missing
  });

  it('tiles meet: what is linear stays so across their edges, and across those of the tiles they are made of', async () => {
    const row = (await Promise.all([0, 1, 2, 3, 4].map((col) => tile('ramp', [2, col, 1])))).flatMap((one) => Array.from({ length: 90 }, (_, x) => pixelAt(one, x, 50)[0]!));
    for (let x = 8; x < 440; x++) expect(Math.abs(row[x]! - ((x + 0.5) / 2 - 1) / 2), `pixel ${x}`).toBeLessThanOrEqual(0.76); // the picture's own steps and rounding
  });

  it('end sharply beside tiles that there are not', async () => {
    const last = await tile('far', [3, 7, 3]); // of the last column and row of pixels of the only tile
    for (const [x, y] of [[0, 0], [89, 20], [20, 89], [89, 89]] as const) expect(pixelAt(last, x, y)).toEqual(BLUE);
    expect(pixelAt(await tile('far', [1, 0, 0]), 0, 89)).toEqual(BLUE); // beyond the antimeridian there is nothing
  });

  it('maps show them', async () => {
    expect(pixelAt(await map('up', [-180, 80, -175, 85], 10, 10), 5, 5)).toEqual(RED);
    expect(pixelAt(await map('far', [-180, 80, -179, 81], 10, 10), 5, 5)).toEqual(BLUE);
  });

  it('are only stored where that is said', async () => {
    await tile('far', [1, 0, 0]);
    expect(existsSync(fileOf('far', [1, 0, 0]))).toBe(false);
    const made = await tile('kept', [1, 0, 0]);
    expect(existsSync(fileOf('kept', [1, 0, 0]))).toBe(true);
    expect(pixelAt(made, 30, 30)).toEqual(BLUE);
    await tile('kept', [3, 0, 0]); // further away than one level: nothing
    expect(existsSync(fileOf('kept', [3, 0, 0]))).toBe(false);
  });

  it('other formats and sizes are made of them too', async () => {
    const jpeg = await served.app.inject('/wmts/up/deg/2/0/0.jpg');
    expect(jpeg.headers['content-type']).toBe('image/jpeg');
    expect(pixelAt(await decoded(jpeg.rawPayload), 40, 40)[0]).toBeGreaterThan(250);
  });

  it('a tile that comes to be stored is shown instead: made ones are not kept by name', async () => {
    expect(pixelAt(await tile('far', [2, 1, 1]), 5, 5)).toEqual(BLUE);
    await store('far', [2, 1, 2], plainPicture(90, 90, GREEN));
    expect(pixelAt(await tile('far', [2, 1, 2]), 5, 5)).toEqual(GREEN);
  });

  it('a clipped coverage of the cache blanks no tile within it', async () => {
    expect(pixelAt(await tile('clipped', [1, 0, 0]), 30, 30)).toEqual(BLUE);
    expect((await served.app.inject('/wmts/clipped/deg/1/0/1.png')).statusCode).toBe(400); // south of it
  });
});

it.each([['odd', 2, 0.7], ['odder', 0, 3.1]] as const)('levels that do not fit into each other, rows from below: %s', async (name, level, res) => {
  const layer = served.gateway.tiles!.layers.get(name)!;
  const [set] = layer.sets;
  const matrix = set!.tileMatrices[level]!;
  for (const [col, row] of level === 0 ? [[0, 0]] as const : [[0, 0], [2, 1], [3, 3]] as const) {
    const found = await decoded((await layer.tile(set!, { matrix, col, row }, 'image/png', 1, new AbortController().signal))!.bytes);
    for (const [x, y] of [[3, 55], [40, 30], [76, 40]] as const) {
      const [east, north] = [(col * 80 + x + 0.5) * res, ((row + 1) * 60 - y - 0.5) * res];
      if (north > 175 || east > 355) continue;
      const [r, g] = pixelAt(found, x, y);
      expect([Math.abs(r! - east / 2) <= 1, Math.abs(g! - north) <= 1], `${name} ${col}/${row}, ${x}/${y}: ${r} ${g} for ${east / 2} ${north}`).toEqual([true, true]);
    }
  }
});

describe('downscale_tiles', () => {
  it('finer tiles, each in its quarter; what is missing there is made of still finer ones', async () => {
    const found = await tile('down', [1, 0, 0]);
    expect(pixelAt(found, 67, 67)).toEqual(RED);
    expect(pixelAt(found, 10, 10)).toEqual(GREEN);
    expect(pixelAt(found, 35, 35)).toEqual(NOTHING);
    const edge = [[21, 21], [22, 22], [23, 23], [44, 44], [45, 45]].map(([x, y]) => pixelAt(found, x!, y!));
    expect(edge).toEqual([GREEN, expect.anything(), NOTHING, NOTHING, RED]); // 22.5 pixels are green
    expect(pixelAt(found, 67, 10)).toEqual(NOTHING);
    expect(pixelAt(await tile('down', [0, 1, 0]), 40, 40)).toEqual(NOTHING);
  });

  it('means of areas', async () => {
    const found = await tile('mean', [0, 0, 0]);
    for (const [x, y, colour] of [[20, 20, RED], [70, 20, GREEN], [20, 70, BLUE]] as const) {
      pixelAt(found, x, y).forEach((value, band) => expect(Math.abs(value - (band === 3 ? 255 : colour[band]! / 2))).toBeLessThanOrEqual(1));
    }
  });
});

it('a source comes first; beyond its resolutions tiles are made of what it shows at coarser ones', async () => {
  for (const level of [0, 2, 3]) { // max_res allows level 0 and 1 (60 and 30 km)
    const found = await tile('deep', [level, 0, 0]);
    expect(pixelAt(found, 40, 40), `level ${level}`).toEqual([200, 10, 20, 255]);
  }
  expect(existsSync(fileOf('deep', [0, 0, 0]))).toBe(true);
  expect(existsSync(fileOf('deep', [2, 0, 0]))).toBe(false);
  expect(pixelAt(await map('deep', [-100, 10, -98, 12], 8, 8), 4, 4)).toEqual([200, 10, 20, 255]);
});

it('rendering threads make the same', async () => {
  const gateway = await buildGateway(loadConfig(path.join(served.directory, 'gateway.yaml')), { threads: 2, report: (error) => { throw error; } });
  for (const [name, [level, col, row]] of [['up', [2, 3, 1]], ['ramp', [2, 4, 1]], ['down', [1, 0, 0]], ['deep', [3, 1, 1]]] as const) {
    const layer = gateway.tiles!.layers.get(name)!;
    const [set] = layer.sets;
    const made = await layer.tile(set!, { matrix: set!.tileMatrices[level]!, col, row }, 'image/png', 1, new AbortController().signal);
    expect((await decoded(made!.bytes)).data, name).toEqual((await tile(name, [level, col, row])).data);
  }
  await gateway.close();
});
