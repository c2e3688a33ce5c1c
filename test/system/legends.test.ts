import { writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/**
 * Legends that upstreams draw. Dangers: a legend that is not the layer's, or a part of it; capabilities that wait for, or fail with, an upstream, or
 * tell a size that the picture does not have; an upstream asked for each of a client's requests; an address that leaks.
 */
type Colour = readonly [number, number, number, number];
/** By layer: width, height, colour. */
const LEGENDS: { readonly [layer: string]: readonly [number, number, Colour] } = {
  low: [30, 10, [255, 0, 0, 255]],
  high: [20, 15, [0, 255, 0, 255]],
  other: [25, 5, [0, 0, 255, 255]],
  static: [7, 9, [1, 2, 3, 255]],
};

async function picture([width, height, [r, g, b]]: readonly [number, number, Colour]): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } }).png().toBuffer();
}

const wms = (layers: string, options: string, more = ''): string => `{type: wms, req: {url: 'URL/?map=secret', layers: '${layers}', styles: ''}, supported_srs: ['IAU_2015:30100'], wms_opts: {${options}}${more}}`;
const config = (url: string): string => `
services: {wms: {srs: ['IAU_2015:30100']}, wmts: }
layers:
  - {name: one, title: One, sources: [one]}
  - {name: two, title: Two, sources: [one, other]}
  - {name: cached, title: Cached, sources: [cache]}
  - {name: tagged, title: Tagged, sources: ['one:high']}
  - {name: plain, title: Plain, sources: [plain]}
  - {name: own, title: Own, sources: [one], legendurl: 'URL/static.png'}
  - {name: file, title: On disk, sources: [cache], legendurl: 'file://FOLDER/legend.png'}
  - {name: ofSource, title: Of the source, sources: [fixed]}
  - {name: told, title: Told, sources: [cache], wmts_kvp_legendurl: '{base_url}/kvp/{layer_name}.png?a=1&amp;b=2', wmts_rest_legendurl: '{base_url}/rest/{layer_name}.png'}
  - {name: group, title: Group, layers: [{name: inner, title: Inner, sources: [other]}, {name: innermost, title: Innermost, sources: [plain]}, {name: last, title: Last, sources: [one]}]}
  - {name: pictured, title: Pictured, legendurl: 'URL/static.png', layers: [{name: within, title: Within, sources: [plain]}]}
  - {name: down, title: Down, sources: [down]}
  - {name: page, title: Page, sources: [page]}
caches: {cache: {grids: [MOON_GEOGRAPHIC], sources: [one]}}
sources:
  one: ${wms('low,high', 'legendgraphic: true')}
  other: ${wms('other', 'legendgraphic: true, version: 1.3.0')}
  plain: ${wms('plain', 'version: 1.1.1')}
  fixed: ${wms('low', "legendgraphic: true, legendurl: 'URL/static.png'")}
  down: ${wms('down', 'legendgraphic: true', ', http: {tries: 1}')}
  page: ${wms('page', 'legendgraphic: true')}
globals: {cache: {base_dir: cache}}
`.replaceAll('URL', url);

let upstream: Upstream;
let served: PictureGateway;

