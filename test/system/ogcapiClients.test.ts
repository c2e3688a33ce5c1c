import { getMapTileUrlTemplate, parseTileMatrixSet } from 'ol/source/ogcTileUtil.js';
import Projection from 'ol/proj/Projection.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Raster } from '../../src/raster/raster.ts';
import { decoded, pictureGateway, type PictureGateway } from '../support/pictureGateway.ts';

/** OGC API as clients read it: the sources of a gateway, and what OpenLayers makes of the documents. */

/** Waves along both axes, and a slope: nowhere the same, and little lost by drawing it twice. */
function colourAt(x: number, y: number): readonly number[] {
  return [128 + 100 * Math.sin(x / 20), 128 + 100 * Math.cos(y / 15), (x / 720) * 255, 255];
}

const moon: Raster = { width: 720, height: 360, opaque: true, data: Uint8Array.from({ length: 720 * 360 * 4 }, (_, i) => colourAt((i >> 2) % 720, Math.floor((i >> 2) / 720))[i % 4]!) };

const UPSTREAM = `
services: {ogcapi: , wms: }
layers: [{name: the moon, title: Moon, sources: [tiles]}]
caches: {tiles: {grids: [MOON_EQUIRECTANGULAR, MOON_GEOGRAPHIC, below, MOON_NORTH_POLAR], sources: [moon]}}
grids: {below: {srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], origin: sw, res: [1.40625, 0.703125, 0.3515625]}}
sources: {moon: {type: image, url: moon.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
globals: {cache: {base_dir: ./kept}}
`;

let upstream: PictureGateway;
let address = '';
beforeAll(async () => {
  upstream = await pictureGateway(UPSTREAM, { moon });
  address = `${await upstream.app.listen({ port: 0, host: '127.0.0.1' })}/ogcapi`;
});
afterAll(() => upstream.close());

/** Largest difference of two pictures. */
function worst(a: Raster, b: Raster): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)), 0);
}

async function pictureOf({ app }: PictureGateway, url: string): Promise<Raster> {
  const answer = await app.inject(url);
  expect(answer.statusCode, `${url}: ${answer.headers['content-type'] === 'image/png' ? '' : answer.body}`).toBe(200);
  return decoded(answer.rawPayload);
}

function mapUrl(layer: string, srs: string, bbox: readonly number[], width: number, height: number): string {
  return `/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${encodeURIComponent(layer)}&STYLES=&SRS=${srs}&BBOX=${bbox.join(',')}&WIDTH=${width}&HEIGHT=${height}&FORMAT=image/png`;
}

describe('another gateway', () => {
  it.each([
    ['maps', '{type: ogcapimaps, landingpage_url: URL, collection: the moon}'],
    ['maps in metres', "{type: ogcapimaps, landingpage_url: URL, collection: the moon, supported_srs: ['IAU_2015:30110'], transparent: true, bgcolor: '#ff0000'}"],
    ['tiles', '{type: ogcapitiles, landingpage_url: URL, collection: the moon}'],
    ['tiles in degrees', '{type: ogcapitiles, landingpage_url: URL, collection: the moon, tile_matrix_set_id: MOON_GEOGRAPHIC}'],
    ['tiles of a cache that counts from below', '{type: ogcapitiles, landingpage_url: URL, collection: the moon, tile_matrix_set_id: below, request_format: image/png}'],
  ])('shows the same from %s', async (_name, source) => {
    const other = await pictureGateway(`
services: {wms: }
layers: [{name: copy, title: Copy, sources: [copy]}]
sources: {copy: ${source.replace('URL', `'${address}'`)}}
globals: {cache: {base_dir: ./kept}}
`, {});
    const [bbox, width, height] = [[-50, -20, 70, 60], 240, 160];
    const copy = await pictureOf(other, mapUrl('copy', 'IAU_2015:30100', bbox, width, height));
    expect(worst(copy, await pictureOf(upstream, mapUrl('the moon', 'IAU_2015:30100', bbox, width, height)))).toBeLessThanOrEqual(4);
    expect(worst(copy, await pictureOf(upstream, mapUrl('the moon', 'IAU_2015:30100', bbox.map((value, i) => value + (i % 2 === 0 ? 3 : 0)), width, height)))).toBeGreaterThan(12);
    await other.close();
  });
});

describe('OpenLayers', () => {
  it.each([
    ['MOON_GEOGRAPHIC', 'degrees', [-180, -90, 180, 90], 3, [40, 50]],
    ['below', 'degrees', [-180, -90, 180, 90], 1, [40, 50]], // its first level is not served: it would begin beyond the pole
    ['MOON_EQUIRECTANGULAR', 'm', [-5458203, -2729101, 5458203, 2729101], 2, [1e6, 2e6]],
    ['MOON_NORTH_POLAR', 'm', [-3474800, -3474800, 3474800, 3474800], 2, [-1e6, 5e5]],
  ] as const)('finds the tiles of %s where they lie', async (id, units, extent, level, place) => {
    const json = async <T>(path: string): Promise<T> => (await upstream.app.inject(`/ogcapi${path}`)).json<T>();
    const tileset = await json<Parameters<typeof parseTileMatrixSet>[1] & { links: Parameters<typeof getMapTileUrlTemplate>[0]; tileMatrixSetLimits: Parameters<typeof parseTileMatrixSet>[3] }>(`/collections/the%20moon/map/tiles/${id}`);
    const projection = new Projection({ code: `moon ${id}`, units, extent: [...extent] });
    const template = getMapTileUrlTemplate(tileset.links, 'image/png', []);
    const { grid, urlFunction } = parseTileMatrixSet({ url: address, projection }, await json(`/tileMatrixSets/${id}`), template, tileset.tileMatrixSetLimits);
    const coord = grid.getTileCoordForCoordAndZ([...place], level);
    const tile = await pictureOf(upstream, new URL(urlFunction!(coord, 1, projection)!).pathname);
    const srs = { MOON_EQUIRECTANGULAR: 'IAU_2015:30110', MOON_NORTH_POLAR: 'IAU_2015:30130' }[id as string] ?? 'IAU_2015:30100';
    const box = grid.getTileCoordExtent(coord);
    expect(worst(tile, await pictureOf(upstream, mapUrl('the moon', srs, box, 256, 256)))).toBeLessThanOrEqual(2);
    const beside = box.map((value, i) => value + (i % 2 === 0 ? (box[2]! - box[0]!) / 8 : 0));
    expect(worst(tile, await pictureOf(upstream, mapUrl('the moon', srs, beside, 256, 256)))).toBeGreaterThan(10);
  });
});
