import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_TEMPLATES, restTemplates } from '../../src/protocol/wmts/template.ts';
import { createApp } from '../../src/server/app.ts';
import { textsOf, validateXsd } from '../conformance/validate.ts';
import { fakeGateway, MODIFIED, SECRET } from './support/fakeGateway.ts';
import { fakeTiles, TILE_TROUBLE } from './support/fakeTiles.ts';

const CAPS = '/wmts/1.0.0/WMTSCapabilities.xml';
const KVP_CAPS = '/service?SERVICE=WMTS&REQUEST=GetCapabilities';
const TILE = '/wmts/moon/MOON_GEOGRAPHIC/3/5/2.png';
const KVP_TILE =
  '/service?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=moon&STYLE=default&FORMAT=image/png&TILEMATRIXSET=MOON_GEOGRAPHIC&TILEMATRIX=3&TILEROW=2&TILECOL=5';
const KVP_INFO = `${KVP_TILE.replace('GetTile', 'GetFeatureInfo')}&I=7&J=9&INFOFORMAT=application/json`;
const XML = 'text/xml; charset=utf-8';
const EXCEPTION = 'ows/1.1.0/owsExceptionReport.xsd';

let app: FastifyInstance;
beforeAll(() => {
  app = createApp(fakeGateway({ tiles: fakeTiles() }), { logger: null });
});
afterAll(() => app.close());

/** Code and locator of an exception document, which must be valid. */
function exceptionOf(body: string): readonly string[] {
  validateXsd(body, EXCEPTION);
  return [...textsOf(body, '//ows:Exception/@exceptionCode'), ...textsOf(body, '//ows:Exception/@locator')];
}

describe('tiles', () => {
  it.each([
    [TILE, 'MOON_GEOGRAPHIC 3/5/2 image/png x1', 'image/png'],
    [KVP_TILE, 'MOON_GEOGRAPHIC 3/5/2 image/png x1', 'image/png'],
    [KVP_TILE.replace('/service', '/ows'), 'MOON_GEOGRAPHIC 3/5/2 image/png x1', 'image/png'],
    [KVP_TILE.replace('/service', '/wmts'), 'MOON_GEOGRAPHIC 3/5/2 image/png x1', 'image/png'],
    ['/wmts/moon/MOON_EQUIRECTANGULAR/3/5/2.jpg', 'MOON_EQUIRECTANGULAR 3/5/2 image/jpeg x1', 'image/jpeg'],
    ['/wmts/moon/MOON_EQUIRECTANGULAR/3/5/2.jpeg', 'MOON_EQUIRECTANGULAR 3/5/2 image/jpeg x1', 'image/jpeg'],
    ['/wmts/moon/MOON_GEOGRAPHIC/03/5/2.png', 'MOON_GEOGRAPHIC 3/5/2 image/png x1', 'image/png'], // as old MapProxy wrote it
    ['/wmts/rough%20seas/MOON_GEOGRAPHIC/3/7/1.png', 'MOON_GEOGRAPHIC 3/7/1 image/png x1', 'image/png'],
    ['/wmts//moon//MOON_GEOGRAPHIC/3/5//2.png?time=x', 'MOON_GEOGRAPHIC 3/5/2 image/png x1', 'image/png'],
  ])('%s', async (url, body, contentType) => {
    const answer = await app.inject(url);
    expect([answer.statusCode, answer.body]).toEqual([200, body]);
    expect(answer.headers).toMatchObject({
      'content-type': contentType,
      'content-length': String(body.length),
      etag: `"${body}"`,
      'last-modified': MODIFIED.toUTCString(),
      'cache-control': 'public, max-age=259200',
      'access-control-allow-origin': '*',
    });
  });

  it('of a grid that counts from below are asked for by rows from the top', async () => {
    expect((await app.inject('/wmts/earth/GLOBAL_GEODETIC/2/1/0.png')).body).toBe('GLOBAL_GEODETIC 2/1/1 image/png x1');
    expect((await app.inject('/wmts/earth/GLOBAL_WEBMERCATOR/2/1/0.png')).body).toBe('GLOBAL_WEBMERCATOR 2/1/0 image/png x1');
  });

  it('outside the coverage are transparent, 200, of the size of the matrix and to be kept', async () => {
    const answer = await app.inject(`/wmts/moon/MOON_GEOGRAPHIC/5/${TILE_TROUBLE.outside}/9.png`);
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([200, 'image/png', 'public, max-age=259200']);
    const { data, info } = await sharp(answer.rawPayload).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, Math.max(...data.filter((_, i) => i % 4 === 3))]).toEqual([256, 256, 0]);
    const jpeg = await app.inject(`/wmts/moon/MOON_GEOGRAPHIC/5/${TILE_TROUBLE.outside}/9.jpg`);
    expect(jpeg.headers['content-type']).toBe('image/jpeg');
    expect((await sharp(jpeg.rawPayload).stats()).channels[0]).toMatchObject({ min: 255, max: 255 });
  });

  it('are spared when the client holds them', async () => {
    const answer = await app.inject({ url: KVP_TILE, headers: { 'if-none-match': 'W/"MOON_GEOGRAPHIC 3/5/2 image/png x1"' } });
    expect([answer.statusCode, answer.body]).toEqual([304, '']);
    const since = await app.inject({ url: TILE, headers: { 'if-modified-since': MODIFIED.toUTCString() } });
    expect([since.statusCode, since.headers['access-control-allow-origin']]).toEqual([304, '*']);
  });
});

