import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Browser, type Page, startBrowser } from './support/chromium.ts';
import { type Gateway, startGateway } from './support/gateway.ts';
import { expectUpright } from './support/globeView.ts';
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
