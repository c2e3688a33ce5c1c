import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/server/app.ts';
import type { OgcApiNode } from '../../src/service/types.ts';
import { fakeGateway, MODIFIED, SECRET } from '../system/support/fakeGateway.ts';
import { fakeMaps } from '../system/support/fakeMaps.ts';
import { fakeTiles, TILE_TROUBLE } from '../system/support/fakeTiles.ts';

/** Requirements of OGC API - Common (19-072, 20-024), - Tiles (20-057), - Maps (20-058) and TMS 2.0 (17-083r4), by their names. */

const ABOUT = { title: 'Fake <api>', description: '', keywords: [], termsOfService: null, license: null, provider: null, contact: null, attribution: '' } as const;
const HOST = 'api.example:8080';
const ROOT = `http://${HOST}/ogcapi`;

function nodeOf(overrides: Partial<OgcApiNode> = {}): OgcApiNode {
  return { about: ABOUT, maps: { ...fakeMaps(), formats: ['image/png', 'image/jpeg'] }, hasMaps: true, tiles: fakeTiles(), dataset: ['moon'], ...overrides };
}

let app: FastifyInstance;
beforeAll(() => {
  app = createApp(fakeGateway({ ogcapi: nodeOf() }), { logger: null });
});
afterAll(() => app.close());

function get(url: string, headers: Readonly<Record<string, string>> = {}) {
  return app.inject({ url, headers: { host: HOST, ...headers } });
}

interface Link {
  readonly rel: string;
  readonly type: string;
  readonly href: string;
  readonly templated?: boolean;
}

async function json<T>(url: string): Promise<T> {
  const answer = await get(url);
  expect([answer.statusCode, answer.headers['content-type']], `${url}: ${answer.body}`).toEqual([200, 'application/json']);
  return answer.json<T>();
}

/** Every link of a document and of all that is in it. */
function linksIn(document: unknown): readonly Link[] {
  if (Array.isArray(document)) return document.flatMap(linksIn);
  if (document === null || typeof document !== 'object') return [];
  return Object.entries(document).flatMap(([name, value]) => (name === 'links' ? (value as readonly Link[]) : linksIn(value)));
}

