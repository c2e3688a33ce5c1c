import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/server/app.ts';
import { textsOf } from '../conformance/validate.ts';
import { decoded, pictureGateway, type PictureGateway } from '../support/pictureGateway.ts';
import { fakeGateway } from './support/fakeGateway.ts';
import { fakeTiles, TILE_TROUBLE } from './support/fakeTiles.ts';

const HOST = 'globe.example';
const K = (path: string): string => path.replaceAll(/(\w+)(?=\/|$)/g, "*[local-name()='$1']");

interface Overlay {
  readonly href: string;
  readonly box: readonly number[];
  readonly level: number;
}

/** The links and pictures of a document. */
function read(kml: string): { readonly links: readonly string[]; readonly overlays: readonly Overlay[] } {
  const edges = ['west', 'south', 'east', 'north'].map((edge) => textsOf(kml, K(`/kml/Document/GroundOverlay/LatLonBox/${edge}`)).map(Number));
  const levels = textsOf(kml, K('/kml/Document/GroundOverlay/drawOrder')).map(Number);
  const overlays = textsOf(kml, K('/kml/Document/GroundOverlay/Icon/href')).map((href, i) => ({ href, box: edges.map((edge) => edge[i]!), level: levels[i]! }));
  return { links: textsOf(kml, K('/kml/Document/NetworkLink/Link/href')), overlays };
}

const pathOf = (href: string): string => new URL(href).pathname;

describe('documents', () => {
  const app = createApp(fakeGateway({ tiles: fakeTiles() }), { logger: null });
  afterAll(() => app.close());
  const get = (url: string) => app.inject({ url, headers: { host: HOST } });

  it('have the structure of those of MapProxy', async () => {
    const answer = await get('/kml/earth/EPSG4326/1/0/0.kml');
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/vnd.google-earth.kml+xml']);
    const one = (path: string): readonly string[] => textsOf(answer.body, K(path));
    expect(['west', 'south', 'east', 'north'].map((edge) => one(`/kml/Document/Region/LatLonAltBox/${edge}`))).toEqual([['-180'], ['-90'], ['0'], ['90']]);
    expect(one('/kml/Document/name')).toEqual(['earth']);
    expect(one('/kml/Document/NetworkLink/name')).toEqual(['earth - (0, 0, 2)', 'earth - (1, 0, 2)', 'earth - (0, 1, 2)', 'earth - (1, 1, 2)']);
    expect(new Set(one('/kml/Document/NetworkLink/Region/Lod/minLodPixels'))).toEqual(new Set(['128']));
    expect(new Set(one('/kml/Document/NetworkLink/Region/Lod/maxLodPixels'))).toEqual(new Set(['-1']));
    expect(new Set(one('/kml/Document/NetworkLink/Link/viewRefreshMode'))).toEqual(new Set(['onRegion']));
    expect(new Set(one('/kml/Document/GroundOverlay/Region/Lod/maxLodPixels'))).toEqual(new Set(['768']));
    expect(read(answer.body)).toEqual({
      links: ['0/0', '1/0', '0/1', '1/1'].map((xy) => `http://${HOST}/kml/earth/EPSG4326/2/${xy}.kml`),
      overlays: [[0, 0], [1, 0], [0, 1], [1, 1]].map(([x, y]) => ({ href: `http://${HOST}/kml/earth/EPSG4326/2/${x}/${y}.png`, level: 2, box: [-180 + x! * 90, -90 + y! * 90, -90 + x! * 90, y! * 90] })),
    });
  });

  it.each([
    ['/kml/earth', ['1/0/0', '1/1/0']],
    ['/kml/earth/', ['1/0/0', '1/1/0']],
    ['/kml/earth/EPSG4326', ['1/0/0', '1/1/0']],
    ['/kml/earth_EPSG4326', ['1/0/0', '1/1/0']],
    ['/kml/earth/GLOBAL_GEODETIC', ['1/0/0', '1/1/0']],
    ['/kml/earth/EPSG4326/0/0/0.kml', ['1/0/0', '1/1/0']],
    // two tiles make the first level of a body
    ['/kml/moon/IAU_201530100', ['0/0/0', '0/1/0']],
  ])('%s is where a globe begins', async (url, tiles) => {
    const { links } = read((await get(url)).body);
    expect(links.map((href) => href.split('/').slice(-3).join('/').replace('.kml', ''))).toEqual(tiles);
  });

  it('tell Google Earth which globe to show', async () => {
    expect((await get('/kml/moon')).body).toContain('<kml xmlns="http://www.opengis.net/kml/2.2" hint="target=moon">');
    expect((await get('/kml/earth')).body).not.toContain('hint');
  });

  it('end at the last level, whose pictures stay however near one comes', async () => {
    const { body } = await get('/kml/moon/IAU_201530100/18/7/7.kml');
    expect(read(body).links).toEqual([]);
    expect(read(body).overlays).toHaveLength(4);
    expect(new Set(textsOf(body, K('/kml/Document/GroundOverlay/Region/Lod/maxLodPixels')))).toEqual(new Set(['-1']));
    expect(read((await get('/kml/moon/IAU_201530100/19/7/7.kml')).body).overlays).toEqual([]);
  });

  it('lead to no tile where the layer has nothing', async () => {
    const { overlays } = read((await get('/kml/rough%20seas/MOON_GEOGRAPHIC/2/4/3.kml')).body); // 0..45 E, 45..90 N of a layer at -10..40, 35..70
    expect(overlays.map(({ box }) => box)).toEqual([[0, 67.5, 22.5, 90], [22.5, 67.5, 45, 90], [0, 45, 22.5, 67.5], [22.5, 45, 45, 67.5]]);
    expect(read((await get('/kml/rough%20seas/MOON_GEOGRAPHIC/2/7/3.kml')).body).overlays).toEqual([]);
  });

  it('name the grid where the configuration says so', async () => {
    const other = createApp(fakeGateway({ tiles: fakeTiles({ kml: { useGridNames: true } }) }), { logger: null });
    expect(read((await other.inject('/kml/earth')).body).links[0]).toContain('/kml/earth/GLOBAL_GEODETIC/1/0/0.kml');
    await other.close();
  });

  it('are kept for minutes, and spared when unchanged', async () => {
    const first = await get('/kml/moon');
    const again = await app.inject({ url: '/kml/moon', headers: { host: HOST, 'if-none-match': String(first.headers['etag']) } });
    expect([first.headers['cache-control'], again.statusCode]).toEqual(['public, max-age=300', 304]);
  });

  it('pictures count their rows from below, as MapProxy', async () => {
    expect((await get('/kml/earth/EPSG4326/2/1/0.png')).body).toBe('GLOBAL_GEODETIC 2/1/0 image/png x1');
    const answer = await get('/kml/moon/IAU_201530100/2/1/0.jpeg');
    expect([answer.body, answer.headers['cache-control']]).toEqual(['MOON_GEOGRAPHIC 2/1/3 image/jpeg x1', 'public, max-age=259200']);
    const outside = await get(`/kml/moon/IAU_201530100/5/${TILE_TROUBLE.outside}/22.png`);
    expect([outside.statusCode, outside.headers['content-type']]).toEqual([200, 'image/png']);
  });

  it.each([
    ['/kml/mars', "layer 'mars'"],
    ['/kml/moon/IAU_201530110', 'MOON_GEOGRAPHIC'],
    ['/kml/earth/EPSG3857/0/0/0.png', 'GLOBAL_GEODETIC'],
    ['/kml/moon/IAU_201530100/20/0/0.kml', '20/0/0'],
    ['/kml/moon/IAU_201530100/0/2/0.kml', '0/2/0'],
    ['/kml/moon/IAU_201530100/0/0/0.gif', '/kml/{layer}/{grid}'],
  ])('%s is 404', async (url, said) => {
    const answer = await get(url);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8']);
    expect(answer.body).toContain(said);
  });

  it('without the service there is nothing of it', async () => {
    const other = createApp(fakeGateway({ tiles: fakeTiles({ kml: null }) }), { logger: null });
    expect((await other.inject('/kml/moon')).statusCode).toBe(404);
    await other.close();
  });
});

