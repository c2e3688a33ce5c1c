import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { decoded, pictureGateway, pixelAt, type PictureGateway } from '../support/pictureGateway.ts';

/**
 * Maps of a map server that has no cache are its own answers, as in MapProxy. Dangers: labels that are cut, resampled or drawn twice; a
 * server asked in a system that it does not know, or beyond its world; a cache that does not shield it.
 */
const codec = createSharpCodec({ maxPixels: 1e8 });
let upstream: Upstream;
let served: PictureGateway;

/** Noise that no resampling leaves as it is, other for each request. */
async function draw(url: string, response: ServerResponse): Promise<void> {
  const query = new URL(url, 'http://x').searchParams;
  const [width, height] = [Number(query.get('WIDTH')), Number(query.get('HEIGHT'))];
  const data = new Uint8Array(width * height * 4).map((_, i) => (i % 4 === 3 ? 255 : Math.imul(i + 1, 2_654_435_761) >>> 24));
  response.writeHead(200, { 'content-type': 'image/png' }).end(await codec.encode({ width, height, data, opaque: true }, 'image/png', { quality: 90, background: 0 }));
}

const config = (url: string): string => `
services: {wms: {srs: ['IAU_2015:30100', 'IAU_2015:30130']}}
layers:
  - {name: direct, title: Direct, sources: [labels]}
  - {name: faint, title: Half, sources: [faint]}
  - {name: part, title: A part, sources: [part]}
  - {name: cached, title: Cached, sources: [cache]}
  - {name: passed, title: Passed by, sources: [passed]}
  - {name: level, title: Passed by from a level, sources: [level]}
  - {name: unsaid, title: Systems not said, sources: [unsaid]}
caches:
  cache: {grids: [MOON_GEOGRAPHIC], sources: [shielded]}
  passed: {grids: [MOON_GEOGRAPHIC], sources: [labels], use_direct_from_res: 0.5}
  level: {grids: [deg], sources: [labels], use_direct_from_level: 1}
grids: {deg: {srs: 'IAU_2015:30100', res: [2, 0.25]}}
sources:
  labels: {type: wms, req: {url: '${url}/?', layers: labels}, supported_srs: ['IAU_2015:30100']}
  faint: {type: wms, req: {url: '${url}/?', layers: labels}, supported_srs: ['IAU_2015:30100'], image: {opacity: 0.5}}
  part: {type: wms, req: {url: '${url}/?', layers: labels}, supported_srs: ['IAU_2015:30100'], coverage: {bbox: [0, 0, 90, 90], srs: 'IAU_2015:30100', clip: true}}
  shielded: {type: wms, req: {url: '${url}/?', layers: shielded}, supported_srs: ['IAU_2015:30100']}
  unsaid: {type: wms, req: {url: '${url}/?', layers: labels}, body: moon}
globals: {cache: {base_dir: cache}}
`;

beforeAll(async () => {
  upstream = await startUpstream((request, response) => draw(request.url!, response));
  served = await pictureGateway(config(upstream.url), {});
});
beforeEach(() => {
  upstream.requests.length = 0;
});
afterAll(async () => {
  await served.close();
  await upstream.close();
});

async function map(layer: string, srs: string, bbox: string, [width, height]: readonly [number, number]) {
  const answer = await served.app.inject(`/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layer}&STYLES=&SRS=${srs}&BBOX=${bbox}&WIDTH=${width}&HEIGHT=${height}&FORMAT=image/png&TRANSPARENT=TRUE`);
  expect(answer.headers['content-type']).toBe('image/png');
  return decoded(answer.rawPayload);
}

const asked = () => upstream.requests.map((url) => {
  const query = new URL(url, 'http://x').searchParams;
  return ['SRS', 'BBOX', 'WIDTH', 'HEIGHT'].map((name) => query.get(name)).join(' ');
});

describe('a map of a map server', () => {
  it.each([
    ['-33.3,12.7,41.1,60.9', [331, 217]],
    ['-180,-90,180,90', [400, 200]],
    ['0.1,0.2,0.3,0.4', [3, 7]],
  ] as const)('%s: the very request, and its answer pixel for pixel', async (bbox, size) => {
    const found = await map('direct', 'IAU_2015:30100', bbox, size);
    expect(asked()).toEqual([`IAU_2015:30100 ${bbox} ${size.join(' ')}`]);
    for (const [col, row] of [[0, 0], [1, 2], [size[0] - 1, size[1] - 1]] as const) {
      const i = (row * size[0] + col) * 4;
      expect(pixelAt(found, col, row)).toEqual([0, 1, 2].map((c) => Math.imul(i + c + 1, 2_654_435_761) >>> 24).concat(255));
    }
  });

  it('is laid over others with its opacity', async () => {
    const found = await map('faint', 'IAU_2015:30100', '0,0,10,10', [10, 10]);
    expect(asked()).toEqual(['IAU_2015:30100 0,0,10,10 10 10']);
    expect(pixelAt(found, 3, 3)[3]).toBe(128);
  });

  it('is cut at its coverage, and not asked beyond it', async () => {
    const found = await map('part', 'IAU_2015:30100', '-10,-10,10,10', [20, 20]);
    expect([pixelAt(found, 5, 5)[3], pixelAt(found, 15, 5)[3], asked()]).toEqual([0, 255, ['IAU_2015:30100 -10,-10,10,10 20 20']]);
    await map('part', 'IAU_2015:30100', '-20,-20,-10,-10', [20, 20]);
    expect(asked()).toHaveLength(1);
  });

  it.each([
    ['in a system that it does not know', 'IAU_2015:30130', '-100000,-100000,100000,100000'],
    ['across the edge of the world', 'IAU_2015:30100', '170,-10,190,10'],
  ])('%s: drawn from windows of what it knows', async (_, srs, bbox) => {
    const found = await map('direct', srs, bbox, [20, 20]);
    expect(pixelAt(found, 10, 10)[3]).toBe(255);
    expect(asked().length).toBeGreaterThan(0);
    for (const one of asked()) expect(one).toMatch(/^IAU_2015:30100 /);
  });

  it('below a cache: windows, once', async () => {
    await map('cached', 'IAU_2015:30100', '0,0,10,10', [20, 20]);
    const first = asked().length;
    await map('cached', 'IAU_2015:30100', '0.5,0.5,10.5,10.5', [20, 20]);
    expect(first).toBeGreaterThan(0);
    expect(asked()).toHaveLength(first);
  });

  it.each([['passed', 0.5], ['level', 0.25]])('below the cache %s: itself from %f degrees a pixel on, the smaller side of a pixel counting', async (layer, res) => {
    const size = 20;
    for (const [across, isAsked] of [[res, true], [res * 1.01, false], [res / 8, true]] as const) {
      upstream.requests.length = 0;
      const bbox = `0,0,${size * across},${size * Math.max(across, 1)}`;
      await map(layer, 'IAU_2015:30100', bbox, [size, size]);
      expect(asked().includes(`IAU_2015:30100 ${bbox} ${size} ${size}`), `${across} degrees`).toBe(isAsked);
    }
  });

  it('that does not say what it knows is asked directly only in what it is read in anyway', async () => {
    await map('unsaid', 'IAU_2015:30130', '-100000,-100000,100000,100000', [20, 20]);
    for (const one of asked()) expect(one).not.toMatch(/30130/);
  });
});
