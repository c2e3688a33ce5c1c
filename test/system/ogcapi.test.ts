import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Raster } from '../../src/raster/raster.ts';
import { decoded, pictureGateway, type PictureGateway, plainPicture } from '../support/pictureGateway.ts';

/** OGC API against WMS and WMTS of the same gateway, pixel by pixel. */

const YAML = `
services:
  wms:
  wmts:
  ogcapi:
    default_dataset_layers: [base, patch]
    md: {identification: {title: 'Two layers', keywords: [moon]}, license: {name: Free, url: 'http://example.org/free'}, contact: {name: Ann, city: Paris}}
layers:
  - {name: base, title: Base, sources: [base_tiles]}
  - {name: patch, title: Patch, sources: [patch_tiles]}
  - {name: plain, title: Without tiles, sources: [patch]}
caches:
  base_tiles: {grids: [MOON_GEOGRAPHIC, MOON_EQUIRECTANGULAR], sources: [base]}
  patch_tiles: {grids: [MOON_GEOGRAPHIC], sources: [patch]}
sources:
  base: {type: image, url: base.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}
  patch: {type: image, url: patch.png, srs: 'IAU_2015:30100', bbox: [10, 20, 50, 60]}
globals: {cache: {base_dir: ./kept}}
`;

/** A picture that is nowhere the same. */
function gradient(width: number, height: number): Raster {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) data.set([(i % width) % 256, Math.floor(i / width) % 256, (i * 7) % 256, 255], i * 4);
  return { width, height, data, opaque: true };
}

let served: PictureGateway;
beforeAll(async () => {
  served = await pictureGateway(YAML, { base: gradient(720, 360), patch: plainPicture(80, 80, [250, 10, 20, 255]) });
});
afterAll(() => served.close());

async function picture(url: string): Promise<Raster> {
  const answer = await served.app.inject(url);
  expect(answer.statusCode, `${url}: ${answer.headers['content-type'] === 'image/png' ? '' : answer.body}`).toBe(200);
  return decoded(answer.rawPayload);
}

function differing(a: Raster, b: Raster): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  return a.data.reduce((count, value, i) => count + (value === b.data[i] ? 0 : 1), 0);
}

const WMS = '/service?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&FORMAT=image/png&STYLES=';

describe('maps are those of WMS', () => {
  it.each([
    ['/ogcapi/collections/base/map?bbox=-20,-10,40,30&width=300', 'LAYERS=base&CRS=IAU_2015:30100&BBOX=-10,-20,30,40&WIDTH=300&HEIGHT=200&TRANSPARENT=TRUE'],
    ['/ogcapi/collections/base/map.png?crs=IAU_2015:30130&width=200&height=200&bbox=-900000,-900000,900000,900000&bbox-crs=IAU_2015:30130', 'LAYERS=base&CRS=IAU_2015:30130&BBOX=-900000,-900000,900000,900000&WIDTH=200&HEIGHT=200&TRANSPARENT=TRUE'],
    ['/ogcapi/collections/patch/map?bbox=0,0,60,80&width=120&bgcolor=navy', 'LAYERS=patch&CRS=IAU_2015:30100&BBOX=0,0,80,60&WIDTH=120&HEIGHT=160&BGCOLOR=0x000080'],
    ['/ogcapi/map?bbox=0,0,60,80&width=120', 'LAYERS=base,patch&CRS=IAU_2015:30100&BBOX=0,0,80,60&WIDTH=120&HEIGHT=160&TRANSPARENT=TRUE'],
    ['/ogcapi/map?collections=patch,base&bbox=0,0,60,80&width=120', 'LAYERS=base&CRS=IAU_2015:30100&BBOX=0,0,80,60&WIDTH=120&HEIGHT=160&TRANSPARENT=TRUE'],
    ['/ogcapi/collections/patch/map?width=40', 'LAYERS=patch&CRS=IAU_2015:30100&BBOX=20,10,60,50&WIDTH=40&HEIGHT=40&TRANSPARENT=TRUE'],
  ])('%s', async (url, wms) => {
    const map = await picture(url);
    expect(differing(map, await picture(`${WMS}&${wms}`))).toBe(0);
    const moved = wms.replace(/BBOX=([^,]+),/, (_, first: string) => `BBOX=${Number(first) - (Number(first) > 1000 || Number(first) < -1000 ? 50000 : 3)},`);
    expect(differing(map, await picture(`${WMS}&${moved}`))).toBeGreaterThan(100);
  });

  it('as GeoTIFF, JPEG and WebP', async () => {
    for (const [format, type] of [['tiff', 'image/tiff'], ['jpg', 'image/jpeg'], ['webp', 'image/webp'], ['avif', 'image/avif']]) {
      expect((await served.app.inject(`/ogcapi/collections/base/map.${format}?width=64`)).headers['content-type']).toBe(type);
    }
  });
});

