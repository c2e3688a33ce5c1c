import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bodyFrame } from '../../src/geometry/frame/frame.ts';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { loadText } from '../config/loadText.ts';
import { tinyTiff } from '../contract/tinyTiff.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { serveAnalyticHips } from '../support/analyticHips.ts';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/** Options of sources, caches, grids and of what holds for all. Danger: an option that is read and changes nothing. */
const codec = createSharpCodec({ maxPixels: 1e8 });
let upstream: Upstream;
let served: PictureGateway;
const gateways: PictureGateway[] = [];

const config = (url: string): string => `
services: {wms: {srs: ['IAU_2015:30100', 'IAU_2015:30130']}, wmts: }
layers:
  - {name: jpeg, title: Formats, sources: [jpeg]}
  - {name: unsaid, title: No format, sources: [unsaid]}
  - {name: turned, title: Axis order, sources: [turned]}
  - {name: common, title: What two areas have in common, sources: [common]}
  - {name: older, title: Older names, sources: [older]}
  - {name: numbers, title: Numbers, sources: [numbers]}
  - {name: elsewhere, title: Another folder, sources: [elsewhere]}
  - {name: aligned, title: Aligned levels, sources: [aligned]}
sources:
  jpeg: {type: wms, req: {url: '${url}/?', layers: a}, supported_srs: ['IAU_2015:30100'], supported_formats: [image/jpeg], image: {format: image/png}}
  unsaid: {type: wms, req: {url: '${url}/?', layers: c}, supported_srs: ['IAU_2015:30100']}
  turned: {type: wms, req: {url: '${url}/?', layers: b}, supported_srs: ['IAU_2015:30100'], wms_opts: {version: 1.3.0}, axis_order: xy}
  common:
    type: image
    url: red.png
    srs: 'IAU_2015:30100'
    bbox: [-180, -90, 180, 90]
    coverage: {clip: true, intersection: [{bbox: [0, 0, 90, 90], srs: 'IAU_2015:30100'}, {bbox: [45, -90, 180, 90], srs: 'IAU_2015:30100'}]}
  older: {type: image, url: red.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], coverage: {clip: true, ogr_datasource: area.geojson, ogr_srs: 'IAU_2015:30100'}}
  numbers: {type: image, url: numbers.tif, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], range: [0, 1000], nodata: 7}
  red: {type: image, url: red.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}
caches:
  elsewhere: {grids: [deg], sources: [red], cache_dir: other/place}
  aligned: {grids: [aligned], sources: [red]}
grids:
  deg: {srs: 'IAU_2015:30100', origin: nw, tile_size: [90, 90], res: [2, 1]}
  aligned: {srs: 'IAU_2015:30100', bbox: [0, 0, 90, 90], align_resolutions_with: GLOBAL_GEODETIC, min_res: 0.5, max_res: 0.05}
globals: {cache: {base_dir: cache}}
`;
const AREA = { type: 'Polygon', coordinates: [[[0, 0], [90, 0], [90, 90], [0, 90], [0, 0]]] };
const red = plainPicture(360, 180, [200, 10, 20, 255]);

async function started(yaml: string): Promise<PictureGateway> {
  const one = await pictureGateway(yaml, { red });
  gateways.push(one);
  return one;
}

