import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from './support/gateway.ts';
import { degreesPlane, expectMap, type MapView, metresPlane, MOON_RADIUS, northPolarPlane, southPolarPlane } from './support/mapView.ts';
import { keep } from './support/moon.ts';
import { MOON_MAPS } from './support/moonMaps.ts';
import { run } from './support/process.ts';

/** Size of what is asked of GDAL, pixels. */
const WIDTH = 600;
const HEIGHT = 400;

const METRES = (Math.PI * MOON_RADIUS) / 256;
const POLAR = (4 * MOON_RADIUS) / 256;
const DEGREES = 180 / 256;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ text: MOON_MAPS });
});
afterAll(() => gateway?.stop());

/** GDAL in the gateway's folder, where its own cache may lie. */
function gdal(program: string, args: readonly string[]): Promise<string> {
  return run(program, args, 120_000, { cwd: gateway.folder });
}

/** The window whose top left corner is `col` and `row` pixels of a resolution away from the origin of the plane. */
function windowOf(resolution: number, col: number, row: number): MapView['extent'] {
  return [col * resolution, row * resolution - HEIGHT * resolution, col * resolution + WIDTH * resolution, row * resolution];
}

/** A window of a data set as PNG. */
async function translate(dataset: string, [minX, minY, maxX, maxY]: MapView['extent'], name: string): Promise<Uint8Array> {
  const file = join(gateway.folder, `${name}.png`);
  await gdal('gdal_translate', ['-q', '-of', 'PNG', '-b', '1', '-b', '2', '-b', '3', '-projwin', ...[minX, maxY, maxX, minY].map(String), '-outsize', String(WIDTH), String(HEIGHT), dataset, file]);
  const png = await readFile(file);
  await keep(`gdal-${name}.png`, png);
  return png;
}

function wmts(set: string): string {
  return `WMTS:${gateway.url}/wmts/1.0.0/WMTSCapabilities.xml,layer=moon,tilematrixset=${set}`;
}

describe("GDAL's WMTS driver", () => {
  it('lists every layer and set, first the one in metres', async () => {
    const listed = await gdal('gdalinfo', [`WMTS:${gateway.url}/wmts/1.0.0/WMTSCapabilities.xml`]);
    const sets = [...listed.matchAll(/SUBDATASET_\d+_NAME=.*tilematrixset=(\S+)/g)].map(([, set]) => set);
    expect(sets).toEqual(['MOON_EQUIRECTANGULAR', 'MOON_NORTH_POLAR', 'MOON_SOUTH_POLAR', 'MOON_GEOGRAPHIC']);
    expect(listed).not.toMatch(/error|warning/i);
  });

  it.each([
    ['MOON_EQUIRECTANGULAR', 'IAU",30110'],
    ['MOON_NORTH_POLAR', 'IAU",30130'],
    ['MOON_SOUTH_POLAR', 'IAU",30135'],
  ])('knows the system of %s', async (set, code) => {
    const info = await gdal('gdalinfo', [wmts(set)]);
    expect(info).toContain(code);
    expect(info).not.toMatch(/error|warning/i);
  });

  it.each([
    ['MOON_EQUIRECTANGULAR', metresPlane, METRES / 4, -700, 300, 0.3],
    ['MOON_EQUIRECTANGULAR', metresPlane, METRES / 16, 1000, -200, 2], // finer than the picture itself: the reference only repeats its pixels
    ['MOON_NORTH_POLAR', northPolarPlane, POLAR / 8, -250, 180, 0.8],
    ['MOON_SOUTH_POLAR', southPolarPlane, POLAR / 8, -400, 300, 0.8],
  ] as const)('reads %s', async (set, placeAt, resolution, col, row, mean) => {
    const extent = windowOf(resolution, col, row);
    await expectMap(await translate(wmts(set), extent, `wmts-${set}-${Math.round(resolution)}`), { extent, placeAt }, mean);
  });
});

/** How GDAL asks a WMS, as it writes it into a file for itself; axis order: the one thing that it cannot find out. */
function wmsFile(code: string, [minX, minY, maxX, maxY]: MapView['extent'], size: readonly [number, number]): string {
  return `<GDAL_WMS><Service name="WMS"><Version>1.3.0</Version><ServerUrl>${gateway.url}/service?</ServerUrl><CRS>${code}</CRS>
<ImageFormat>image/png</ImageFormat><Layers>moon</Layers><BBoxOrder>yxYX</BBoxOrder></Service>
<DataWindow><UpperLeftX>${minX}</UpperLeftX><UpperLeftY>${maxY}</UpperLeftY><LowerRightX>${maxX}</LowerRightX><LowerRightY>${minY}</LowerRightY>
<SizeX>${size[0]}</SizeX><SizeY>${size[1]}</SizeY></DataWindow><Projection>${code}</Projection><BandsCount>3</BandsCount></GDAL_WMS>`;
}

describe("GDAL's WMS driver", () => {
  it('lists the layers of the capabilities', async () => {
    const listed = await gdal('gdalinfo', [`WMS:${gateway.url}/service?`]);
    expect(listed).toMatch(/SUBDATASET_1_NAME=WMS:.*LAYERS=moon&/);
  });

  it.each([
    ['VERSION=1.1.1&SRS=IAU_2015:30100&BBOX=-180,-90,180,90', degreesPlane, DEGREES / 4, -700, 200, 0.3],
    ['VERSION=1.1.1&SRS=IAU_2015:30130&BBOX=-3474800,-3474800,3474800,3474800', northPolarPlane, POLAR / 8, -250, 180, 0.8],
    ['VERSION=1.3.0&CRS=IAU_2015:30135&BBOX=-3474800,-3474800,3474800,3474800', southPolarPlane, POLAR / 8, -400, 300, 0.8],
    [`VERSION=1.3.0&CRS=IAU_2015:30110&BBOX=${-256 * METRES},${-128 * METRES},${256 * METRES},${128 * METRES}`, metresPlane, METRES / 4, -300, 250, 0.3],
  ] as const)('reads %s', async (query, placeAt, resolution, col, row, mean) => {
    const extent = windowOf(resolution, col, row);
    const dataset = `WMS:${gateway.url}/service?SERVICE=WMS&REQUEST=GetMap&LAYERS=moon&STYLES=&FORMAT=image/png&${query}`;
    await expectMap(await translate(dataset, extent, `wms-${query.slice(8, 36).replaceAll(/\W/g, '-')}`), { extent, placeAt }, mean);
  });

  it('reads degrees in 1.3.0 when it is told that latitude comes first', async () => {
    const file = join(gateway.folder, 'degrees.xml');
    await writeFile(file, wmsFile('IAU_2015:30100', [-180, -90, 180, 90], [8192, 4096]));
    const extent = windowOf(DEGREES / 4, -200, 300);
    await expectMap(await translate(file, extent, 'wms-degrees-130'), { extent, placeAt: degreesPlane }, 0.3);
  });
});
