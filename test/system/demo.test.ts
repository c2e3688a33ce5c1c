import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_TEMPLATES, FEATURE_INFO_TEMPLATE, restTemplates } from '../../src/protocol/wmts/template.ts';
import { createApp } from '../../src/server/app.ts';
import type { DemoContent } from '../../src/service/demoLayers.ts';
import { formatDemoPage } from '../../src/service/pages/demo.ts';
import type { Gateway } from '../../src/service/types.ts';
import { fakeGateway } from './support/fakeGateway.ts';
import { fakeMaps } from './support/fakeMaps.ts';
import { fakeTiles } from './support/fakeTiles.ts';

let app: FastifyInstance;
beforeAll(() => {
  app = createApp(fakeGateway({ maps: fakeMaps(), tiles: fakeTiles() }), { logger: null });
});
afterAll(() => app.close());

async function contentOf(overrides: Partial<Gateway>): Promise<DemoContent> {
  const other = createApp(fakeGateway(overrides), { logger: null });
  const content = (await other.inject('/demo/layers.json')).json<DemoContent>();
  await other.close();
  return content;
}

describe('/demo/', () => {
  it('is a page that forbids other hosts and escapes what comes from the configuration', async () => {
    const answer = await app.inject({ url: '/demo/', headers: { host: 'maps.example' } });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(String(answer.headers['content-security-policy'])).not.toMatch(/https?:/);
    expect(answer.body).toContain('The &lt;moon&gt; (moon)');
    expect(answer.body).not.toContain('<moon>');
  });

  it.each(['/demo/', '//demo/'])('everything that %s links to or loads is there, below a proxy prefix too', async (url) => {
    const { body } = await app.inject(url);
    const links = [...body.matchAll(/(?:href|src|data-script|data-style)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(20);
    for (const link of links) {
      const { origin, pathname, search } = new URL(link.replaceAll('&amp;', '&'), `http://host/prefix${url}`);
      expect([origin, pathname.startsWith('/prefix/')], link).toEqual(['http://host', true]);
      if (!/service=WMS\b/i.test(search)) expect((await app.inject(pathname.slice('/prefix'.length) + search)).statusCode, link).toBe(200);
    }
  });

  it('serves the scripts and style sheets of the libraries unmodified, with their licences, to be kept for good', async () => {
    for (const [file, contentType, said] of [
      ['ol/10.11.0/ol.js', 'text/javascript; charset=utf-8', 'var ol='],
      ['ol/10.11.0/ol.css', 'text/css; charset=utf-8', '.ol-'],
      ['ol/10.11.0/LICENSE.md', 'text/plain; charset=utf-8', 'Redistribution'],
      ['leaflet/1.9.4/leaflet.js', 'text/javascript; charset=utf-8', 'Leaflet 1.9.4'],
      ['leaflet/1.9.4/leaflet.css', 'text/css; charset=utf-8', '.leaflet-'],
      ['leaflet/1.9.4/LICENSE', 'text/plain; charset=utf-8', 'Redistribution'],
    ] as const) {
      const answer = await app.inject(`/vendor/${file}`);
      expect([answer.statusCode, answer.headers['content-type'], answer.headers['cache-control']], file).toEqual([200, contentType, 'public, max-age=31536000, immutable']);
      expect(answer.body, file).toContain(said);
    }
  });

  it('says which package is missing instead of loading it', () => {
    const content: DemoContent = { layers: [{ name: 'a', title: 'A', frame: null, hips: null, wms: null, wmts: null, xyz: null }], crs: [] };
    const viewers = { aladinLite: null, openLayers: null, leaflet: null };
    const text = formatDemoPage({ root: '../', publicAddress: 'http://h', content, viewers });
    expect(text).not.toContain('data-script');
    for (const name of ['aladin-lite', 'ol', 'leaflet']) expect(text).toContain(`data-package="${name}"`);
  });

  it('is a page without layers too', async () => {
    const bare = createApp(fakeGateway({ hips: null }), { logger: null });
    expect((await bare.inject('/demo/')).body).toContain('no layers yet');
    await bare.close();
  });
});

describe('the landing page', () => {
  it('shows the layers of every service, each with its own picture and links', async () => {
    const { body } = await app.inject({ url: '/', headers: { host: 'maps.example' } });
    expect(body.match(/class="card"/g)).toHaveLength(3);
    expect(body).toContain('src="./hips/moon/preview.jpg"');
    expect(body).toContain('href="./demo/#layer=rough+seas"');
    for (const address of ['hips/list', 'service?SERVICE=WMS&amp;REQUEST=GetCapabilities', 'wmts/1.0.0/WMTSCapabilities.xml']) expect(body).toContain(`http://maps.example/${address}<`);
  });

  it('draws a layer that is no HiPS by WMS, x before y', async () => {
    const bare = createApp(fakeGateway({ hips: null, maps: fakeMaps() }), { logger: null });
    const { body } = await bare.inject('/');
    await bare.close();
    const src = /src="\.\/(service\?[^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const asked = new URL(src, 'http://host/').searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({ REQUEST: 'GetMap', VERSION: '1.1.1', LAYERS: 'moon', SRS: 'IAU_2015:30100', BBOX: '-180,-90,180,90', WIDTH: '256', HEIGHT: '128' });
    expect(body).not.toContain('hips/list<');
  });
});

describe('/demo/layers.json', () => {
  it('says what each layer can be seen as, addresses relative to the root', async () => {
    const { layers } = (await app.inject('/demo/layers.json')).json<DemoContent>();
    expect(layers.map(({ name }) => name)).toEqual(['moon', 'rough seas', 'earth']);
    const [moon, seas, earth] = layers;
    expect(moon?.hips).toEqual({ survey: 'hips/moon/', kind: 'body', frame: 'moon', lon: 0, lat: 0, fov: 180 });
    expect(moon?.wms).toMatchObject({ url: 'service', queryable: true });
    expect(moon?.wms?.maps.map(({ id }) => id)).toEqual(['IAU_2015:30100', 'IAU_2015:30130', 'EPSG:4326']);
    expect(moon?.wmts?.maps.map(({ id }) => id)).toEqual(['MOON_GEOGRAPHIC', 'MOON_EQUIRECTANGULAR', 'MOON_NORTH_POLAR']);
    expect(moon?.wmts?.info).toBe('wmts/moon/{TileMatrixSet}/{TileMatrix}/{TileCol}/{TileRow}/{I}/{J}.json');
    expect(seas?.wms).toBeNull();
    expect(seas?.wmts?.info).toBeNull();
    expect(seas?.xyz).toEqual({ folder: 'tiles/rough%20seas/', maps: [{ id: 'MOON_GEOGRAPHIC', crs: 'IAU_2015:30100', extent: [-10, 35, 40, 70].map((edge) => expect.closeTo(edge, 9) as number) }] });
    expect([earth?.hips, earth?.frame]).toEqual([null, 'earth']);
  });

  it('describes every CRS that it names, as a map library must be told of it', async () => {
    const { layers, crs } = (await app.inject('/demo/layers.json')).json<DemoContent>();
    const named = layers.flatMap(({ wms, wmts, xyz }) => [wms, wmts, xyz]).flatMap((offered) => offered?.maps ?? []).map((map) => map.crs);
    expect(crs.map(({ id }) => id)).toEqual(expect.arrayContaining([...new Set(named)]));
    expect(new Set(crs.map(({ id }) => id)).size).toBe(crs.length);
    expect(crs.find(({ id }) => id === 'IAU_2015:30100')).toMatchObject({ urn: 'urn:ogc:def:crs:IAU_2015::30100', unit: 'degree', axes: 'yx', extent: [-180, -90, 180, 90], global: true });
    expect(crs.find(({ id }) => id === 'IAU_2015:30100')?.metersPerUnit).toBeCloseTo(111319.49, 2);
    expect(crs.find(({ id }) => id === 'IAU_2015:30130')).toMatchObject({ unit: 'metre', axes: 'xy', metersPerUnit: 1, global: false });
  });

  it('names the dimensions as requests do, for WMTS those that its addresses can name', async () => {
    const along = [{ name: 'time', values: ['2024', '2025'], default: '2025' }, { name: 'dim_band', values: ['red'], default: 'red' }];
    const [maps, tiles] = [fakeMaps(), fakeTiles()];
    const [group] = maps.roots;
    const roots = [{ ...group!, children: group!.children.map((node) => ({ ...node, layer: { ...node.layer!, dimensions: along } })) }];
    const layers = new Map([...tiles.layers].map(([name, layer]) => [name, { ...layer, dimensions: along }]));
    const dimensionsFor = async (wmts: typeof tiles.wmts): Promise<unknown> => {
      const [moon] = (await contentOf({ maps: { ...maps, roots }, tiles: { ...tiles, layers, wmts } })).layers;
      return [moon?.wms?.dimensions, moon?.wmts?.dimensions].map((all) => all?.map(({ parameter }) => parameter));
    };
    const dated = restTemplates('/{Layer}/{TileMatrixSet}/{Time}/{TileMatrix}/{TileCol}/{TileRow}.{Format}', FEATURE_INFO_TEMPLATE, ['time']);
    expect(await dimensionsFor({ ...tiles.wmts!, templates: dated })).toEqual([['TIME', 'DIM_BAND'], ['time']]);
    expect(await dimensionsFor(tiles.wmts)).toEqual([['TIME', 'DIM_BAND'], []]);
    expect(await dimensionsFor({ ...tiles.wmts!, restful: false })).toEqual([['TIME', 'DIM_BAND'], ['time', 'dim_band']]);
  });

  it('leaves out what is switched off', async () => {
    const base = fakeTiles();
    const { layers } = await contentOf({ tiles: { ...base, wmts: null, tms: null } });
    expect(layers.every(({ wms, wmts, xyz }) => wms === null && wmts === null && xyz === null)).toBe(true);
    const kvp = await contentOf({ tiles: { ...base, wmts: { kvp: true, restful: false, templates: DEFAULT_TEMPLATES, degreeScale: 'body' } } });
    expect(kvp.layers[0]?.wmts).toMatchObject({ capabilities: 'service?SERVICE=WMTS&REQUEST=GetCapabilities', info: null });
    expect(kvp.crs.find(({ id }) => id === 'IAU_2015:30100')?.metersPerUnit).toBeCloseTo((Math.PI * 1737400) / 180, 6);
  });
});
