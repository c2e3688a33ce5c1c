import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Raster } from '../../src/raster/raster.ts';
import { validateDtd, validateXsd, textsOf } from '../conformance/validate.ts';
import { letteredMap } from '../support/letters.ts';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/** The whole road from a configuration to what a WMS client gets, over a map of letters (1 degree per pixel) and plain pictures. */
const CONFIG = `
services:
  wms: {md: {title: Maps}, max_output_pixels: [1000, 500]}
  wmts:
layers:
  - {name: letters, title: Letters, sources: [letters], md: {abstract: 'About <letters>'}}
  - {name: spot, title: A red square, sources: [spot]}
  - {name: haze, title: A blue haze over all, sources: [haze]}
  - name: all
    title: Both
    layers:
      - {name: below, title: Letters, sources: [letters]}
      - {name: above, title: Spot, sources: [spot]}
  - {name: near, title: Only from near, sources: [letters], min_res: 20000, max_res: 2800}
  - {name: mars, title: Mars, sources: [mars]}
  - {name: sky, title: Sky, sources: [sky]}
  - title: A group without a name
    layers: [{name: tiled, title: Tiles, sources: [tiles]}]
sources:
  letters: {type: image, url: letters.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], resampling_method: bilinear}
  spot: {type: image, url: red.png, srs: 'IAU_2015:30100', bbox: [-10, -10, 10, 10], resampling_method: nearest}
  haze: {type: image, url: blue.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], image: {opacity: 0.5}, resampling_method: nearest}
  mars: {type: image, url: red.png, srs: 'IAU_2015:49900', bbox: [-180, -90, 180, 90]}
  sky: {type: image, url: blue.png, srs: 'HIPS:ICRS', bbox: [-180, -90, 180, 90]}
caches:
  tiles: {sources: [letters], grids: [MOON_GEOGRAPHIC]}
globals: {cache: {base_dir: cache}}
`;

let served: PictureGateway;
let letters: Raster;
beforeAll(async () => {
  letters = letteredMap(360);
  served = await pictureGateway(CONFIG, { letters, red: plainPicture(20, 20, [255, 0, 0, 255]), blue: plainPicture(36, 18, [0, 0, 255, 255]) });
});
afterAll(() => served.close());

type Params = Readonly<Record<string, string | number>>;

const MAP: Params = {
  SERVICE: 'WMS', VERSION: '1.3.0', REQUEST: 'GetMap', LAYERS: 'letters', STYLES: '', CRS: 'CRS:84', BBOX: '-180,-90,180,90', WIDTH: 360, HEIGHT: 180,
  FORMAT: 'image/png',
};

function url(params: Params, path = '/service'): string {
  return `${path}?${new URLSearchParams(Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]))}`;
}

function ask(changes: Params = {}, headers: Record<string, string> = {}) {
  return served.app.inject({ url: url({ ...MAP, ...changes }), headers });
}

async function map(changes: Params = {}): Promise<Raster> {
  const answer = await ask(changes);
  expect(answer.statusCode, answer.body.slice(0, 500)).toBe(200);
  return decoded(answer.rawPayload);
}

function expectSame(found: Raster, wanted: Raster): void {
  expect([found.width, found.height]).toEqual([wanted.width, wanted.height]);
  expect(Buffer.compare(Buffer.from(found.data), Buffer.from(wanted.data))).toBe(0);
}