describe('Common 1.0', () => {
  it('/req/landing-page/root-success: the landing page links to the definition, the conformance and the data', async () => {
    const { links, title } = await json<{ links: readonly Link[]; title: string }>('/ogcapi');
    expect(title).toBe('Fake <api>');
    expect(links.map(({ rel }) => rel)).toEqual(expect.arrayContaining(['self', 'alternate', 'service-desc', 'service-doc', 'conformance', 'data', 'http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes']));
    expect(await json('/ogcapi/')).toEqual({ title, links });
  });

  it('/req/landing-page/conformance-success: the classes are listed, and none that is switched off', async () => {
    const classesOf = async (overrides: Partial<OgcApiNode>): Promise<readonly string[]> => {
      const other = createApp(fakeGateway({ ogcapi: nodeOf(overrides) }), { logger: null });
      const { conformsTo } = (await other.inject('/ogcapi/conformance')).json<{ conformsTo: readonly string[] }>();
      await other.close();
      return conformsTo.map((name) => name.replace('http://www.opengis.net/spec/', ''));
    };
    const all = await classesOf({});
    expect(all).toEqual(expect.arrayContaining([
      'ogcapi-common-1/1.0/conf/core', 'ogcapi-common-2/1.0/conf/collections',
      'ogcapi-tiles-1/1.0/conf/core', 'ogcapi-tiles-1/1.0/conf/tileset', 'ogcapi-tiles-1/1.0/conf/tilesets-list', 'ogcapi-tiles-1/1.0/conf/dataset-tilesets',
      'ogcapi-maps-1/1.0/conf/core', 'ogcapi-maps-1/1.0/conf/crs', 'ogcapi-maps-1/1.0/conf/dataset-map', 'ogcapi-maps-1/1.0/conf/tilesets', 'tms/2.0/conf/json-tilematrixset',
    ]));
    expect((await classesOf({ tiles: null })).filter((name) => /tiles|tms/.test(name))).toEqual([]);
    expect((await classesOf({ hasMaps: false })).filter((name) => name.includes('maps'))).toEqual([]);
    expect((await classesOf({ dataset: [] })).filter((name) => name.includes('dataset'))).toEqual([]);
  });

  it('/req/oas30/oas-definition-1: the definition has a path for each address, and each parameter that is known there', async () => {
    const answer = await get('/ogcapi/api', { accept: 'application/vnd.oai.openapi+json;version=3.0' });
    expect(answer.headers['content-type']).toBe('application/vnd.oai.openapi+json;version=3.0');
    const api = answer.json<{ openapi: string; servers: readonly { url: string }[]; paths: Readonly<Record<string, { get: { operationId: string; parameters: readonly { name: string; in: string }[] } }>> }>();
    expect([api.openapi, api.servers[0]?.url]).toEqual(['3.0.3', ROOT]);
    expect(Object.keys(api.paths)).toHaveLength(15);
    const ids = Object.values(api.paths).map((path) => path.get.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [path, { get: operation }] of Object.entries(api.paths)) {
      const inPath = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => `{${name}}`);
      expect(inPath, path).toEqual(path.match(/\{\w+\}/g) ?? []);
    }
  });

  it('/req/html/content: every document is a page too, by f or by Accept, with nothing unescaped and from nowhere else', async () => {
    for (const url of ['/ogcapi', '/ogcapi/conformance', '/ogcapi/api', '/ogcapi/collections', '/ogcapi/collections/moon', '/ogcapi/tileMatrixSets', '/ogcapi/tileMatrixSets/MOON_GEOGRAPHIC', '/ogcapi/collections/moon/map/tiles', '/ogcapi/collections/moon/map/tiles/MOON_GEOGRAPHIC']) {
      const page = await get(`${url}?f=html`);
      expect([page.statusCode, page.headers['content-type']], url).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.headers['content-security-policy'], url).toContain("default-src 'self'");
      expect(page.body, url).not.toMatch(/<moon>|<api>|undefined|\[object/);
      const accepted = await get(url, { accept: 'text/html,*/*;q=0.8' });
      expect(accepted.headers['content-type'], url).toBe('text/html; charset=utf-8');
      expect(accepted.headers['vary'], url).toBe('accept');
    }
  });

  it.each([
    ['/ogcapi?x=1', 400, 'x'],
    ['/ogcapi/collections/moon?F=json', 400, 'F'],
    ['/ogcapi/collections/moon/map?collections=moon', 400, 'collections'],
    ['/ogcapi/collections/moon/map/tiles/MOON_GEOGRAPHIC/0/0/0?width=5', 400, 'width'],
    ['/ogcapi/conformance?f=xml', 400, 'f'],
  ])('/req/core/query-param-unknown, query-param-invalid: %s is %s', async (url, status, parameter) => {
    const answer = await get(url);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'application/problem+json; charset=utf-8']);
    expect(answer.json()).toMatchObject({ status, parameter });
    expect(answer.json<{ detail: string }>().detail).toContain(parameter);
  });

  it('/req/core/http: Accept that nothing meets is 406', async () => {
    const answer = await get('/ogcapi', { accept: 'text/csv' });
    expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toEqual([406, "none of 'text/csv' is offered; offered are application/json, text/html"]);
  });

  it('every link of every document leads to what it says', async () => {
    const seen = new Set<string>();
    const wanted = [ROOT];
    for (let url = wanted.pop(); url !== undefined; url = wanted.pop()) {
      if (seen.has(url)) continue;
      seen.add(url);
      const answer = await get(url.slice(`http://${HOST}`.length));
      expect(answer.statusCode, url).toBe(200);
      if (!/json/.test(String(answer.headers['content-type']))) continue;
      for (const link of linksIn(answer.json())) {
        const href = link.href.replace('{tileMatrix}', '2').replace('{tileRow}', '1').replace('{tileCol}', '3').replace('{z}', '0').replace('{y}', '0').replace('{x}', '0');
        const target = await get(href.slice(`http://${HOST}`.length));
        expect([target.statusCode, String(target.headers['content-type']).split(';')[0]], `${link.rel} of ${url}: ${href}`).toEqual([200, link.type.split(';')[0]]);
        if (link.type === 'application/json') wanted.push(href);
      }
    }
    expect(seen.size).toBeGreaterThan(20);
  });
});