beforeAll(async () => {
  upstream = await startUpstream(async (request, response) => {
    const query = new URL(request.url!, 'http://x').searchParams;
    const [width, height] = [Number(query.get('WIDTH')), Number(query.get('HEIGHT'))];
    const noise = new Uint8Array(randomBytes(width * height * 4)).map((byte, i) => (i % 4 === 3 ? 255 : byte)); // which no encoder makes small
    response.writeHead(200, { 'content-type': 'image/png' }).end(await codec.encode({ width, height, data: noise, opaque: true }, 'image/png', { quality: 90, background: 0 }));
  });
  // The files of the sources come to be beside the configuration: a first one makes the folder.
  const folder = (await started('services: {wms: }\nlayers: [{name: a, title: A, sources: [red]}]\nsources: {red: {type: image, url: red.png, srs: "EPSG:4326", bbox: [-180, -90, 180, 90]}}')).directory;
  writeFileSync(path.join(folder, 'area.geojson'), JSON.stringify(AREA));
  // 500 of 1000 in the west, nothing in the east.
  const numbers = Uint16Array.from({ length: 36 * 18 }, (_, i) => (i % 36 < 18 ? 500 : 7));
  writeFileSync(path.join(folder, 'numbers.tif'), tinyTiff(36, 18, new Uint8Array(numbers.buffer), [{ tag: 258, type: 3, values: [16] }]));
  const at = (name: string): string => path.join(folder, name);
  served = await started(config(upstream.url).replaceAll('red.png', at('red.png')).replace('area.geojson', at('area.geojson')).replace('numbers.tif', at('numbers.tif')));
});
beforeEach(() => {
  upstream.requests.length = 0;
});
afterAll(async () => {
  for (const one of gateways) await one.close();
  await upstream.close();
});

const mapOf = (layer: string, bbox: string, srs = 'IAU_2015:30100'): string =>
  `/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layer}&STYLES=&SRS=${srs}&BBOX=${bbox}&WIDTH=20&HEIGHT=20&FORMAT=image/png&TRANSPARENT=TRUE`;

async function map(layer: string, bbox: string) {
  return decoded((await served.app.inject(mapOf(layer, bbox))).rawPayload);
}

const asked = (name: string): readonly (string | null)[] => upstream.requests.map((url) => new URL(url, 'http://x').searchParams.get(name));

describe('sources', () => {
  it('supported_formats: what the server does not know is not asked for', async () => {
    await map('jpeg', '0,0,10,10');
    expect(asked('FORMAT')).toEqual(['image/jpeg']);
  });

  it.each([['unsaid', 'image/png'], ['jpeg', 'image/jpeg']])('%s: windows, for maps in other systems and HiPS, are asked in the format that maps are asked in (danger: JPEG of what is no photograph)', async (layer, format) => {
    await served.app.inject(mapOf(layer, '-1000,-1000,1000,1000', 'IAU_2015:30130'));
    expect(new Set(asked('FORMAT'))).toEqual(new Set([format]));
  });

  it('axis_order: xy, where the system of degrees would have latitude first', async () => {
    await map('turned', '1,2,21,22');
    expect(asked('BBOX')).toEqual(['1,2,21,22']);
  });

  it('coverage: intersection: only what all have in common', async () => {
    const found = await map('common', '35,35,55,55');
    expect([pixelAt(found, 5, 10)[3], pixelAt(found, 15, 10)[3]]).toEqual([0, 255]);
    expect(pixelAt(await map('common', '100,35,120,55'), 10, 10)[3]).toBe(0);
  });

  it('coverage: ogr_datasource with ogr_srs, the older names; ogr_where is refused with what to do', async () => {
    const found = await map('older', '-10,10,10,30');
    expect([pixelAt(found, 5, 10)[3], pixelAt(found, 15, 10)[3]]).toEqual([0, 255]);
    const filtered = `services: {wms: }
layers: [{name: a, title: A, sources: [a]}]
sources: {a: {type: debug, coverage: {ogr_datasource: areas.shp, ogr_where: "name = 'a'", ogr_srs: 'EPSG:4326'}}}`;
    await expect(started(filtered)).rejects.toThrow(/ogr2ogr/);
  });

  it('range and nodata of a picture of numbers', async () => {
    const [west, east] = [await map('numbers', '-100,0,-80,20'), await map('numbers', '80,0,100,20')];
    expect([pixelAt(west, 10, 10), pixelAt(east, 10, 10)]).toEqual([[128, 128, 128, 255], [0, 0, 0, 0]]);
  });
});

