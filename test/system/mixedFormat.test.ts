import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mixedTypeOf } from '../../src/raster/format.ts';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/** `format: mixed`. Dangers: a transparent edge that turns white, photographs kept as PNG, an answer that says it is what it is not. */
const CONFIG = `
services: {wms: , wmts: , tms: }
layers:
  - {name: moon, title: Moon, sources: [moon]}
  - {name: same, title: Without a source, sources: [same]}
sources: {half: {type: image, url: red.png, srs: 'IAU_2015:30100', bbox: [-180, -45, 180, 90]}}
caches:
  moon: {grids: [deg], sources: [half], format: mixed}
  same: {grids: [deg], sources: [moon], format: mixed, disable_storage: true}
grids: {deg: {srs: 'IAU_2015:30100', origin: nw, tile_size: [90, 90], res: [2, 1]}}
globals: {cache: {base_dir: cache}}
`;

let served: PictureGateway;
beforeAll(async () => {
  served = await pictureGateway(CONFIG, { red: plainPicture(720, 270, [200, 10, 10, 255]) });
});
afterAll(() => served.close());

const get = async (url: string) => {
  const { statusCode, headers, rawPayload } = await served.app.inject(url);
  expect(statusCode, url).toBe(200);
  return { type: headers['content-type'], bytes: rawPayload };
};

function stored(row: number): Uint8Array {
  return readFileSync(path.join(served.directory, 'cache', 'moon_IAU_201530100', '01', '000', '000', '001', '000', '000', `00${row}.mixed`));
}

describe('format: mixed', () => {
  it.each([[0, 'image/jpeg'], [1, 'image/png']])('row %i of tiles is %s, made, stored and read again', async (row, type) => {
    for (const url of [`/wmts/moon/deg/1/1/${row}.png`, `/wmts/moon/deg/1/1/${row}.png?again`]) {
      const answer = await get(url);
      expect(answer.type).toBe(type);
      expect(mixedTypeOf(answer.bytes)).toBe(type);
    }
    expect(mixedTypeOf(stored(row))).toBe(type);
    const fresh = await pictureGateway(CONFIG.replace('base_dir: cache', `base_dir: ${path.join(served.directory, 'cache')}`), { red: plainPicture(720, 270, [200, 10, 10, 255]) });
    try {
      expect((await fresh.app.inject(`/wmts/moon/deg/1/1/${row}.png`)).headers['content-type']).toBe(type);
    } finally {
      await fresh.close();
    }
  });

  it('pixels without a colour stay so', async () => {
    const tile = await decoded((await get('/wmts/moon/deg/1/1/1.png')).bytes);
    expect([pixelAt(tile, 5, 5)[3], pixelAt(tile, 5, 80)]).toEqual([255, [0, 0, 0, 0]]);
  });

  it('other formats are what was asked for', async () => {
    expect((await get('/wmts/moon/deg/1/1/1.jpg')).type).toBe('image/jpeg');
    expect((await get('/wmts/moon/deg/1/1/0.webp')).type).toBe('image/webp');
  });

  it('capabilities and TileJSON speak of PNG, as in MapProxy', async () => {
    expect((await get('/wmts/1.0.0/WMTSCapabilities.xml')).bytes.toString()).not.toMatch(/mixed/);
  });
});