describe('capabilities', () => {
  it('are one valid document in KVP and REST, with addresses under the name that the client used', async () => {
    const headers = { host: 'maps.example:8080' };
    const [rest, kvp] = await Promise.all([app.inject({ url: CAPS, headers }), app.inject({ url: KVP_CAPS, headers })]);
    expect([rest.statusCode, rest.headers['content-type']]).toEqual([200, 'application/xml; charset=utf-8']);
    expect(kvp.body).toBe(rest.body);
    validateXsd(rest.body, 'wmts/1.0/wmtsGetCapabilities_response.xsd');
    expect(textsOf(rest.body, '/*/wmts:ServiceMetadataURL/@xlink:href')).toEqual([`http://maps.example:8080${CAPS}`]);
    expect(textsOf(rest.body, '//ows:Operation[@name="GetTile"]//ows:Get/@xlink:href')).toEqual(['http://maps.example:8080/service?', 'http://maps.example:8080/wmts/']);
    const other = await app.inject({ url: CAPS, headers: { host: 'other.example' } });
    expect(other.body).not.toContain('maps.example');
    expect(other.headers['etag']).not.toBe(rest.headers['etag']);
  });

  it('are spared when unchanged, and kept for minutes only', async () => {
    const first = await app.inject(CAPS);
    const again = await app.inject({ url: CAPS, headers: { 'if-none-match': String(first.headers['etag']) } });
    expect([first.headers['cache-control'], again.statusCode]).toEqual(['public, max-age=300', 304]);
  });

  it('have the sections asked for, whatever was asked for before', async () => {
    await app.inject(KVP_CAPS);
    const { body } = await app.inject(`${KVP_CAPS}&SECTIONS=Contents`);
    expect(textsOf(body, '/*/ows:ServiceIdentification')).toEqual([]);
    expect(textsOf(body, '/*/wmts:Contents')).toHaveLength(1);
    expect(textsOf((await app.inject(KVP_CAPS)).body, '/*/ows:ServiceIdentification')).toHaveLength(1);
  });

  it('come as text/xml to who prefers it', async () => {
    expect((await app.inject(`${KVP_CAPS}&AcceptFormats=text/xml`)).headers['content-type']).toBe(XML);
  });

  it('name the set in metres first, and keep GLOBAL_GEODETIC from the first level that can be counted from the top', async () => {
    const { body } = await app.inject(CAPS);
    const setsOf = (layer: string): readonly string[] =>
      textsOf(body, `//wmts:Layer[ows:Identifier="${layer}"]/wmts:TileMatrixSetLink/wmts:TileMatrixSet`);
    expect(setsOf('moon')).toEqual(['MOON_EQUIRECTANGULAR', 'MOON_NORTH_POLAR', 'MOON_GEOGRAPHIC']);
    expect(setsOf('earth')).toEqual(['GLOBAL_WEBMERCATOR', 'GLOBAL_GEODETIC']);
    const matrices = '/*/wmts:Contents/wmts:TileMatrixSet[ows:Identifier="GLOBAL_GEODETIC"]/wmts:TileMatrix';
    expect(textsOf(body, `${matrices}/ows:Identifier`)[0]).toBe('1');
  });

  it('write no WGS 84 box for the Moon, and the box of each CRS in metres', async () => {
    const { body } = await app.inject(CAPS);
    expect(textsOf(body, '//wmts:Layer[ows:WGS84BoundingBox]/ows:Identifier')).toEqual(['earth']);
    expect(textsOf(body, '//wmts:Layer[ows:Identifier="moon"]/ows:BoundingBox/@crs')).toEqual(['urn:ogc:def:crs:IAU_2015::30110', 'urn:ogc:def:crs:IAU_2015::30130']);
  });

  it('write the box in the equirectangular system of the body first, whether a set is in it or not: QGIS derives the others from it', async () => {
    const { body } = await app.inject(CAPS);
    const box = '//wmts:Layer[ows:Identifier="rough seas"]/ows:BoundingBox';
    expect(textsOf(body, `${box}/@crs`)).toEqual(['urn:ogc:def:crs:IAU_2015::30110']);
    const corner = (textsOf(body, `${box}/ows:LowerCorner`)[0] ?? '').split(' ').map((metres) => (Number(metres) / 1737400) * (180 / Math.PI));
    expect(corner).toEqual([expect.closeTo(-10, 9), expect.closeTo(35, 9)]);
    expect(textsOf(body, '//wmts:Layer[ows:Identifier="earth"]/ows:BoundingBox/@crs')).toEqual(['urn:ogc:def:crs:EPSG::3857']);
  });

  it('limit a layer to the tiles that its rectangle touches, and leave out a set that shows nothing of it', async () => {
    const { body } = await app.inject(CAPS);
    const link = '//wmts:Layer[ows:Identifier="rough seas"]/wmts:TileMatrixSetLink';
    expect(textsOf(body, `${link}/wmts:TileMatrixSet`)).toEqual(['MOON_GEOGRAPHIC']);
    const limits = `${link}//wmts:TileMatrixLimits[wmts:TileMatrix="3"]`; // 22.5 degrees a tile
    expect(['MinTileCol', 'MaxTileCol', 'MinTileRow', 'MaxTileRow'].map((name) => textsOf(body, `${limits}/wmts:${name}`)[0])).toEqual(['7', '9', '0', '2']);
    expect((await app.inject('/wmts/rough%20seas/MOON_GEOGRAPHIC/3/7/0.png')).statusCode).toBe(200);
    const beyond = await app.inject('/wmts/rough%20seas/MOON_GEOGRAPHIC/3/6/0.png');
    expect([beyond.statusCode, ...exceptionOf(beyond.body)]).toEqual([400, 'TileOutOfRange', 'TileCol']);
  });

  it('are what every advertised address answers: fill in any template and there is a tile', async () => {
    const { body } = await app.inject({ url: CAPS, headers: { host: 'h' } });
    const templates = textsOf(body, '//wmts:ResourceURL[@resourceType="tile"]/@template');
    expect(templates).toHaveLength(6);
    const sets: Record<string, string> = { moon: 'MOON_GEOGRAPHIC', 'rough%20seas': 'MOON_GEOGRAPHIC', earth: 'GLOBAL_WEBMERCATOR' };
    for (const template of templates) {
      const set = sets[new URL(template).pathname.split('/')[2] ?? ''] ?? '';
      const url = template.slice('http://h'.length).replace('{TileMatrixSet}', set).replace('{TileMatrix}', '0').replaceAll(/\{Tile(?:Col|Row)\}/g, '0');
      expect((await app.inject(url)).statusCode, url).toBe(200);
    }
  });

  it('scale degrees with the body itself where the configuration says so', async () => {
    const denominator = async (degreeScale: 'earth' | 'body'): Promise<number> => {
      const tiles = fakeTiles({ wmts: { kvp: true, restful: true, templates: DEFAULT_TEMPLATES, degreeScale } });
      const other = createApp(fakeGateway({ tiles }), { logger: null });
      const { body } = await other.inject(CAPS);
      await other.close();
      return Number(textsOf(body, '//wmts:TileMatrixSet[ows:Identifier="MOON_GEOGRAPHIC"]/wmts:TileMatrix[1]/wmts:ScaleDenominator')[0]);
    };
    expect((await denominator('earth')) / (await denominator('body'))).toBeCloseTo(6378137 / 1737400, 9);
  });
});

