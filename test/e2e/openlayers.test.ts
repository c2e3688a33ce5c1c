import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { type Browser, type Page, startBrowser } from './support/chromium.ts';
import { type Gateway, startGateway } from './support/gateway.ts';
import { degreesPlane, expectMap, type MapView, metresPlane, MOON_RADIUS, northPolarPlane, southPolarPlane } from './support/mapView.ts';
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

/** Opens the demo page on a map and waits until the library has made it. */
async function openMap(map: string): Promise<Page> {
  const page = await browser.open(`${gateway.url}/demo/#layer=moon&view=openlayers&map=${map}`);
  await page.waitFor('document.querySelector(".stage")?.chart !== undefined');
  return page;
}

/**
 * Moves the view there, resolution in units of the plane per pixel, so that pixels of the screen lie on pixels of the map where
 * the resolution is one of the map's, and returns what it then shows.
 */
async function lookAt(page: Page, x: number, y: number, resolution: number, placeAt: MapView['placeAt']): Promise<MapView> {
  await page.settle();
  const size = await page.evaluate(`(() => {
    for (const control of document.querySelectorAll('.ol-control')) control.remove();
    return document.querySelector('.stage').chart.getSize();
  })()`);
  const [width, height] = size as [number, number];
  const minX = Math.round((x - (width / 2) * resolution) / resolution) * resolution;
  const minY = Math.round((y - (height / 2) * resolution) / resolution) * resolution;
  const extent = [minX, minY, minX + width * resolution, minY + height * resolution] as const;
  // A page that nobody looks at gets no animation frames: the map is told to draw until it is complete and tiles have faded in.
  await page.evaluate(`new Promise((resolve) => {
    const { chart } = document.querySelector('.stage');
    const timer = setInterval(() => chart.renderSync(), 50);
    chart.getView().setCenter([${(extent[0] + extent[2]) / 2}, ${(extent[1] + extent[3]) / 2}]);
    chart.getView().setResolution(${resolution});
    chart.once('rendercomplete', () => setTimeout(() => resolve(clearInterval(timer)), 500));
  })`);
  return { extent, placeAt };
}

function expectOnlyOwnRequests(page: Page): void {
  expect(page.requests.filter(({ url }) => !url.startsWith(`${gateway.url}/`))).toEqual([]);
  expect(page.requests.filter(({ status }) => status !== 200)).toEqual([]);
  expect(page.errors).toEqual([]);
}

const METRES = (Math.PI * MOON_RADIUS) / 256;
const POLAR = (4 * MOON_RADIUS) / 256;
const DEGREES = 180 / 256;