it('mirrors of a HiPS: the next one where the first is out of reach', async () => {
  const hips = await serveAnalyticHips({ frame: bodyFrame('Moon'), order: 0, width: 64, format: 'image/png' });
  try {
    const one = await started(`
services: {wms: {srs: ['IAU_2015:30100']}}
layers: [{name: a, title: A, sources: [a]}]
sources: {a: {type: hips, url: 'http://127.0.0.1:9/gone', mirrors: ['${hips.url}'], http: {tries: 1}}}
globals: {cache: {base_dir: cache}}
`);
    expect(pixelAt(await decoded((await one.app.inject(mapOf('a', '0,0,10,10'))).rawPayload), 10, 10)[3]).toBe(255);
  } finally {
    await hips.close();
  }
});

describe('caches and grids', () => {
  it('cache_dir: the folder below which the tiles lie', async () => {
    expect((await served.app.inject('/wmts/elsewhere/deg/0/0/0.png')).statusCode).toBe(200);
    expect(existsSync(path.join(served.directory, 'other/place/elsewhere_IAU_201530100/00/000/000/000/000/000/000.png'))).toBe(true);
  });

  it('align_resolutions_with: levels are those of another grid, within min_res and max_res', () => {
    const cells = served.gateway.tiles!.layers.get('aligned')!.sets[0]!.tileMatrices.map(({ cellSize }) => cellSize);
    expect(cells).toEqual([0.3515625, 0.17578125, 0.087890625]); // 360 / 2^10, 2^11, 2^12
  });

  it('threshold_res and stretch_factor: which level of stored tiles a map shows', async () => {
    const one = await started(`
services: {wms: {srs: ['IAU_2015:30100']}}
layers: [{name: thresholds, title: T, sources: [thresholds]}, {name: stretched, title: S, sources: [stretched]}]
caches:
  thresholds: {name: warm, grids: [thresholds], sources: []}
  stretched: {name: warm, grids: [stretched], sources: []}
grids:
  thresholds: {srs: 'IAU_2015:30100', origin: nw, tile_size: [90, 90], res: [2, 1], threshold_res: [1.3]}
  stretched: {srs: 'IAU_2015:30100', origin: nw, tile_size: [90, 90], res: [2, 1], stretch_factor: 1.5}
globals: {cache: {base_dir: cache}}
`);
    for (const [level, colour] of [[0, 50], [1, 150]] as const) {
      const folder = path.join(one.directory, `cache/warm_IAU_201530100/0${level}/000/000/00${level === 0 ? 1 : 2}/000/000`);
      mkdirSync(folder, { recursive: true });
      const picture = await codec.encode(plainPicture(90, 90, [colour, colour, colour, 255]), 'image/png', { quality: 90, background: 0 });
      writeFileSync(path.join(folder, '000.png'), picture);
    }
    const shown = async (layer: string, res: number): Promise<number> =>
      pixelAt(await decoded((await one.app.inject(mapOf(layer, [10, 10, 10 + 20 * res, 10 + 20 * res].join()))).rawPayload), 10, 10)[0]!;
    expect([await shown('thresholds', 1.35), await shown('thresholds', 1.25)]).toEqual([50, 150]);
    expect([await shown('stretched', 1.4), await shown('stretched', 1.3)]).toEqual([50, 150]);
  });
});