describe('switches', () => {
  async function ask(wmts: Partial<NonNullable<ReturnType<typeof fakeTiles>['wmts']>> | null, url: string) {
    const tiles = fakeTiles({ wmts: wmts === null ? null : { kvp: true, restful: true, templates: DEFAULT_TEMPLATES, degreeScale: 'earth', ...wmts } });
    const other = createApp(fakeGateway({ tiles }), { logger: null });
    const answer = await other.inject({ url, headers: { host: 'h' } });
    await other.close();
    return answer;
  }

  it('templates of addresses are followed, and written into the capabilities', async () => {
    const info = '/info/{Layer}/{TileMatrixSet}/{TileMatrix}/{TileCol}/{TileRow}/{J}-{I}.{InfoFormat}';
    const templates = restTemplates('/{TileMatrixSet}/{Layer}/{TileMatrix}/{TileRow}/{TileCol}.{Format}', info);
    expect((await ask({ templates }, '/wmts/MOON_GEOGRAPHIC/moon/3/2/5.png')).body).toBe('MOON_GEOGRAPHIC 3/5/2 image/png x1');
    expect((await ask({ templates }, '/wmts/info/moon/MOON_GEOGRAPHIC/3/5/2/9-7.json')).json()).toMatchObject({ layers: [{ value: [7, 9, 3, 255] }] });
    expect((await ask({ templates }, CAPS)).body).toContain('template="http://h/wmts/{TileMatrixSet}/moon/{TileMatrix}/{TileRow}/{TileCol}.png"');
  });

  it('without KVP, KVP is refused and not advertised', async () => {
    const answer = await ask({ kvp: false }, KVP_TILE);
    expect([answer.statusCode, ...exceptionOf(answer.body)]).toEqual([501, 'OperationNotSupported', 'service']);
    expect((await ask({ kvp: false }, CAPS)).body).not.toContain('/service?');
  });

  it('without REST there are no REST addresses, advertised or not', async () => {
    expect((await ask({ restful: false }, TILE)).statusCode).toBe(404);
    expect((await ask({ restful: false }, KVP_CAPS)).body).not.toContain('ResourceURL');
  });

  it('without WMTS there is nothing of it', async () => {
    for (const url of [TILE, CAPS, KVP_TILE, '/wmts']) expect((await ask(null, url)).statusCode, url).toBe(404);
  });
});

