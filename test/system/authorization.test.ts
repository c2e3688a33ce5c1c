import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLive, type Live } from '../../src/server/live.ts';
import { createLogger } from '../../src/server/log.ts';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/**
 * Who may see what. Dangers: one of the services or documents tells of a layer that is hidden, or shows it; a tile in memory or a conditional
 * request goes past the gate; an answer for one is kept for all; a mistake of a module opens something; keys get into the log.
 */
const TEAM = 'the-key-of-the-team';
const ROOT = 'the-key-of-the-root';
const LAYERS = `
services: {hips: , wms: , wmts: , tms: , kml: , ogcapi: }
layers:
  - {name: open, title: Open, sources: [c]}
  - name: group
    title: Group
    layers:
      - {name: ours, title: Team, sources: [c]}
  - {name: secret, title: Hush, sources: [c]}
caches: {c: {grids: [MOON_GEOGRAPHIC], sources: [p]}}
sources: {p: {type: image, url: p.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
`;
const KEYS = `keys: [{key: ${TEAM}, layers: [open, group]}, {key: ${ROOT}, layers: '*'}]`;

interface Served {
  readonly url: string;
  readonly lines: string[];
  ask(address: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  close(): Promise<void>;
}

async function serve(authorization: string): Promise<Served> {
  const pictures: PictureGateway = await pictureGateway(`${LAYERS}\nserver: {authorization: {${authorization}}}`, { p: plainPicture(64, 32, [200, 100, 50, 255]) });
  const lines: string[] = [];
  const live: Live = await createLive(pictures.gateway, { logger: createLogger('info', { write: (line) => void lines.push(line) }) });
  const server: Server = createServer((request, response) => live.handle(request, response, true));
  await new Promise<void>((resolve) => void server.listen(0, () => resolve()));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    url, lines,
    ask: (address, headers = {}) => fetch(`${url}${address}`, { headers, redirect: 'manual' }),
    async close() {
      server.closeAllConnections();
      server.close();
      await live.app.close();
      await pictures.close();
    },
  };
}

const MAP = 'SERVICE=WMS&VERSION=1.3.0&CRS=IAU_2015:30100&BBOX=-90,-180,90,180&WIDTH=64&HEIGHT=32&FORMAT=image/png&STYLES=';
/** Everything that can be asked about one layer. */
const ADDRESSES: Readonly<Record<string, (layer: string) => string>> = {
  'HiPS tile': (layer) => `/hips/${layer}/Norder0/Dir0/Npix4.png`,
  Allsky: (layer) => `/hips/${layer}/Norder0/Allsky.jpg`,
  properties: (layer) => `/hips/${layer}/properties`,
  page: (layer) => `/hips/${layer}/`,
  MOC: (layer) => `/hips/${layer}/Moc.fits`,
  preview: (layer) => `/hips/${layer}/preview.jpg`,
  metadata: (layer) => `/hips/${layer}/metadata.xml`,
  GetMap: (layer) => `/service?${MAP}&REQUEST=GetMap&LAYERS=${layer}`,
  'GetMap among others': (layer) => `/service?${MAP}&REQUEST=GetMap&LAYERS=open,${layer}`,
  GetFeatureInfo: (layer) => `/service?${MAP}&REQUEST=GetFeatureInfo&LAYERS=${layer}&QUERY_LAYERS=${layer}&INFO_FORMAT=application/json&I=3&J=3`,
  legend: (layer) => `/service?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=${layer}&FORMAT=image/png&STYLE=&SLD_VERSION=1.1.0`,
  WMTS: (layer) => `/wmts/${layer}/MOON_GEOGRAPHIC/1/1/0.png`,
  'WMTS, KVP': (layer) => `/service?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&LAYER=${layer}&STYLE=&FORMAT=image/png&TILEMATRIXSET=MOON_GEOGRAPHIC&TILEMATRIX=1&TILEROW=0&TILECOL=1`,
  'WMTS, feature info': (layer) => `/wmts/${layer}/MOON_GEOGRAPHIC/1/1/0/3/3.json`,
  XYZ: (layer) => `/tiles/${layer}/MOON_GEOGRAPHIC/1/1/0.png`,
  TileJSON: (layer) => `/tiles/${layer}/MOON_GEOGRAPHIC.json`,
  TMS: (layer) => `/tms/1.0.0/${layer}/MOON_GEOGRAPHIC/0/1/0.png`,
  'TMS, map': (layer) => `/tms/1.0.0/${layer}/MOON_GEOGRAPHIC`,
  KML: (layer) => `/kml/${layer}/MOON_GEOGRAPHIC/0/0/0.kml`,
};
const LISTS = [
  '/', '/demo/', '/demo/layers.json', '/hips/list', '/service?SERVICE=WMS&REQUEST=GetCapabilities', '/service?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1',
  '/service?SERVICE=WMTS&REQUEST=GetCapabilities', '/wmts/1.0.0/WMTSCapabilities.xml', '/tms/1.0.0', '/ogcapi/collections',
];
const names = (text: string): readonly string[] => ['open', 'ours', 'secret'].filter((name) => new RegExp(`\\b${{ open: 'Open', ours: 'Team', secret: 'Hush' }[name]}\\b|[/:>"]${name}\\b`).test(text));

