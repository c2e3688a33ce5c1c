import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Raster } from '../../src/raster/raster.ts';
import { letteredMap } from '../support/letters.ts';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';
import { textsOf } from './validate.ts';

/**
 * Assertions of the OGC test suites for WMS 1.3.0 and 1.1.1 (ets-wms13, ets-wms11) that need pictures, asked of a whole gateway
 * over small pictures of the Earth.
 */
const CONFIG = `
services: {wms: {srs: ['CRS:84', 'EPSG:4326', 'EPSG:3857', 'EPSG:32631'], max_output_pixels: [700, 300]}}
layers:
  - {name: 'blue marble', title: Blue Marble, sources: [world], md: {abstract: The world}}
  - {name: lake, title: A lake, sources: [lake]}
  - {name: roads, title: Roads, sources: [roads]}
sources:
  world: {type: image, url: world.png, srs: 'CRS:84', bbox: [-180, -90, 180, 90], resampling_method: nearest}
  lake: {type: image, url: blue.png, srs: 'CRS:84', bbox: [0, 40, 20, 60], resampling_method: nearest}
  roads: {type: image, url: red.png, srs: 'CRS:84', bbox: [5, 45, 10, 50], resampling_method: nearest}
globals: {cache: {base_dir: cache}}
`;

let served: PictureGateway;
const world = letteredMap(360);
beforeAll(async () => {
  served = await pictureGateway(CONFIG, { world, blue: plainPicture(20, 20, [0, 0, 200, 255]), red: plainPicture(5, 5, [200, 0, 0, 255]) });
});
afterAll(() => served.close());

const CAPS = 'SERVICE=WMS&REQUEST=GetCapabilities';
const MAP = 'SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=blue+marble&STYLES=&CRS=CRS:84&BBOX=-10,30,30,70&WIDTH=40&HEIGHT=40&FORMAT=image/png';
const INFO = `${MAP.replace('GetMap', 'GetFeatureInfo')}&QUERY_LAYERS=blue+marble&INFO_FORMAT=text/plain&I=20&J=10`;

function ask(query: string) {
  return served.app.inject(`/service?${query}`);
}

/** Later values win: the parser takes the first of a name, so changes go in front. */
async function map(changes = ''): Promise<Raster> {
  const answer = await ask(`${changes}&${MAP}`);
  expect([answer.statusCode, answer.headers['content-type']], answer.body.slice(0, 400)).toEqual([200, /FORMAT=([^&]+)/.exec(`${changes}&${MAP}`)![1]]);
  return decoded(answer.rawPayload);
}

function transparentPixels({ data }: Raster): number {
  return data.filter((value, i) => i % 4 === 3 && value < 255).length;
}

describe('wms13: basic elements, with pictures', () => {
  it('parameter names in mixed case and extra parameters change no byte of any answer', async () => {
    for (const query of [CAPS, MAP, INFO]) {
      const plain = (await ask(query)).rawPayload;
      expect((await ask(query.replace('REQUEST', 'rEqUeSt').replace('LAYERS', 'layers'))).rawPayload).toEqual(plain);
      expect((await ask(`${query}&BOGUS=foo`)).rawPayload).toEqual(plain);
    }
  });
});

describe('wms13: GetCapabilities, what is linked', () => {
  it('LegendURL: each is there, of the type and the size that are advertised', async () => {
    const { body } = await ask(CAPS);
    const urls = textsOf(body, '//wms:LegendURL/wms:OnlineResource/@xlink:href');
    expect(urls).toHaveLength(3);
    for (const [i, href] of urls.entries()) {
      const { pathname, search } = new URL(href);
      const answer = await served.app.inject(pathname + search);
      const { width, height } = await decoded(answer.rawPayload);
      const [type, w, h] = ['wms:Format', '@width', '@height'].map((path) => textsOf(body, `//wms:LegendURL/${path}`)[i]);
      expect([answer.headers['content-type'], String(width), String(height)]).toEqual([type, w, h]);
    }
  });

  it('layer-extents: those of EPSG:4326 and CRS:84 are the geographic ones, to the last digit', async () => {
    const { body } = await ask(CAPS);
    for (const name of ['blue marble', 'lake', 'roads']) {
      const layer = `//wms:Layer[wms:Name="${name}"]`;
      const [west, east, south, north] = textsOf(body, `${layer}/wms:EX_GeographicBoundingBox/*`);
      const box = (crs: string): readonly string[] => ['minx', 'miny', 'maxx', 'maxy'].map((side) => textsOf(body, `${layer}/wms:BoundingBox[@CRS="${crs}"]/@${side}`)[0]!);
      expect(box('EPSG:4326')).toEqual([south, west, north, east]);
      expect(box('CRS:84')).toEqual([west, south, east, north]);
    }
  });
});

