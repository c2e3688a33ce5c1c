import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, getBytes, startGateway } from './support/gateway.ts';
import { degreesPlane, expectMap, metresPlane, MOON_RADIUS } from './support/mapView.ts';
import { MOON_MAPS } from './support/moonMaps.ts';
import { readPicture } from './support/pixels.ts';
import { run } from './support/process.ts';

const TILE = 256;
/** Edges of the map in metres, half the equator and a quarter. */
const HALF = Math.PI * MOON_RADIUS;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ text: MOON_MAPS.replace('  wmts:\n', '  wmts:\n  ogcapi:\n') });
});
afterAll(() => gateway?.stop());

function gdal(program: string, args: readonly string[]): Promise<string> {
  return run(program, args, 120_000, { cwd: gateway.folder });
}

/** The box of a collection is in degrees: of a set in metres GDAL must be told. */
function boxed(set: string, halfX: number, halfY: number): readonly string[] {
  return [`TILEMATRIXSET=${set}`, `MINX=${-halfX}`, `MINY=${-halfY}`, `MAXX=${halfX}`, `MAXY=${halfY}`];
}

const METRES = boxed('MOON_EQUIRECTANGULAR', HALF, HALF / 2);
/** From a pole to the equator in the polar sets. */
const POLAR = 2 * MOON_RADIUS;

interface Window {
  /** Open options of the data set. */
  readonly options: readonly string[];
  /** minX, minY, maxX, maxY */
  readonly extent: readonly [number, number, number, number];
  readonly size: readonly [number, number];
}

async function translate({ options, extent: [minX, minY, maxX, maxY], size }: Window, name: string): Promise<Uint8Array> {
  const file = join(gateway.folder, `${name}.png`);
  const open = options.flatMap((option) => ['-oo', option]);
  await gdal('gdal_translate', ['-q', '-of', 'PNG', '-b', '1', '-b', '2', '-b', '3', ...open, '-projwin', ...[minX, maxY, maxX, minY].map(String), '-outsize', ...size.map(String), `OGCAPI:${gateway.url}/ogcapi/collections/moon`, file]);
  return readFile(file);
}

describe("GDAL's OGCAPI driver", () => {
  it('finds the collections from the landing page', async () => {
    const listed = await gdal('gdalinfo', [`OGCAPI:${gateway.url}/ogcapi`]);
    expect(listed).toContain(`SUBDATASET_1_NAME=OGCAPI:${gateway.url}/ogcapi/collections/moon`);
    expect(listed).not.toMatch(/error|warning/i);
  });

  it('knows the system of a set', async () => {
    const info = await gdal('gdalinfo', ['-oo', 'API=TILES', '-oo', 'TILEMATRIXSET=MOON_GEOGRAPHIC', `OGCAPI:${gateway.url}/ogcapi/collections/moon`]);
    expect(info).toContain('"IAU",30100');
    expect(info).not.toMatch(/error|warning/i);
  });

  it.each([
    ['MOON_EQUIRECTANGULAR', METRES, HALF, HALF / 2, 2],
    ['MOON_NORTH_POLAR', boxed('MOON_NORTH_POLAR', POLAR, POLAR), POLAR, POLAR, 1],
  ] as const)('reads the very pixels of a WMTS tile of %s', async (set, options, west, north, columns) => {
    const [level, col, row] = [3, 5, 2];
    const span = (2 * west) / (columns * 2 ** level);
    const extent = [-west + col * span, north - (row + 1) * span, -west + (col + 1) * span, north - row * span] as const;
    const [read, tile, other] = await Promise.all([
      translate({ options: ['API=TILES', ...options], extent, size: [TILE, TILE] }, `tiles-${set}`).then(readPicture),
      getBytes(`${gateway.url}/wmts/moon/${set}/${level}/${col}/${row}.png`).then(readPicture),
      getBytes(`${gateway.url}/wmts/moon/${set}/${level}/${col}/${row + 1}.png`).then(readPicture),
    ]);
    const worst = (a: Uint8Array, b: Uint8Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
    expect(worst(read.data, tile.data)).toBe(0);
    expect(worst(read.data, other.data)).toBeGreaterThan(50);
  });

  it('reads tiles that are the Moon', async () => {
    const extent = [-HALF / 4, -HALF / 8, HALF / 4, HALF / 4] as const;
    await expectMap(await translate({ options: ['API=TILES', ...METRES], extent, size: [512, 384] }, 'tiles'), { extent, placeAt: metresPlane }, 0.3);
  });

  it('reads maps', async () => {
    const extent = [-45, -22.5, 45, 45] as const;
    await expectMap(await translate({ options: ['API=MAP'], extent, size: [512, 384] }, 'maps'), { extent, placeAt: degreesPlane }, 2.5); // GDAL takes the nearest pixel of a finer map
  });
});