describe('GetMap: where things are', () => {
  it.each([
    ['1.3.0, IAU code: latitude first', { CRS: 'IAU_2015:30100', BBOX: '-90,-180,90,180' }],
    ['1.3.0, CRS:84: longitude first', {}],
    ['1.3.0, EPSG:4326, which means degrees of the Moon here: latitude first', { CRS: 'EPSG:4326', BBOX: '-90,-180,90,180' }],
    ['1.1.1, IAU code: x first', { VERSION: '1.1.1', SRS: 'IAU_2015:30100', CRS: '' }],
    ['1.1.1, EPSG:4326: x first', { VERSION: '1.1.1', SRS: 'EPSG:4326', CRS: '' }],
    ['another way to write the code', { CRS: 'urn:ogc:def:crs:IAU:2015:30100', BBOX: '-90,-180,90,180' }],
  ])('%s: every pixel of the source, to the last bit', async (_what, changes) => {
    expectSame(await map(changes), letters);
  });

  it('a window across the antimeridian continues', async () => {
    const seam = await map({ BBOX: '150,-30,210,30', WIDTH: 60, HEIGHT: 60 });
    for (const [col, row] of [[0, 0], [29, 30], [30, 30], [59, 59]] as const) {
      expect(pixelAt(seam, col, row)).toEqual(pixelAt(letters, (330 + col) % 360, 60 + row));
    }
  });

  it.each([
    ['polar stereographic', 'IAU_2015:30130', [[0, 80], [90, 60], [-135, 45]], (lon: number, lat: number) => {
      const r = 2 * 1737400 * Math.tan(((90 - lat) * Math.PI) / 360);
      return [r * Math.sin((lon * Math.PI) / 180), -r * Math.cos((lon * Math.PI) / 180)] as const;
    }],
    ['orthographic', 'IAU_2015:30165', [[3, 3], [45, 30], [-50, -20]], (lon: number, lat: number) => {
      const [l, p] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
      return [1737400 * Math.cos(p) * Math.sin(l), 1737400 * Math.sin(p)] as const;
    }],
    ['Mercator', 'IAU_2015:30190', [[10, 10], [100, -40], [-170, 70]], (lon: number, lat: number) =>
      [(1737400 * lon * Math.PI) / 180, 1737400 * Math.asinh(Math.tan((lat * Math.PI) / 180))] as const],
  ] as const)('%s: places lie where the formula says', async (_name, crs, places, project) => {
    for (const [lon, lat] of places) {
      const [x, y] = project(lon + 0.5, lat + 0.5); // the centre of a pixel of the source
      const small = 100; // metres: far below a pixel of the source
      const one = await map({ CRS: crs, BBOX: [x - small, y - small, x + small, y + small].join(','), WIDTH: 1, HEIGHT: 1 });
      const wanted = pixelAt(letters, lon + 180, 89 - lat);
      pixelAt(one, 0, 0).forEach((value, channel) => expect(Math.abs(value - wanted[channel]!), `${lon},${lat}`).toBeLessThanOrEqual(1));
    }
  });

  it('a bbox in exponent form gives the same picture', async () => {
    expectSame(await map({ BBOX: '-1.8e2,-9e1,1.8E+2,9.0e+1' }), letters);
  });

  it('a bbox beyond the world is an empty picture, not an error', async () => {
    const away = await map({ BBOX: '-180,90,180,110', TRANSPARENT: 'true', WIDTH: 8, HEIGHT: 5 });
    expect([away.width, away.height, new Set(away.data)]).toEqual([8, 5, new Set([0])]);
  });

  it('a globe is transparent around', async () => {
    const globe = await map({ CRS: 'IAU_2015:30165', BBOX: '-2000000,-2000000,2000000,2000000', WIDTH: 64, HEIGHT: 64, TRANSPARENT: 'TRUE' });
    expect([pixelAt(globe, 0, 0)[3], pixelAt(globe, 32, 32)[3], pixelAt(globe, 63, 63)[3]]).toEqual([0, 255, 0]);
  });
});

