import { existsSync, readdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildGateway } from '../../src/config/build.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { createApp } from '../../src/server/app.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { loadText } from '../config/loadText.ts';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/**
 * Dimensions of layers, and parameters of clients that upstreams get. Dangers: the picture of another day, from memory, from a store or from
 * a window that was asked before; parameters that reach an upstream though nobody allowed it; a disk that clients can fill.
 */
const codec = createSharpCodec({ maxPixels: 1e8 });
let upstream: Upstream;
let served: PictureGateway;

/** Colours by what is asked for: red = the day of TIME, green = LEVEL / 10, blue = STEP. */
async function draw(url: string, response: ServerResponse): Promise<void> {
  const query = new Map([...new URL(url, 'http://x').searchParams].map(([name, value]) => [name.toUpperCase(), value]));
  const [width, height] = [Number(query.get('WIDTH')), Number(query.get('HEIGHT'))];
  const colour = [Number((query.get('TIME') ?? '0-0-0').slice(8, 10)), Number(query.get('DIM_LEVEL') ?? 0) / 10, Number(query.get('STEP') ?? 0), 255] as const;
  response.writeHead(200, { 'content-type': 'image/png' }).end(await codec.encode({ ...plainPicture(width, height, colour), opaque: true }, 'image/png', { quality: 90, background: 0 }));
}

