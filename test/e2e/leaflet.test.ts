import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, startBrowser } from './support/chromium.ts';
import { type Gateway, startGateway } from './support/gateway.ts';
import { degreesPlane, expectMap, metresPlane, MOON_RADIUS, northPolarPlane } from './support/mapView.ts';
import { keep } from './support/moon.ts';
import { MOON_MAPS } from './support/moonMaps.ts';

let gateway: Gateway;
let browser: Browser;
beforeAll(async () => {
  gateway = await startGateway({ text: MOON_MAPS });
  browser = await startBrowser(1000, 900);
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

const METRES = (Math.PI * MOON_RADIUS) / 256;
const POLAR = (4 * MOON_RADIUS) / 256;
const DEGREES = 180 / 256;

describe('Leaflet in Chromium', () => {
  it.each([
    ['MOON_GEOGRAPHIC', degreesPlane, DEGREES, [-40, 20, 2], 0.3],
    ['MOON_GEOGRAPHIC', degreesPlane, DEGREES, [175, -20, 3], 0.3], // across the date line
    ['MOON_EQUIRECTANGULAR', metresPlane, METRES, [-1_000_000, 500_000, 2], 0.3],
    ['MOON_NORTH_POLAR', northPolarPlane, POLAR, [300_000, -500_000, 3], 0.8],
  ] as const)('draws %s from its TileJSON', async (grid, placeAt, coarsest, [x, y, zoom], mean) => {
    const page = await browser.open(`${gateway.url}/demo/#layer=moon&view=leaflet&map=xyz/${grid}`);
    await page.waitFor('document.querySelector(".stage")?.chart !== undefined');
    await page.settle();
    const size = await page.evaluate(`(() => {
      const { chart } = document.querySelector('.stage');
      document.querySelector('.leaflet-control-container').remove();
      chart.setView([${y}, ${x}], ${zoom}, { animate: false });
      return [chart.getSize().x, chart.getSize().y];
    })()`);
    await page.settle();
    const [width, height] = size as [number, number];
    const png = await page.screenshot('.stage');
    await keep(`leaflet-${grid}.png`, png);
    // Leaflet begins at whole pixels of the level: what it shows is told by itself.
    const corner = (await page.evaluate(`(() => {
      const { chart } = document.querySelector('.stage');
      const { lng, lat } = chart.containerPointToLatLng([0, 0]);
      return [lng, lat];
    })()`)) as [number, number];
    const resolution = coarsest / 2 ** zoom;
    const extent = [corner[0], corner[1] - height * resolution, corner[0] + width * resolution, corner[1]] as const;
    expect(Math.abs(extent[0] - (x - (width / 2) * resolution))).toBeLessThan(resolution);
    expect(Math.abs(extent[3] - (y + (height / 2) * resolution))).toBeLessThan(resolution);
    await expectMap(png, { extent, placeAt }, mean);
    expect(page.requests.filter(({ url, status }) => status !== 200 || !url.startsWith(`${gateway.url}/`))).toEqual([]);
    expect(page.errors).toEqual([]);
    await page.close();
  });
});
