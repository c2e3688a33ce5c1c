import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { decoded, pictureGateway, pixelAt, type PictureGateway } from '../support/pictureGateway.ts';

/** image.transparent_color: a background that would hide what lies below. Danger: one of the ways to a pixel does not know of it. */
const codec = createSharpCodec({ maxPixels: 1e8 });
let upstream: Upstream;
let served: PictureGateway;

/** Nearly white in the west of each picture, red in the east. */
function halves(width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) data.set(i % width < width / 2 ? [252, 253, 254, 255] : [200, 0, 0, 255], 4 * i);
  return data;
}

async function draw(url: string, response: ServerResponse): Promise<void> {
  const query = new URL(url, 'http://x').searchParams;
  const [width, height] = [Number(query.get('WIDTH')), Number(query.get('HEIGHT'))];
  response.writeHead(200, { 'content-type': 'image/png' }).end(await codec.encode({ width, height, data: halves(width, height), opaque: true }, 'image/png', { quality: 90, background: 0 }));
}

beforeAll(async () => {
  upstream = await startUpstream((request, response) => draw(request.url!, response));
  served = await pictureGateway(`
services: {wms: {srs: ['IAU_2015:30100', 'IAU_2015:30110']}, wmts: , hips: }
layers:
  - {name: direct, title: A map server, sources: [labels]}
  - {name: cached, title: Its cache, sources: [cache]}
  - {name: picture, title: A picture, sources: [picture], md: {hips: {hips_order: 0, hips_tile_width: 128}}}
  - {name: strict, title: No tolerance, sources: [strict]}
caches: {cache: {grids: [MOON_GEOGRAPHIC], sources: [labels], meta_size: [1, 1], meta_buffer: 0}}
sources:
  labels: {type: wms, req: {url: '${upstream.url}/?', layers: l}, supported_srs: ['IAU_2015:30100'], image: {transparent_color: '#ffffff'}}
  picture: {type: image, url: halves.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], image: {transparent_color: [255, 255, 255], transparent_color_tolerance: 3}}
  strict: {type: image, url: halves.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], image: {transparent_color: '#ffffff', transparent_color_tolerance: 2}}
globals: {cache: {base_dir: cache}}
`, { halves: { width: 360, height: 180, data: halves(360, 180), opaque: true } });
});
afterAll(async () => {
  await served.close();
  await upstream.close();
});

async function pixels(url: string): Promise<readonly (readonly number[])[]> {
  const answer = await served.app.inject(url);
  expect(answer.statusCode, url).toBe(200);
  const { width, height, ...raster } = await decoded(answer.rawPayload);
  return [0.25, 0.75].map((share) => pixelAt({ width, height, ...raster }, Math.floor(width * share), Math.floor(height / 2)));
}

const map = (layer: string, srs: string, bbox: string) =>
  pixels(`/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layer}&STYLES=&SRS=${srs}&BBOX=${bbox}&WIDTH=40&HEIGHT=20&FORMAT=image/png&TRANSPARENT=TRUE`);
const CLEARED = [[0, 0, 0, 0], [200, 0, 0, 255]];

it.each([
  ['a map that the server draws', () => map('direct', 'IAU_2015:30100', '-40,-20,40,20')],
  ['a map of its windows', () => map('direct', 'IAU_2015:30110', '-5400000,-2700000,5400000,2700000')],
  ['a meta tile', () => pixels('/wmts/cached/MOON_GEOGRAPHIC/0/0/0.png')],
  ['a picture', () => map('picture', 'IAU_2015:30100', '-40,-20,40,20')],
])('%s is clear where it has about the colour', async (_, found) => {
  expect(await found()).toEqual(CLEARED);
});

it('a tile of a HiPS is clear there too', async () => {
  const tile = await decoded((await served.app.inject('/hips/picture/Norder0/Dir0/Npix6.png')).rawPayload); // around 180 degrees
  const alphas = new Set(tile.data.filter((_, i) => i % 4 === 3));
  expect([alphas.has(0), alphas.has(255)]).toEqual([true, true]);
});

it('a difference beyond the tolerance is another colour', async () => {
  expect((await map('strict', 'IAU_2015:30100', '-40,-20,40,20'))[0]).toEqual([252, 253, 254, 255]);
});