describe('GetFeatureInfo', () => {
  it('is the JSON of the contract, with the pixel centre in the CRS of the set', async () => {
    const answer = await app.inject(KVP_INFO);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/json']);
    const cell = 180 / 256 / 8;
    expect(answer.json()).toEqual({
      layers: [{
        name: 'moon', lon: 5.25, lat: 2.5, crs: [-180 + (5 * 256 + 7.5) * cell, 90 - (2 * 256 + 9.5) * cell], value: [7, 9, 3, 255], unit: null,
        hips: { order: 3, npix: 271 },
      }],
    });
  });

  it.each([
    ['txt', 'text/plain; charset=utf-8', /value = 7 9 3 255/],
    ['html', 'text/html; charset=utf-8', /<td>7 9 3 255<\/td>/],
    ['json', 'application/json', /"value":\[7,9,3,255\]/],
    ['geojson', 'application/geo+json', /"coordinates":\[5.25,2.5\]/],
  ])('in REST ends with .%s', async (extension, contentType, said) => {
    const answer = await app.inject(`/wmts/moon/MOON_GEOGRAPHIC/3/5/2/7/9.${extension}`);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, contentType]);
    expect(answer.body).toMatch(said);
  });

  it('says null where there is nothing', async () => {
    const { layers } = (await app.inject('/wmts/moon/MOON_GEOGRAPHIC/3/0/2/7/9.json')).json<{ layers: readonly { value: unknown }[] }>();
    expect(layers[0]?.value).toBeNull();
  });

  it('is refused by a layer that is not queryable', async () => {
    const answer = await app.inject(KVP_INFO.replace('LAYER=moon', 'LAYER=rough%20seas'));
    expect([answer.statusCode, ...exceptionOf(answer.body)]).toEqual([501, 'OperationNotSupported', 'GetFeatureInfo']);
  });
});

