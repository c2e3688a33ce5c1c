import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startUpstream } from '../contract/upstreamServer.ts';
import { type Browser, type Page, startBrowser } from './support/chromium.ts';
import { type Gateway, startGateway } from './support/gateway.ts';
import { expectUpright } from './support/globeView.ts';
import { keep } from './support/moon.ts';
import { MOON_MAPS } from './support/moonMaps.ts';
import { readPicture } from './support/pixels.ts';

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

/** Clicks on a tab and waits until its map is there. */
async function open(page: Page, tab: string, made: string): Promise<void> {
  await page.evaluate(`document.querySelector('[data-view=${tab}]').click()`);
  await page.waitFor(`document.querySelector(${JSON.stringify(made)}) !== null`);
  await page.settle();
}

it('the demo page goes from viewer to viewer and back, asks this host alone, and tells its state in the address', async () => {
  const page = await browser.open(`${gateway.url}/demo`);
  await page.waitFor('document.querySelector("#viewer canvas") !== null');
  await page.settle();
  const globe = await page.screenshot('#viewer canvas');
  await keep('demo-aladin.png', globe);
  await expectUpright(globe, { lon: 0, lat: 0 });

  await open(page, 'openlayers', '.stage .ol-viewport');
  expect(await page.evaluate('location.hash')).toBe('#layer=moon&view=openlayers&map=wms/IAU_2015:30100');
  await page.evaluate(`(() => {
    const choice = document.querySelector('#map');
    choice.value = 'wmts/MOON_NORTH_POLAR';
    choice.dispatchEvent(new Event('change'));
  })()`);
  await page.waitFor('document.querySelector(".stage").chart?.getView().getProjection().getCode() === "IAU_2015:30130"');
  await page.settle();
  await keep('demo-openlayers.png', await page.screenshot('body'));

  await open(page, 'leaflet', '.stage .leaflet-tile-loaded');
  expect(await page.evaluate('document.querySelectorAll(".stage").length')).toBe(1);
  expect(await page.evaluate('location.hash')).toBe('#layer=moon&view=leaflet&map=xyz/MOON_EQUIRECTANGULAR');
  await keep('demo-leaflet.png', await page.screenshot('body'));

  await open(page, 'aladin', '#viewer canvas');
  expect(page.requests.filter(({ url }) => !url.startsWith(`${gateway.url}/`))).toEqual([]);
  expect(page.requests.filter(({ status }) => status !== null && status >= 400)).toEqual([]);
  expect(page.errors).toEqual([]);
  await page.close();
});

const DAYS = ['2024-01-01', '2024-02-01', '2024-03-01'];
const COLOURS = [{ r: 200, g: 0, b: 0 }, { r: 0, g: 200, b: 0 }, { r: 0, g: 0, b: 200 }];

const DATED = (url: string): string => `
services: {wms: {srs: ['IAU_2015:49900']}, wmts: {restful_template: '/{Layer}/{TileMatrixSet}/{time}/{TileMatrix}/{TileCol}/{TileRow}.{Format}'}}
layers:
  - {name: dust, title: Dust, sources: [tiles], dimensions: {time: {values: [${DAYS.join(', ')}], default: '${DAYS[1]}'}, elevation: {values: [0, 1000]}}}
caches: {tiles: {grids: [MARS_GEOGRAPHIC], sources: [dust]}}
sources: {dust: {type: wms, req: {url: '${url}/wms?', layers: dust, format: image/png}, supported_srs: ['IAU_2015:49900'], forward_req_params: [time, elevation]}}
`;

/** Red, green, blue in the middle of the map. */
async function middle(page: Page): Promise<readonly number[]> {
  const { width, height, data } = await readPicture(await page.screenshot('.stage'));
  const at = 3 * (Math.floor(height / 2 + 7) * width + Math.floor(width / 2 + 7));
  return [...data.subarray(at, at + 3)];
}

it('a layer with dimensions shows the values that are chosen, as WMS and as WMTS, and says so in the address', async () => {
  const upstream = await startUpstream(async (request, response) => {
    const query = new URL(request.url ?? '/', 'http://x').searchParams;
    const background = COLOURS[DAYS.indexOf(query.get('time') ?? '')]!;
    const png = await sharp({ create: { width: Number(query.get('WIDTH')), height: Number(query.get('HEIGHT')), channels: 3, background } }).png().toBuffer();
    response.writeHead(200, { 'content-type': 'image/png' }).end(png);
  });
  const dated = await startGateway({ text: DATED(upstream.url) });
  try {
    const page = await browser.open(`${dated.url}/demo/#view=openlayers`);
    const choose = (selector: string, value: string): Promise<unknown> =>
      page.evaluate(`(() => { const choice = document.querySelector(${JSON.stringify(selector)}); choice.value = ${JSON.stringify(value)}; choice.dispatchEvent(new Event('change')); })()`);
    const shows = (colour: readonly number[]): Promise<void> => expect.poll(() => middle(page), { timeout: 20_000 }).toEqual(colour);
    const named = (): Promise<unknown> => page.evaluate('[...document.querySelectorAll("#dimensions select")].map((choice) => `${choice.dataset.parameter}=${choice.value}`).join()');
    await page.waitFor('document.querySelector(".stage .ol-viewport") !== null');
    await shows([0, 200, 0]);
    expect(await named()).toBe('TIME=2024-02-01,ELEVATION=1000');

    await choose('[data-parameter=TIME]', '2024-03-01');
    await shows([0, 0, 200]);
    expect(await page.evaluate('location.hash')).toBe('#layer=dust&view=openlayers&map=wms/IAU_2015:49900&TIME=2024-03-01');
    await keep('demo-dimensions.png', await page.screenshot('body'));

    await choose('#map', 'wmts/MARS_GEOGRAPHIC'); // whose addresses name the time only
    await shows([0, 200, 0]);
    expect(await named()).toBe('time=2024-02-01');
    await choose('[data-parameter=time]', '2024-01-01');
    await shows([200, 0, 0]);
    expect(page.requests.filter(({ status }) => status !== null && status >= 400)).toEqual([]);
    expect(page.errors).toEqual([]);
    await page.close();
  } finally {
    await dated.stop();
    await upstream.close();
  }
});
