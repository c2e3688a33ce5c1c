import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/server/app.ts';
import { textsOf } from '../conformance/validate.ts';
import { fakeGateway } from './support/fakeGateway.ts';
import { fakeTiles, TILE_TROUBLE } from './support/fakeTiles.ts';

const XML = 'text/xml; charset=utf-8';

let app: FastifyInstance;
beforeAll(() => {
  app = createApp(fakeGateway({ tiles: fakeTiles() }), { logger: null });
});
afterAll(() => app.close());

function get(url: string) {
  return app.inject({ url, headers: { host: 'maps.example' } });
}

/** The path of an address of this server. */
function pathOf(address: string): string {
  return new URL(address).pathname;
}

describe('TMS documents', () => {
  it('lead from the root to every tile', async () => {
    const root = await get('/tms');
    expect([root.statusCode, root.headers['content-type']]).toEqual([200, XML]);
    expect((await get('/tms/')).body).toBe(root.body);
    const service = await get(pathOf(textsOf(root.body, '/Services/TileMapService/@href')[0] ?? ''));
    expect((await get('/tms/1.0.0')).body).toBe(service.body);
    const maps = textsOf(service.body, '/TileMapService/TileMaps/TileMap/@href');
    expect(maps).toHaveLength(7);
    for (const address of maps) {
      expect(address).toMatch(/^http:\/\/maps\.example\/tms\/1\.0\.0\//);
      const { body } = await get(pathOf(address));
      const extension = textsOf(body, '/TileMap/TileFormat/@extension')[0] ?? '';
      for (const tileSet of textsOf(body, '/TileMap/TileSets/TileSet/@href').slice(0, 3)) {
        expect((await get(`${pathOf(tileSet)}/0/0.${extension}`)).statusCode, tileSet).toBe(200);
      }
    }
  });

  it('say the profile, the origin at the bottom left and the layer\'s own box', async () => {
    const { body } = await get('/tms/1.0.0/rough%20seas/MOON_GEOGRAPHIC');
    const one = (path: string): string | undefined => textsOf(body, path)[0];
    expect([one('/TileMap/SRS'), one('/TileMap/Origin/@x'), one('/TileMap/Origin/@y')]).toEqual(['IAU_2015:30100', '-180', '-90']);
    expect(['minx', 'miny', 'maxx', 'maxy'].map((name) => Number(one(`/TileMap/BoundingBox/@${name}`)))).toEqual([-10, 35, 40, 70].map((value) => expect.closeTo(value, 9) as number));
    expect(one('/TileMap/TileSets/TileSet[1]/@units-per-pixel')).toBe('0.703125');
  });
});

describe('TMS tiles', () => {
  it.each([
    // rows from the bottom, whatever the grid does
    ['/tms/1.0.0/moon/MOON_GEOGRAPHIC/2/3/0.png', 'MOON_GEOGRAPHIC 2/3/3'],
    ['/tms/1.0.0/moon/IAU_201530100/2/3/0.png', 'MOON_GEOGRAPHIC 2/3/3'],
    ['/tms/1.0.0/moon/IAU_201530100/2/3/0.png?origin=nw', 'MOON_GEOGRAPHIC 2/3/3'],
    // the global profiles begin one level below the single tile; planets do not
    ['/tms/1.0.0/earth/GLOBAL_GEODETIC/0/1/0.png', 'GLOBAL_GEODETIC 1/1/0'],
    ['/tms/1.0.0/earth/EPSG4326/1/3/1.png', 'GLOBAL_GEODETIC 2/3/1'],
    ['/tms/1.0.0/earth/EPSG900913/0/1/0.png', 'GLOBAL_WEBMERCATOR 1/1/1'],
    ['/tms/1.0.0/earth_EPSG4326/1/3/1.png', 'GLOBAL_GEODETIC 2/3/1'],
  ])('%s is %s', async (url, address) => {
    expect((await get(url)).body).toBe(`${address} image/png x1`);
  });

  it('the configured origin is for /tiles alone', async () => {
    const other = createApp(fakeGateway({ tiles: fakeTiles({ tms: { origin: 'nw' } }) }), { logger: null });
    expect((await other.inject('/tms/1.0.0/moon/MOON_GEOGRAPHIC/2/3/0.png')).body).toBe('MOON_GEOGRAPHIC 2/3/3 image/png x1');
    await other.close();
  });
});

describe('wrong addresses (404, text/plain, kept for a while)', () => {
  it.each([
    ['/tms/2.0.0', '/tms/1.0.0'],
    ['/tms/1.0.0/mars', "'mars'"],
    ['/tms/1.0.0/moon/EPSG4326', 'MOON_GEOGRAPHIC'],
    ['/tms/1.0.0/moon/EPSG4326/0/0/0.png', 'MOON_GEOGRAPHIC'],
    ['/tms/1.0.0/moon/MOON_GEOGRAPHIC/20/0/0.png', '20/0/0'],
    ['/tms/1.0.0/moon/MOON_GEOGRAPHIC/0/2/0.png', '0/2/0'],
    ['/tms/1.0.0/moon/MOON_GEOGRAPHIC/0/0/0@2x.png', '/tms/1.0.0'],
    ['/tms/1.0.0/moon/MOON_GEOGRAPHIC/0/0/0.webp', 'png, jpg'],
    [`/tms/1.0.0/moon/MOON_GEOGRAPHIC/5/${TILE_TROUBLE.outside}/22.png`, 'outside the coverage'],
  ])('%s', async (url, said) => {
    const answer = await get(url);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8']);
    expect(answer.body).toContain(said);
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' });
  });
});