describe('a whole superoverlay', () => {
  const YAML = `
services: {wms: , kml: }
layers: [{name: world, title: World, sources: [tiles]}]
caches: {tiles: {grids: [low], sources: [world]}}
grids: {low: {srs: 'EPSG:4326', bbox: [-180, -90, 180, 90], origin: ORIGIN, tile_size: [64, 64], num_levels: 4}}
sources: {world: {type: image, url: world.png, srs: 'EPSG:4326', bbox: [-180, -90, 180, 90]}}
globals: {cache: {base_dir: ./kept}}
`;
  const world = { width: 360, height: 180, opaque: true, data: Uint8Array.from({ length: 360 * 180 * 4 }, (_, i) => [(i >> 2) % 360 % 256, Math.floor((i >> 2) / 360), (i >> 3) % 251, 255][i % 4]!) };

  /** Every picture that a client meets on its way down. */
  async function everyOverlay({ app }: PictureGateway, url: string): Promise<readonly Overlay[]> {
    const { links, overlays } = read((await app.inject(url)).body);
    const below = await Promise.all(links.map((href) => everyOverlay({ app } as PictureGateway, pathOf(href))));
    return [...overlays, ...below.flat()];
  }

  describe.each(['sw', 'nw'])('of a grid that begins in the %s', (origin) => {
    let served: PictureGateway;
    let overlays: readonly Overlay[];
    beforeAll(async () => {
      served = await pictureGateway(YAML.replace('ORIGIN', origin), { world });
      overlays = await everyOverlay(served, '/kml/world/EPSG4326');
    });
    afterAll(() => served.close());

    it('has each place of each level once', () => {
      expect(new Set(overlays.map(({ href }) => href)).size).toBe(overlays.length);
      for (const level of [1, 2, 3]) {
        const area = overlays.filter((overlay) => overlay.level === level).reduce((sum, { box: [west, south, east, north] }) => sum + (east! - west!) * (Math.min(north!, 90) - Math.max(south!, -90)), 0);
        expect(area, String(level)).toBeCloseTo(360 * 180, 6);
      }
    });

    it('has pictures that are maps of their boxes', async () => {
      for (const { href, box: [west, south, east, north] } of overlays.filter(({ level }) => level === 2)) {
        const map = await served.app.inject(`/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=world&STYLES=&SRS=EPSG:4326&BBOX=${[west, south, east, north].join(',')}&WIDTH=64&HEIGHT=64&FORMAT=image/png&TRANSPARENT=TRUE`);
        const [expected, shown] = [await decoded(map.rawPayload), await decoded((await served.app.inject(pathOf(href))).rawPayload)];
        const worst = expected.data.reduce((most, value, i) => Math.max(most, Math.abs(value - shown.data[i]!)), 0);
        expect(worst, href).toBeLessThanOrEqual(2);
      }
    });
  });
});
