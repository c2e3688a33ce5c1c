import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGateway } from '../../src/config/build.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Raster } from '../../src/raster/raster.ts';
import { watermarkRaster, type MarkPlace } from '../../src/raster/watermark.ts';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/** Text in tiles. Dangers: tiles of one kind left unmarked (meta tiles, handed on, drawn); a mark written twice; one where data are asked for. */
const CONFIG = (upstream: string): string => `
services: {hips: , wms: , wmts: , tms: {use_grid_names: true, origin: nw}}
layers:
${['plain', 'drawn', 'outer', 'both', 'wide', 'meta', 'handed', 'deep', 'read'].map((name) => `  - {name: ${name}, title: T, sources: [${name}], md: {hips: {hips_order: 0, hips_tile_width: 256}}}`).join('\n')}
sources:
  grey: {type: image, url: grey.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}
  coarse: {type: image, url: grey.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], max_res: 20000}
  wms: {type: wms, req: {url: '${upstream}/?', layers: l}, supported_srs: ['IAU_2015:30100']}
caches:
  plain: {grids: [deg], sources: [grey]}
  drawn: {grids: [deg, low], sources: [grey], watermark: &mark {text: MOON, color: [255, 0, 0], opacity: 200}}
  outer: {grids: [deg], sources: [drawn]}
  both: {grids: [deg], sources: [drawn], watermark: {text: ME, color: '#0000ff', opacity: 255, font_size: 12}}
  wide: {grids: [deg], sources: [grey], watermark: {text: MOON, spacing: wide}}
  meta: {grids: [deg], sources: [wms], watermark: *mark}
  handed: {grids: [deg], sources: [stored], watermark: *mark}
  stored: {grids: [deg], sources: [], cache: {type: file, directory: cache/plain_IAU_201530100}}
  deep: {grids: [deg], sources: [coarse], watermark: *mark, upscale_tiles: 1, image: {resampling_method: nearest}}
  read: {grids: [deg], sources: [], watermark: *mark, cache: {type: file, directory: cache/drawn_IAU_201530100}}
grids:
  deg: {srs: 'IAU_2015:30100', origin: nw, tile_size: [180, 180], res: [1, 0.5]}
  low: {srs: 'IAU_2015:30100', origin: sw, tile_size: [180, 180], res: [1, 0.5]}
globals: {cache: {base_dir: cache}}
`;
const GREY = [100, 100, 100, 255] as const;
const MARK = { text: 'MOON', fontSize: 24, colour: 0xff0000, opacity: 200 };

let upstream: Upstream;
let served: PictureGateway;
beforeAll(async () => {
  const codec = createSharpCodec({ maxPixels: 1e8 });
  upstream = await startUpstream(async (request, response) => {
    const query = new URL(request.url!, 'http://x').searchParams;
    const picture = plainPicture(Number(query.get('WIDTH')), Number(query.get('HEIGHT')), GREY);
    response.writeHead(200, { 'content-type': 'image/png' }).end(await codec.encode(picture, 'image/png', { quality: 90, background: 0 }));
  });
  served = await pictureGateway(CONFIG(upstream.url), { grey: plainPicture(360, 180, GREY) });
});
afterAll(async () => {
  await served.close();
  await upstream.close();
});

async function picture(address: string): Promise<Raster> {
  const answer = await served.app.inject(address);
  expect(answer.statusCode, answer.payload.slice(0, 200)).toBe(200);
  return decoded(answer.rawPayload);
}

const tile = (layer: string, level: number, col: number, row: number, ending = '.png', grid = 'deg') => picture(`/wmts/${layer}/${grid}/${level}/${col}/${row}${ending}`);

/** The grey picture with a mark laid over it. */
function marked(place: MarkPlace | null, mark = MARK, scale = 1): Raster {
  const size = 180 * scale;
  const grey = plainPicture(size, size, GREY);
  if (place === null) return grey;
  const { data } = watermarkRaster({ ...mark, fontSize: mark.fontSize * scale }, place, size, size);
  for (let i = 0; i < data.length; i += 4) for (let c = 0; c < 3; c++) grey.data[i + c] = data[i + c]! + Math.round((100 * (255 - data[i + 3]!)) / 255);
  return grey;
}

const worst = (a: Raster, b: Raster): number => a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)), a.width === b.width ? 0 : 999);