describe('GetMap: several layers', () => {
  const NEAR = { BBOX: '-20,-20,20,20', WIDTH: 40, HEIGHT: 40 };

  it('the first layer is at the bottom', async () => {
    const spotOnTop = await map({ ...NEAR, LAYERS: 'letters,spot' });
    expect([pixelAt(spotOnTop, 20, 20), pixelAt(spotOnTop, 2, 2)]).toEqual([[255, 0, 0, 255], pixelAt(letters, 162, 72)]);
    const lettersOnTop = await map({ ...NEAR, LAYERS: 'spot,letters' });
    expect(pixelAt(lettersOnTop, 20, 20)).toEqual(pixelAt(letters, 180, 90));
  });

  it('a group is drawn as its members, the first at the bottom', async () => {
    expectSame(await map({ ...NEAR, LAYERS: 'all' }), await map({ ...NEAR, LAYERS: 'below,above' }));
  });

  it('image.opacity lets what is below shine through', async () => {
    expect(pixelAt(await map({ ...NEAR, LAYERS: 'spot,haze' }), 20, 20)).toEqual([127, 0, 128, 255]);
  });

  it('a layer below a group without a name, and one whose source is a cache, can be asked for: no second resampling', async () => {
    expectSame(await map({ LAYERS: 'tiled' }), await map());
  });

  it('STYLES may be empty, commas, default or absent', async () => {
    const wanted = await map({ ...NEAR, LAYERS: 'letters,spot' });
    for (const styles of ['', ',', 'default,', 'default,default']) expectSame(await map({ ...NEAR, LAYERS: 'letters,spot', STYLES: styles }), wanted);
  });
});

/** Danger: a layer for close views is drawn for the whole world, from thousands of tiles; or is refused, which breaks viewers. */
describe('GetMap: resolutions of a layer', () => {
  const at = (degreesPerPixel: number): Params => ({ LAYERS: 'near', BBOX: [0, 0, 10 * degreesPerPixel, 10 * degreesPerPixel].join(), WIDTH: 10, HEIGHT: 10, TRANSPARENT: 'TRUE' });
  const METRES = (Math.PI / 180) * 1737400;

  it.each([[1, false], [20000.1 / METRES, false], [19999.9 / METRES, true], [0.3, true], [2801 / METRES, true], [2799 / METRES, false]])(
    '%d degrees per pixel: drawn %s',
    async (degrees, isDrawn) => expect(pixelAt(await map(at(degrees)), 5, 5)[3]).toBe(isDrawn ? 255 : 0),
  );

  it('in metres too, by the finer axis', async () => {
    const shown = await map({ LAYERS: 'near', CRS: 'IAU_2015:30110', BBOX: '0,0,1000000,100000', WIDTH: 10, HEIGHT: 10, TRANSPARENT: 'TRUE' });
    expect(pixelAt(shown, 5, 5)[3]).toBe(255);
  });

  it('other layers of the same map are drawn', async () => {
    expectSame(await map({ LAYERS: 'letters,near' }), letters);
  });

  it('GetFeatureInfo answers what is drawn', async () => {
    const info = await ask({ ...at(1), REQUEST: 'GetFeatureInfo', QUERY_LAYERS: 'near', INFO_FORMAT: 'application/json', I: 5, J: 5 });
    expect(JSON.parse(info.body)).toEqual({ layers: [] });
  });

  it('the capabilities tell', async () => {
    const { body } = await served.app.inject('/service?SERVICE=WMS&REQUEST=GetCapabilities');
    const scales = ['Min', 'Max'].map((side) => Number(textsOf(body, `//wms:Layer[wms:Name="near"]/wms:${side}ScaleDenominator`)[0]));
    expect(scales.map((scale) => Math.round(scale))).toEqual([10_000_000, 71_428_571]);
  });
});