describe('OpenLayers in Chromium', () => {
  it.each([
    // a level of the matrix, and a resolution between two levels
    ['wmts/MOON_EQUIRECTANGULAR', metresPlane, [-1_000_000, 500_000, METRES / 4], 0.3],
    ['wmts/MOON_EQUIRECTANGULAR', metresPlane, [2_000_000, -900_000, METRES / 6], 1.3],
    ['wmts/MOON_GEOGRAPHIC', degreesPlane, [-40, 20, DEGREES / 4], 0.3],
    ['wmts/MOON_GEOGRAPHIC', degreesPlane, [170, -30, DEGREES / 8], 0.3], // across the date line
    ['wmts/MOON_NORTH_POLAR', northPolarPlane, [300_000, -500_000, POLAR / 8], 0.8],
    ['wmts/MOON_SOUTH_POLAR', southPolarPlane, [-200_000, 700_000, POLAR / 8], 0.8],
    ['wms/IAU_2015:30100', degreesPlane, [-40, 20, DEGREES / 4], 0.3],
    ['wms/IAU_2015:30110', metresPlane, [-1_000_000, 500_000, METRES / 4], 0.3],
    ['wms/IAU_2015:30130', northPolarPlane, [300_000, -500_000, POLAR / 8], 0.8],
    ['wms/IAU_2015:30135', southPolarPlane, [-200_000, 700_000, POLAR / 12], 1.3],
    ['wms/EPSG:4326', degreesPlane, [170, -20, DEGREES / 4], 0.3], // degrees under the name of Earth, across the date line
  ] as const)('draws %s', async (map, placeAt, [x, y, resolution], mean) => {
    const page = await openMap(map);
    const view = await lookAt(page, x, y, resolution, placeAt);
    const png = await page.screenshot('.stage');
    await keep(`openlayers-${map.replaceAll(/\W/g, '-')}.png`, png);
    await expectMap(png, view, mean);
    expectOnlyOwnRequests(page);
    await page.close();
  });

  it.each(['wmts/MOON_NORTH_POLAR', 'wms/IAU_2015:30130'])('tells what is under a click in %s', async (map) => {
    const page = await openMap(map);
    await lookAt(page, 0, 0, POLAR / 2, northPolarPlane);
    await page.evaluate(`(() => {
      const { chart } = document.querySelector('.stage');
      const coordinate = [${MOON_RADIUS}, 0];
      chart.dispatchEvent({ type: 'singleclick', coordinate });
    })()`);
    await page.waitFor('/longitude/.test(document.querySelector("#readout").textContent)');
    const said = String(await page.evaluate('document.querySelector("#readout").textContent'));
    const [lon, lat] = [...said.matchAll(/(-?[\d.]+)°/g)].map(([, number]) => Number(number)) as [number, number];
    const [lonExpected, latExpected] = northPolarPlane(MOON_RADIUS, 0) as [number, number];
    expect(Math.abs(lon - lonExpected)).toBeLessThan(1);
    expect(Math.abs(lat - latExpected)).toBeLessThan(1);
    await page.close();
  });

  it.each(['text/xml', 'application/vnd.ogc.gml'])('reads what is under a pixel as a feature, from %s', async (format) => {
    const page = await openMap('wms/IAU_2015:30130');
    const query = new URLSearchParams({ SERVICE: 'WMS', VERSION: '1.1.1', REQUEST: 'GetFeatureInfo', LAYERS: 'moon', QUERY_LAYERS: 'moon', STYLES: '', SRS: 'IAU_2015:30100', BBOX: '0,0,10,10', WIDTH: '10', HEIGHT: '10', X: '5', Y: '4', INFO_FORMAT: format });
    await page.evaluate(`fetch('/service?${query}').then((answer) => answer.text()).then((text) => { window.found = new ol.format.WMSGetFeatureInfo().readFeatures(text).map((feature) => feature.getProperties()); })`);
    await page.waitFor('window.found !== undefined');
    expect(await page.evaluate('JSON.stringify(window.found.map(({ lon, lat }) => [lon, lat]))')).toBe('[["5.5","5.5"]]');
    await page.close();
  });
});

describe('a click on a layer whose upstream is asked', () => {
  let upstream: Upstream;
  let asking: Gateway;
  beforeAll(async () => {
    upstream = await startUpstream(async (request, response) => {
      if (request.url!.includes('GetFeatureInfo')) return response.writeHead(200, { 'content-type': 'application/json' }).end('{"features": ["<img src=x onerror=alert(1)> Tycho"]}');
      return response.writeHead(200, { 'content-type': 'image/png' }).end(await sharp({ create: { width: 256, height: 256, channels: 3, background: '#123456' } }).png().toBuffer());
    });
    asking = await startGateway({ text: `
services: {wms: {srs: ['IAU_2015:30110']}, wmts: }
layers: [{name: craters, title: Craters, sources: [tiles]}]
caches: {tiles: {grids: [MOON_EQUIRECTANGULAR], sources: [craters], meta_size: [1, 1], meta_buffer: 0}}
sources: {craters: {type: wms, req: {url: '${upstream.url}/?', layers: craters}, supported_srs: ['IAU_2015:30110'], wms_opts: {featureinfo: true}}}
` });
  });
  afterAll(async () => {
    await asking?.stop();
    await upstream?.close();
  });

  it.each(['wmts/MOON_EQUIRECTANGULAR', 'wms/IAU_2015:30110'])('tells in %s what it says, as text', async (map) => {
    const page = await browser.open(`${asking.url}/demo/#layer=craters&view=openlayers&map=${map}`);
    await page.waitFor('document.querySelector(".stage")?.chart !== undefined');
    await page.evaluate("document.querySelector('.stage').chart.dispatchEvent({ type: 'singleclick', coordinate: [1000, 1000] })");
    await page.waitFor('/Tycho/.test(document.querySelector("#readout").textContent)');
    expect(await page.evaluate('document.querySelector("#readout").children.length')).toBe(0);
    await page.close();
  });
});