let served: Served;
beforeAll(async () => {
  served = await serve(`anonymous: [open], ${KEYS}`);
});
afterAll(() => served.close());

describe.each(Object.entries(ADDRESSES))('%s', (_, address) => {
  it('is for whom the layer is for, and private', async () => {
    const statuses = async (headers: Readonly<Record<string, string>>): Promise<readonly number[]> =>
      [(await served.ask(address('open'), headers)).status, (await served.ask(address('ours'), headers)).status, (await served.ask(address('secret'), headers)).status];
    expect(await statuses({ 'x-api-key': ROOT })).toEqual([200, 200, 200]);
    expect(await statuses({ 'x-api-key': TEAM })).toEqual([200, 200, 403]);
    expect(await statuses({ authorization: `Bearer ${TEAM}` })).toEqual([200, 200, 403]);
    expect(await statuses({})).toEqual([200, 401, 401]);
    expect(await statuses({ 'x-api-key': `${ROOT}x` })).toEqual([401, 401, 401]);
  });
  it('may be kept by nobody between', async () => {
    for (const layer of ['open', 'secret']) {
      const { headers } = await served.ask(address(layer), { 'x-api-key': ROOT });
      expect(headers.get('cache-control')).toMatch(/^private, max-age=\d+$/);
      expect(headers.get('vary')).toContain('authorization, x-api-key');
    }
    expect((await served.ask(address('secret'))).headers.get('cache-control')).toBe('private, no-store');
  });
  it('tells nobody else by 304 that nothing changed', async () => {
    const { headers } = await served.ask(address('secret'), { 'x-api-key': ROOT });
    const held = { 'if-none-match': headers.get('etag') ?? '*' };
    expect((await served.ask(address('secret'), { ...held, 'x-api-key': ROOT })).status).toBe(304);
    expect((await served.ask(address('secret'), { ...held, 'x-api-key': TEAM })).status).toBe(403);
    expect((await served.ask(address('secret'), { 'if-none-match': '*' })).status).toBe(401);
  });
});

