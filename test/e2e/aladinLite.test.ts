import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, type Page, startBrowser } from './support/chromium.ts';
import { type Gateway, startGateway } from './support/gateway.ts';
import { expectUpright } from './support/globeView.ts';
import { keep } from './support/moon.ts';

/** Side of the window, pixels. */
const SIDE = 800;
/** The demo's initial view: the near side. */
const NEAR_SIDE = { lon: 0, lat: 0 };

let gateway: Gateway;
let browser: Browser;
beforeAll(async () => {
  gateway = await startGateway({ demo: true });
  browser = await startBrowser(SIDE, SIDE);
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

/** Address of Aladin Lite as the gateway's own page loads it. */
function aladinAddress(page: Page): string {
  return page.requests.find(({ url }) => /\/vendor\/aladin-lite\/.*\.js$/i.test(url))?.url ?? 'no request for Aladin Lite';
}

/** A user's own page: one survey, whole globe, `survey` as typed. */
function ownView(aladin: string, survey: string, target: string): string {
  return `(async () => {
    const { default: A } = await import(${JSON.stringify(aladin)});
    await A.init;
    document.body.innerHTML = '<div id="own" style="position:fixed;inset:0"></div>';
    const survey = ${JSON.stringify(survey)};
    A.aladin('#own', { survey, target: ${JSON.stringify(target)}, fov: 180, projection: 'SIN', hipsList: [survey], samp: false, log: false });
  })()`;
}

function expectOnlyOwnRequests(page: Page): void {
  expect(page.requests.filter(({ url }) => !url.startsWith(`${gateway.url}/`))).toEqual([]);
  expect(page.requests.filter(({ url, status }) => status !== 200 && !url.endsWith('/favicon.ico'))).toEqual([]);
  expect(page.errors).toEqual([]);
}

describe('Aladin Lite in Chromium', () => {
  it("draws the Moon on the HiPS's own page, east to the right, from this origin alone", async () => {
    const page = await browser.open(`${gateway.url}/hips/moon/`);
    await page.waitFor('document.querySelector("canvas") !== null');
    await page.settle();
    const png = await page.screenshot('canvas');
    await keep('aladin-lite-page.png', png);
    await expectUpright(png, NEAR_SIDE);
    expectOnlyOwnRequests(page);
    await page.close();
  });

  it.each([
    ['the near side', '0 0', NEAR_SIDE],
    ['the date line and the south', '180 -60', { lon: 180, lat: -60 }],
    ['the north pole', '40 80', { lon: 40, lat: 80 }],
  ])('draws %s in a page whose survey address ends in a slash', async (name, target, view) => {
    const page = await browser.open(`${gateway.url}/hips/moon/`);
    await page.settle();
    await page.evaluate(ownView(aladinAddress(page), `${gateway.url}/hips/moon/`, target));
    await page.settle();
    const png = await page.screenshot('canvas');
    await keep(`aladin-lite-${name.replaceAll(' ', '-')}.png`, png);
    // The Allsky, and on some runs the tiles of order 0: the client's choice, the picture is the same.
    expect(page.requests.map(({ url }) => url)).toContainEqual(expect.stringContaining('/hips/moon//Norder'));
    await expectUpright(png, view);
    expectOnlyOwnRequests(page);
    await page.close();
  });
});