describe('GetMap: formats and backgrounds', () => {
  const AWAY = { LAYERS: 'spot', BBOX: '100,-20,140,20', WIDTH: 4, HEIGHT: 4 };

  it.each([['image/png', '89504e47'], ['image/jpeg', 'ffd8ff'], ['image/webp', '52494646'], ['image/avif', '0000001c6674797061766966'], ['image/png; mode=8bit', '89504e47']])('%s', async (format, magic) => {
    const answer = await ask({ FORMAT: format });
    expect([answer.headers['content-type'], answer.rawPayload.toString('hex', 0, magic.length / 2)]).toEqual([format.split(';')[0], magic]);
  });

  it.each(['image/tiff', 'image/geotiff', 'image/GeoTIFF'])('%s: a GeoTIFF, without loss, that tells where it lies', async (format) => {
    const answer = await ask({ FORMAT: format, CRS: 'IAU_2015:30110', BBOX: '-1000000,-500000,1000000,500000', WIDTH: 200, HEIGHT: 100 });
    expect(answer.headers['content-type']).toBe('image/tiff');
    expectSame(await decoded(answer.rawPayload), await map({ CRS: 'IAU_2015:30110', BBOX: '-1000000,-500000,1000000,500000', WIDTH: 200, HEIGHT: 100 }));
    const text = answer.rawPayload.toString('latin1');
    expect(text).toContain('Moon (2015) - Sphere / Ocentric / Equirectangular, clon = 0|');
    const corner = Buffer.alloc(16);
    corner.writeDoubleLE(-1000000, 0);
    corner.writeDoubleLE(500000, 8);
    expect(answer.rawPayload.includes(corner)).toBe(true);
  });

  it('without TRANSPARENT nothing is transparent: white, or BGCOLOR', async () => {
    expect(pixelAt(await map(AWAY), 0, 0)).toEqual([255, 255, 255, 255]);
    expect(pixelAt(await map({ ...AWAY, BGCOLOR: '0x102030' }), 0, 0)).toEqual([16, 32, 48, 255]);
    expect(pixelAt(await map({ ...AWAY, TRANSPARENT: 'FALSE', BGCOLOR: '0x102030', FORMAT: 'image/webp' }), 0, 0)[3]).toBe(255);
  });

  it('with TRANSPARENT=TRUE it is transparent, whatever BGCOLOR says', async () => {
    expect(pixelAt(await map({ ...AWAY, TRANSPARENT: 'TRUE', BGCOLOR: '0x102030' }), 0, 0)).toEqual([0, 0, 0, 0]);
  });

  it('JPEG knows no transparency: BGCOLOR', async () => {
    const [r, g, b] = pixelAt(await map({ ...AWAY, TRANSPARENT: 'TRUE', BGCOLOR: '0x00ff00', FORMAT: 'image/jpeg' }), 0, 0);
    expect([r! < 4, g! > 250, b! < 4]).toEqual([true, true, true]);
  });

  it('any size to the limit, which counts pixels', async () => {
    expect((await map({ WIDTH: 2000, HEIGHT: 250, BBOX: '-180,0,180,45' })).width).toBe(2000);
    const answer = await ask({ WIDTH: 1000, HEIGHT: 501 });
    expect([answer.statusCode, answer.body]).toEqual([400, expect.stringContaining('1000 x 500')]);
  });
});