describe.each(LISTS)('%s', (address) => {
  it.each([[{}, ['open']], [{ 'x-api-key': TEAM }, ['open', 'ours']], [{ 'x-api-key': ROOT }, ['open', 'ours', 'secret']]])('for %o names %o', async (headers: Record<string, string>, expected) => {
    const answer = await served.ask(address, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toMatch(/^private/);
    expect(names(await answer.text())).toEqual(expected);
  });
});

describe('refusals', () => {
  it('speak the protocol', async () => {
    const map = await served.ask(ADDRESSES['GetMap']!('secret'), { 'x-api-key': TEAM });
    expect(await map.text()).toContain('<ServiceException');
    expect(await (await served.ask(ADDRESSES['WMTS']!('secret'))).text()).toContain('ows:ExceptionText');
    expect((await served.ask(ADDRESSES['WMTS']!('secret'))).headers.get('www-authenticate')).toBe('Bearer');
  });
  it('OGC API knows no collection that is hidden', async () => {
    expect((await served.ask('/ogcapi/collections/secret', { 'x-api-key': TEAM })).status).toBe(404);
    expect((await served.ask('/ogcapi/collections/secret', { 'x-api-key': ROOT })).status).toBe(200);
  });
  it.each(['//hips/secret/properties', '/hips//secret/properties', '/hips/%73ecret/properties', '/web/../hips/secret/properties', '/health/../hips/secret/properties', '/health?/hips/secret/properties'])('%s is no way around', async (address) => {
    const text = await (await served.ask(address)).text();
    expect(text).not.toContain('obs_title');
  });
  it('a group is what is left of it', async () => {
    expect((await served.ask(ADDRESSES['GetMap']!('group'), { 'x-api-key': TEAM })).status).toBe(200);
    expect((await served.ask(ADDRESSES['GetMap']!('group'))).status).toBe(401);
  });
});

describe('a key in the address', () => {
  it('counts, and is in no log', async () => {
    served.lines.length = 0;
    expect((await served.ask(`${ADDRESSES['GetMap']!('secret').replace('WIDTH=64', 'WIDTH=63')}&api_key=${ROOT}`)).status).toBe(200);
    expect((await served.ask(`/hips/secret/properties?api_key=${ROOT}`)).status).toBe(200);
    expect((await served.ask(`${ADDRESSES['GetMap']!('secret').replace('WIDTH=64', 'WIDTH=63')}&API_KEY=${ROOT}`)).status).toBe(200); // as map libraries write it
    expect(served.lines.join('')).not.toContain(ROOT);
  });
});

describe('names of ones own for what carries a key', () => {
  it('replace the usual ones', async () => {
    const named = await serve(`header: X-Mission-Key, parameter: ticket, ${KEYS}`);
    const status = async (address: string, headers: Readonly<Record<string, string>> = {}): Promise<number> => (await named.ask(address, headers)).status;
    expect(await status('/hips/secret/properties', { 'x-mission-key': ROOT })).toBe(200);
    expect(await status(`/hips/secret/properties?ticket=${ROOT}`)).toBe(200);
    expect(await status('/hips/secret/properties', { 'x-api-key': ROOT })).toBe(401);
    expect(await status(`/hips/secret/properties?api_key=${ROOT}`)).toBe(401);
    await named.close();
  });
});

describe('where nothing is for everybody', () => {
  let closed: Served;
  beforeAll(async () => {
    closed = await serve(KEYS);
  });
  afterAll(() => closed.close());

  it.each(LISTS)('%s asks who it is', async (address) => {
    const answer = await closed.ask(address);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(names(await answer.text())).toEqual([]);
  });
  it('supervisors and preflights are answered', async () => {
    expect((await closed.ask('/health')).status).toBe(200);
    expect((await fetch(`${closed.url}/hips/open/properties`, { method: 'OPTIONS' })).status).toBe(204);
  });
});

describe('a JSON Web Token', () => {
  const SECRET = 'thirty-two characters and some more';
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  /** RFC 7515 by hand: nothing of the library that reads it. */
  const signed = (alg: string, payload: unknown, secret = SECRET): string => {
    const input = `${part({ alg, typ: 'JWT' })}.${part(payload)}`;
    if (alg === 'none') return `${input}.`;
    const signature = alg === 'RS256' ? createSign('RSA-SHA256').update(input).sign(privateKey) : createHmac('sha256', secret).update(input).digest();
    return `${input}.${signature.toString('base64url')}`;
  };
  const soon = Math.floor(Date.now() / 1000) + 600;
  const good = { layers: ['open', 'group'], exp: soon, iss: 'https://login.example.org', aud: ['maps', 'mail'] };
  const statuses = async (served: Served, token: string): Promise<readonly number[]> =>
    Promise.all(['open', 'ours', 'secret'].map(async (layer) => (await served.ask(ADDRESSES['XYZ']!(layer), { authorization: `Bearer ${token}` })).status));

  describe.each([['secret', 'HS256'], ['public_key', 'RS256'], ['jwks', 'RS256']] as const)('checked by %s', (kind, alg) => {
    const key = { secret: SECRET, public_key: pem, jwks: JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'RS256' }] }) }[kind];
    let served: Served;
    beforeAll(async () => {
      served = await serve(`${KEYS}, jwt: {${kind}: ${JSON.stringify(key)}, issuer: 'https://login.example.org', audience: maps}`);
    });
    afterAll(() => served.close());

    it.each([
      ['its layers, a group with all in it', good, [200, 200, 403]],
      ['all', { ...good, layers: '*' }, [200, 200, 200]],
      ['words', { ...good, layers: 'open secret' }, [200, 403, 200]],
      ['no layers', { ...good, layers: undefined }, [403, 403, 403]],
      ['layers that are not there', { ...good, layers: ['nowhere'] }, [403, 403, 403]],
      ['a time that has passed', { ...good, exp: soon - 1200 }, [401, 401, 401]],
      ['no time', { ...good, exp: undefined }, [401, 401, 401]],
      ['a time that has not come', { ...good, nbf: soon }, [401, 401, 401]],
      ['another issuer', { ...good, iss: 'https://evil.example.org' }, [401, 401, 401]],
      ['another audience', { ...good, aud: 'mail' }, [401, 401, 401]],
    ])('%s', async (_, payload, wanted) => {
      expect(await statuses(served, signed(alg, payload))).toEqual(wanted);
    });

    it('signed by somebody else, by nobody, or with the public key for a secret: not known', async () => {
      const [head, payload] = signed(alg, good).split('.');
      expect(await statuses(served, `${head}.${payload}.${Buffer.alloc(32).toString('base64url')}`)).toEqual([401, 401, 401]);
      expect(await statuses(served, signed('none', good))).toEqual([401, 401, 401]);
      expect(await statuses(served, signed('HS256', good, kind === 'secret' ? 'another secret of thirty-two letters' : pem))).toEqual([401, 401, 401]);
    });

    it('API keys are known beside it', async () => {
      expect(await statuses(served, TEAM)).toEqual([200, 200, 403]);
    });
  });

  it('layers_claim: where the layers stand; without issuer and audience these may be anything', async () => {
    const served = await serve(`jwt: {secret: ${SECRET}, layers_claim: maps}`);
    expect(await statuses(served, signed('HS256', { maps: ['secret'], layers: '*', exp: soon }))).toEqual([403, 403, 200]);
    await served.close();
  });

  it.each([
    [`secret: ${SECRET.slice(0, 31)}`, /at least 32/],
    ['issuer: x', /one of secret, public_key and jwks/],
    [`secret: ${SECRET}, jwks: '{}'`, /one of secret, public_key and jwks/],
    ['public_key: no key', /server\.authorization\.jwt.*no public key in PEM/],
  ])('%s is a mistake in the configuration', async (jwt, message) => {
    await expect(serve(`jwt: {${jwt}}`)).rejects.toThrow(message);
  });
});

