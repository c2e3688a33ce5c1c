import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Gateway, ROOT, startGateway } from './support/gateway.ts';
import { degreesPlane, expectMap, type MapView, MOON_RADIUS, northPolarPlane } from './support/mapView.ts';
import { keep } from './support/moon.ts';
import { run } from './support/process.ts';
import { qgisMaps } from './support/qgis.ts';

/** A HiPS of the Moon as CDS's Hipsgen wrote it, served as WMS and WMTS. */
const CONFIG = `
services:
  wms: {srs: ['IAU_2015:30100', 'IAU_2015:30130']}
  wmts:
layers:
  - {name: moon, title: The Moon by Hipsgen, sources: [moon_cache]}
sources:
  moon_hips: {type: hips, url: ${JSON.stringify(join(ROOT, 'test/data/hipsgen-moon'))}, body: moon}
caches:
  moon_cache: {grids: [MOON_GEOGRAPHIC, MOON_NORTH_POLAR], sources: [moon_hips]}
globals:
  cache: {base_dir: ./cache_data}
`;

const WIDTH = 600;
const HEIGHT = 400;

/** Coarser than the pixels of order 0, which is there as a whole. */
const DEGREES = 180 / 256 / 2;
const POLAR = (4 * MOON_RADIUS) / 256 / 2;

/** Hipsgen's JPEG and its own resampling lie between the picture and the tiles. */
const MEAN = 3;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ text: CONFIG });
});
afterAll(() => gateway?.stop());

function windowOf(resolution: number, col: number, row: number): MapView['extent'] {
  return [col * resolution, (row - HEIGHT) * resolution, (col + WIDTH) * resolution, row * resolution];
}

describe('a HiPS written by the reference tool', () => {
  it.each([
    ['IAU_2015:30100', 'MOON_GEOGRAPHIC', degreesPlane, windowOf(DEGREES, -350, 210)],
    ['IAU_2015:30130', 'MOON_NORTH_POLAR', northPolarPlane, windowOf(POLAR / 4, -300, 200)],
  ] as const)('is the Moon in QGIS by WMS and WMTS in %s', async (crs, set, placeAt, extent) => {
    const common = `crs=${crs}&dpiMode=7&format=image/png&layers=moon&styles=default`;
    const size = { extent, width: WIDTH, height: HEIGHT };
    const maps = await qgisMaps([
      { ...size, source: `${common}&url=${encodeURIComponent(`${gateway.url}/service?`)}` },
      { ...size, source: `${common}&tileMatrixSet=${set}&url=${gateway.url}/wmts/1.0.0/WMTSCapabilities.xml` },
    ], gateway.folder);
    for (const [i, { png }] of maps.entries()) {
      await keep(`hipsgen-qgis-${set}-${i}.png`, png);
      await expectMap(png, { extent, placeAt }, MEAN);
    }
  });

  it('is the Moon in GDAL by WMTS at the pole', async () => {
    const extent = windowOf(POLAR / 2, -300, 200);
    const file = join(gateway.folder, 'pole.png');
    const dataset = `WMTS:${gateway.url}/wmts/1.0.0/WMTSCapabilities.xml,layer=moon,tilematrixset=MOON_NORTH_POLAR`;
    const [minX, minY, maxX, maxY] = extent.map(String) as [string, string, string, string];
    const bands = ['-b', '1', '-b', '2', '-b', '3'];
    await run('gdal_translate', ['-q', '-of', 'PNG', ...bands, '-projwin', minX, maxY, maxX, minY, '-outsize', String(WIDTH), String(HEIGHT), dataset, file], 120_000, { cwd: gateway.folder });
    await expectMap(await readFile(file), { extent, placeAt: northPolarPlane }, MEAN);
  });
});