describe('tiles', () => {
  it.each([['drawn'], ['meta'], ['handed']])('%s: in the middle, in every second row on the edges', async (layer) => {
    if (layer === 'handed') for (const row of [0, 1]) await tile('plain', 1, 1, row);
    expect(worst(await tile(layer, 1, 1, 0), marked('centre'))).toBeLessThanOrEqual(1);
    expect(worst(await tile(layer, 1, 1, 1), marked('edges'))).toBeLessThanOrEqual(1);
  });

  it('rows count as in the grid', async () => {
    expect(worst(await tile('drawn', 1, 1, 0, '.png', 'low'), marked('edges'))).toBeLessThanOrEqual(1); // WMTS counts from above: row 1 of the grid
    expect(worst(await tile('drawn', 1, 1, 1, '.png', 'low'), marked('centre'))).toBeLessThanOrEqual(1);
  });

  it('spacing: wide', async () => {
    expect(worst(await tile('wide', 1, 1, 1), marked(null))).toBe(0);
    expect(worst(await tile('wide', 1, 2, 1), marked('centre', { ...MARK, colour: 0x808080, opacity: 30 }))).toBeLessThanOrEqual(1);
  });

  it('@2x has the mark at twice the size', async () => {
    expect(worst(await picture('/tiles/drawn/deg/1/1/0@2x.png'), marked('centre', MARK, 2))).toBeLessThanOrEqual(1);
  });

  it('a cache over a marked one has its mark, once', async () => {
    expect(worst(await tile('outer', 1, 1, 0), marked('centre'))).toBeLessThanOrEqual(1);
    const both = await tile('both', 1, 1, 1); // ME is over the middle of the edges' MOON
    expect(pixelAt(both, 90, 90)).toEqual(GREY);
    expect([...both.data].some((_, i) => i % 4 === 0 && both.data[i]! < 5 && both.data[i + 2]! > 250)).toBe(true);
    expect([...both.data].some((_, i) => i % 4 === 0 && both.data[i]! > 200 && both.data[i + 2]! < 50)).toBe(true);
  });

  it('a cache that is only read gets none: its tiles have it', async () => {
    await tile('drawn', 1, 2, 0);
    expect(worst(await tile('read', 1, 2, 0), marked('centre'))).toBeLessThanOrEqual(1);
  });

  it('tiles that are made of coarser ones have theirs', async () => {
    const found = await tile('deep', 1, 0, 0);
    const expected = marked('centre');
    for (let y = 0; y < 180; y += 7) for (let x = 0; x < 180; x += 7) expect(Math.abs(pixelAt(found, x, y)[0]! - pixelAt(expected, x >> 1, y >> 1)[0]!)).toBeLessThanOrEqual(1);
  });
});

const MAP = '/service?SERVICE=WMS&VERSION=1.1.1&STYLES=&SRS=IAU_2015:30100&FORMAT=image/png&BBOX=-90,0,0,90&WIDTH=180&HEIGHT=180&LAYERS=drawn';

describe('elsewhere', () => {
  it('maps show what the tiles show', async () => {
    expect(worst(await picture(`${MAP}&REQUEST=GetMap`), marked('centre'))).toBeLessThanOrEqual(1);
  });

  it('what is under a pixel is the data', async () => {
    const { layers } = (await served.app.inject(`${MAP}&REQUEST=GetFeatureInfo&QUERY_LAYERS=drawn&INFO_FORMAT=application/json&X=90&Y=90`)).json();
    expect(layers[0].value).toEqual(GREY);
    for (let x = 60; x < 120; x += 4) {
      const answer = (await served.app.inject(`${MAP}&REQUEST=GetFeatureInfo&QUERY_LAYERS=drawn&INFO_FORMAT=application/json&X=${x}&Y=88`)).json();
      expect(answer.layers[0].value).toEqual(GREY);
    }
  });

  it('the HiPS of a layer over a marked cache is marked, that of another is not', async () => {
    const isMarked = async (layer: string): Promise<boolean> => {
      const { data } = await picture(`/hips/${layer}/Norder0/Dir0/Npix0.png`);
      return data.some((value, i) => i % 4 === 0 && value > 150);
    };
    expect([await isMarked('drawn'), await isMarked('plain')]).toEqual([true, false]);
  });
});

it('rendering threads write the same', async () => {
  const gateway = await buildGateway(loadConfig(path.join(served.directory, 'gateway.yaml')), { threads: 2, report: (error) => { throw error; } });
  for (const name of ['drawn', 'meta', 'both']) {
    const layer = gateway.tiles!.layers.get(name)!;
    const [set] = layer.sets;
    const made = await layer.tile(set!, { matrix: set!.tileMatrices[1]!, col: 3, row: 0 }, 'image/webp', 1, new AbortController().signal);
    const answer = await served.app.inject(`/wmts/${name}/deg/1/3/0.webp`);
    expect(Buffer.compare(made!.bytes, answer.rawPayload), name).toBe(0);
  }
  await gateway.close();
});
