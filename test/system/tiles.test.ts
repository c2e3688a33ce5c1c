import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/server/app.ts';
import { fakeGateway, MODIFIED } from './support/fakeGateway.ts';
import { fakeTiles, TILE_TROUBLE } from './support/fakeTiles.ts';

const TEXT = 'text/plain; charset=utf-8';
const TILE = '/tiles/moon/MOON_GEOGRAPHIC/3/5/2.png';

let app: FastifyInstance;
beforeAll(() => {
  app = createApp(fakeGateway({ tiles: fakeTiles() }), { logger: null });
});
afterAll(() => app.close());

/** The answer of a gateway whose configuration counts rows from a corner. */
async function withOrigin(origin: 'sw' | 'nw', url: string) {
  const other = createApp(fakeGateway({ tiles: fakeTiles({ tms: { origin } }) }), { logger: null });
  const answer = await other.inject({ url, headers: { host: 'h' } });
  await other.close();
  return answer;
}

describe('XYZ', () => {
  it.each([
    [TILE, 'MOON_GEOGRAPHIC 3/5/2 image/png x1'],
    ['/tiles/moon/MOON_GEOGRAPHIC/3/5/2.jpg', 'MOON_GEOGRAPHIC 3/5/2 image/jpeg x1'],
    ['/tiles/moon/MOON_GEOGRAPHIC/3/5/2.jpeg', 'MOON_GEOGRAPHIC 3/5/2 image/jpeg x1'],
    ['/tiles/1.0.0/moon/MOON_GEOGRAPHIC/3/5/2.png', 'MOON_GEOGRAPHIC 3/5/2 image/png x1'], // MapProxy's form
    ['/tiles/moon/IAU_201530100/3/5/2.png', 'MOON_GEOGRAPHIC 3/5/2 image/png x1'], // the CRS without its colon
    ['/tiles/moon_MOON_GEOGRAPHIC/3/5/2.png', 'MOON_GEOGRAPHIC 3/5/2 image/png x1'],
    ['/tiles/moon/3/5/2.png', 'MOON_GEOGRAPHIC 3/5/2 image/png x1'], // the first grid
    ['/tiles/earth/3/5/2.png', 'GLOBAL_WEBMERCATOR 3/5/2 image/png x1'], // as in MapProxy, the web Mercator first
    ['/tiles/earth/EPSG900913/3/5/2.png', 'GLOBAL_WEBMERCATOR 3/5/2 image/png x1'],
    ['/tiles/rough%20seas/MOON_GEOGRAPHIC/0/1/0.png', 'MOON_GEOGRAPHIC 0/1/0 image/png x1'],
    ['//tiles//moon/MOON_GEOGRAPHIC//3/5/2.png?foo=1', 'MOON_GEOGRAPHIC 3/5/2 image/png x1'],
  ])('%s', async (url, body) => {
    const answer = await app.inject(url);
    expect([answer.statusCode, answer.body]).toEqual([200, body]);
    expect(answer.headers).toMatchObject({
      etag: `"${body}"`,
      'last-modified': MODIFIED.toUTCString(),
      'cache-control': 'public, max-age=259200',
      'access-control-allow-origin': '*',
    });
  });

  it('starts at the first level of the grid, even of the world in degrees', async () => {
    expect((await app.inject('/tiles/earth/GLOBAL_GEODETIC/0/0/0.png')).body).toBe('GLOBAL_GEODETIC 0/0/0 image/png x1');
  });

  it.each([
    // rows as the grid counts them where nothing else is said
    ['/tiles/earth/GLOBAL_GEODETIC/2/3/0.png', 'GLOBAL_GEODETIC 2/3/0'],
    ['/tiles/earth/GLOBAL_GEODETIC/2/3/0.png?origin=nw', 'GLOBAL_GEODETIC 2/3/1'],
    ['/tiles/earth/GLOBAL_GEODETIC/2/3/0.png?origin=sw', 'GLOBAL_GEODETIC 2/3/0'],
    ['/tiles/moon/MOON_GEOGRAPHIC/2/3/0.png', 'MOON_GEOGRAPHIC 2/3/0'],
    ['/tiles/moon/MOON_GEOGRAPHIC/2/3/0.png?origin=sw', 'MOON_GEOGRAPHIC 2/3/3'],
    ['/tiles/moon/MOON_GEOGRAPHIC/2/3/0.png?ORIGIN=sw', 'MOON_GEOGRAPHIC 2/3/3'],
    ['/tiles/moon/MOON_GEOGRAPHIC/2/3/0.png?origin=middle', 'MOON_GEOGRAPHIC 2/3/0'],
  ])('%s is %s', async (url, address) => {
    expect((await app.inject(url)).body).toBe(`${address} image/png x1`);
  });

  it('counts from the corner that the configuration says, unless the address says another', async () => {
    expect((await withOrigin('nw', '/tiles/earth/GLOBAL_GEODETIC/2/3/0.png')).body).toBe('GLOBAL_GEODETIC 2/3/1 image/png x1');
    expect((await withOrigin('nw', '/tiles/earth/GLOBAL_GEODETIC/2/3/0.png?origin=sw')).body).toBe('GLOBAL_GEODETIC 2/3/0 image/png x1');
    expect((await withOrigin('sw', TILE)).body).toBe('MOON_GEOGRAPHIC 3/5/5 image/png x1');
  });

  it('@2x is the same tile at twice the pixels', async () => {
    expect((await app.inject('/tiles/moon/MOON_GEOGRAPHIC/3/5/2@2x.png')).body).toBe('MOON_GEOGRAPHIC 3/5/2 image/png x2');
    expect((await app.inject('/tiles/earth/GLOBAL_GEODETIC/2/3/0@2x.jpg?origin=nw')).body).toBe('GLOBAL_GEODETIC 2/3/1 image/jpeg x2');
  });

  it('HEAD and OPTIONS are answered, and 304 when the client holds the tile', async () => {
    const head = await app.inject({ method: 'HEAD', url: TILE });
    expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', '34']);
    expect((await app.inject({ method: 'OPTIONS', url: TILE })).statusCode).toBe(204);
    expect((await app.inject({ url: TILE, headers: { 'if-none-match': '"MOON_GEOGRAPHIC 3/5/2 image/png x1"' } })).statusCode).toBe(304);
  });
});