describe('Common 2, collections', () => {
  it('/req/collections/rc-md-items: layers of WMS and layers that are tiles only', async () => {
    const { collections } = await json<{ collections: readonly { id: string; title: string; extent: { spatial: unknown }; crs?: readonly string[]; storageCrs?: string }[] }>('/ogcapi/collections');
    expect(collections.map(({ id }) => id)).toEqual(['moon', 'rough seas', 'earth']);
    expect(collections[0]).toMatchObject({
      title: 'The <moon>',
      extent: { spatial: { bbox: [[-180, -90, 180, 90]], crs: 'http://www.opengis.net/def/crs/IAU/2015/30100' } },
      storageCrs: 'http://www.opengis.net/def/crs/IAU/2015/30100',
      crs: ['http://www.opengis.net/def/crs/IAU/2015/30100', 'http://www.opengis.net/def/crs/IAU/2015/30130', 'http://www.opengis.net/def/crs/EPSG/0/4326'],
    });
    expect(collections[2]).toMatchObject({ extent: { spatial: { crs: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84' } } });
  });

  it('/req/collections/src-md-success: one by its name, 404 for another, which names all', async () => {
    expect(await json('/ogcapi/collections/rough%20seas')).toMatchObject({ id: 'rough seas', extent: { spatial: { bbox: [[-10, 35, 40, 70]] } } });
    const missing = await get('/ogcapi/collections/mars');
    expect([missing.statusCode, missing.json()]).toMatchObject([404, { code: 'LAYER_NOT_DEFINED', detail: "there is no collection 'mars'; there are moon, rough seas, earth" }]);
  });
});

describe('Tiles 1.0', () => {
  const TILE = '/ogcapi/collections/moon/map/tiles/MOON_GEOGRAPHIC/3/2/5';

  it('/req/core/tc-success: a tile, row before column, is that of WMTS', async () => {
    for (const url of [TILE, `${TILE}.png`, `${TILE}?f=png`, `${TILE.replace('/3/', '/03/')}?f=image/png`]) {
      const answer = await get(url);
      expect([answer.statusCode, answer.body], url).toEqual([200, 'MOON_GEOGRAPHIC 3/5/2 image/png x1']);
      expect(answer.headers).toMatchObject({ 'content-type': 'image/png', 'cache-control': 'public, max-age=259200', 'last-modified': MODIFIED.toUTCString(), etag: '"MOON_GEOGRAPHIC 3/5/2 image/png x1"', 'access-control-allow-origin': '*' });
    }
    expect((await get(TILE, { 'if-none-match': '"MOON_GEOGRAPHIC 3/5/2 image/png x1"' })).statusCode).toBe(304);
    const jpeg = await get(TILE, { accept: 'image/jpeg' });
    expect([jpeg.body, jpeg.headers['vary']]).toEqual(['MOON_GEOGRAPHIC 3/5/2 image/jpeg x1', 'accept']);
  });

  it('rows are counted from the top where the cache counts them from below', async () => {
    expect((await get('/ogcapi/collections/earth/map/tiles/GLOBAL_GEODETIC/2/0/1')).body).toBe('GLOBAL_GEODETIC 2/1/1 image/png x1');
  });

  it("MapProxy's web Mercator goes by its registered name", async () => {
    expect((await get('/ogcapi/collections/earth/map/tiles/WebMercatorQuad/2/0/1.png')).body).toBe('GLOBAL_WEBMERCATOR 2/1/0 image/png x1');
    expect(await json('/ogcapi/collections/earth/map/tiles/WebMercatorQuad')).toMatchObject({ tileMatrixSetURI: 'http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad', crs: 'http://www.opengis.net/def/crs/EPSG/0/3857' });
  });

  it.each([
    ['/ogcapi/collections/mars/map/tiles/MOON_GEOGRAPHIC/3/2/5', 'mars'],
    ['/ogcapi/collections/moon/map/tiles/MARS_GEOGRAPHIC/3/2/5', 'MOON_GEOGRAPHIC'],
    ['/ogcapi/collections/moon/map/tiles/MOON_GEOGRAPHIC/99/2/5', '99'],
    ['/ogcapi/collections/moon/map/tiles/MOON_GEOGRAPHIC/3/8/5', 'outside 0..7'],
    ['/ogcapi/collections/moon/map/tiles/MOON_GEOGRAPHIC/3/2/-1', 'outside 0..15'],
    ['/ogcapi/collections/moon/map/tiles/MOON_GEOGRAPHIC/3/x/5', "'x'"],
    ['/ogcapi/collections/moon/map/tiles/MOON_GEOGRAPHIC/3/2/5.gif', 'png, jpg'],
    ['/ogcapi/collections/rough%20seas/map/tiles/MOON_GEOGRAPHIC/3/0/6', 'outside 7..9'],
    ['/ogcapi/nothing', '/ogcapi/collections'],
  ])('/req/core/tc-error: %s is 404', async (url, said) => {
    const answer = await get(url);
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([404, 'application/problem+json; charset=utf-8', 'public, max-age=300']);
    expect(answer.json<{ detail: string }>().detail).toContain(said);
  });

  it('/per/core/tc-empty: where the coverage has nothing, 204', async () => {
    const answer = await get(`/ogcapi/collections/moon/map/tiles/MOON_GEOGRAPHIC/5/9/${TILE_TROUBLE.outside}`);
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
  });

  it.each([[TILE_TROUBLE.tooLarge, 400], [TILE_TROUBLE.upstreamFailed, 502], [TILE_TROUBLE.upstreamTimeout, 504], [TILE_TROUBLE.bug, 500]])('trouble at column %s is %s and tells nothing of the inside', async (col, status) => {
    const answer = await get(`/ogcapi/collections/moon/map/tiles/MOON_GEOGRAPHIC/5/9/${col}`);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'application/problem+json; charset=utf-8']);
    expect(answer.headers['cache-control']).toBe(status < 500 ? 'public, max-age=300' : 'no-store');
    expect(answer.body).not.toContain(SECRET);
  });

  it('/req/tilesets-list/tileset-links: each set of the list has its description and its tiling scheme', async () => {
    const { tilesets } = await json<{ tilesets: readonly { tileMatrixSetId: string; dataType: string; crs: string; links: readonly Link[] }[] }>('/ogcapi/collections/moon/map/tiles');
    expect(tilesets.map(({ tileMatrixSetId }) => tileMatrixSetId)).toEqual(['MOON_EQUIRECTANGULAR', 'MOON_NORTH_POLAR', 'MOON_GEOGRAPHIC']);
    for (const tileset of tilesets) {
      expect(tileset).toMatchObject({ dataType: 'map', crs: expect.stringContaining('/IAU/2015/') as string });
      expect(tileset.links.map(({ rel }) => rel)).toEqual(expect.arrayContaining(['self', 'http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme', 'item']));
    }
  });

  it('/req/tileset/description: limits are those of WMTS', async () => {
    const set = await json<{ tileMatrixSetLimits: readonly { tileMatrix: string }[]; links: readonly Link[] }>('/ogcapi/collections/rough%20seas/map/tiles/MOON_GEOGRAPHIC');
    expect(set.tileMatrixSetLimits.find(({ tileMatrix }) => tileMatrix === '3')).toEqual({ tileMatrix: '3', minTileRow: 0, maxTileRow: 2, minTileCol: 7, maxTileCol: 9 });
    expect(set).toMatchObject({ boundingBox: { lowerLeft: [35, -10], upperRight: [70, 40] } });
    const item = set.links.find(({ rel, type }) => rel === 'item' && type === 'image/png');
    expect(item).toMatchObject({ templated: true, href: `${ROOT}/collections/rough%20seas/map/tiles/MOON_GEOGRAPHIC/{tileMatrix}/{tileRow}/{tileCol}.png` });
  });

  it('a TileJSON has the tiles in its own order of variables', async () => {
    const answer = await get('/ogcapi/collections/earth/map/tiles/GLOBAL_GEODETIC?f=tilejson');
    expect(answer.headers['content-type']).toBe('application/vnd.mapbox.tilejson+json');
    expect(answer.json()).toMatchObject({ tilejson: '3.0.0', tiles: [`${ROOT}/collections/earth/map/tiles/GLOBAL_GEODETIC/{z}/{y}/{x}.png`], minzoom: 1, bounds: [-180, -90, 180, 90] });
  });

  it('/req/dataset-tilesets: the dataset is the configured layers, or those that are named', async () => {
    expect((await get('/ogcapi/map/tiles/MOON_GEOGRAPHIC/3/2/5')).body).toBe('MOON_GEOGRAPHIC 3/5/2 image/png x1');
    expect((await get('/ogcapi/map/tiles/GLOBAL_GEODETIC/2/0/1?collections=earth')).body).toBe('GLOBAL_GEODETIC 2/1/1 image/png x1');
    const { tilesets } = await json<{ tilesets: readonly { tileMatrixSetId: string }[] }>('/ogcapi/map/tiles?collections=moon,rough%20seas');
    expect(tilesets.map(({ tileMatrixSetId }) => tileMatrixSetId)).toEqual(['MOON_GEOGRAPHIC']);
    expect((await get('/ogcapi/map/tiles/MOON_GEOGRAPHIC/3/2/5?collections=moon,rough%20seas')).body).toBe('map');
    const mixed = await get('/ogcapi/map/tiles?collections=moon,earth');
    expect([mixed.statusCode, mixed.json()]).toMatchObject([400, { code: 'FRAME_MISMATCH', parameter: 'collections' }]);
    expect((await get('/ogcapi/map/tiles?collections=mars')).statusCode).toBe(400);
  });

  it('without a configured dataset its addresses want `collections`', async () => {
    const other = createApp(fakeGateway({ ogcapi: nodeOf({ dataset: [] }) }), { logger: null });
    expect((await other.inject('/ogcapi/map')).json()).toMatchObject({ status: 400, code: 'MISSING_PARAMETER', parameter: 'collections' });
    expect((await other.inject('/ogcapi/map?collections=moon')).statusCode).toBe(200);
    await other.close();
  });
});

describe('TMS 2.0', () => {
  it('/req/tilematrixset, /req/json-tilematrixset: origins in the order of the axes, cells, scale of the body itself', async () => {
    const set = await json<{ id: string; crs: string; orderedAxes: readonly string[]; tileMatrices: readonly Readonly<Record<string, unknown>>[] }>('/ogcapi/tileMatrixSets/MOON_GEOGRAPHIC');
    expect(set).toMatchObject({ id: 'MOON_GEOGRAPHIC', crs: 'http://www.opengis.net/def/crs/IAU/2015/30100', orderedAxes: ['Lat', 'Lon'] });
    const degree = (2 * Math.PI * 1737400) / 360;
    expect(set.tileMatrices[1]).toMatchObject({
      id: '1', cellSize: 180 / 512, cornerOfOrigin: 'topLeft', pointOfOrigin: [90, -180], tileWidth: 256, tileHeight: 256, matrixWidth: 4, matrixHeight: 2,
      scaleDenominator: expect.closeTo((180 / 512) * degree / 0.00028, 3) as number,
    });
  });

  it('/req/tilesets-list/tmss: every set of every collection once', async () => {
    const { tileMatrixSets } = await json<{ tileMatrixSets: readonly { id: string }[] }>('/ogcapi/tileMatrixSets');
    expect(tileMatrixSets.map(({ id }) => id)).toEqual(['MOON_EQUIRECTANGULAR', 'MOON_NORTH_POLAR', 'MOON_GEOGRAPHIC', 'WebMercatorQuad', 'GLOBAL_GEODETIC']);
    expect((await get('/ogcapi/tileMatrixSets/Other')).statusCode).toBe(404);
  });
});

describe('Maps 1.0', () => {
  it('/req/core/map-success: a map, its system and its rectangle in the order of the axes', async () => {
    const answer = await get('/ogcapi/collections/moon/map.png?width=64');
    expect([answer.statusCode, answer.body, answer.headers['content-type']]).toEqual([200, 'map', 'image/png']);
    expect(answer.headers).toMatchObject({ 'content-crs': '<http://www.opengis.net/def/crs/IAU/2015/30100>', 'content-bbox': '-90,-180,90,180', 'cache-control': 'public, max-age=259200', etag: '"map"' });
    expect((await get('/ogcapi/collections/moon/map.png', { 'if-none-match': '"map"' })).statusCode).toBe(304);
  });

  it.each([
    ['/ogcapi/collections/moon/map?crs=IAU_2015:49900', 400, 'crs'],
    ['/ogcapi/collections/moon/map?bbox=1,2,3', 400, 'bbox'],
    ['/ogcapi/collections/moon/map?width=9999&height=9999', 400, 'width'],
    ['/ogcapi/collections/moon/map.gif', 404, 'extension'],
    ['/ogcapi/map?collections=mars', 400, 'collections'],
  ])('%s is %s', async (url, status, parameter) => {
    const answer = await get(url);
    expect([answer.statusCode, answer.json()]).toMatchObject([status, { parameter }]);
  });

  it('what is switched off is not there', async () => {
    const other = createApp(fakeGateway({ ogcapi: nodeOf({ hasMaps: false, tiles: null }) }), { logger: null });
    for (const url of ['/ogcapi/collections/moon/map', '/ogcapi/collections/moon/map/tiles', '/ogcapi/tileMatrixSets']) expect((await other.inject(url)).statusCode, url).toBe(404);
    expect(Object.keys((await other.inject('/ogcapi/api')).json<{ paths: object }>().paths)).toHaveLength(5);
    await other.close();
    expect((await createApp(fakeGateway(), { logger: null }).inject('/ogcapi')).statusCode).toBe(404);
  });
});