describe('bad input: an exception report with code and locator, 400', () => {
  it.each([
    [KVP_TILE.replace('SERVICE=WMTS&', ''), 'MissingParameterValue', 'service'],
    [KVP_TILE.replace('GetTile', 'GetBogus'), 'InvalidParameterValue', 'request'],
    [KVP_TILE.replace('1.0.0', '2.0.0'), 'InvalidParameterValue', 'version'],
    [KVP_TILE.replace('LAYER=moon&', ''), 'MissingParameterValue', 'Layer'],
    [KVP_TILE.replace('TILEROW=2&', ''), 'MissingParameterValue', 'TileRow'],
    [KVP_TILE.replace('LAYER=moon', 'LAYER=mars'), 'InvalidParameterValue', 'Layer'],
    [KVP_TILE.replace('LAYER=moon', 'LAYER=__proto__'), 'InvalidParameterValue', 'Layer'],
    [KVP_TILE.replace('STYLE=default', 'STYLE=blue'), 'InvalidParameterValue', 'Style'],
    [KVP_TILE.replace('image/png', 'image/webp'), 'InvalidParameterValue', 'Format'],
    [KVP_TILE.replace('MOON_GEOGRAPHIC', 'GLOBAL_GEODETIC'), 'InvalidParameterValue', 'TileMatrixSet'],
    [KVP_TILE.replace('TILEMATRIX=3', 'TILEMATRIX=99'), 'InvalidParameterValue', 'TileMatrix'],
    [KVP_TILE.replace('TILEROW=2', 'TILEROW=8'), 'TileOutOfRange', 'TileRow'],
    [KVP_TILE.replace('TILECOL=5', 'TILECOL=-1'), 'TileOutOfRange', 'TileCol'],
    [KVP_TILE.replace('TILECOL=5', 'TILECOL=1e1'), 'InvalidParameterValue', 'TileCol'],
    [KVP_INFO.replace('I=7', 'I=256'), 'InvalidParameterValue', 'I'],
    [KVP_INFO.replace('application/json', 'image/png'), 'InvalidParameterValue', 'InfoFormat'],
    ['/wmts/mars/MOON_GEOGRAPHIC/3/5/2.png', 'InvalidParameterValue', 'Layer'],
    ['/wmts/moon/EPSG4326/3/5/2.png', 'InvalidParameterValue', 'TileMatrixSet'],
    ['/wmts/moon/MOON_GEOGRAPHIC/x/5/2.png', 'InvalidParameterValue', 'TileMatrix'],
    ['/wmts/moon/MOON_GEOGRAPHIC/3/16/2.png', 'TileOutOfRange', 'TileCol'],
    ['/wmts/moon/MOON_GEOGRAPHIC/3/5/2.exe', 'InvalidParameterValue', 'Format'],
    ['/wmts/earth/GLOBAL_GEODETIC/0/0/0.png', 'InvalidParameterValue', 'TileMatrix'],
    ['/wmts/moon/MOON_GEOGRAPHIC/5/2/9.png', 'InvalidParameterValue', null], // more source tiles than allowed
  ])('%s', async (url, code, locator) => {
    const answer = await app.inject(url);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, XML]);
    expect(exceptionOf(answer.body)).toEqual(locator === null ? [code] : [code, locator]);
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' });
    expect(answer.headers['etag']).toBeUndefined();
  });

  it('says the limit that was exceeded', async () => {
    expect((await app.inject('/wmts/moon/MOON_GEOGRAPHIC/5/2/9.png')).body).toContain('more than the allowed 500');
  });

  it.each(['/wmts/foo', '/wmts/1.0.0/WMTSCapabilities.xml/Bogus', '/wmts/moon/MOON_GEOGRAPHIC/3/5/2', '/wmts/a/b/c/d/e/f/g/h.png'])(
    '%s is no address of WMTS: 404, text/plain',
    async (url) => {
      const answer = await app.inject(url);
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8']);
      expect(answer.body).toContain(CAPS);
      expect(answer.headers['access-control-allow-origin']).toBe('*');
    },
  );

  it('a client that reads no XML gets 406 for the RESTful capabilities', async () => {
    expect((await app.inject({ url: CAPS, headers: { accept: 'example/unknown' } })).statusCode).toBe(406);
    for (const accept of ['*/*', 'application/xml', 'text/html, application/xhtml+xml, application/xml;q=0.9', 'text/*']) {
      expect((await app.inject({ url: CAPS, headers: { accept } })).statusCode, accept).toBe(200);
    }
  });
});