describe('GetMap: HTTP', () => {
  it('may be kept, by anyone, and asked for again by its strong tag', async () => {
    const first = await ask();
    expect(first.headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=259200', etag: expect.stringMatching(/^"[\w-]+"$/) });
    const again = await ask({}, { 'if-none-match': first.headers.etag as string });
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', first.headers.etag]);
    const other = await ask({ BBOX: '-180,-90,0,90' }, { 'if-none-match': first.headers.etag as string });
    expect(other.statusCode).toBe(200);
  });

  it.each(['/service', '/ows', '/wms'])('GET, HEAD and OPTIONS at %s', async (path) => {
    const head = await served.app.inject({ method: 'HEAD', url: url(MAP, path) });
    const get = await served.app.inject({ url: url(MAP, path) });
    expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', String(get.rawPayload.length)]);
    expect((await served.app.inject({ method: 'OPTIONS', url: url(MAP, path) })).statusCode).toBe(204);
  });
});

interface Complaint {
  readonly status: number;
  readonly code: string;
  readonly locator: string;
  readonly text: string;
}

async function complaint(changes: Params, remove: readonly string[] = []): Promise<Complaint> {
  const params = Object.fromEntries(Object.entries({ ...MAP, ...changes }).filter(([name]) => !remove.includes(name)));
  const answer = await served.app.inject(url(params));
  expect(answer.headers['content-type']).toBe('text/xml; charset=utf-8');
  expect(answer.headers['access-control-allow-origin']).toBe('*');
  validateXsd(answer.body, 'wms/1.3.0/exceptions_1_3_0.xsd');
  const [code = '', locator = '', text = ''] = ['/@code', '/@locator', ''].map((part) => textsOf(answer.body, `//ogc:ServiceException${part}`).join());
  return { status: answer.statusCode, code, locator, text };
}

describe('bad input', () => {
  it.each(['LAYERS', 'CRS', 'BBOX', 'WIDTH', 'HEIGHT', 'FORMAT', 'VERSION'])('no %s: MissingParameterValue', async (name) => {
    expect(await complaint({}, [name])).toMatchObject({ status: 400, code: 'MissingParameterValue', locator: name });
  });

  it.each([
    ['BBOX', 'foo'], ['BBOX', '1,2,3'], ['BBOX', '10,0,-10,5'], ['BBOX', '0,0,0,0'], ['BBOX', '1,2,3,NaN'], ['BBOX', '1,2,3,Infinity'],
    ['WIDTH', '0'], ['WIDTH', '-5'], ['HEIGHT', 'ten'], ['BGCOLOR', 'red'], ['VERSION', 'latest'], ['WIDTH', '100000'],
  ])('%s=%s: InvalidParameterValue', async (name, value) => {
    expect(await complaint({ [name]: value })).toMatchObject({ status: 400, code: 'InvalidParameterValue', locator: name });
  });

  it.each([
    ['LAYERS', 'nonsense', 'LayerNotDefined'], ['LAYERS', 'letters,nonsense', 'LayerNotDefined'], ['LAYERS', 'nonsense,letters', 'LayerNotDefined'],
    ['STYLES', 'nonsense', 'StyleNotDefined'],
    ['FORMAT', 'image/bmp', 'InvalidFormat'], ['CRS', 'EPSG:99999', 'InvalidCRS'], ['CRS', 'nonsense', 'InvalidCRS'],
    ['REQUEST', 'GetNonsense', 'OperationNotSupported'],
  ])('%s=%s: %s', async (name, value, code) => {
    const found = await complaint({ [name]: value });
    expect(found).toMatchObject({ status: 400, code });
    expect(found.text).toContain(value.split(',').find((part) => part.includes('nonsense')) ?? value.split(',')[0]);
  });

  it('more styles than layers: StyleNotDefined', async () => {
    expect(await complaint({ STYLES: 'default,default' })).toMatchObject({ status: 400, code: 'StyleNotDefined', locator: 'STYLES' });
  });

  it('a CRS of another body: InvalidCRS naming the body of the layer', async () => {
    expect(await complaint({ CRS: 'IAU_2015:49900' })).toMatchObject({ status: 400, code: 'InvalidCRS', text: expect.stringMatching(/moon.*mars/) });
    expect(await complaint({ CRS: 'HIPS:ICRS' })).toMatchObject({ status: 400, code: 'InvalidCRS', text: expect.stringContaining('moon') });
  });

  it('layers of two bodies: InvalidCRS, whatever is asked for', async () => {
    for (const crs of ['EPSG:4326', 'CRS:84', 'IAU_2015:30100']) {
      expect(await complaint({ LAYERS: 'letters,mars', CRS: crs })).toMatchObject({ code: 'InvalidCRS', text: expect.stringContaining('mars') });
    }
  });

  it('InvalidSRS in 1.1.1, with its own media type', async () => {
    const answer = await ask({ VERSION: '1.1.1', SRS: 'IAU_2015:49900', CRS: '' });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, 'application/vnd.ogc.se_xml']);
    validateDtd(answer.body, 'wms/1.1.1/exception_1_1_1.dtd');
    expect(answer.body).toContain('code="InvalidSRS"');
  });

  it('unknown parameters are ignored', async () => {
    expectSame(await map({ BOGUS: 'foo', TILED: 'true' }), letters);
  });

  it('a mistake may be kept for minutes only', async () => {
    expect((await ask({ LAYERS: 'nonsense' })).headers['cache-control']).toBe('public, max-age=300');
  });
});