describe('globals and server', () => {
  const wms = (rest: string): string => `
services: {wms: {srs: ['IAU_2015:30100', 'IAU_2015:30130']}}
layers: [{name: a, title: A, sources: [a]}]
sources: {a: {type: wms, req: {url: '${upstream.url}/?', layers: a}, supported_srs: ['IAU_2015:30100']}}
${rest}`;
  const polar = mapOf('a', '-900000,-900000,900000,900000', 'IAU_2015:30130');

  it('max_tile_limit: a map that needs more is refused', async () => {
    const one = await started(wms('globals: {http: {tries: 1}, cache: {base_dir: cache, max_tile_limit: 1}}'));
    expect((await one.app.inject(polar.replace('WIDTH=20&HEIGHT=20', 'WIDTH=600&HEIGHT=600'))).payload).toMatch(/needs more than 1 source tiles/);
    expect((await one.app.inject(polar)).statusCode).toBe(200);
  });

  it('upstream_mb: a larger answer is refused', async () => {
    const one = await started(wms('globals: {http: {tries: 1}, cache: {base_dir: cache}}\nserver: {limits: {upstream_mb: 1}}')); // noise: 3 MB
    const answer = await one.app.inject(mapOf('a', '0,0,10,10').replace('WIDTH=20&HEIGHT=20', 'WIDTH=1000&HEIGHT=1000'));
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([502, 'application/vnd.ogc.se_xml']);
    expect((await one.app.inject(mapOf('a', '0,0,10,10'))).statusCode).toBe(200);
  });

  it('picture_pixels: a larger picture is not decoded', async () => {
    const one = await started(wms('globals: {http: {tries: 1}, cache: {base_dir: cache}}\nserver: {limits: {picture_pixels: 399}}'));
    expect((await one.app.inject(mapOf('a', '0,0,10,10'))).statusCode).toBe(400);
    expect((await one.app.inject(mapOf('a', '0,0,10,10').replace('HEIGHT=20', 'HEIGHT=19'))).statusCode).toBe(200);
  });

  it('memory_cache_mb: 0 serves from the store', async () => {
    const one = await started(config(upstream.url).replaceAll('red.png', path.join(gateways[0]!.directory, 'red.png')).replace(/^ {2}older: .*\n/m, '').replace(/^ {2}- \{name: older.*\n/m, '').replace(/^ {2}numbers: .*\n/m, '').replace(/^ {2}- \{name: numbers.*\n/m, '') + 'server: {limits: {memory_cache_mb: 0}}\n');
    for (let i = 0; i < 2; i++) expect((await one.app.inject('/wmts/elsewhere/deg/0/0/0.png')).statusCode).toBe(200);
  });

  it('equidistant_cylindrical: legacy moves equirectangular maps of an ellipsoid', async () => {
    const place = async (method: string): Promise<number> => {
      const one = await started(`
services: {wms: {srs: ['IAU_2015:49912']}}
layers: [{name: a, title: A, sources: [a]}]
sources: {a: {type: image, url: red.png, srs: 'IAU_2015:49900', bbox: [-180, 45, 180, 90]}}
globals: {cache: {base_dir: cache}, srs: {equidistant_cylindrical: ${method}}}
`);
      const crs = one.gateway.maps!.resolveCrs('IAU_2015:49912', one.gateway.maps!.roots[0]!.layer!.frame);
      const out = new Float64Array(1);
      crs.fromSphere(1, Float64Array.of(0), Float64Array.of(Math.PI / 4), new Float64Array(1), out);
      return out[0]!;
    };
    const [registered, legacy] = [await place('epsg1028'), await place('legacy')];
    expect(Math.abs(registered - legacy)).toBeGreaterThan(5000); // metres, at 45 degrees of Mars
  });
});

describe('stores and processes, which other suites use: read as they are written', () => {
  it('redis with TLS, s3 with a profile and an ACL, workers', () => {
    const { config: read } = loadText(`
services: {wmts: }
layers: [{name: a, title: A, sources: [a]}]
sources: {s: {type: debug}}
caches:
  a: {grids: [GLOBAL_GEODETIC], sources: [s], cache: {type: redis, ssl_certfile: /c.pem, ssl_keyfile: /k.pem, ssl_ca_certs: /ca.pem}}
  b: {grids: [GLOBAL_GEODETIC], sources: [s], cache: {type: s3, bucket_name: b, profile_name: maps, access_control_list: public-read}}
server: {workers: 3}
`);
    const store = (name: string) => read.caches.get(name)!.grids[0]!.store;
    expect(store('a')).toMatchObject({ ssl_certfile: '/c.pem', ssl_keyfile: '/k.pem', ssl_ca_certs: '/ca.pem' });
    expect(store('b')).toMatchObject({ profile_name: 'maps', access_control_list: 'public-read' });
    expect(read.server.workers).toBe(3);
  });
});