describe('a module', () => {
  const MODULE = `const every = { map: true, tile: true, featureinfo: true };
  export default async ({ headers, layers }) => {
    switch (headers['x-user']) {
      case 'all': return { authorized: 'full' };
      case 'maps': return { authorized: 'partial', layers: { open: { map: true }, ours: { tile: true } } };
      case 'last': return { authorized: 'partial', layers: { [layers.at(-1)]: { map: true, tile: true, featureinfo: true } } };
      case 'none': return { authorized: 'none' };
      case 'limited': return { authorized: 'partial', layers: { open: { map: true, limited_to: { geometry: [0, 0, 1, 1] } } } };
      case 'west': return { authorized: 'partial', layers: { open: { ...every, limited_to: { geometry: [-180, -90, 0, 90], srs: 'IAU_2015:30100' } }, secret: every } };
      case 'wkt': return { authorized: 'partial', layers: { open: every }, limited_to: { geometry: 'POLYGON((-180 -90, 0 -90, 0 90, -180 90, -180 -90))', srs: 'IAU_2015:30100' } };
      case 'json': return { authorized: 'partial', layers: { open: every }, limited_to: { geometry: { type: 'Polygon', coordinates: [[[-180, -90], [0, -90], [0, 90], [-180, 90], [-180, -90]]] }, srs: 'CRS:84' } };
      case 'mars': return { authorized: 'partial', layers: { open: { ...every, limited_to: { geometry: [-180, -90, 180, 90], srs: 'IAU_2015:49900' } } } };
      case 'broken': throw new Error('broken');
      case 'odd': return true;
      default: return { authorized: 'unauthenticated' };
    }
  };`;
  let asked: Served;
  let directory = '';
  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'hips-gateway-module-'));
    writeFileSync(path.join(directory, 'authorize.mjs'), MODULE);
    asked = await serve(`module: ${path.join(directory, 'authorize.mjs')}`);
  });
  afterAll(async () => {
    await asked.close();
    rmSync(directory, { recursive: true });
  });

  it.each([
    ['all', [200, 200, 200, 200, 200]], ['maps', [200, 403, 403, 200, 403]], ['last', [403, 403, 403, 403, 200]], ['none', [403, 403, 403, 403, 403]],
    ['limited', [500, 500, 500, 500, 500]], ['broken', [500, 500, 500, 500, 500]], ['odd', [500, 500, 500, 500, 500]], ['nobody', [401, 401, 401, 401, 401]],
  ])('that says %s', async (user, statuses) => {
    const addresses = [ADDRESSES['GetMap']!('open'), ADDRESSES['XYZ']!('open'), ADDRESSES['GetMap']!('ours'), ADDRESSES['HiPS tile']!('ours'), ADDRESSES['WMTS, feature info']!('secret')];
    const found = await Promise.all(addresses.map(async (address) => (await asked.ask(address, { 'x-user': user })).status));
    expect(found).toEqual(statuses);
  });
  const alphas = async (address: string, user: string): Promise<readonly (number | undefined)[]> => {
    const answer = await asked.ask(address, { 'x-user': user });
    expect(answer.status).toBe(200);
    const picture = await decoded(new Uint8Array(await answer.arrayBuffer()));
    const row = picture.height / 2;
    return [0, picture.width / 2 - 1, picture.width / 2, picture.width - 1].map((col) => pixelAt(picture, col, row)[3]);
  };
  it.each(['west', 'wkt', 'json'])('that limits to a part (%s): pixels outside are transparent', async (user) => {
    const map = `${ADDRESSES['GetMap']!('open')}&TRANSPARENT=TRUE`;
    expect(await alphas(map, 'all')).toEqual([255, 255, 255, 255]);
    expect(await alphas(map, user)).toEqual([255, 255, 0, 0]);
    expect(await alphas('/tiles/open/MOON_GEOGRAPHIC/1/0/0.png', user)).toEqual([255, 255, 255, 255]);
    expect(await alphas('/hips/open/Norder0/Dir0/Npix2.png', user)).toEqual([255, 255, 255, 255]);
    for (const tile of [ADDRESSES['XYZ']!('open').replace('/1/1/0', '/1/2/0'), ADDRESSES['WMTS']!('open').replace('/1/1/0', '/1/2/0'), ADDRESSES['WMTS, KVP']!('open').replace('TILECOL=1', 'TILECOL=2'), ADDRESSES['TMS']!('open'), '/hips/open/Norder0/Dir0/Npix0.png']) {
      expect(await alphas(tile, 'all'), tile).toEqual([255, 255, 255, 255]);
      expect(await alphas(tile, user), tile).toEqual([0, 0, 0, 0]);
    }
    expect((await asked.ask(ADDRESSES['Allsky']!('open'), { 'x-user': user })).status).toBe(404);
    expect((await asked.ask(ADDRESSES['preview']!('open'), { 'x-user': user })).status).toBe(404);
    expect((await asked.ask(ADDRESSES['legend']!('open'), { 'x-user': user })).status).toBe(200);
    expect(await alphas(ADDRESSES['legend']!('open'), user)).toEqual([255, 255, 0, 0]);
  });
  it('limits one of several layers of a map, and nothing of another body', async () => {
    const both = `${ADDRESSES['GetMap']!('secret,open')}&TRANSPARENT=TRUE`;
    expect(await alphas(both, 'west')).toEqual([255, 255, 255, 255]);
    expect(await alphas(`${ADDRESSES['GetMap']!('open')}&TRANSPARENT=TRUE`, 'mars')).toEqual([0, 0, 0, 0]);
  });
  it('tells the whole tag of a picture to nobody who sees a part', async () => {
    const address = ADDRESSES['GetMap']!('open');
    const whole = (await asked.ask(address, { 'x-user': 'all' })).headers.get('etag')!;
    expect((await asked.ask(address, { 'x-user': 'west', 'if-none-match': whole })).status).toBe(200);
  });
  it('that limits to a part: nothing is under a pixel outside', async () => {
    const under = async (user: string, i: number): Promise<string> => (await asked.ask(ADDRESSES['GetFeatureInfo']!('open').replace('I=3', `I=${i}`), { 'x-user': user })).text();
    expect(await under('west', 3)).toBe(await under('all', 3));
    expect(await under('all', 60)).toContain('200');
    expect(await under('west', 60)).toContain('"value":null');
    const tile = async (user: string): Promise<string> => (await asked.ask(ADDRESSES['WMTS, feature info']!('open').replace('/1/1/0', '/1/2/0'), { 'x-user': user })).text();
    expect(await tile('all')).toContain('200');
    expect(await tile('west')).toContain('"value":null');
  });
  it('keeps what is under a pixel apart', async () => {
    expect((await asked.ask(ADDRESSES['GetFeatureInfo']!('open'), { 'x-user': 'maps' })).status).toBe(400);
    expect((await asked.ask(ADDRESSES['WMTS, feature info']!('ours'), { 'x-user': 'maps' })).ok).toBe(false);
  });
});