describe('trouble', () => {
  it.each([
    ['upstreamFailed', 502],
    ['upstreamTimeout', 504],
    ['bug', 500],
  ] as const)('%s is an exception report with %i and nothing internal', async (trouble, status) => {
    for (const url of [`/wmts/moon/MOON_GEOGRAPHIC/5/${TILE_TROUBLE[trouble]}/9.png`, KVP_TILE.replace('MATRIX=3', 'MATRIX=5').replace('ROW=2', 'ROW=9').replace('COL=5', `COL=${TILE_TROUBLE[trouble]}`)]) {
      const answer = await app.inject(url);
      expect([answer.statusCode, exceptionOf(answer.body)]).toEqual([status, ['NoApplicableCode']]);
      expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'access-control-allow-origin': '*' });
      expect(JSON.stringify([answer.headers, answer.body])).not.toMatch(/upstream\.internal|secret|\.ts\b/);
    }
  });

  it('is logged in full, once; what the client did wrong is not', async () => {
    const lines: string[] = [];
    const { createLogger } = await import('../../src/server/log.ts');
    const logged = createApp(fakeGateway({ tiles: fakeTiles() }), { logger: createLogger('info', { write: (line) => void lines.push(line) }) });
    await logged.inject(`/wmts/moon/MOON_GEOGRAPHIC/5/${TILE_TROUBLE.upstreamFailed}/9.png`);
    await logged.inject(KVP_TILE.replace('LAYER=moon', 'LAYER=mars'));
    await logged.inject(KVP_INFO.replace('LAYER=moon', 'LAYER=rough%20seas'));
    await logged.close();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(SECRET);
  });

  it('a client that leaves stops the work', async () => {
    const signals: AbortSignal[] = [];
    const waiting = createApp(fakeGateway({ tiles: fakeTiles({}, (signal) => void signals.push(signal)) }), { logger: null });
    await waiting.listen({ host: '127.0.0.1', port: 0 });
    const address = waiting.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const left = new AbortController();
    const asked = fetch(`http://127.0.0.1:${address.port}/wmts/moon/MOON_GEOGRAPHIC/5/${TILE_TROUBLE.never}/9.png`, { signal: left.signal });
    await expect.poll(() => signals.length).toBe(1);
    left.abort();
    await expect(asked).rejects.toThrow();
    await expect.poll(() => signals[0]?.aborted).toBe(true);
    await waiting.close();
  });
});

describe('methods and the root', () => {
  it.each([TILE, KVP_TILE, CAPS, KVP_INFO])('HEAD %s says what GET would; OPTIONS allows', async (url) => {
    const [get, head, options] = await Promise.all([app.inject(url), app.inject({ method: 'HEAD', url }), app.inject({ method: 'OPTIONS', url })]);
    expect([head.statusCode, head.body, options.statusCode]).toEqual([200, '', 204]);
    expect({ ...head.headers, date: '' }).toEqual({ ...get.headers, date: '' });
  });

  it('/wmts leads to the capabilities, by an address that survives a proxy prefix', async () => {
    for (const [url, location] of [['/wmts', './wmts/1.0.0/WMTSCapabilities.xml'], ['/wmts/', '../wmts/1.0.0/WMTSCapabilities.xml']] as const) {
      const answer = await app.inject(url);
      expect([answer.statusCode, answer.headers['location']]).toEqual([302, location]);
    }
  });
});
