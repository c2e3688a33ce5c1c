import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/issue.ts';
import type { TileMatrixSet } from '../../src/geometry/pyramid/tileMatrixSet.ts';
import type { TileLayer } from '../../src/layer/types.ts';
import type { ImageFormat } from '../../src/raster/format.ts';
import { letteredMap } from '../support/letters.ts';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/** Caches of a configuration as tiles: what is on them, where they are kept, when they are made anew. */
const CONFIG = `
services: {hips: , wms: , wmts: , tms: }
layers:
  - {name: moon, title: Moon, sources: [moon]}
  - {name: small, title: A part, sources: [small]}
  - {name: passing, title: Not kept, sources: [passing]}
  - {name: warm, title: Tiles that are there, sources: [warm], tile_sources: [warm]}
  - {name: both, title: Two caches, sources: [letters], tile_sources: [moon, mercator]}
  - {name: stacked, title: A cache of a cache, sources: [stacked]}
  - {name: direct, title: No tiles, sources: [letters]}
sources:
  letters: {type: image, url: letters.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}
  spot: {type: image, url: red.png, srs: 'IAU_2015:30100', bbox: [0, 0, 40, 40]}
caches:
  moon: {grids: [deg, MOON_NORTH_POLAR, GLOBAL_GEODETIC], sources: [letters], image: {resampling_method: bilinear}}
  small: {grids: [deg], sources: [spot], format: image/jpeg}
  passing: {grids: [deg], sources: [letters], disable_storage: true}
  warm: {grids: [deg], sources: [], format: image/png}
  stacked: {grids: [deg], sources: [moon], image: {resampling_method: bilinear}}
  mercator: {grids: [GLOBAL_WEBMERCATOR, deg], sources: [letters]}
grids:
  deg: {srs: 'IAU_2015:30100', origin: nw, tile_size: [90, 90], res: [2, 1, 0.5]}
globals: {cache: {base_dir: cache}}
`;

let served: PictureGateway;
const letters = letteredMap(360);
beforeAll(async () => {
  served = await pictureGateway(CONFIG, { letters, red: plainPicture(40, 40, [255, 0, 0, 255]) });
});
afterAll(() => served.close());

const SIGNAL = new AbortController().signal;

function layer(name: string): TileLayer {
  return served.gateway.tiles!.layers.get(name)!;
}

function setOf(of: TileLayer, id: string): TileMatrixSet {
  return of.sets.find((set) => set.id === id)!;
}

async function tile(name: string, grid: string, address: readonly [number, number, number], format: ImageFormat = 'image/png', scale: 1 | 2 = 1) {
  const set = setOf(layer(name), grid);
  const [z, col, row] = address;
  return layer(name).tile(set, { matrix: set.tileMatrices[z]!, col, row }, format, scale, SIGNAL);
}

async function picture(...asked: Parameters<typeof tile>) {
  return decoded((await tile(...asked))!.bytes);
}

function stored(...parts: readonly string[]): string {
  return path.join(served.directory, 'cache', ...parts);
}