describe('wms13: GetMap, CRS and BBOX', () => {
  it('every CRS of every layer gives a map of its own BoundingBox', async () => {
    const { body } = await ask(CAPS);
    for (const name of ['blue marble', 'lake', 'roads']) {
      const boxes = textsOf(body, `//wms:Layer[wms:Name="${name}"]/wms:BoundingBox/@CRS`);
      expect(boxes.length).toBeGreaterThanOrEqual(3);
      for (const crs of boxes) {
        const of = `//wms:Layer[wms:Name="${name}"]/wms:BoundingBox[@CRS="${crs}"]/@`;
        const bbox = ['minx', 'miny', 'maxx', 'maxy'].map((side) => textsOf(body, of + side)[0]).join();
        const picture = await map(`LAYERS=${encodeURIComponent(name)}&CRS=${crs}&BBOX=${bbox}&TRANSPARENT=TRUE`);
        expect(pixelAt(picture, 20, 20)[3], `${name} ${crs}`).toBe(255);
      }
    }
  });

  it('the same place in EPSG:4326 (latitude first) and CRS:84', async () => {
    expect(await map('CRS=EPSG:4326&BBOX=30,-10,70,30')).toEqual(await map());
  });

  it('BBOX is the outer edge of the pixels', async () => {
    const one = await map('BBOX=0,40,20,60&LAYERS=lake&WIDTH=20&HEIGHT=20&BGCOLOR=0xFF0000');
    expect(new Set(Array.from({ length: 400 }, (_, i) => pixelAt(one, i % 20, Math.floor(i / 20)).join()))).toEqual(new Set(['0,0,200,255']));
    const wider = await map('BBOX=-1,39,21,61&LAYERS=lake&WIDTH=22&HEIGHT=22&BGCOLOR=0xFF0000');
    const blue = Array.from({ length: 484 }, (_, i) => pixelAt(wider, i % 22, Math.floor(i / 22))).filter(([, , b]) => b === 200).length;
    expect([blue, pixelAt(wider, 0, 10), pixelAt(wider, 10, 21)]).toEqual([400, [255, 0, 0, 255], [255, 0, 0, 255]]);
  });

  it('BBOX in exponent form gives the identical picture', async () => {
    expect(await map('BBOX=-1e1,3.0e1,3E1,7.0E+1')).toEqual(await map());
  });

  it.each(['BBOX=100,-90,120,-80&LAYERS=lake', 'BBOX=-10,90,10,110'])('no overlap with the layer (%s): all background, no error', async (changes) => {
    const { data } = await map(`${changes}&BGCOLOR=0x00FF00`);
    expect(new Set(Array.from({ length: data.length / 4 }, (_, i) => [...data.subarray(i * 4, i * 4 + 4)].join()))).toEqual(new Set(['0,255,0,255']));
  });

  it('the aspect ratio of a pixel may be any', async () => {
    const stretched = await map('BBOX=-10,30,30,70&WIDTH=40&HEIGHT=80');
    expect([pixelAt(stretched, 7, 20), pixelAt(stretched, 7, 21)]).toEqual([pixelAt(world, 177, 30), pixelAt(world, 177, 30)]);
  });
});

describe('wms13: GetMap, WIDTH, HEIGHT, FORMAT', () => {
  it('exact size: 8 x 5', async () => {
    const { width, height } = await map('WIDTH=8&HEIGHT=5');
    expect([width, height]).toEqual([8, 5]);
  });

  it('exact size: the advertised MaxWidth x MaxHeight', async () => {
    const { body } = await ask(CAPS);
    const [width, height] = ['wms:MaxWidth', 'wms:MaxHeight'].map((path) => Number(textsOf(body, `//${path}`)[0]));
    const picture = await map(`WIDTH=${width}&HEIGHT=${height}`);
    expect([picture.width, picture.height]).toEqual([width, height]);
    expect((await ask(`WIDTH=${width! + 1}&HEIGHT=${height}&${MAP}`)).body).toContain('ServiceException');
  });

  it('each advertised format is answered in that format', async () => {
    const { body } = await ask(CAPS);
    const formats = textsOf(body, '//wms:GetMap/wms:Format');
    expect(formats).toContain('image/png');
    for (const format of formats) await map(`FORMAT=${format}`);
  });
});

describe('wms13: GetMap, LAYERS, STYLES', () => {
  it('one, two and three layers, the first at the bottom', async () => {
    const names = ['blue+marble', 'lake', 'roads'];
    const colours = await Promise.all([1, 2, 3].map(async (count) => pixelAt(await map(`LAYERS=${names.slice(0, count).join()}`), 17, 22)));
    expect(colours).toEqual([pixelAt(world, 187, 42), [0, 0, 200, 255], [200, 0, 0, 255]]);
    expect(pixelAt(await map('LAYERS=roads,lake'), 17, 22)).toEqual([0, 0, 200, 255]);
  });

  it.each(['STYLES=', 'STYLES=,', 'STYLES=default,default', 'STYLES=default,', 'STYLES=,default'])('%s', async (styles) => {
    expect(await map(`LAYERS=lake,roads&${styles}`)).toEqual(await map('LAYERS=lake,roads'));
  });
});

