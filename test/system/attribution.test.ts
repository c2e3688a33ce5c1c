import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { over } from '../../src/raster/blend.ts';
import { textRaster } from '../../src/raster/text.ts';
import { decoded, pictureGateway, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/** `attribution.text`, written into maps as in MapProxy. Dangers: tiles with a text in each; a text where nobody looks, or over another; a map without it. */
const config = `
services:
  wms: {srs: ['IAU_2015:30100'], attribution: {text: '© Mädler'}, bbox_srs: [{srs: 'IAU_2015:30100', bbox: [-10, 0, 90, 90]}]}
  wmts:
  ogcapi: {attribution: {text: Beer}}
layers: [{name: moon, title: Moon, sources: [cache]}]
caches: {cache: {grids: [MOON_GEOGRAPHIC], sources: [red]}}
sources: {red: {type: image, url: red.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
globals: {cache: {base_dir: cache}}
`;
const red = plainPicture(36, 18, [200, 10, 20, 255]);
let served: PictureGateway;
beforeAll(async () => {
  served = await pictureGateway(config, { red });
});
afterAll(() => served.close());

const written = (text: string, width: number, height: number) => over(plainPicture(width, height, [200, 10, 20, 255]), textRaster(text, width, height, { corner: 'bottom right', opacity: 120 }));
async function picture(url: string): Promise<Uint8Array> {
  const answer = await served.app.inject(url);
  expect([url, answer.statusCode]).toEqual([url, 200]);
  return new Uint8Array((await decoded(answer.rawPayload)).data);
}
const map = (more: string): string => `/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=moon&STYLES=&SRS=IAU_2015:30100&FORMAT=image/png&${more}`;

describe('the attribution', () => {
  it('stands in the corner of a map', async () => {
    expect(await picture(map('BBOX=0,0,60,30&WIDTH=120&HEIGHT=60'))).toEqual(new Uint8Array(written('(c) Madler', 120, 60).data));
  });

  it('stands in the corner of what the box of the reference system lets show', async () => {
    const found = await picture(map('BBOX=-70,-30,50,30&WIDTH=120&HEIGHT=60&TRANSPARENT=TRUE'));
    const wanted = written('(c) Madler', 60, 30);
    for (let row = 0; row < 30; row++) expect(found.subarray((row * 120 + 60) * 4, (row + 1) * 120 * 4)).toEqual(new Uint8Array(wanted.data.subarray(row * 240, (row + 1) * 240)));
  });

  it('of OGC API is its own', async () => {
    expect(await picture('/ogcapi/collections/moon/map?bbox=0,0,60,30&width=120&height=60&f=png')).toEqual(new Uint8Array(written('Beer', 120, 60).data));
  });

  it.each([
    ['a tile', '/wmts/moon/MOON_GEOGRAPHIC/2/4/1.png'],
    ['a tile of OGC API', '/ogcapi/collections/moon/map/tiles/MOON_GEOGRAPHIC/2/1/4.png'],
    ['a map that is a tile', map('tiled=true&TRANSPARENT=TRUE&BBOX=0,0,45,45&WIDTH=256&HEIGHT=256')],
    ['a map that is drawn as a tile', map('tiled=true&BGCOLOR=0x0000ff&BBOX=0,0,45,45&WIDTH=256&HEIGHT=256')],
    ['a legend', '/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetLegendGraphic&LAYER=moon&FORMAT=image/png'],
  ])('stands not in %s', async (_, url) => {
    const found = await picture(url);
    expect(found.every((value, i) => value === [200, 10, 20, 255][i % 4])).toBe(true);
  });
});