describe('what is on a tile', () => {
  it('one pixel per pixel of the source: the source itself', async () => {
    const found = await picture('moon', 'deg', [1, 3, 1]);
    for (const [col, row] of [[0, 0], [45, 50], [89, 89]] as const) expect(pixelAt(found, col, row)).toEqual(pixelAt(letters, 270 + col, 90 + row));
  });

  it.each([['deg', 2], ['MOON_NORTH_POLAR', 2], ['GLOBAL_GEODETIC', 3]] as const)('a tile of %s is the map of its rectangle', async (grid, z) => {
    const set = setOf(layer('moon'), grid);
    const matrix = set.tileMatrices[z]!;
    const [col, row] = [1, 1];
    const [x, y] = matrix.pointOfOrigin;
    const [spanX, spanY] = [matrix.tileWidth * matrix.cellSize, matrix.tileHeight * matrix.cellSize];
    const minY = matrix.cornerOfOrigin === 'topLeft' ? y - (row + 1) * spanY : y + row * spanY;
    const bbox = [x + col * spanX, minY, x + (col + 1) * spanX, minY + spanY];
    const srs = set.crs.id;
    const query = `LAYERS=moon&STYLES=&SRS=${srs}&BBOX=${bbox.join()}&WIDTH=${matrix.tileWidth}&HEIGHT=${matrix.tileHeight}&FORMAT=image/png&TRANSPARENT=TRUE`;
    const map = await decoded((await served.app.inject(`/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&${query}`)).rawPayload);
    const found = await picture('moon', grid, [z, col, row]);
    let worst = 0;
    found.data.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - map.data[i]!))));
    expect(worst).toBeLessThanOrEqual(8); // letters have hard edges; both windows cut the mapping into blocks of their own
  });

  it('neighbours agree with the tile above them: the rows and columns at their seam continue', async () => {
    const [left, right] = [await picture('moon', 'deg', [2, 1, 1]), await picture('moon', 'deg', [2, 2, 1])];
    const wide = await decoded((await served.app.inject(
      '/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=moon&STYLES=&SRS=IAU_2015:30100&BBOX=-135,0,-45,45&WIDTH=180&HEIGHT=90&FORMAT=image/png',
    )).rawPayload);
    for (let row = 0; row < 90; row++) {
      expect(pixelAt(left, 89, row)).toEqual(pixelAt(wide, 89, row));
      expect(pixelAt(right, 0, row)).toEqual(pixelAt(wide, 90, row));
    }
  });

  it('@2x is the same rectangle with twice the pixels: those of the next level', async () => {
    const twice = await picture('moon', 'deg', [1, 1, 1], 'image/png', 2);
    const quarter = await picture('moon', 'deg', [2, 3, 2]);
    expect([twice.width, twice.height]).toEqual([180, 180]);
    for (const [col, row] of [[0, 0], [40, 60], [89, 89]] as const) expect(pixelAt(twice, 90 + col, row)).toEqual(pixelAt(quarter, col, row));
  });

  it('the set may have been turned round: rows from the top name the same tiles', async () => {
    const set = setOf(layer('moon'), 'GLOBAL_GEODETIC');
    const matrix = set.tileMatrices[2]!;
    const turned = { ...matrix, cornerOfOrigin: 'topLeft' as const, pointOfOrigin: [-180, -90 + matrix.matrixHeight * 90] as const };
    const top = await layer('moon').tile(set, { matrix: turned, col: 1, row: 0 }, 'image/png', 1, SIGNAL);
    const own = await tile('moon', 'GLOBAL_GEODETIC', [2, 1, matrix.matrixHeight - 1]);
    expect(top!.etag).toBe(own!.etag);
  });

  it('other formats than that of the cache are made, not converted', async () => {
    const png = await picture('small', 'deg', [1, 2, 0], 'image/png');
    expect([pixelAt(png, 5, 89), pixelAt(png, 80, 10)]).toEqual([[255, 0, 0, 255], [0, 0, 0, 0]]);
    const webp = await tile('small', 'deg', [1, 2, 0], 'image/webp');
    expect(Buffer.from(webp!.bytes).toString('latin1', 8, 12)).toBe('WEBP');
  });
});

describe('caches of caches, and of nothing', () => {
  it('a cache of a cache is drawn from the sources at the bottom, once', async () => {
    expect((await tile('stacked', 'deg', [2, 3, 1]))!.etag).toBe((await tile('moon', 'deg', [2, 3, 1]))!.etag);
  });

  it('each is a HiPS and a map, that of stored tiles too', () => {
    expect([...served.gateway.hips!.layers.keys()]).toEqual(['moon', 'small', 'passing', 'warm', 'both', 'stacked', 'direct']);
    expect(served.gateway.maps!.roots.map(({ name }) => name)).toEqual(['moon', 'small', 'passing', 'warm', 'both', 'stacked', 'direct']);
  });
});

describe('where there are tiles', () => {
  it('outside the coverage there are none', async () => {
    expect(await tile('small', 'deg', [1, 0, 0])).toBeNull();
    expect(await tile('small', 'deg', [2, 4, 2])).toBeNull();
    expect(await tile('small', 'deg', [2, 4, 1])).not.toBeNull();
  });

  it.each([[[1, 4, 0]], [[1, 0, 2]], [[0, -1, 0]], [[0, 0.5, 0]]] as [readonly [number, number, number]][])('%j is outside the grid: TILE_OUT_OF_RANGE', async (address) => {
    await expect(tile('moon', 'deg', address)).rejects.toMatchObject({ code: 'TILE_OUT_OF_RANGE' });
  });

  it('a layer without a cache has no tiles; tile_sources are all offered, a grid once', () => {
    expect(served.gateway.tiles!.layers.has('direct')).toBe(false);
    expect(layer('both').sets.map((set) => set.id)).toEqual(['deg', 'MOON_NORTH_POLAR', 'GLOBAL_GEODETIC', 'GLOBAL_WEBMERCATOR']);
  });

  it('a grid of the Earth on the Moon means degrees of the Moon', () => {
    expect(setOf(layer('moon'), 'GLOBAL_GEODETIC').crs.frame.id).toBe('moon');
    expect(setOf(layer('both'), 'GLOBAL_WEBMERCATOR').crs.frame.id).toBe('moon');
  });

  it('a grid of another body is a mistake with its place', async () => {
    const wrong = pictureGateway(CONFIG.replace('MOON_NORTH_POLAR', 'MARS_NORTH_POLAR'), { letters, red: plainPicture(4, 4, [0, 0, 0, 255]) });
    await expect(wrong).rejects.toThrow(ConfigError);
    await expect(wrong).rejects.toThrow(/caches\.moon\.grids\[1\].*MARS_NORTH_POLAR.*mars.*moon/);
  });
});

