import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { over } from '../../src/raster/blend.ts';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { emptyRaster, type Raster } from '../../src/raster/raster.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { decoded, pictureGateway, type PictureGateway } from '../support/pictureGateway.ts';

/**
 * Neighbouring sources of one map server are asked for together, as in MapProxy (source/wms.py, combined_layer). Dangers: a server is asked once for each
 * layer; a picture that is not the one of all sources laid over each other: what another option, server or order made different is joined.
 */
const codec = createSharpCodec({ maxPixels: 1e8 });
const WIDTH = 30;
let upstream: Upstream;
let served: PictureGateway;

/** Layer `n` fills columns 3n to 3n + 9 with its colour, half seen through. */
function layer(name: string): Raster {
  const raster = emptyRaster(WIDTH, 10);
  const n = name.codePointAt(0)! - 'a'.codePointAt(0)!;
  for (let i = 0; i < WIDTH * 10; i++) if (i % WIDTH >= 3 * n && i % WIDTH < 3 * n + 9) raster.data.set([(40 * n) % 128, 128 - 10 * n, 64, 128], i * 4);
  return raster;
}

/** As a WMS does it: its layers over each other, over white unless TRANSPARENT. */
async function draw(url: string, response: ServerResponse): Promise<void> {
  const query = new URL(url, 'http://x').searchParams;
  const ground = emptyRaster(WIDTH, 10);
  if (query.get('TRANSPARENT') !== 'TRUE') ground.data.fill(255);
  const picture = query.get('LAYERS')!.split(',').map(layer).reduce((bottom, top) => over(bottom, top), ground);
  response.writeHead(200, { 'content-type': 'image/png' }).end(await codec.encode(picture, 'image/png', { quality: 90, background: 0 }));
}

const wms = (layers: string, { more = '', req = '', url = '/wms?' } = {}): string =>
  `{type: wms, req: {url: '${upstream.url}${url}', layers: ${layers}, transparent: true${req}}, supported_srs: ['EPSG:4326']${more}}`;

const config = (): string => `
services: {wms: {srs: ['EPSG:4326']}}
layers:
  - {name: three, title: Of one server, sources: [a, b, c]}
  - {name: ground, title: Opaque at the bottom, sources: [opaque, b, c]}
  - {name: lid, title: Opaque above, sources: [a, opaque, c]}
  - {name: other, title: Another server between, sources: [a, elsewhere, b]}
  - {name: colour, title: A colour made transparent, sources: [a, cleared, c]}
  - {name: faint, title: Opacity, sources: [a, half, c]}
  - {name: systems, title: Other systems, sources: [a, systems, c]}
  - {name: part, title: Another coverage, sources: [a, part, c]}
  - {name: parts, title: The same coverage, sources: [part, part_too]}
  - {name: styled, title: With styles, sources: [a, styled, c]}
  - {name: params, title: Another parameter, sources: [a, params, c]}
  - {name: errors, title: Errors replaced, sources: [a, errors, c]}
  - {name: near, title: Not from afar, sources: [a, near, c]}
  - {name: one, title: One, sources: [a]}
  - {name: two, title: Two, sources: [b, c]}
  - {name: named, title: Layers chosen, sources: ['any:d', 'any:e,b']}
  - name: group
    title: A group
    layers: [{name: g1, title: G, sources: [a]}, {name: g2, title: G, sources: [b]}]
sources:
  a: ${wms('a')}
  b: ${wms('b')}
  c: ${wms('c')}
  any: {type: wms, req: {url: '${upstream.url}/wms?', transparent: true}, supported_srs: ['EPSG:4326']}
  opaque: {type: wms, req: {url: '${upstream.url}/wms?', layers: d}, supported_srs: ['EPSG:4326']}
  elsewhere: ${wms('b', { url: '/other?' })}
  cleared: ${wms('b', { more: ", image: {transparent_color: '#ffffff'}" })}
  half: ${wms('b', { more: ', image: {opacity: 0.5}' })}
  systems: {type: wms, req: {url: '${upstream.url}/wms?', layers: b, transparent: true}, supported_srs: ['EPSG:4326', 'EPSG:3857']}
  part: ${wms('b', { more: ', coverage: {bbox: [-180, -90, 0, 90], srs: EPSG:4326, clip: true}' })}
  part_too: ${wms('c', { more: ', coverage: {bbox: [-180, -90, 0, 90], srs: EPSG:4326, clip: true}' })}
  styled: ${wms("'b,e'", { req: ', styles: dark' })}
  params: ${wms('b', { req: ', map: other' })}
  errors: ${wms('b', { more: ', on_error: {500: {response: transparent, cache: true}}' })}
  near: ${wms('b', { more: ', min_res: 10' })}
globals: {cache: {base_dir: cache}}
`;