describe('wms13: GetMap, TRANSPARENT, BGCOLOR', () => {
  it.each(['', 'TRANSPARENT=FALSE'])('%s: no transparent pixel, white where there is nothing', async (changes) => {
    const picture = await map(`LAYERS=lake&${changes}`);
    expect([transparentPixels(picture), pixelAt(picture, 1, 1)]).toEqual([0, [255, 255, 255, 255]]);
  });

  it('TRANSPARENT=TRUE: transparent where there is nothing, and fine for an opaque layer', async () => {
    expect(transparentPixels(await map('LAYERS=lake&TRANSPARENT=TRUE'))).toBe(1600 - 400);
    expect(transparentPixels(await map('TRANSPARENT=TRUE'))).toBe(0);
  });

  it('BGCOLOR', async () => {
    expect(pixelAt(await map('LAYERS=lake&BGCOLOR=0x6495ed'), 1, 1)).toEqual([0x64, 0x95, 0xed, 255]);
  });
});

describe('wms13: GetMap, EXCEPTIONS', () => {
  const WRONG = 'LAYERS=NonExistant';

  it.each(['', 'EXCEPTIONS=XML'])('%s: text/xml', async (changes) => {
    const answer = await ask(`${WRONG}&${changes}&${MAP}`);
    expect(answer.headers['content-type']).toMatch(/^text\/xml/);
    expect(textsOf(answer.body, '//ogc:ServiceException/@code')).toEqual(['LayerNotDefined']);
  });

  it('INIMAGE: a picture of the format asked for', async () => {
    for (const format of ['image/png', 'image/jpeg']) await map(`${WRONG}&EXCEPTIONS=INIMAGE&FORMAT=${format}`);
  });

  it('BLANK: all BGCOLOR', async () => {
    const { data } = await map(`${WRONG}&EXCEPTIONS=BLANK&BGCOLOR=0xFF0000`);
    expect(data.every((value, i) => value === [255, 0, 0, 255][i % 4])).toBe(true);
  });

  it('BLANK and TRANSPARENT=TRUE: all transparent', async () => {
    expect(transparentPixels(await map(`${WRONG}&EXCEPTIONS=BLANK&TRANSPARENT=TRUE`))).toBe(1600);
  });

  it('no VERSION: an exception, no picture', async () => {
    const answer = await ask(MAP.replace('VERSION=1.3.0&', ''));
    expect(textsOf(answer.body, '//ogc:ServiceException/@code')).toEqual(['MissingParameterValue']);
  });
});

describe('wms13: GetFeatureInfo', () => {
  it('each advertised INFO_FORMAT is answered in that format', async () => {
    const formats = textsOf((await ask(CAPS)).body, '//wms:GetFeatureInfo/wms:Format');
    expect(formats.length).toBeGreaterThan(0);
    for (const format of formats) {
      const answer = await ask(`INFO_FORMAT=${encodeURIComponent(format)}&${INFO}`);
      expect([answer.statusCode, answer.headers['content-type']?.toString().split(';')[0]]).toEqual([200, format]);
    }
  });

  it('two and three layers; fewer QUERY_LAYERS than LAYERS', async () => {
    for (const [layers, query, count] of [['blue+marble,lake', 'blue+marble,lake', 2], ['lake,roads,blue+marble', 'lake,roads,blue+marble', 3], ['lake,roads', 'roads', 1]] as const) {
      const answer = await ask(`LAYERS=${layers}&QUERY_LAYERS=${query}&INFO_FORMAT=application/json&${INFO}`);
      expect((JSON.parse(answer.body) as { layers: unknown[] }).layers).toHaveLength(count);
    }
  });
});

describe('wms11: GetMap', () => {
  const OLD = MAP.replace('1.3.0', '1.1.1').replace('CRS=CRS:84', 'SRS=EPSG:4326');

  it('x before y in EPSG:4326', async () => {
    expect(await decoded((await ask(OLD)).rawPayload)).toEqual(await map());
  });

  it('WMTVER and REQUEST=map, as before 1.1', async () => {
    const answer = await ask(OLD.replace('VERSION', 'WMTVER').replace('GetMap', 'map'));
    expect(answer.rawPayload).toEqual((await ask(OLD)).rawPayload);
  });

  it('BBOX beyond 180: the map goes on across the antimeridian', async () => {
    const picture = await decoded((await ask(`BBOX=160,30,200,70&${OLD}`)).rawPayload);
    expect([pixelAt(picture, 19, 5), pixelAt(picture, 20, 5), pixelAt(picture, 39, 5)]).toEqual([pixelAt(world, 359, 25), pixelAt(world, 0, 25), pixelAt(world, 19, 25)]);
  });

  it.each([['se_xml', 'application/vnd.ogc.se_xml'], ['se_inimage', 'image/png'], ['se_blank', 'image/png']])('EXCEPTIONS=application/vnd.ogc.%s: %s', async (name, type) => {
    expect((await ask(`LAYERS=NonExistant&EXCEPTIONS=application/vnd.ogc.${name}&${OLD}`)).headers['content-type']).toBe(type);
  });
});
