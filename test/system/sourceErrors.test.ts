import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { textRaster } from '../../src/raster/text.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/**
 * `on_source_errors: notify`. Dangers: a map with a hole that somebody keeps, or that nobody can tell from a whole one; an upstream's words or address in a
 * picture; a blank map where everything failed; tiles with a notice in them, or stored with a hole.
 */
const codec = createSharpCodec({ maxPixels: 1e8 });
const COLOURS: { readonly [layer: string]: readonly [number, number, number, number] } = { good: [200, 10, 20, 255], fine: [10, 200, 20, 255] };
let upstream: Upstream;
let isDown = true;

const config = (url: string, service: string): string => `
services: {${service}, wmts: }
layers:
  - {name: good, title: Good, sources: [good]}
  - {name: bad, title: Bad, sources: [bad]}
  - {name: half, title: Half, sources: [good, bad]}
  - {name: worse, title: Worse, sources: [worse]}
  - {name: group, title: Group, layers: [{name: inner, title: Inner, sources: [good]}, {name: outer, title: Outer, sources: [bad]}]}
  - {name: cached, title: Cached, sources: [cache]}
caches: {cache: {grids: [MOON_GEOGRAPHIC], sources: [good, bad]}}
sources:
  good: {type: wms, req: {url: '${url}/?', layers: good}, supported_srs: ['IAU_2015:30100']}
  bad: {type: wms, req: {url: '${url}/?map=secret', layers: bad, transparent: true}, supported_srs: ['IAU_2015:30100'], http: {tries: 1}}
  worse: {type: wms, req: {url: '${url}/?', layers: bad}, supported_srs: ['IAU_2015:30100'], http: {tries: 1}}
globals: {cache: {base_dir: cache}}
`;

beforeAll(async () => {
  upstream = await startUpstream(async (request, response) => {
    const query = new URL(request.url!, 'http://x').searchParams;
    const layer = query.get('LAYERS')!;
    if (layer === 'bad' && isDown) return response.writeHead(500).end('/etc/secret');
    const picture = plainPicture(Number(query.get('WIDTH')), Number(query.get('HEIGHT')), COLOURS[layer] ?? [0, 0, 200, 255]);
    return response.writeHead(200, { 'content-type': 'image/png' }).end(await codec.encode(picture, 'image/png', { quality: 90, background: 0 }));
  });
});
beforeEach(() => {
  isDown = true;
});
afterAll(() => upstream.close());

const map = (layers: string, size = 200): string => `/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layers}&STYLES=&SRS=IAU_2015:30100&BBOX=0,0,10,10&WIDTH=${size}&HEIGHT=${size}&FORMAT=image/png`;

describe.each([[0], [1]])('with %i rendering threads', (threads) => {
  const reported: string[] = [];
  let served: PictureGateway;
  beforeAll(async () => {
    const service = "wms: {srs: ['IAU_2015:30100'], on_source_errors: notify}, ogcapi: {on_source_errors: notify, default_dataset_layers: [good, bad]}";
    served = await pictureGateway(config(upstream.url, service), {}, { threads, report: (error) => reported.push((error as Error).message) });
  });
  afterAll(() => served.close());

  it.each([
    ['good,bad', 'bad'],
    ['bad,good', 'bad'],
    ['half', 'half'],
    ['group', 'outer'],
    ['worse,good,bad', 'worse, bad'],
    ['cached', 'cached'],
  ])('%s: what answers, with a notice that names %s, which nobody keeps', async (layers, missing) => {
    reported.length = 0;
    const answer = await served.app.inject(map(layers));
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['cache-control'], answer.headers.etag, answer.headers['last-modified']]).toEqual([200, 'image/png', 'no-store', undefined, undefined]);
    const found = await decoded(answer.rawPayload);
    const notice = textRaster(`Not drawn, as a source of it does not answer: ${missing}`, 200, 200);
    for (let i = 0; i < 200 * 200; i++) {
      const [col, row] = [i % 200, Math.floor(i / 200)];
      const wanted = pixelAt(notice, col, row)[3] === 255 ? pixelAt(notice, col, row) : COLOURS['good'];
      if (pixelAt(found, col, row).join() !== wanted!.join()) expect([col, row, pixelAt(found, col, row)]).toEqual([col, row, wanted]);
    }
    expect(reported.join()).toContain('secret'); // the log knows
  });

  it('and is whole again when the source is', async () => {
    await served.app.inject(map('good,bad', 64));
    isDown = false;
    const answer = await served.app.inject(map('good,bad', 64));
    expect(answer.headers['cache-control']).toMatch(/public/);
    expect(pixelAt(await decoded(answer.rawPayload), 3, 3)).toEqual([0, 0, 200, 255]);
  });

  it.each(['bad', 'bad,worse'])('%s, where nothing answers: an exception', async (layers) => {
    const answer = await served.app.inject(map(layers, 65));
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([502, 'no-store']);
    expect(answer.body).not.toMatch(/secret|127\.0\.0\.1/);
  });

  it('what the client did wrong stays an exception', async () => {
    expect((await served.app.inject(map('good,nonsense'))).statusCode).toBe(400);
  });

  it('tiles fail, and so do those of a dataset', async () => {
    for (const url of ['/wmts/cached/MOON_GEOGRAPHIC/1/0/0.png', '/ogcapi/collections/cached/map/tiles/MOON_GEOGRAPHIC/1/0/0.png']) expect((await served.app.inject(url)).statusCode).toBe(502);
  });

  it('a map of OGC API: the same', async () => {
    const answer = await served.app.inject('/ogcapi/map?collections=good,bad&bbox=0,0,10,10&width=201&height=201&f=png');
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(pixelAt(await decoded(answer.rawPayload), 200, 200)).toEqual(COLOURS['good']);
  });
});

it('not said: the map fails', async () => {
  const served = await pictureGateway(config(upstream.url, "wms: {srs: ['IAU_2015:30100']}, ogcapi: "), {});
  expect((await served.app.inject(map('good,bad'))).statusCode).toBe(502);
  expect((await served.app.inject('/ogcapi/map?collections=good,bad&bbox=0,0,10,10&width=201&height=201&f=png')).statusCode).toBe(502);
  await served.close();
});