describe('TileJSON', () => {
  it('says all that a map library needs, in the name that the client used', async () => {
    const answer = await app.inject({ url: '/tiles/moon/MOON_GEOGRAPHIC.json', headers: { host: 'maps.example' } });
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['access-control-allow-origin']]).toEqual([200, 'application/json', '*']);
    expect(answer.json()).toMatchObject({
      tilejson: '3.0.0',
      name: 'The <moon>',
      scheme: 'xyz',
      tiles: ['http://maps.example/tiles/moon/MOON_GEOGRAPHIC/{z}/{x}/{y}.png'],
      minzoom: 0,
      maxzoom: 19,
      bounds: [-180, -90, 180, 90],
      crs: 'IAU_2015:30100',
      origin: [-180, 90],
      tile_size: [256, 256],
    });
  });

  it.each([
    ['/tiles/moon/MOON_GEOGRAPHIC.json', 'MOON_GEOGRAPHIC 2/3/1'],
    ['/tiles/earth/GLOBAL_GEODETIC.json', 'GLOBAL_GEODETIC 2/3/0'],
    ['/tiles/rough%20seas.json', 'MOON_GEOGRAPHIC 2/3/1'],
  ])('%s: its template, filled in, counts rows from the top', async (url, address) => {
    for (const origin of ['sw', 'nw', null] as const) {
      const other = createApp(fakeGateway({ tiles: fakeTiles({ tms: { origin } }) }), { logger: null });
      const { tiles } = (await other.inject({ url, headers: { host: 'h' } })).json<{ tiles: readonly string[] }>();
      const tile = (tiles[0] ?? '').slice('http://h'.length).replace('{z}', '2').replace('{x}', '3').replace('{y}', '1');
      expect((await other.inject(tile)).body).toBe(`${address} image/png x1`);
      await other.close();
    }
  });

  it('gives the bounds of a layer that is counted from 0 to 360 inside -180..180', async () => {
    const base = fakeTiles();
    const moon = base.layers.get('moon');
    if (moon === undefined) throw new Error('no moon');
    const boundsOf = async (bbox: readonly [number, number, number, number]): Promise<unknown> => {
      const other = createApp(fakeGateway({ tiles: { ...base, layers: new Map([['moon', { ...moon, bbox }]]) } }), { logger: null });
      const { bounds } = (await other.inject('/tiles/moon.json')).json<{ bounds: unknown }>();
      await other.close();
      return bounds;
    };
    expect(await boundsOf([0, -90, 360, 90])).toEqual([-180, -90, 180, 90]);
    expect(await boundsOf([200, 10, 230, 20])).toEqual([-160, 10, -130, 20]);
    expect(await boundsOf([170, 10, 190, 20])).toEqual([-180, 10, 180, 20]);
  });
});