describe('EXCEPTIONS in pictures', () => {
  it('INIMAGE: the message, in the format and size of the map', async () => {
    const answer = await ask({ LAYERS: 'nonsense', EXCEPTIONS: 'INIMAGE', WIDTH: 300, HEIGHT: 100, FORMAT: 'image/jpeg' });
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([200, 'image/jpeg', 'no-store']);
    const picture = await decoded(answer.rawPayload);
    expect([picture.width, picture.height]).toEqual([300, 100]);
    expect(picture.data.filter((value) => value < 64).length).toBeGreaterThan(200);
  });

  it('BLANK: the background, or nothing', async () => {
    const red = await map({ LAYERS: 'nonsense', EXCEPTIONS: 'BLANK', BGCOLOR: '0xFF0000', WIDTH: 4, HEIGHT: 4 });
    expect(pixelAt(red, 3, 3)).toEqual([255, 0, 0, 255]);
    const none = await map({ LAYERS: 'nonsense', EXCEPTIONS: 'BLANK', TRANSPARENT: 'TRUE', WIDTH: 4, HEIGHT: 4 });
    expect(new Set(none.data)).toEqual(new Set([0]));
  });

  it('in the words of 1.1.1', async () => {
    const answer = await ask({ VERSION: '1.1.1', SRS: 'CRS:84', CRS: '', LAYERS: 'nonsense', EXCEPTIONS: 'application/vnd.ogc.se_inimage' });
    expect(answer.headers['content-type']).toBe('image/png');
  });

  it('a picture that cannot be made is told in XML', async () => {
    for (const changes of [{ WIDTH: 'ten' }, { FORMAT: 'image/bmp' }, { WIDTH: 100000 }] as Params[]) {
      expect((await ask({ ...changes, EXCEPTIONS: 'INIMAGE' })).headers['content-type']).toBe('text/xml; charset=utf-8');
    }
  });
});