/** Between 90 degrees west and 90 degrees east. */
const BETWEEN = '{srs: IAU_2015:30100, geometry: [-90, -90, 90, 90]}';
const EAST = '{"type": "Polygon", "coordinates": [[[0, -90], [180, -90], [180, 90], [0, 90], [0, -90]]]}';
/** Pictures of a layer that are cut in the middle of their width or height by 90 degrees west; which of their halves may be seen. */
const CUT: readonly (readonly [name: string, address: (layer: string) => string, shown: 'left' | 'right'])[] = [
  ['GetMap', (layer) => `/service?${MAP.replace('-90,-180,90,180', '-45,-135,45,-45')}&TRANSPARENT=TRUE&REQUEST=GetMap&LAYERS=${layer}`, 'right'],
  ['GetMap, tiled', (layer) => `/service?${MAP.replace('-90,-180,90,180', '-90,-180,90,0').replace('WIDTH=64&HEIGHT=32', 'WIDTH=256&HEIGHT=256')}&TRANSPARENT=TRUE&TILED=true&REQUEST=GetMap&LAYERS=${layer}`, 'right'],
  ['WMTS', (layer) => `/wmts/${layer}/MOON_GEOGRAPHIC/0/0/0.png`, 'right'],
  ['XYZ', (layer) => `/tiles/${layer}/MOON_GEOGRAPHIC/0/1/0.png`, 'left'],
  ['TMS', (layer) => `/tms/1.0.0/${layer}/MOON_GEOGRAPHIC/0/0/0.png`, 'right'],
  ['KML', (layer) => `/kml/${layer}/MOON_GEOGRAPHIC/0/0/0.png`, 'right'],
  ['OGC API, map', (layer) => `/ogcapi/collections/${layer}/map?f=png&bbox=-135,-45,-45,45&width=64&height=64&transparent=true`, 'right'],
  ['OGC API, map of the dataset', (layer) => `/ogcapi/map?collections=${layer}&f=png&bbox=-135,-45,-45,45&width=64&height=64&transparent=true`, 'right'],
  ['OGC API, tile', (layer) => `/ogcapi/collections/${layer}/map/tiles/MOON_GEOGRAPHIC/0/0/0?f=png`, 'right'],
  ['OGC API, tile of the dataset', (layer) => `/ogcapi/map/tiles/MOON_GEOGRAPHIC/0/0/0?f=png&collections=${layer}`, 'right'],
];