describe('wrong addresses (404, text/plain, kept for a while)', () => {
  it.each([
    ['/tiles', 'nothing at this address'],
    ['/tiles/', '/tiles/{layer}/{grid}'],
    ['/tiles/mars/MOON_GEOGRAPHIC/0/0/0.png', "'mars'"],
    ['/tiles/__proto__/g/0/0/0.png', "'__proto__'"],
    ['/tiles/moon/GLOBAL_GEODETIC/0/0/0.png', 'MOON_GEOGRAPHIC, MOON_EQUIRECTANGULAR'],
    ['/tiles/moon/GLOBAL_GEODETIC.json', 'MOON_GEOGRAPHIC'],
    ['/tiles/moon/MOON_GEOGRAPHIC/20/0/0.png', '20/0/0'],
    ['/tiles/moon/MOON_GEOGRAPHIC/0/2/0.png', '0/2/0'],
    ['/tiles/moon/MOON_GEOGRAPHIC/0/0/1.png', '0/0/1'],
    ['/tiles/moon/MOON_GEOGRAPHIC/0/0/-1.png', '{grid}'],
    ['/tiles/moon/MOON_GEOGRAPHIC/0/1e0/0.png', '{grid}'],
    ['/tiles/moon/MOON_GEOGRAPHIC/0/0/0.webp', 'png, jpg'],
    ['/tiles/moon/MOON_GEOGRAPHIC/0/0/0.exe', '{grid}'],
    ['/tiles/moon/MOON_GEOGRAPHIC/0/0/0@3x.png', '{grid}'],
    [`/tiles/moon/MOON_GEOGRAPHIC/5/${TILE_TROUBLE.outside}/9.png`, 'outside the coverage'],
    ['/tiles/%E0%A4%A/0/0/0.png', 'nothing at this address'],
  ])('%s', async (url, said) => {
    const answer = await app.inject(url);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, TEXT]);
    expect(answer.body).toContain(said);
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' });
    expect(answer.headers['etag']).toBeUndefined();
  });

  it('without the service there is nothing', async () => {
    const bare = createApp(fakeGateway({ tiles: fakeTiles({ tms: null }) }), { logger: null });
    for (const url of [TILE, '/tiles/moon.json', '/tms/1.0.0']) expect((await bare.inject(url)).statusCode, url).toBe(404);
    await bare.close();
  });
});

describe('trouble', () => {
  it.each([
    ['tooLarge', 400, '500', 'public, max-age=300'],
    ['upstreamFailed', 502, 'could not be read', 'no-store'],
    ['upstreamTimeout', 504, 'did not answer in time', 'no-store'],
    ['bug', 500, 'Internal error', 'no-store'],
  ] as const)('%s is answered with %i and nothing internal', async (trouble, status, said, cacheControl) => {
    const row = 2 ** 5 - 1 - 9; // TMS counts from below, the grid from above
    for (const url of [`/tiles/moon/MOON_GEOGRAPHIC/5/${TILE_TROUBLE[trouble]}/9.png`, `/tms/1.0.0/moon/MOON_GEOGRAPHIC/5/${TILE_TROUBLE[trouble]}/${row}.png`]) {
      const answer = await app.inject(url);
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, TEXT]);
      expect(answer.body).toContain(said);
      expect(JSON.stringify([answer.headers, answer.body])).not.toMatch(/upstream\.internal|secret|\.ts\b/);
      expect(answer.headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': cacheControl });
    }
  });
});