describe('GetFeatureInfo', () => {
  const INFO: Params = { REQUEST: 'GetFeatureInfo', QUERY_LAYERS: 'letters', INFO_FORMAT: 'application/json', I: 200, J: 30 };

  it('JSON: longitude, latitude, the place in the CRS, the colour there, and the HiPS tile', async () => {
    const answer = await ask(INFO);
    expect(answer.headers['content-type']).toBe('application/json');
    const { layers: [info, ...others] } = JSON.parse(answer.body) as { layers: { lon: number; lat: number; hips: { order: number; npix: number } }[] };
    expect(others).toEqual([]);
    expect(info).toMatchObject({ name: 'letters', crs: [20.5, 59.5], value: pixelAt(letters, 200, 30), unit: null, hips: { order: 0, npix: 0 } });
    expect([info!.lon, info!.lat].map((degrees) => degrees.toFixed(9))).toEqual(['20.500000000', '59.500000000']);
  });

  it('1.1.1: X and Y', async () => {
    const answer = await ask({ ...INFO, VERSION: '1.1.1', SRS: 'CRS:84', CRS: '', I: '', J: '', X: 200, Y: 30 });
    expect(JSON.parse(answer.body)).toMatchObject({ layers: [{ value: pixelAt(letters, 200, 30) }] });
  });

  it('GeoJSON, text and HTML say the same', async () => {
    const geo = await ask({ ...INFO, INFO_FORMAT: 'application/geo+json' });
    expect(geo.headers['content-type']).toBe('application/geo+json');
    const { features: [feature] } = JSON.parse(geo.body) as { features: { geometry: { coordinates: number[] } }[] };
    expect(feature!.geometry.coordinates.map((degrees) => degrees.toFixed(9))).toEqual(['20.500000000', '59.500000000']);
    const colour = pixelAt(letters, 200, 30).join(' ');
    const text = await ask({ ...INFO, INFO_FORMAT: 'text/plain' });
    expect([text.headers['content-type'], text.body]).toEqual(['text/plain; charset=utf-8', expect.stringContaining(`value = ${colour}`)]);
    const html = await ask({ ...INFO, INFO_FORMAT: 'text/html' });
    expect([html.headers['content-type'], html.body]).toEqual(['text/html; charset=utf-8', expect.stringContaining(`<td>${colour}</td>`)]);
  });

  it('several layers, one of which has nothing there', async () => {
    const answer = await ask({ ...INFO, LAYERS: 'letters,spot', QUERY_LAYERS: 'spot,letters' });
    expect(JSON.parse(answer.body)).toMatchObject({ layers: [{ name: 'spot', value: null }, { name: 'letters', value: pixelAt(letters, 200, 30) }] });
  });

  it('off the globe there is nothing', async () => {
    const answer = await ask({ ...INFO, CRS: 'IAU_2015:30165', BBOX: '-2000000,-2000000,2000000,2000000', I: 0, J: 0 });
    expect(JSON.parse(answer.body)).toEqual({ layers: [] });
  });

  it.each([
    ['I', 360, 'InvalidPoint'], ['J', -1, 'InvalidPoint'], ['I', 'x', 'InvalidPoint'], ['INFO_FORMAT', 'text/nonsense', 'InvalidFormat'],
    ['QUERY_LAYERS', 'nonsense', 'LayerNotDefined'], ['FEATURE_COUNT', 0, 'InvalidParameterValue'],
  ])('%s=%s: %s', async (name, value, code) => {
    expect(await complaint({ ...INFO, [name]: value })).toMatchObject({ status: 400, code });
  });
});

describe('GetLegendGraphic', () => {
  it('has the size and type that the capabilities say, at the address that they say', async () => {
    const capabilities = (await served.app.inject('/service?SERVICE=WMS&REQUEST=GetCapabilities')).body;
    const layer = '//wms:Layer[wms:Name="letters"]/wms:Style/wms:LegendURL';
    const [width, height, href] = [`${layer}/@width`, `${layer}/@height`, `${layer}/wms:OnlineResource/@xlink:href`].map((path) => textsOf(capabilities, path)[0]!);
    const answer = await served.app.inject(new URL(href!).pathname + new URL(href!).search);
    const picture = await decoded(answer.rawPayload);
    expect([answer.headers['content-type'], picture.width, picture.height]).toEqual(['image/png', Number(width), Number(height)]);
    expect(pixelAt(picture, 1, 1)[3]).toBe(255);
  });

  it('has the size asked for', async () => {
    const answer = await served.app.inject('/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetLegendGraphic&LAYER=all&FORMAT=image/jpeg&WIDTH=20&HEIGHT=30');
    const { width, height } = await decoded(answer.rawPayload);
    expect([answer.headers['content-type'], width, height]).toEqual(['image/jpeg', 20, 30]);
  });

  it('of an unknown layer: LayerNotDefined', async () => {
    expect(await complaint({ REQUEST: 'GetLegendGraphic', LAYER: 'nonsense' })).toMatchObject({ code: 'LayerNotDefined', locator: 'LAYER' });
  });
});

