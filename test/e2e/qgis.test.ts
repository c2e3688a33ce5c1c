import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from './support/gateway.ts';
import { degreesPlane, expectMap, type MapView, metresPlane, MOON_RADIUS, northPolarPlane, southPolarPlane } from './support/mapView.ts';
import { keep } from './support/moon.ts';
import { MOON_MAPS } from './support/moonMaps.ts';
import { qgisMaps } from './support/qgis.ts';

/** Size of what is asked of QGIS, pixels. */
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

/** The window whose top left corner is `col` and `row` pixels of a resolution away from the origin of the plane. */
function windowOf(resolution: number, col: number, row: number): MapView['extent'] {
  return [col * resolution, (row - HEIGHT) * resolution, (col + WIDTH) * resolution, row * resolution];
}

/** dpiMode 7 and the like stand in every project; the service is found through its capabilities. */
function wmsSource(version: string, crs: string): string {
  return `crs=${crs}&dpiMode=7&format=image/png&layers=moon&styles=default&version=${version}&url=${encodeURIComponent(`${gateway.url}/service?VERSION=${version}&`)}`;
}

function wmtsSource(set: string, crs: string): string {
  return `crs=${crs}&dpiMode=7&format=image/png&layers=moon&styles=default&tileMatrixSet=${set}&url=${gateway.url}/wmts/1.0.0/WMTSCapabilities.xml`;
}

const CASES = [
  ['WMS 1.1.1', 'IAU_2015:30100', () => wmsSource('1.1.1', 'IAU_2015:30100'), degreesPlane, DEGREES / 4, -700, 200, 0.3],
  ['WMS 1.3.0', 'IAU_2015:30100', () => wmsSource('1.3.0', 'IAU_2015:30100'), degreesPlane, DEGREES / 4, -700, 200, 0.3],
  ['WMS 1.1.1', 'IAU_2015:30130', () => wmsSource('1.1.1', 'IAU_2015:30130'), northPolarPlane, POLAR / 8, -250, 180, 0.8],
  ['WMS 1.3.0', 'IAU_2015:30130', () => wmsSource('1.3.0', 'IAU_2015:30130'), northPolarPlane, POLAR / 8, -250, 180, 0.8],
  ['WMS 1.3.0', 'IAU_2015:30135', () => wmsSource('1.3.0', 'IAU_2015:30135'), southPolarPlane, POLAR / 8, -400, 300, 0.8],
  ['WMTS', 'IAU_2015:30110', () => wmtsSource('MOON_EQUIRECTANGULAR', 'IAU_2015:30110'), metresPlane, METRES / 4, -300, 250, 0.3],
  ['WMTS', 'IAU_2015:30100', () => wmtsSource('MOON_GEOGRAPHIC', 'IAU_2015:30100'), degreesPlane, DEGREES / 4, -700, 200, 0.3],
  ['WMTS', 'IAU_2015:30130', () => wmtsSource('MOON_NORTH_POLAR', 'IAU_2015:30130'), northPolarPlane, POLAR / 8, -250, 180, 0.8],
] as const;

describe('QGIS', () => {
  it.each(CASES)('draws %s in %s', async (service, code, source, placeAt, resolution, col, row, mean) => {
    const extent = windowOf(resolution, col, row);
    const [map] = await qgisMaps([{ source: source(), extent, width: WIDTH, height: HEIGHT }], gateway.folder);
    if (map === undefined) return expect.unreachable('nothing was drawn');
    await keep(`qgis-${service}-${code}.png`.replaceAll(/[^\w.-]/g, '-'), map.png);
    expect(map.crs).toBe(code);
    await expectMap(map.png, { extent, placeAt }, mean);
  });
});
