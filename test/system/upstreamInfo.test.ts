import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { pictureGateway, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/**
 * What is under a pixel, told by the upstream. Dangers: another place than the one that was clicked; an upstream that is asked outside its coverage, or
 * drawn where it should only be asked; words of a stranger that a browser runs; an address that leaks; an answer without an end.
 */
const codec = createSharpCodec({ maxPixels: 1e8 });
let upstream: Upstream;
let served: PictureGateway;

interface Asked {
  readonly query: URLSearchParams;
  /** The centre of the pixel, x, y. */
  readonly x: number;
  readonly y: number;
}

function askedOf(url: string): Asked {
  const query = new URL(url, 'http://x').searchParams;
  if (!query.has('BBOX')) return { query, x: 0, y: 0 };
  const number = (name: string): number => Number(query.get(name));
  const isNew = query.get('VERSION') === '1.3.0';
  const box = query.get('BBOX')!.split(',').map(Number) as [number, number, number, number];
  const [minX, minY, maxX, maxY] = isNew ? [box[1], box[0], box[3], box[2]] : box;
  return {
    query,
    x: minX + ((number(isNew ? 'I' : 'X') + 0.5) / number('WIDTH')) * (maxX - minX),
    y: maxY - ((number(isNew ? 'J' : 'Y') + 0.5) / number('HEIGHT')) * (maxY - minY),
  };
}

const SAY: { readonly [layer: string]: (response: ServerResponse, asked: Asked) => unknown } = {
  down: (response) => response.writeHead(500).end('/etc/secret'),
  exception: (response) => response.writeHead(200, { 'content-type': 'text/xml' }).end('<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n<ServiceExceptionReport><ServiceException>/etc/secret</ServiceException></ServiceExceptionReport>'),
  endless: (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(Buffer.alloc(5 << 20, 'a')),
  silent: (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(),
  latin: (response) => response.writeHead(200, { 'content-type': 'text/xml' }).end(Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>M\u00e4dler</a>', 'latin1')),
  script: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body><script>alert(1)</script></body></html>'),
};

function say(response: ServerResponse, asked: Asked): unknown {
  const layer = asked.query.get('QUERY_LAYERS')!;
  const own = SAY[layer];
  if (own !== undefined) return own(response, asked);
  const format = asked.query.get('INFO_FORMAT')!;
  const text = format === 'text/html' ? `<html><body><p>${layer}</p></body></html>` : format === 'text/plain' ? `${layer} here` : format === 'text/xml' ? `<found><l>${layer}</l></found>` : JSON.stringify({ type: 'FeatureCollection', features: [layer] });
  return response.writeHead(200, { 'content-type': format }).end(text);
}

/** An ArcGIS service calls everything text/plain. */
function identify(url: string, response: ServerResponse): unknown {
  const isHtml = new URL(url, 'http://x').searchParams.get('f') === 'html';
  const text = url.includes('/broken/') ? '{"error": {"code": 400, "message": "/etc/secret"}}' : isHtml ? '<html><body><p>arcgis</p></body></html>' : '{"results": [{"layerId": 0}]}';
  return response.writeHead(200, { 'content-type': 'text/plain' }).end(text);
}

async function draw(response: ServerResponse, { query }: Asked): Promise<void> {
  const [width, height] = (query.get('size') ?? `${query.get('WIDTH')},${query.get('HEIGHT')}`).split(',').map(Number);
  const picture = plainPicture(width!, height!, [10, 20, 30, 255]);
  response.writeHead(200, { 'content-type': 'image/png' }).end(await codec.encode(picture, 'image/png', { quality: 90, background: 0 }));
}

const source = (layer: string, more = '', options = ''): string => `{type: wms, req: {url: 'URL/?map=m', layers: ${layer}}, supported_srs: ['IAU_2015:30100'], wms_opts: {featureinfo: true${options}}${more}}`;
const config = (url: string): string => `
services: {wms: {srs: ['IAU_2015:30100', 'IAU_2015:30130']}, wmts: }
layers:
  - {name: near, title: Asked, sources: [near]}
  - {name: far, title: Asked in 1.3.0, sources: [far]}
  - {name: both, title: Two, sources: [near, far]}
  - {name: tagged, title: Other layers, sources: ['near:a,b']}
  - {name: plain, title: Not asked, sources: [plain]}
  - {name: cached, title: Cached, sources: [cache]}
  - {name: only, title: Not drawn, sources: [only]}
  - {name: beside, title: Cached with one that is not drawn, sources: [quiet, only]}
  - {name: part, title: A part, sources: [part]}
  - {name: fixed, title: In one format, sources: [fixed]}
  - {name: group, title: Group, layers: [{name: inner, title: Inner, sources: [far]}]}
  - {name: down, title: Down, sources: [down]}
  - {name: exception, title: Exception, sources: [exception]}
  - {name: endless, title: Endless, sources: [endless]}
  - {name: silent, title: Silent, sources: [silent]}
  - {name: latin, title: Latin, sources: [latin]}
  - {name: script, title: Script, sources: [script]}
  - {name: arcgis, title: ArcGIS, sources: [arcgis]}
  - {name: withArcgis, title: ArcGIS and a WMS, sources: [far, arcgis]}
  - {name: broken, title: Broken, sources: [broken]}
  - {name: mute, title: Mute, sources: [mute]}
caches:
  cache: {grids: [MOON_NORTH_POLAR], sources: [near]}
  quiet: {grids: [MOON_GEOGRAPHIC], sources: [plain]}
sources:
  near: ${source('near', '', ', query_layers: points').replace('layers: near', 'layers: near, styles: s, time: 2020')}
  far: ${source('far', '', ', version: 1.3.0')}
  plain: {type: wms, req: {url: 'URL/?', layers: plain}, supported_srs: ['IAU_2015:30100']}
  only: ${source('only', '', ', map: false')}
  part: ${source('part', ", coverage: {bbox: [0, 0, 10, 10], srs: 'IAU_2015:30100'}")}
  fixed: ${source('fixed', '', ', featureinfo_format: text/html')}
  down: ${source('down', ', http: {tries: 1}')}
  exception: ${source('exception')}
  endless: ${source('endless')}
  silent: ${source('silent')}
  latin: ${source('latin')}
  script: ${source('script')}
  arcgis: {type: arcgis, req: {url: 'URL/rest/services/craters/MapServer', layers: 'show:0', time: '2020'}, supported_srs: ['IAU_2015:30100'], opts: {featureinfo: true, featureinfo_tolerance: 3, featureinfo_return_geometries: true}}
  broken: {type: arcgis, req: {url: 'URL/rest/services/broken/ImageServer/exportImage'}, supported_srs: ['IAU_2015:30100'], opts: {featureinfo: true}}
  mute: {type: arcgis, req: {url: 'URL/rest/services/craters/MapServer'}, supported_srs: ['IAU_2015:30100']}
globals: {cache: {base_dir: cache}}
`.replaceAll('URL', url);

beforeAll(async () => {
  upstream = await startUpstream(async (request, response) => {
    if (request.url!.includes('/identify?')) return identify(request.url!, response);
    const asked = askedOf(request.url!);
    await (asked.query.get('REQUEST') === 'GetFeatureInfo' ? say(response, asked) : draw(response, asked));
  });
  served = await pictureGateway(config(upstream.url), {});
});
beforeEach(() => {
  upstream.requests.length = 0;
});
afterAll(async () => {
  await served.close();
  await upstream.close();
});

const infos = (): readonly Asked[] => upstream.requests.map(askedOf).filter(({ query }) => query.get('REQUEST') === 'GetFeatureInfo');
/** The pixel with its centre at 15.5 E, 4.5 N of the Moon. */
const DEGREES = { SRS: 'IAU_2015:30100', BBOX: '10,0,20,10', WIDTH: '10', HEIGHT: '10', X: '5', Y: '5' };

async function ask(layers: string, format: string, map: Readonly<Record<string, string>> = DEGREES) {
  const query = new URLSearchParams({ SERVICE: 'WMS', VERSION: '1.1.1', REQUEST: 'GetFeatureInfo', LAYERS: layers, QUERY_LAYERS: layers, STYLES: '', FORMAT: 'image/png', INFO_FORMAT: format, ...map });
  const answer = await served.app.inject(`/service?${query}`);
  return { status: answer.statusCode, type: answer.headers['content-type'], headers: answer.headers, body: answer.body };
}

describe('GetFeatureInfo of a layer whose source is asked', () => {
  it('the very request goes on, with the parameters of the source', async () => {
    expect(await ask('near', 'text/plain', { ...DEGREES, FEATURE_COUNT: '7' })).toMatchObject({ status: 200, type: 'text/plain; charset=utf-8', body: 'points here' });
    expect(infos().map(({ query }) => Object.fromEntries(query))).toEqual([{
      map: 'm', SERVICE: 'WMS', VERSION: '1.1.1', REQUEST: 'GetFeatureInfo', LAYERS: 'near', STYLES: 's', SRS: 'IAU_2015:30100', BBOX: '10,0,20,10', WIDTH: '10', HEIGHT: '10', FORMAT: 'image/png',
      TRANSPARENT: 'FALSE', QUERY_LAYERS: 'points', INFO_FORMAT: 'text/plain', FEATURE_COUNT: '7', X: '5', Y: '5', time: '2020',
    }]);
    expect(upstream.requests).toHaveLength(1); // nothing is drawn for it
  });

  it('in 1.3.0: axes and names of that version', async () => {
    await ask('far', 'text/plain');
    const [{ query, x, y }] = infos() as [Asked];
    expect([query.get('CRS'), query.get('BBOX'), query.get('I'), query.get('J'), x, y]).toEqual(['IAU_2015:30100', '0,10,10,20', '5', '5', 15.5, 4.5]);
  });

  it.each([['the north pole', 50, 50], ['beside it', 33, 71], ['far from it', 99, 0]])('on a polar map, %s: in its own system, about the same place', async (_, X, Y) => {
    await ask('near', 'text/plain', { SRS: 'IAU_2015:30130', BBOX: '-1010000,-1010000,1010000,1010000', WIDTH: '101', HEIGHT: '101', X: String(X), Y: String(Y) });
    const [{ query, x, y }] = infos() as [Asked];
    const [mapX, mapY] = [(X - 50) * 20_000, (50 - Y) * 20_000];
    const latitude = 90 - (2 * Math.atan(Math.hypot(mapX, mapY) / (2 * 1_737_400)) * 180) / Math.PI;
    expect(query.get('SRS')).toBe('IAU_2015:30100');
    expect(y).toBeCloseTo(latitude, 6);
    if (latitude < 90) expect(x).toBeCloseTo((Math.atan2(mapX, -mapY) * 180) / Math.PI, 6);
  });

  it.each([
    ['text/plain', 'text/plain; charset=utf-8', 'points here\nfar here'],
    ['text/html', 'text/html; charset=utf-8', '<html><body><p>points</p><p>far</p></body></html>'],
    ['application/json', 'application/json', '{"type":"FeatureCollection","features":["points","far"]}'],
    ['application/geo+json', 'application/geo+json', '{"type":"FeatureCollection","features":["points","far"]}'],
    ['text/xml', 'text/xml; charset=utf-8', '<?xml version="1.0" encoding="UTF-8"?>\n<found><l>points</l><l>far</l></found>\n'],
  ])('of two sources: one %s', async (format, type, body) => {
    expect(await ask('both', format)).toMatchObject({ status: 200, type, body });
    expect(infos().map(({ query }) => query.get('INFO_FORMAT'))).toEqual(Array.from({ length: 2 }, () => (format === 'application/geo+json' ? 'application/json' : format)));
  });

  it('beside one that is not asked: both, the pixel first', async () => {
    const { body } = await ask('far,plain', 'application/json');
    expect(JSON.parse(body)).toMatchObject({ layers: [{ name: 'plain', value: [10, 20, 30, 255] }], type: 'FeatureCollection', features: ['far'] });
  });

  it('named twice: asked once', async () => {
    expect((await ask('far,far,group', 'text/plain')).body).toBe('far here\nfar here');
    expect(infos()).toHaveLength(2);
  });

  it.each([['tagged', 'points'], ['cached', 'points'], ['only', 'only'], ['group', 'far']])('%s: asks about %s', async (layer, said) => {
    expect((await ask(layer, 'text/plain')).body).toBe(`${said} here`);
  });

  it('tagged layers are those of the map', async () => {
    await ask('tagged', 'text/plain');
    expect(infos()[0]!.query.get('LAYERS')).toBe('a,b');
  });

  it('a layer that is not drawn is transparent, and asks nobody for pictures', async () => {
    const map = await served.app.inject('/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=only&STYLES=&SRS=IAU_2015:30100&BBOX=0,0,10,10&WIDTH=10&HEIGHT=10&FORMAT=image/png&TRANSPARENT=TRUE');
    expect([map.statusCode, upstream.requests]).toEqual([200, []]);
  });

  it('outside its coverage: not asked', async () => {
    expect((await ask('part', 'text/plain')).body).toBe('');
    expect(infos()).toEqual([]);
    expect((await ask('part', 'text/plain', { ...DEGREES, BBOX: '0,0,10,10' })).body).toBe('part here');
  });

  it('with a format of its own: asked in that, and called by it', async () => {
    expect(await ask('fixed', 'application/json')).toMatchObject({ type: 'text/html; charset=utf-8', body: '<html><body><p>fixed</p></body></html>' });
  });

  it('that says nothing: an empty document of the format', async () => {
    expect(await ask('silent', 'application/json')).toMatchObject({ type: 'application/json', body: '{"layers":[]}' });
  });

  it('in another encoding: in UTF-8', async () => {
    expect(await ask('latin', 'text/xml')).toMatchObject({ type: 'text/xml; charset=utf-8', body: '<?xml version="1.0" encoding="UTF-8"?><a>M\u00e4dler</a>' });
  });

  it('whatever it says: no browser runs it', async () => {
    const { headers } = await ask('script', 'text/html');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'content-security-policy': expect.stringMatching(/default-src 'none'.*; sandbox\b(?!.*allow-(?:scripts|same-origin))/) });
  });

  it.each(['down', 'exception', 'endless'])('%s: an exception without what the upstream said, and not kept', async (layer) => {
    const { status, headers, body } = await ask(layer, 'text/html');
    expect(status).toBe(502);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toContain('ServiceException');
    expect(body).not.toMatch(/secret|127\.0\.0\.1|map=m/);
  });
});

describe('GetFeatureInfo of WMTS', () => {
  const tile = (layer: string, set: string, format: string) =>
    served.app.inject(`/service?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetFeatureInfo&LAYER=${layer}&STYLE=default&TILEMATRIXSET=${set}&TILEMATRIX=1&TILEROW=0&TILECOL=1&FORMAT=image/png&INFOFORMAT=${format}&I=100&J=30&FEATURE_COUNT=4`);

  it('asks as well, about the pixel of the tile', async () => {
    const answer = await tile('beside', 'MOON_GEOGRAPHIC', 'text/plain');
    expect([answer.statusCode, answer.body]).toEqual([200, 'only here']);
    const [{ query }] = infos() as [Asked];
    expect([query.get('WIDTH'), query.get('HEIGHT'), query.get('X'), query.get('Y'), query.get('FEATURE_COUNT')]).toEqual(['256', '256', '100', '30', '4']);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('of a polar grid: in the system of the source, about the same place', async () => {
    const answer = await tile('cached', 'MOON_NORTH_POLAR', 'application/json');
    expect(JSON.parse(answer.body)).toEqual({ type: 'FeatureCollection', features: ['points'] });
    const [{ query, y }] = infos() as [Asked];
    // The tile of the north-eastern quarter: its pixel (100, 30) counts from the pole.
    const side = 4 * 1_737_400;
    const [mapX, mapY] = [(100.5 / 256) * (side / 2), (1 - 30.5 / 256) * (side / 2)];
    expect(query.get('SRS')).toBe('IAU_2015:30100');
    expect(y).toBeCloseTo(90 - (2 * Math.atan(Math.hypot(mapX, mapY) / (2 * 1_737_400)) * 180) / Math.PI, 6);
  });
});

describe('identify of an ArcGIS service', () => {
  it('is asked about the place', async () => {
    expect(await ask('arcgis', 'application/json')).toMatchObject({ status: 200, type: 'application/json', body: '{"results": [{"layerId": 0}]}' });
    expect(upstream.requests.map((url) => [new URL(url, 'http://x').pathname, Object.fromEntries(new URL(url, 'http://x').searchParams)])).toEqual([[
      '/rest/services/craters/MapServer/identify',
      { time: '2020', layers: 'show:0', geometry: '15.5,4.5', geometryType: 'esriGeometryPoint', sr: '30100', mapExtent: '10,0,20,10', imageDisplay: '10,10,96', tolerance: '3', returnGeometry: 'true', f: 'json' },
    ]]);
  });

  it.each([
    ['text/html', 'text/html; charset=utf-8', '<html><body><p>arcgis</p></body></html>'],
    ['text/plain', 'text/plain; charset=utf-8', '{"results": [{"layerId": 0}]}'],
    ['application/geo+json', 'application/geo+json', '{"results": [{"layerId": 0}]}'],
    ['text/xml', 'application/json', '{"results": [{"layerId": 0}]}'],
  ])('as %s: called %s', async (format, type, body) => expect(await ask('arcgis', format)).toMatchObject({ type, body }));

  it('beside a WMS: one document', async () => {
    expect(JSON.parse((await ask('withArcgis', 'application/json')).body)).toEqual({ type: 'FeatureCollection', features: ['far'], results: [{ layerId: 0 }] });
  });

  it('an error of status 200: an exception that tells nothing of it', async () => {
    const { status, body } = await ask('broken', 'application/json');
    expect(status).toBe(502);
    expect(body).not.toMatch(/secret|127\.0\.0\.1/);
    expect(upstream.requests[0]).toMatch(/^\/rest\/services\/broken\/ImageServer\/identify\?/);
  });

  it('not wanted: not asked', async () => {
    expect(JSON.parse((await ask('mute', 'application/json')).body)).toMatchObject({ layers: [{ name: 'mute' }] });
    expect(upstream.requests.some((url) => url.includes('identify'))).toBe(false);
  });
});