describe('GetCapabilities', () => {
  const CAPABILITIES = '/service?SERVICE=WMS&REQUEST=GetCapabilities';

  it('is valid in both versions', async () => {
    const new13 = await served.app.inject(CAPABILITIES);
    expect(new13.headers['content-type']).toBe('text/xml; charset=utf-8');
    validateXsd(new13.body, 'sld/1.1.0/sld_capabilities.xsd');
    const old = await served.app.inject(`${CAPABILITIES}&VERSION=1.1.1`);
    expect(old.headers['content-type']).toBe('application/vnd.ogc.wms_xml');
    validateDtd(old.body, 'wms/1.1.1/WMS_MS_Capabilities.dtd');
  });

  it('has one parent for each body and the sky, each with the reference systems of its own', async () => {
    const { body } = await served.app.inject(CAPABILITIES);
    expect(textsOf(body, '//wms:Capability/wms:Layer/wms:Layer/wms:Title')).toEqual(['Moon', 'Mars', 'Sky']);
    expect(textsOf(body, '//wms:Capability/wms:Layer/wms:CRS')).toEqual([]);
    const of = (name: string): readonly string[] => textsOf(body, `//wms:Layer[wms:Name="${name}"]/wms:CRS`);
    expect(of('letters')).toEqual(expect.arrayContaining(['IAU_2015:30100', 'IAU_2015:30110', 'IAU_2015:30130', 'IAU_2015:30135', 'EPSG:4326', 'CRS:84']));
    expect(of('mars').filter((id) => id.includes(':301'))).toEqual([]);
    expect(of('sky')).toEqual(['HIPS:ICRS', 'HIPS:GAL', 'HIPS:ECL', 'EPSG:4326', 'CRS:84']);
  });

  it('gives each layer its own rectangle, in the order of the axes', async () => {
    const { body } = await served.app.inject(CAPABILITIES);
    const box = (crs: string): readonly string[] => textsOf(body, `//wms:Layer[wms:Name="spot"]/wms:BoundingBox[@CRS="${crs}"]/@*[name()!="CRS"]`);
    expect(box('CRS:84')).toEqual(['-10', '-10', '10', '10']);
    const metres = box('IAU_2015:30110').map(Number);
    expect(metres.map((value) => Math.round(value))).toEqual([-303234, -303234, 303234, 303234]);
    expect(textsOf(body, '//wms:Layer[wms:Name="spot"]/wms:EX_GeographicBoundingBox/*')).toEqual(['-10', '10', '-10', '10']);
  });

  it('names the address it was asked under, has a tag, and answers 304', async () => {
    const first = await served.app.inject({ url: CAPABILITIES, headers: { host: 'maps.example' } });
    expect(first.body).toContain('xlink:href="http://maps.example/service?"');
    const again = await served.app.inject({ url: CAPABILITIES, headers: { host: 'maps.example', 'if-none-match': first.headers.etag as string } });
    expect(again.statusCode).toBe(304);
    const elsewhere = await served.app.inject({ url: CAPABILITIES, headers: { host: 'other.example', 'if-none-match': first.headers.etag as string } });
    expect(elsewhere.statusCode).toBe(200);
  });
});

describe('one address for two services', () => {
  it('SERVICE tells them apart', async () => {
    expect((await served.app.inject('/service?SERVICE=WMTS&REQUEST=GetCapabilities')).body).toContain('<Capabilities ');
    expect((await served.app.inject('/ows?service=wms&request=GetCapabilities')).body).toContain('<WMS_Capabilities ');
  });

  it('a GetMap needs no SERVICE', async () => {
    const { SERVICE: _service, ...params } = MAP;
    expect((await served.app.inject(url(params))).headers['content-type']).toBe('image/png');
  });

  it('what no service can be told from is an exception of OWS, but of WMS at /wms', async () => {
    const ows = await served.app.inject('/service?REQUEST=GetCapabilities');
    expect([ows.statusCode, ows.body]).toEqual([400, expect.stringContaining('exceptionCode="MissingParameterValue" locator="service"')]);
    expect((await served.app.inject('/service')).statusCode).toBe(400);
    expect((await served.app.inject('/wms?REQUEST=GetCapabilities')).body).toContain('<WMS_Capabilities ');
    expect((await served.app.inject('/service?SERVICE=WFS&REQUEST=GetCapabilities')).body).toContain('InvalidParameterValue');
  });
});
