import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLive } from '../../src/server/live.ts';
import { pictureGateway, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * CORS and Cache-Control of layers. Dangers: one of the services, an error, or the short way for tiles in memory says what the server says and
 * not what the layer does; a map of several layers is as open as the most open of them.
 */
const OURS = 'https://ours.example.org';
const THEIRS = 'https://theirs.example.org';
const YAML = `
services: {hips: , wms: , wmts: , tms: }
layers:
  - {name: usual, title: Usual, sources: [c]}
  - name: group
    title: Group
    cors: ['${OURS}']
    cache_control: private, max-age=60
    layers:
      - {name: ours, title: Ours, sources: [c]}
      - {name: nobodys, title: Nobody's, sources: [c], cors: [], cache_control: no-store}
  - {name: open, title: Open, sources: [c], cors: '*', cache_control: 'public, max-age=5, immutable'}
caches: {c: {grids: [MOON_GEOGRAPHIC], sources: [p]}}
sources: {p: {type: image, url: p.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
globals: {http: {access_control_allow_origin: ['${THEIRS}', '${OURS}']}, tiles: {expires_hours: 1}}
`;
let served: PictureGateway;
beforeAll(async () => {
  served = await pictureGateway(YAML, { p: plainPicture(64, 32, [200, 100, 50, 255]) });
});
afterAll(() => served.close());

const MAP = 'SERVICE=WMS&VERSION=1.3.0&CRS=IAU_2015:30100&BBOX=-90,-180,90,180&WIDTH=64&HEIGHT=32&FORMAT=image/png&STYLES=';
const ADDRESSES: Readonly<Record<string, (layer: string) => string>> = {
  HiPS: (layer) => `/hips/${layer}/Norder0/Dir0/Npix4.png`,
  Allsky: (layer) => `/hips/${layer}/Norder0/Allsky.jpg`,
  WMS: (layer) => `/service?${MAP}&REQUEST=GetMap&LAYERS=${layer}`,
  legend: (layer) => `/service?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=${layer}&FORMAT=image/png&STYLE=&SLD_VERSION=1.1.0`,
  WMTS: (layer) => `/wmts/${layer}/MOON_GEOGRAPHIC/1/1/0.png`,
  'WMTS, KVP': (layer) => `/service?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&LAYER=${layer}&STYLE=&FORMAT=image/png&TILEMATRIXSET=MOON_GEOGRAPHIC&TILEMATRIX=1&TILEROW=0&TILECOL=1`,
  XYZ: (layer) => `/tiles/${layer}/MOON_GEOGRAPHIC/1/1/0.png`,
  TMS: (layer) => `/tms/1.0.0/${layer}/MOON_GEOGRAPHIC/0/1/0.png`,
};
const DOCUMENTS: typeof ADDRESSES = {
  properties: (layer) => `/hips/${layer}/properties`,
  page: (layer) => `/hips/${layer}/`,
  MOC: (layer) => `/hips/${layer}/Moc.fits`,
  TileJSON: (layer) => `/tiles/${layer}/MOON_GEOGRAPHIC.json`,
  'feature info': (layer) => `/service?${MAP}&REQUEST=GetFeatureInfo&LAYERS=${layer}&QUERY_LAYERS=${layer}&INFO_FORMAT=application/json&I=3&J=3`,
  'feature info of a tile': (layer) => `/wmts/${layer}/MOON_GEOGRAPHIC/1/1/0/3/3.json`,
};

async function said(url: string, origin: string): Promise<readonly unknown[]> {
  const { statusCode, headers } = await served.app.inject({ url, headers: { origin } });
  return [statusCode, headers['access-control-allow-origin'], headers['cache-control']];
}

describe.each(Object.entries(ADDRESSES))('a picture by %s', (_, address) => {
  it.each([
    ['usual', OURS, 'public, max-age=3600'],
    ['usual', THEIRS, 'public, max-age=3600'],
    ['ours', OURS, 'private, max-age=60'],
    ['ours', THEIRS, 'private, max-age=60'],
    ['nobodys', OURS, 'no-store'],
    ['open', 'https://any.example.org', 'public, max-age=5, immutable'],
  ])('of %s for %s', async (layer, origin, cacheControl) => {
    const allowed = layer === 'open' ? '*' : layer === 'usual' || (layer === 'ours' && origin === OURS) ? origin : undefined;
    expect(await said(address(layer), origin)).toEqual([200, allowed, cacheControl]);
  });
  it('tells caches that the answer depends on the origin', async () => {
    expect((await served.app.inject({ url: address('ours') })).headers['vary']).toContain('origin');
  });
});

describe.each(Object.entries(DOCUMENTS))('a document: %s', (_, address) => {
  it('is kept no longer than documents are, and than the layer says', async () => {
    expect(await said(address('usual'), OURS)).toEqual([200, OURS, 'public, max-age=300']);
    expect(await said(address('ours'), OURS)).toEqual([200, OURS, 'private, max-age=60']);
    expect(await said(address('nobodys'), OURS)).toEqual([200, undefined, 'no-store']);
  });
});

describe('answers about several layers, and about none', () => {
  it('a map of two is as closed as the more closed one', async () => {
    expect(await said(ADDRESSES['WMS']!('open,ours'), THEIRS)).toEqual([200, undefined, 'max-age=5, private']);
    expect(await said(ADDRESSES['WMS']!('open,usual'), THEIRS)).toEqual([200, THEIRS, 'public, max-age=5']);
    expect(await said(ADDRESSES['WMS']!('group'), OURS)).toEqual([200, undefined, 'no-store']);
  });
  it('an error about a layer is for the same pages', async () => {
    expect((await said('/hips/ours/Norder29/Dir0/Npix0.png', THEIRS)).slice(0, 2)).toEqual([404, undefined]);
    expect((await said('/tiles/ours/MOON_GEOGRAPHIC/1/99/0.png', THEIRS)).slice(0, 2)).toEqual([404, undefined]);
    expect((await said('/hips/none/properties', THEIRS)).slice(0, 2)).toEqual([404, THEIRS]);
  });
  it('OPTIONS says yes where any answer might', async () => {
    const answer = await served.app.inject({ method: 'OPTIONS', url: '/hips/open/properties', headers: { origin: 'https://any.example.org' } });
    expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([204, '*']);
  });
});

describe('the short way for tiles in memory', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    const live = await createLive(served.gateway, { logger: null });
    server = createServer((request, response) => live.handle(request, response, true));
    await new Promise<void>((resolve) => void server.listen(0, () => resolve()));
    url = `http://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  it.each([['usual', OURS, 'public, max-age=3600'], ['ours', null, 'private, max-age=60'], ['nobodys', null, 'no-store'], ['open', '*', 'public, max-age=5, immutable']])(
    'says of %s the same', async (layer, origin, cacheControl) => {
      for (const from of layer === 'usual' ? [OURS, OURS] : [THEIRS, THEIRS]) {
        const { headers } = await fetch(`${url}${ADDRESSES['HiPS']!(layer)}`, { headers: { origin: from } });
        expect([headers.get('access-control-allow-origin'), headers.get('cache-control')]).toEqual([origin, cacheControl]);
      }
    },
  );
});