beforeAll(async () => {
  upstream = await startUpstream((request, response) => draw(request.url!, response));
  served = await pictureGateway(config(), {});
});
beforeEach(() => {
  upstream.requests.length = 0;
});
afterAll(async () => {
  await served.close();
  await upstream.close();
});

async function map(layers: string): Promise<Raster> {
  const address = `/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layers}&STYLES=&SRS=EPSG:4326&BBOX=-180,-60,180,60&WIDTH=${WIDTH}&HEIGHT=10&FORMAT=image/png&TRANSPARENT=TRUE`;
  const answer = await served.app.inject(address);
  expect(answer.headers['content-type'], answer.body).toBe('image/png');
  return decoded(answer.rawPayload);
}

const asked = (): string[] => upstream.requests.map((url) => {
  const { pathname, searchParams: query } = new URL(url, 'http://x');
  return `${pathname === '/wms' ? '' : pathname}${query.get('LAYERS')}${query.get('STYLES') === '' ? '' : ` ${query.get('STYLES')}`}${query.get('TRANSPARENT') === 'TRUE' ? '' : ' opaque'}`;
}).sort();

/** The pictures laid over each other; each channel rounded once for each of them. */
function expectPicture(found: Raster, ...pictures: readonly Raster[]): void {
  const wanted = pictures.reduce((bottom, top) => over(bottom, top));
  const seen = (straight: number, i: number): number => (i % 4 === 3 ? straight : (straight * found.data[i | 3]!) / 255);
  for (let i = 0; i < wanted.data.length; i++) expect(Math.abs(seen(found.data[i]!, i) - wanted.data[i]!), `channel ${i % 4} of column ${(i >> 2) % WIDTH}`).toBeLessThanOrEqual(2);
}

const white = (): Raster => ({ width: WIDTH, height: 10, data: new Uint8Array(WIDTH * 40).fill(255), opaque: true });

describe('one request', () => {
  it.each([
    ['three', ['a,b,c']],
    ['one,two', ['a,b,c']],
    ['group', ['a,b']],
    ['two,one', ['b,c,a']],
    ['named', ['d,e,b']],
    ['styled', ['a,b,e,c ,dark,,']],
  ] as const)('%s: %j, and the picture of all', async (layers, requests) => {
    const found = await map(layers);
    expect(asked()).toEqual(requests);
    expectPicture(found, ...requests[0].split(' ')[0]!.split(',').map(layer));
  });

  it('what lies at the bottom may be opaque: its request says so', async () => {
    const found = await map('ground');
    expect(asked()).toEqual(['d,b,c opaque']);
    expectPicture(found, white(), layer('d'), layer('b'), layer('c'));
  });

  it('the same part of the world is cut out of both', async () => {
    const found = await map('parts');
    expect(asked()).toEqual(['b,c']);
    const halves = [layer('b'), layer('c')].map((one) => ({ ...one, data: one.data.map((value, i) => ((i >> 2) % WIDTH < WIDTH / 2 ? value : 0)) }));
    expectPicture(found, ...halves);
  });
});

describe('each by itself', () => {
  it.each([
    ['other', ['/otherb', 'a', 'b']],
    ['colour', ['a', 'b', 'c']],
    ['faint', ['a', 'b', 'c']],
    ['systems', ['a', 'b', 'c']],
    ['part', ['a', 'b', 'c']],
    ['params', ['a', 'b', 'c']],
    ['errors', ['a', 'b', 'c']],
  ] as const)('%s', async (layers, requests) => {
    await map(layers);
    expect(asked()).toEqual(requests);
  });

  it('what is opaque hides what is beneath: no request may show both', async () => {
    const found = await map('lid');
    expect(asked()).toEqual(['a', 'd,c opaque']);
    expectPicture(found, white(), layer('d'), layer('c'));
  });

  it('a source that is not drawn at this resolution is left out of it', async () => {
    await map('near');
    expect(asked()).toEqual(['a', 'c']);
  });
});

it('an address never grows beyond what servers read', async () => {
  await map(Array.from({ length: 900 }, (_, i) => ['one', 'g2'][i % 2]).join(','));
  expect(upstream.requests.length).toBeGreaterThan(1);
  for (const url of upstream.requests) expect(url.length).toBeLessThan(2000);
});