beforeAll(async () => {
  upstream = await startUpstream(async (request, response) => {
    const { pathname, searchParams: query } = new URL(request.url!, 'http://x');
    const layer = pathname === '/static.png' ? 'static' : query.get('LAYER');
    if (layer === 'down') return response.writeHead(500).end('/etc/secret');
    if (layer === 'page' && query.get('FORMAT') !== 'application/json') return response.writeHead(200, { 'content-type': 'image/png' }).end('<ServiceException>/etc/secret</ServiceException>');
    if (query.get('FORMAT') === 'application/json') return response.writeHead(200, { 'content-type': 'application/json' }).end(layer === 'other' ? '{"a": "other"}' : layer === 'page' ? '<html>/etc/secret' : `{"Legend": [{"layerName": "${layer}"}]}`);
    const legend = LEGENDS[layer ?? ''];
    const map = plainPicture(Number(query.get('WIDTH') ?? 1), Number(query.get('HEIGHT') ?? 1), [9, 9, 9, 255]);
    return response.writeHead(200, { 'content-type': 'image/png' }).end(await picture(legend ?? [map.width, map.height, [9, 9, 9, 255]]));
  });
  const first = await pictureGateway('services: {wms: }\nlayers: [{name: a, title: A, sources: [red]}]\nsources: {red: {type: image, url: red.png, srs: "EPSG:4326", bbox: [-180, -90, 180, 90]}}', { red: plainPicture(2, 1, [1, 1, 1, 255]) });
  writeFileSync(path.join(first.directory, 'legend.png'), await picture([3, 4, [5, 6, 7, 255]]));
  served = await pictureGateway(config(upstream.url).replaceAll('FOLDER', first.directory), {});
  files = first;
});
let files: PictureGateway;
beforeEach(() => {
  upstream.requests.length = 0;
});
afterAll(async () => {
  await served.close();
  await files.close();
  await upstream.close();
});

const legend = (layer: string, more = '') => served.app.inject(`/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetLegendGraphic&LAYER=${layer}&FORMAT=image/png${more}`);

/** Size, and the colours from top to bottom at the left edge. */
async function bandsOf(layer: string, more = ''): Promise<readonly [number, number, ...string[]]> {
  const answer = await legend(layer, more);
  expect(answer.headers['content-type']).toBe('image/png');
  const raster = await decoded(answer.rawPayload);
  const colours = Array.from({ length: raster.height }, (_, row) => pixelAt(raster, 0, row).join());
  return [raster.width, raster.height, ...new Set(colours)];
}

const RED = '255,0,0,255';
const GREEN = '0,255,0,255';
const BLUE = '0,0,255,255';

describe('GetLegendGraphic', () => {
  it.each([
    ['one', [30, 25, GREEN, RED]],
    ['two', [30, 30, BLUE, GREEN, RED]],
    ['cached', [30, 25, GREEN, RED]],
    ['tagged', [20, 15, GREEN]],
    ['own', [7, 9, '1,2,3,255']],
    ['file', [3, 4, '5,6,7,255']],
    ['ofSource', [7, 9, '1,2,3,255']],
    ['group', [30, 30, GREEN, RED, BLUE]],
    ['pictured', [7, 9, '1,2,3,255']],
  ])('of %s: the topmost layer at the top', async (layer, bands) => expect(await bandsOf(layer)).toEqual(bands));

  it('beside a narrower one: transparent', async () => {
    const raster = await decoded((await legend('one')).rawPayload);
    expect([pixelAt(raster, 25, 3), pixelAt(raster, 25, 20)]).toEqual([[0, 0, 0, 0], [255, 0, 0, 255]]);
  });

  it('of a layer without any: a small picture of it', async () => expect(await bandsOf('plain', '&WIDTH=20&HEIGHT=10')).toEqual([20, 10, '9,9,9,255']));

  it('asks in the words of its version, with the scale, and remembers the answer', async () => {
    await legend('two', '&SCALE=5000');
    await legend('two', '&SCALE=5000');
    expect(upstream.requests.map((url) => Object.fromEntries(new URL(url, 'http://x').searchParams)).toSorted((a, b) => (a['LAYER']! < b['LAYER']! ? -1 : 1))).toEqual(
      [['high', '1.1.1'], ['low', '1.1.1'], ['other', '1.3.0']].map(([LAYER, VERSION]) => ({ map: 'secret', SERVICE: 'WMS', VERSION, REQUEST: 'GetLegendGraphic', SLD_VERSION: '1.1.0', LAYER, STYLE: '', FORMAT: 'image/png', SCALE: '5000' })),
    );
  });

  it('as JPEG: on white', async () => {
    const answer = await served.app.inject('/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetLegendGraphic&LAYER=one&FORMAT=image/jpeg');
    expect(answer.headers['content-type']).toBe('image/jpeg');
    expect(pixelAt(await decoded(answer.rawPayload), 28, 3).map((value) => Math.round(value / 20))).toEqual([13, 13, 13, 13]);
  });

  it.each(['down', 'page'])('%s: an exception that tells nothing of the upstream', async (layer) => {
    const answer = await legend(layer);
    expect(answer.statusCode).toBe(502);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).not.toMatch(/secret|127\.0\.0\.1/);
  });

  it('a scale that is none: an exception', async () => expect((await legend('one', '&SCALE=0')).statusCode).toBe(400));
});

