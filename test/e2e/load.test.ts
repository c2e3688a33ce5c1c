import { describe, expect, it } from 'vitest';
import { startUpstream } from '../contract/upstreamServer.ts';
import { codec } from '../support/analyticHips.ts';
import { getBytes, startGateway, type Gateway } from './support/gateway.ts';
import { MOON_JPG } from './support/moon.ts';

/**
 * A server with more work than it can do at once. Dangers: the mosaic of a whole HiPS keeps somebody in front of a screen waiting; work for a
 * client that has gone goes on, and its upstream is asked for nobody.
 */
const CONFIG = `
services: {hips: , wms: {max_output_pixels: [8192, 8192]}}
layers: [{name: moon, title: Moon, sources: [moon], md: {hips: {hips_order: 5}}}]
sources: {moon: {type: image, url: ${MOON_JPG}, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
globals: {cache: {base_dir: cache}}
server: {threads: 1}
`;

async function serving<T>(text: string, work: (gateway: Gateway) => Promise<T>): Promise<T> {
  const gateway = await startGateway({ text });
  try {
    return await work(gateway);
  } finally {
    await gateway.stop();
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Processor time that the server has used, seconds. */
async function cpuOf({ url }: Gateway): Promise<number> {
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(await (await fetch(`${url}/metrics`)).text())![1]);
}

describe('a busy server', () => {
  it('draws tiles for people while the mosaic of a whole order is being made', { timeout: 120_000 }, () => serving(CONFIG, async ({ url }) => {
    await getBytes(`${url}/hips/moon/Norder5/Dir0/Npix0.png`); // everything is started
    let isDone = false;
    const mosaic = getBytes(`${url}/hips/moon/Norder3/Allsky.jpg`).finally(() => {
      isDone = true;
    });
    const doneBefore: boolean[] = [];
    for (let npix = 1; npix <= 8; npix++) {
      await getBytes(`${url}/hips/moon/Norder5/Dir0/Npix${npix}.png`);
      doneBefore.push(isDone);
    }
    expect(doneBefore).toEqual(doneBefore.map(() => false));
    expect((await mosaic).length).toBeGreaterThan(10_000);
  }));

  it('stops drawing when the client has gone', { timeout: 120_000 }, () => serving(CONFIG, async (gateway) => {
    await getBytes(`${gateway.url}/hips/moon/Norder5/Dir0/Npix0.png`);
    const started = performance.now();
    await getBytes(`${gateway.url}/hips/moon/Norder3/Allsky.png`);
    const whole = performance.now() - started; // of the same work, in another format
    const leaving = new AbortController();
    const asked = fetch(`${gateway.url}/hips/moon/Norder2/Allsky.jpg`, { signal: leaving.signal }).catch(() => null);
    const maps = [3, 5].map((west) => fetch(`${gateway.url}/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=moon&STYLES=&SRS=IAU_2015:30130&BBOX=${west}e5,-1e6,3e6,1e6&WIDTH=8192&HEIGHT=8192&FORMAT=image/png`, { signal: leaving.signal }).catch(() => null));
    await pause(Math.min(200, whole / 4));
    leaving.abort();
    await Promise.all([asked, ...maps]);
    await pause(1500); // what cannot be interrupted (one picture in the codec) ends
    const before = await cpuOf(gateway);
    await pause(2000);
    expect(await cpuOf(gateway) - before).toBeLessThan(0.4);
  }));

  it('does not ask its upstream for a client that has gone', { timeout: 60_000 }, async () => {
    const upstream = await startUpstream(async (request, response) => {
      await pause(100);
      const query = new URL(request.url!, 'http://x').searchParams;
      const [width, height] = [Number(query.get('WIDTH')), Number(query.get('HEIGHT'))];
      response.writeHead(200, { 'content-type': 'image/png' }).end(await codec.encode({ width, height, data: new Uint8Array(width * height * 4).fill(255), opaque: true }, 'image/png', { quality: 90, background: 0 }));
    });
    try {
      await serving(`
services: {hips: }
layers: [{name: moon, title: Moon, sources: [moon]}]
sources: {moon: {type: wms, req: {url: '${upstream.url}/?', layers: x}, supported_srs: ['IAU_2015:30100'], concurrent_requests: 2}}
globals: {cache: {base_dir: cache}, http: {tries: 1}}
`, async ({ url }) => {
        const leaving = new AbortController();
        const asked = fetch(`${url}/hips/moon/Norder3/Allsky.jpg`, { signal: leaving.signal }).catch(() => null);
        for (let tries = 0; upstream.requests.length < 2 && tries < 100; tries++) await pause(20);
        leaving.abort();
        await asked;
        await pause(300);
        const after = upstream.requests.length;
        await pause(1000);
        expect(upstream.requests.length).toBe(after);
        await getBytes(`${url}/hips/moon/Norder3/Dir0/Npix5.png`); // it is well
      });
    } finally {
      await upstream.close();
    }
  });
});