describe('an API key for a part of its layers', () => {
  const [PART, EVERYTHING, SHAPE] = ['the-key-of-a-part', 'the-key-of-a-part-of-all', 'the-key-of-the-east'];
  let asked: Served;
  beforeAll(async () => {
    asked = await serve(`keys: [{key: ${PART}, layers: [open], limited_to: ${BETWEEN}}, {key: ${EVERYTHING}, layers: '*', limited_to: ${BETWEEN}}, {key: ${SHAPE}, layers: '*', limited_to: {srs: CRS:84, geometry: '${EAST}'}}, {key: ${ROOT}, layers: '*'}]`);
  });
  afterAll(() => asked.close());

  /** Alpha in the four quarters of the width of a picture. */
  const quarters = async (address: string, key: string): Promise<readonly (number | undefined)[]> => {
    const answer = await asked.ask(address, { 'x-api-key': key });
    expect(answer.status, address).toBe(200);
    const picture = await decoded(new Uint8Array(await answer.arrayBuffer()));
    return [0.02, 0.48, 0.52, 0.98].map((at) => pixelAt(picture, Math.floor(at * picture.width), picture.height >> 1)[3]);
  };

  it.each(CUT)('%s: pixels outside are transparent', async (_, address, shown) => {
    expect(await quarters(address('open'), ROOT)).toEqual([255, 255, 255, 255]);
    expect(await quarters(address('open'), PART)).toEqual(shown === 'right' ? [0, 0, 255, 255] : [255, 255, 0, 0]);
    expect((await asked.ask(address('secret'), { 'x-api-key': PART })).ok).toBe(false);
    expect(await quarters(address('secret'), EVERYTHING)).toEqual(shown === 'right' ? [0, 0, 255, 255] : [255, 255, 0, 0]);
  });

  it('GeoJSON as text; several layers of one limit', async () => {
    expect(await quarters(`/service?${MAP}&TRANSPARENT=TRUE&REQUEST=GetMap&LAYERS=open,secret`, SHAPE)).toEqual([0, 0, 255, 255]);
    expect(await quarters('/ogcapi/map/tiles/MOON_GEOGRAPHIC/0/0/1?f=png&collections=open,secret', SHAPE)).toEqual([255, 255, 255, 255]);
    expect(await quarters('/ogcapi/map/tiles/MOON_GEOGRAPHIC/0/0/0?f=png&collections=open,secret', SHAPE)).toEqual([0, 0, 0, 0]);
  });

  it('a tile without transparency is white outside', async () => {
    const answer = await asked.ask('/kml/open/MOON_GEOGRAPHIC/0/0/0.jpg', { 'x-api-key': PART });
    const picture = await decoded(new Uint8Array(await answer.arrayBuffer()));
    expect(Math.min(...pixelAt(picture, 5, 128))).toBeGreaterThan(250);
    expect(pixelAt(picture, 250, 128)[2]).toBeLessThan(80);
  });

  it('nothing is told of the whole: no Allsky, no preview; what is under a pixel only inside', async () => {
    for (const name of ['Allsky', 'preview']) expect((await asked.ask(ADDRESSES[name]!('open'), { 'x-api-key': EVERYTHING })).status).toBe(404);
    const under = async (i: number): Promise<string> => (await asked.ask(ADDRESSES['GetFeatureInfo']!('open').replace('I=3', `I=${i}`), { 'x-api-key': PART })).text();
    expect([(await under(3)).includes('"value":null'), (await under(32)).includes('200')]).toEqual([true, true]);
  });

  it('a JSON Web Token names its part in a claim; one that is none opens nothing', async () => {
    const secret = 'thirty-two characters and some more';
    const served = await serve(`jwt: {secret: ${secret}, limited_to_claim: area}`);
    const token = (claims: object): string => {
      const input = [{ alg: 'HS256', typ: 'JWT' }, { layers: ['open'], exp: Math.floor(Date.now() / 1000) + 600, ...claims }].map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')).join('.');
      return `Bearer ${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    };
    const shown = async (claims: object): Promise<unknown> => {
      const answer = await served.ask('/tiles/open/MOON_GEOGRAPHIC/0/0/0.png', { authorization: token(claims) });
      if (answer.status !== 200) return answer.status;
      const picture = await decoded(new Uint8Array(await answer.arrayBuffer()));
      return [20, 230].map((x) => pixelAt(picture, x, 128)[3]);
    };
    expect(await shown({})).toEqual([255, 255]);
    expect(await shown({ area: { srs: 'IAU_2015:30100', geometry: [-90, -90, 90, 90] } })).toEqual([0, 255]);
    expect(await shown({ area: { srs: 'CRS:84', geometry: JSON.parse(EAST) } })).toEqual([0, 0]);
    for (const area of ['everywhere', {}, { srs: 'IAU_2015:30100' }, { srs: 'EPSG:0', geometry: [0, 0, 1, 1] }, { srs: 'IAU_2015:30100', geometry: [90, 0, -90, 1] }, { srs: 'IAU_2015:30100', geometry: 'CIRCLE(0 0)' }]) {
      expect(await shown({ area }), JSON.stringify(area)).toBe(401);
    }
    await served.close();
  });
});

describe('a mistake in the configuration', () => {
  it.each([['anonymous: [nome]', "no layer 'nome'"], ['module: nowhere.mjs', 'nowhere.mjs'], ['keys: [{key: short, layers: [open]}]', '16 characters'],
    ['keys: [{key: 0123456789abcdef, layers: [open], limited_to: {geometry: [0, 0, 1, 1]}}]', 'limited_to.srs: missing'],
    ['keys: [{key: 0123456789abcdef, layers: [open], limited_to: {srs: EPSG:0, geometry: [0, 0, 1, 1]}}]', 'keys[0].limited_to'],
    ['keys: [{key: 0123456789abcdef, layers: [open], limited_to: {srs: IAU_2015:30100, geometry: [0, 0, 1]}}]', 'limited_to.geometry: expected'],
    ['keys: [{key: 0123456789abcdef, layers: [open], limited_to: {srs: IAU_2015:30100, geometry: [2, 0, 1, 1]}}]', 'a box is'],
    ['keys: [{key: 0123456789abcdef, layers: [open], limited_to: {srs: IAU_2015:30100, geometry: "{"}}]', 'keys[0].limited_to']])('%s', async (text, message) => {
    await expect(serve(text)).rejects.toThrow(message);
  });
});