describe('GetLegendGraphic as JSON', () => {
  const ask = async (layer: string) => served.app.inject(`/service?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=${layer}&FORMAT=application/json&SCALE=7`);

  it('says what each upstream says', async () => {
    const answer = await ask('two');
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['x-content-type-options']]).toEqual([200, 'application/json', 'nosniff']);
    expect(answer.json()).toEqual({ Legend: [{ layerName: 'low' }, { layerName: 'high' }, { a: 'other' }] });
    await ask('two');
    expect(upstream.requests).toHaveLength(3);
    expect(upstream.requests.every((url) => /FORMAT=application\/json&SCALE=7/.test(url))).toBe(true);
  });

  it.each(['own', 'file', 'ofSource', 'plain'])('of %s, which is a picture: InvalidFormat', async (layer) => {
    const answer = await ask(layer);
    expect([answer.statusCode, answer.body.includes('InvalidFormat')]).toEqual([400, true]);
  });

  it.each(['down', 'page'])('%s: an exception that tells nothing of the upstream', async (layer) => {
    const answer = await ask(layer);
    expect(answer.statusCode).toBe(502);
    expect(answer.body).not.toMatch(/secret|127\.0\.0\.1/);
  });
});

describe('the capabilities', () => {
  const capabilities = async (version: string): Promise<string> => (await served.app.inject(`/service?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=${version}`)).body;
  const layerIn = (text: string, name: string): string => new RegExp(`<Name>${name}</Name>[\\s\\S]*?</(?:Layer|Style)>`).exec(text)![0];

  it.each(['1.1.1', '1.3.0'])('%s: tell the size of the real legend', async (version) => {
    const text = await capabilities(version);
    expect(layerIn(text, 'two')).toMatch(/<LegendURL width="30" height="30">/);
    expect(layerIn(text, 'file')).toMatch(/<LegendURL width="3" height="4">/);
    expect(layerIn(text, 'plain')).toMatch(/<LegendURL width="128" height="64">/);
  });

  it('tell of no legend that cannot be had', async () => {
    expect(layerIn(await capabilities('1.3.0'), 'down')).not.toContain('LegendURL');
  });

  it('of WMTS: the addresses that are written, else the legend of WMS where the layer has a picture', async () => {
    const ask = async (url: string): Promise<(name: string) => string | undefined> => {
      const { body } = await served.app.inject({ url, headers: { host: 'maps.example' } });
      return (name) => /<LegendURL[^>]*>/.exec(new RegExp(`<ows:Identifier>${name}</ows:Identifier>[\\s\\S]*?</Layer>`).exec(body)![0])?.[0];
    };
    const [kvp, rest] = [await ask('/service?SERVICE=WMTS&REQUEST=GetCapabilities'), await ask('/wmts/1.0.0/WMTSCapabilities.xml')];
    expect(kvp('told')).toBe('<LegendURL format="image/png" xlink:href="http://maps.example/kvp/told.png?a=1&amp;b=2"/>');
    expect(rest('told')).toBe('<LegendURL format="image/png" xlink:href="http://maps.example/rest/told.png"/>');
    expect(rest('file')).toMatch(/href="http:\/\/maps\.example\/service\?SERVICE=WMS&amp;.*LAYER=file"/);
    expect(kvp('cached')).toBeUndefined();
  });
});