const config = (url: string): string => `
services: {wms: {srs: ['EPSG:4326', 'EPSG:3857']}, wmts: {restful_template: '/{Layer}/{TileMatrixSet}/{time}/{TileMatrix}/{TileCol}/{TileRow}.{Format}'}, tms: , hips: }
layers:
  - name: days
    title: Days
    sources: [cache]
    dimensions:
      time: {values: ['2020-03-01/2020-03-05/P1D'], default: '2020-03-04'}
      dim_level: {values: [500, 700, 850]}
  - {name: direct, title: Direct, sources: [wms], dimensions: {TIME: {values: ['2020-03-01', '2020-03-02']}}}
  - {name: reprojected, title: Engine, sources: [wms], dimensions: {time: {values: ['2020-03-01', '2020-03-02']}}}
  - {name: free, title: Free, sources: [wms]}
  - {name: plain, title: Plain, sources: [plain]}
  - {name: stored, title: Stored, sources: [stored], dimensions: {time: {values: ['2020-03-01', '2020-03-02']}}}
caches:
  cache: {grids: [GLOBAL_GEODETIC], sources: [wms], meta_size: [2, 2], meta_buffer: 0, cache: {type: file, directory: tiles}}
  stored: {grids: [GLOBAL_GEODETIC], sources: [], cache: {type: file, directory: tiles}}
sources:
  wms: {type: wms, req: {url: '${url}/?', layers: a, step: 7}, supported_srs: ['EPSG:4326'], forward_req_params: [TIME, dim_level, step]}
  plain: {type: wms, req: {url: '${url}/?', layers: a}, supported_srs: ['EPSG:4326']}
globals: {cache: {base_dir: base}, http: {tries: 1}}
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

type App = PictureGateway['app'];

const MAP = 'SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&STYLES=&BBOX=10,10,20,20&WIDTH=20&HEIGHT=20&FORMAT=image/png&SRS=EPSG:4326';
const ask = (query: string, app: App = served.app) => app.inject(`/service?${query}`);

async function colour(url: string, app: App = served.app): Promise<readonly number[]> {
  const answer = await app.inject(url);
  expect([answer.statusCode, answer.headers['content-type']], answer.body.slice(0, 400)).toEqual([200, 'image/png']);
  return pixelAt(await decoded(answer.rawPayload), 5, 5).slice(0, 3);
}

const map = (query: string, app: App = served.app): Promise<readonly number[]> => colour(`/service?${MAP}&${query}`, app);

describe('a map', () => {
  it.each([
    ['days', '', [4, 85, 7]],
    ['days', '&TIME=2020-03-02', [2, 85, 7]],
    ['days', '&time=2020-03-05T00:00:00Z&DIM_LEVEL=700', [5, 70, 7]],
    ['days', '&TIME=current&level=500', [4, 50, 7]],
    ['direct', '', [2, 0, 7]],
    ['direct', '&TIME=2020-03-01', [1, 0, 7]],
    ['free', '', [0, 0, 7]],
    ['free', '&TIME=2020-03-09&STEP=33', [9, 0, 33]],
    ['free', '&STEP=34', [0, 0, 34]],
    ['plain', '&TIME=2020-03-09&STEP=33', [0, 0, 0]],
    ['direct,days', '&TIME=2020-03-01', [1, 85, 7]],
  ])('of %s%s', async (layers, query, expected) => {
    expect(await map(`LAYERS=${layers}${query}`)).toEqual(expected);
    expect(await map(`LAYERS=${layers}${query}`)).toEqual(expected); // from memory
  });

  it('that the engine draws from windows', async () => {
    const mercator = (query: string) => colour(`/service?${MAP.replace('EPSG:4326', 'EPSG:3857').replace('10,10,20,20', '1e6,1e6,2e6,2e6')}&LAYERS=${query}`);
    expect(await mercator('reprojected')).toEqual([2, 0, 7]);
    expect(await mercator('reprojected&TIME=2020-03-01')).toEqual([1, 0, 7]);
    expect(await mercator('free&TIME=2020-03-08')).toEqual([8, 0, 7]);
  });

  it('of a value that there is not: the exception of the standard', async () => {
    const answer = await ask(`${MAP}&LAYERS=days&TIME=2020-03-06`);
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain('code="InvalidDimensionValue"');
    expect(answer.body).toContain('2020-03-01, 2020-03-02, 2020-03-03, 2020-03-04, 2020-03-05');
    expect(upstream.requests).toEqual([]);
  });

  it('keeps windows of dimensions on disk, and nothing of what clients may name at will', async () => {
    const windows = () => (existsSync(path.join(served.directory, 'base')) ? readdirSync(path.join(served.directory, 'base')).filter((name) => name.startsWith('wms.source-')).length : 0);
    const mercator = (query: string) => colour(`/service?${MAP.replace('EPSG:4326', 'EPSG:3857').replace('10,10,20,20', '3e6,3e6,4e6,4e6')}&LAYERS=${query}`);
    await mercator('reprojected&TIME=2020-03-01');
    const before = windows();
    expect(before).toBeGreaterThan(0);
    for (let i = 0; i < 60; i++) expect(await mercator(`free&STEP=${100 + i}`)).toEqual([0, 0, 100 + i]);
    expect(await mercator('reprojected&TIME=2020-03-01')).toEqual([1, 0, 7]);
    expect(windows()).toBe(before);
  });

  it('feature info is that of the day', async () => {
    const info = `${MAP.replace('GetMap', 'GetFeatureInfo')}&LAYERS=days&QUERY_LAYERS=days&INFO_FORMAT=application/json&X=5&Y=5`;
    expect((await ask(`${info}&TIME=2020-03-02`)).body).toContain('[2,85,7,255]');
    expect((await ask(info)).body).toContain('[4,85,7,255]');
  });
});

describe('tiles', () => {
  const kvp = (query: string) => `/service?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&LAYER=days&STYLE=&TILEMATRIXSET=GLOBAL_GEODETIC&TILEMATRIX=2&TILEROW=1&TILECOL=2&FORMAT=image/png${query}`;

  it.each([
    [kvp(''), [4, 85, 7]],
    [kvp('&TIME=2020-03-01&dim_level=500'), [1, 50, 7]],
    ['/wmts/days/GLOBAL_GEODETIC/2020-03-02/2/2/1.png', [2, 85, 7]],
    ['/wmts/days/GLOBAL_GEODETIC/default/2/2/1.png', [4, 85, 7]],
    ['/tiles/days/GLOBAL_GEODETIC/2/2/0.png', [4, 85, 7]],
  ])('%s', async (url, expected) => {
    expect(await colour(url)).toEqual(expected);
    expect(await colour(url)).toEqual(expected);
  });

  it('lie in the folders of MapProxy, a meta tile in one request with the values', async () => {
    await colour(kvp('&TIME=2020-03-03'));
    expect(upstream.requests).toHaveLength(1);
    expect(new URL(upstream.requests[0]!, 'http://x').searchParams.get('TIME')).toBe('2020-03-03');
    expect(existsSync(path.join(served.directory, 'tiles/time-2020-03-03/dim_level-850/02'))).toBe(true);
    upstream.requests.length = 0;
    await colour(kvp('&TIME=2020-03-03').replace('TILECOL=2', 'TILECOL=3'));
    expect(upstream.requests).toEqual([]);
  });

  it.each([[kvp('&TIME=2019-01-01')], ['/wmts/days/GLOBAL_GEODETIC/2019-01-01/2/2/1.png']])('%s: no such value', async (url) => {
    const answer = await served.app.inject(url);
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain('exceptionCode="InvalidParameterValue" locator="time"');
  });

  it('a HiPS shows the default', async () => {
    expect(await colour('/hips/days/Norder3/Dir0/Npix300.png')).toEqual([4, 85, 7]);
  });

  it('of a cache without sources are those of the folder', async () => {
    await colour(kvp('&TIME=2020-03-01&dim_level=500')); // fills time-2020-03-01/dim_level-500, which is not what `stored` reads
    const blank = await served.app.inject('/service?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&LAYER=stored&STYLE=&TILEMATRIXSET=GLOBAL_GEODETIC&TILEMATRIX=2&TILEROW=1&TILECOL=2&FORMAT=image/png&TIME=2020-03-01');
    expect(pixelAt(await decoded(blank.rawPayload), 5, 5)[3]).toBe(0);
  });
});

describe('capabilities', () => {
  it('of WMS 1.3.0 and 1.1.1', async () => {
    const new13 = (await ask('SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities')).body;
    expect(new13).toContain('<Dimension name="time" units="ISO8601" default="2020-03-04" nearestValue="0">2020-03-01,2020-03-02,2020-03-03,2020-03-04,2020-03-05</Dimension>');
    expect(new13).toContain('<Dimension name="level" units="" default="850" nearestValue="0">500,700,850</Dimension>');
    const old = (await ask('SERVICE=WMS&VERSION=1.1.1&REQUEST=GetCapabilities')).body;
    expect(old).toMatch(/<Dimension name="time" units="ISO8601"\/>\s*<Dimension name="level" units=""\/>\s*<Extent name="time" default="2020-03-04" nearestValue="0">2020-03-01,/);
  });

  it('of WMTS', async () => {
    const { body } = await served.app.inject('/wmts/1.0.0/WMTSCapabilities.xml');
    expect(body).toMatch(/<Dimension>\s*<ows:Identifier>dim_level<\/ows:Identifier>\s*<Default>850<\/Default>\s*<Value>500<\/Value>/);
    expect(body).toContain('/wmts/days/{TileMatrixSet}/{time}/{TileMatrix}/{TileCol}/{TileRow}.png');
  });
});

describe('rendering threads', () => {
  it('draw the same, whatever comes and goes', { timeout: 60_000 }, async () => {
    const gateway = await buildGateway(loadConfig(path.join(served.directory, 'gateway.yaml')), { threads: 2, report: (error) => { throw error; } });
    const app = createApp(gateway, { logger: null });
    try {
      const steps = Array.from({ length: 80 }, (_, i) => 20 + i);
      const found = await Promise.all(steps.map((step) => colour(`/service?${MAP.replace('EPSG:4326', 'EPSG:3857').replace('10,10,20,20', '1e6,1e6,2e6,2e6')}&LAYERS=free&STEP=${step}`, app)));
      expect(found).toEqual(steps.map((step) => [0, 0, step]));
      expect(await map('LAYERS=days&TIME=2020-03-02', app)).toEqual([2, 85, 7]);
      expect(await colour('/wmts/days/GLOBAL_GEODETIC/2020-03-05/1/1/0.png', app)).toEqual([5, 85, 7]);
    } finally {
      await app.close();
      await gateway.close();
    }
  });
});

describe('mistakes in the file', () => {
  const yaml = (dimensions: string, source = '') => `
services: {wms: }
layers: [{name: l, title: L, sources: [s], dimensions: {${dimensions}}}]
sources: {s: {type: wms, req: {url: 'http://x/?', layers: a}${source}}}
`;

  it.each([
    ['time: {values: [2020-01-01/2021-01-01]}', "'2020-01-01/2021-01-01' is no time"],
    ['time: {values: []}', 'a dimension needs a value'],
    ['bbox: {values: [a, b]}', 'it is a parameter of WMS or WMTS'],
    ['"a/b": {values: [a, b]}', "'a/b' cannot be a dimension"],
    ['time: {values: [a, b]}, Time: {values: [a, b]}', "there is another dimension 'time'"],
  ])('%s', (dimensions, message) => expect(() => loadText(yaml(dimensions))).toThrow(message));

  it('forward_req_params cannot replace what requests say', () => {
    expect(() => loadText(yaml('time: {values: [a, b]}', ', forward_req_params: [time, LAYERS]'))).toThrow("'LAYERS' is said by each request itself");
  });
});
