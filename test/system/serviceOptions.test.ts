import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/** Options of services and of the server, as a client sees them. Danger: an option that is read and changes nothing. */
const CONFIG = `
$schema: ../config/schema.json
services:
  wms:
    srs: ['IAU_2015:30100']
    featureinfo_types: [text]
    md:
      title: Maps
      online_resource: https://maps.example.org/about
      access_constraints: for teaching only
      contact: {person: A. Nonym, organisation: Institute of Maps}
      keyword_list: [{vocabulary: GEMET, keywords: [crater, mare]}]
  wmts:
    restful_template: '/tile/{Layer}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.{Format}'
    restful_featureinfo_template: '/info/{Layer}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}/{J}/{I}.{InfoFormat}'
    degree_scale: body
    featureinfo_formats: [{mimetype: text/plain, suffix: txt}, {mimetype: 'application/gml+xml; version=3.1', suffix: gml3}, {mimetype: text/html}]
  ogcapi:
    enable_maps: false
    md: {identification: {terms_of_service: https://maps.example.org/terms}}
layers: [{name: moon, title: Moon, sources: [cache]}]
sources: {red: {type: image, url: red.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
caches: {cache: {grids: [deg], sources: [red]}}
grids: {deg: {srs: 'IAU_2015:30100', origin: nw, tile_size: [90, 90], res: [2, 1]}}
globals: {cache: {base_dir: cache}}
server: {public_url: 'https://public.example.org/maps', trust_proxy: true}
`;
let served: PictureGateway;
const pictures = { red: plainPicture(36, 18, [200, 10, 20, 255]) };
beforeAll(async () => {
  served = await pictureGateway(CONFIG, pictures);
});
afterAll(() => served.close());

const text = async (url: string, headers: Readonly<Record<string, string>> = {}): Promise<string> => (await served.app.inject({ url, headers })).payload;
const capabilities = () => text('/service?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0');
const INFO = '/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetFeatureInfo&LAYERS=moon&QUERY_LAYERS=moon&STYLES=&SRS=IAU_2015:30100&BBOX=0,0,10,10&WIDTH=10&HEIGHT=10&X=5&Y=5&INFO_FORMAT=';

describe('services.wms', () => {
  it.each(['https://maps.example.org/about', 'for teaching only', 'Institute of Maps', 'vocabulary="GEMET">crater<', '>mare<'])('md: %s stands in the capabilities', async (wanted) => {
    expect(await capabilities()).toContain(wanted);
  });

  it('featureinfo_types: only these are offered and answered', async () => {
    expect(await capabilities()).not.toMatch(/<Format>(text\/html|application\/json)/);
    expect(await text(`${INFO}text/plain`)).toMatch(/200/);
    expect(await text(`${INFO}text/html`)).toMatch(/InvalidFormat/);
  });
});

describe('services.hips', () => {
  it.each([[true, 1], [false, 0]])('populate_cache: %s: %i tile on the disk', async (kept, files) => {
    const one = await pictureGateway(CONFIG.replace('services:', `services:\n  hips: {populate_cache: ${kept}}`), pictures);
    for (let i = 0; i < 2; i++) expect((await one.app.inject('/hips/moon/Norder0/Dir0/Npix4.png')).statusCode).toBe(200);
    const found = existsSync(path.join(one.directory, 'cache')) ? readdirSync(path.join(one.directory, 'cache'), { recursive: true }).filter((name) => String(name).endsWith('Npix4.png')) : [];
    expect(found).toHaveLength(files);
    await one.close();
  });
});

describe('services.wmts', () => {
  it('restful_template: the tile lies at its address, in the order of the template, and no longer at the usual one', async () => {
    const found = await served.app.inject('/wmts/tile/moon/deg/1/0/3.png');
    expect([found.statusCode, pixelAt(await decoded(found.rawPayload), 5, 5)]).toEqual([200, [200, 10, 20, 255]]);
    expect((await served.app.inject('/wmts/tile/moon/deg/1/3/0.png')).statusCode).toBe(400); // there are two rows
    expect((await served.app.inject('/wmts/moon/deg/1/3/0.png')).statusCode).toBe(404);
  });

  it('restful_featureinfo_template: as well', async () => {
    expect(await text('/wmts/info/moon/deg/1/0/3/20/30.txt')).toMatch(/200/);
  });

  it('featureinfo_formats: only these are offered and answered', async () => {
    expect([...(await text('/wmts/1.0.0/WMTSCapabilities.xml')).matchAll(/<InfoFormat>([^<]*)/g)].map(([, format]) => format)).toEqual(['text/plain', 'application/gml+xml; version=3.1', 'text/html']);
    const answer = await served.app.inject('/wmts/info/moon/deg/1/0/3/20/30.gml3');
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/gml+xml; version=3.1']);
    expect(answer.body).toContain('<value>200 10 20 255</value>');
    expect((await served.app.inject('/wmts/info/moon/deg/1/0/3/20/30.html')).statusCode).toBe(200);
    expect((await served.app.inject('/wmts/info/moon/deg/1/0/3/20/30.json')).statusCode).toBe(400);
  });

  it("degree_scale: body: a degree is one of the Moon's equator", async () => {
    const document = await text('/wmts/1.0.0/WMTSCapabilities.xml');
    const [scale] = /(?<=<ScaleDenominator>)[^<]+/.exec(document)!;
    expect(Number(scale)).toBeCloseTo((2 * ((2 * Math.PI * 1_737_400) / 360)) / 0.00028, 0);
    const earth = await pictureGateway(CONFIG.replace('degree_scale: body', 'degree_scale: earth'), pictures);
    const [usual] = /(?<=<ScaleDenominator>)[^<]+/.exec((await earth.app.inject('/wmts/1.0.0/WMTSCapabilities.xml')).payload)!;
    await earth.close();
    expect(Number(usual) / Number(scale)).toBeCloseTo(6_378_137 / 1_737_400, 6);
  });
});

describe('services.ogcapi', () => {
  const map = '/ogcapi/collections/moon/map?width=20';
  const tile = '/ogcapi/collections/moon/map/tiles/deg/1/0/3?f=png';
  it('enable_maps: false: tiles, no maps; enable_tiles: false: the other way round', async () => {
    expect([(await served.app.inject(map)).statusCode, (await served.app.inject(tile)).statusCode]).toEqual([404, 200]);
    const maps = await pictureGateway(CONFIG.replace('enable_maps: false', 'enable_tiles: false'), pictures);
    expect([(await maps.app.inject(map)).statusCode, (await maps.app.inject(tile)).statusCode]).toEqual([200, 404]);
    await maps.close();
  });

  it('terms_of_service stand in the OpenAPI document', async () => {
    expect(await text('/ogcapi/api?f=json')).toContain('https://maps.example.org/terms');
  });
});

describe('server', () => {
  it('public_url: addresses in documents are below it', async () => {
    expect(await capabilities()).toContain('https://public.example.org/maps/service?');
  });

  it('trust_proxy: without a public_url the host that the proxy names, else that of the request', async () => {
    const headers = { 'x-forwarded-host': 'front.example.org', 'x-forwarded-proto': 'https', host: 'back.example.org' };
    for (const [trust, wanted] of [['true', 'https://front.example.org/service?'], ['false', 'http://back.example.org/service?']] as const) {
      const one = await pictureGateway(CONFIG.replace(/^server: .*$/m, `server: {trust_proxy: ${trust}}`), pictures);
      expect((await one.app.inject({ url: '/service?SERVICE=WMS&REQUEST=GetCapabilities', headers })).payload).toContain(wanted);
      await one.close();
    }
  });
});