describe('the value under a pixel of a tile', () => {
  it('is the colour there, with its place', async () => {
    const set = setOf(layer('moon'), 'deg');
    const info = await layer('moon').info(set, { matrix: set.tileMatrices[1]!, col: 2, row: 0 }, 20, 30, SIGNAL);
    expect(info).toMatchObject({ value: pixelAt(letters, 200, 30), unit: null, hips: { order: 0, npix: 0 } });
    expect([info.lon.toFixed(9), info.lat.toFixed(9)]).toEqual(['20.500000000', '59.500000000']);
  });

  it('is nothing beyond the world', async () => {
    const set = setOf(layer('moon'), 'GLOBAL_GEODETIC');
    const info = await layer('moon').info(set, { matrix: set.tileMatrices[0]!, col: 0, row: 0 }, 5, 5, SIGNAL);
    expect([info.value, info.hips]).toEqual([[], null]);
  });
});

describe('where tiles are kept', () => {
  it("in MapProxy's directory under MapProxy's name, and read from there", async () => {
    await tile('moon', 'deg', [1, 2, 1]);
    const file = stored('moon_IAU_201530100', '01', '000', '000', '002', '000', '000', '001.png');
    expect(existsSync(file)).toBe(true);
    const fresh = await pictureGateway(CONFIG.replace('base_dir: cache', `base_dir: ${stored()}`), { letters, red: plainPicture(4, 4, [0, 0, 0, 255]) });
    try {
      const later = new Date(Date.now() + 60_000);
      writeFileSync(file, 'kept');
      utimesSync(file, later, later);
      const set = setOf(fresh.gateway.tiles!.layers.get('moon')!, 'deg');
      const found = await fresh.gateway.tiles!.layers.get('moon')!.tile(set, { matrix: set.tileMatrices[1]!, col: 2, row: 1 }, 'image/png', 1, SIGNAL);
      expect(Buffer.from(found!.bytes).toString()).toBe('kept');
    } finally {
      await fresh.close();
    }
  });

  it('a tile older than its picture is made again', async () => {
    const folder = stored('small_IAU_201530100', '02', '000', '000', '005', '000', '000');
    const file = path.join(folder, '001.jpeg');
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, 'old');
    utimesSync(file, new Date('2001-01-01'), new Date('2001-01-01'));
    expect(await tile('small', 'deg', [2, 5, 1], 'image/jpeg')).toBeNull(); // outside: 45..90 degrees east
    const inside = path.join(stored('small_IAU_201530100', '02', '000', '000', '004', '000', '000'), '001.jpeg');
    mkdirSync(path.dirname(inside), { recursive: true });
    writeFileSync(inside, 'old');
    utimesSync(inside, new Date('2001-01-01'), new Date('2001-01-01'));
    expect((await picture('small', 'deg', [2, 4, 1], 'image/jpeg')).width).toBe(90);
    expect(statSync(inside).size).toBeGreaterThan(300);
  });

  it('disable_storage: nowhere', async () => {
    await tile('passing', 'deg', [0, 0, 0]);
    expect(existsSync(stored('passing_IAU_201530100'))).toBe(false);
  });

  it('a cache without sources has the tiles that lie there, and no others', async () => {
    const file = path.join(stored('warm_IAU_201530100', '00', '000', '000', '001', '000', '000'), '000.png');
    mkdirSync(path.dirname(file), { recursive: true });
    const png = (await tile('moon', 'deg', [0, 1, 0]))!.bytes;
    writeFileSync(file, png);
    expect(Buffer.compare(Buffer.from((await tile('warm', 'deg', [0, 1, 0]))!.bytes), readFileSync(file))).toBe(0);
    const webp = await picture('warm', 'deg', [0, 1, 0], 'image/webp');
    expect([webp.width, webp.height]).toEqual([90, 90]);
    expect((await picture('warm', 'deg', [0, 1, 0], 'image/jpeg', 2)).width).toBe(180);
    expect(await tile('warm', 'deg', [0, 0, 0])).toBeNull();
  });
});