describe('tiles are those of WMTS', () => {
  it.each([
    ['/ogcapi/collections/base/map/tiles/MOON_GEOGRAPHIC/2/1/5', '/wmts/base/MOON_GEOGRAPHIC/2/5/1.png'],
    ['/ogcapi/collections/base/map/tiles/MOON_EQUIRECTANGULAR/1/1/2.png', '/wmts/base/MOON_EQUIRECTANGULAR/1/2/1.png'],
  ])('%s', async (url, wmts) => {
    const [ours, theirs] = await Promise.all([served.app.inject(url), served.app.inject(wmts)]);
    expect(ours.rawPayload.equals(theirs.rawPayload)).toBe(true);
    for (const header of ['etag', 'last-modified', 'cache-control', 'content-type']) expect(ours.headers[header], header).toBe(theirs.headers[header]);
  });

  it('of the dataset show its layers on each other', async () => {
    const tile = await picture('/ogcapi/map/tiles/MOON_GEOGRAPHIC/2/1/4');
    const [base, patch] = [await picture('/wmts/base/MOON_GEOGRAPHIC/2/4/1.png'), await picture('/wmts/patch/MOON_GEOGRAPHIC/2/4/1.png')];
    const merged = { ...base, data: base.data.map((value, i) => (patch.data[i - (i % 4) + 3] === 255 ? patch.data[i]! : value)) };
    const isEdge = (i: number): boolean => ![0, 255].includes(patch.data[i - (i % 4) + 3]!);
    expect(tile.data.every((value, i) => isEdge(i) || Math.abs(value - merged.data[i]!) <= 1)).toBe(true);
    expect(differing(tile, base)).toBeGreaterThan(1000);
  });

  it('a layer without tiles says so', async () => {
    const answer = await served.app.inject('/ogcapi/collections/plain/map/tiles');
    expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toEqual([404, "the collection 'plain' has no tiles"]);
  });
});

it('the configuration says what the service is', async () => {
  expect((await served.app.inject('/ogcapi')).json()).toMatchObject({ title: 'Two layers', keywords: ['moon'] });
  expect((await served.app.inject('/ogcapi/api')).json()).toMatchObject({ info: { title: 'Two layers', contact: { name: 'Ann' }, license: { name: 'Free', url: 'http://example.org/free' } } });
});

it('the service needs neither WMS nor WMTS', async () => {
  const alone = await pictureGateway(YAML.replace(/ {2}wms:\n {2}wmts:\n/, ''), { base: gradient(72, 36), patch: plainPicture(8, 8, [1, 2, 3, 255]) });
  expect((await alone.app.inject('/ogcapi/collections/base/map?width=20')).statusCode).toBe(200);
  expect((await alone.app.inject('/ogcapi/collections/base/map/tiles/MOON_GEOGRAPHIC/0/0/0')).statusCode).toBe(200);
  expect((await alone.app.inject('/service?REQUEST=GetCapabilities&SERVICE=WMS')).statusCode).toBe(404);
  await alone.close();
});

it('layers of two bodies are no dataset', async () => {
  const mixed = YAML.replace("srs: 'IAU_2015:30100', bbox: [10, 20, 50, 60]", "srs: 'IAU_2015:49900', bbox: [10, 20, 50, 60]").replace('{grids: [MOON_GEOGRAPHIC], sources: [patch]}', '{grids: [MARS_GEOGRAPHIC], sources: [patch]}');
  await expect(pictureGateway(mixed, { base: gradient(72, 36), patch: plainPicture(8, 8, [1, 2, 3, 255]) })).rejects.toThrow(/default_dataset_layers\[1\]: 'patch' shows 'mars', which cannot be drawn with 'moon' of 'base'/);
});
