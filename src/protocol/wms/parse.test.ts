import { describe, expect, it } from 'vitest';
import { wmsOffer } from '../../../test/conformance/services.ts';
import { parseKvp } from '../params.ts';
import { parseWmsRequest } from './parse.ts';
import type { WmsMapRequest, WmsOffer, WmsRequest } from './types.ts';

const MOON = 'SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0&LAYERS=moon&STYLES=&CRS=IAU_2015:30100&BBOX=-90,-180,90,180&WIDTH=400&HEIGHT=200&FORMAT=image/png';

function parse(query: string, offer: WmsOffer = wmsOffer): WmsRequest {
  return parseWmsRequest(parseKvp(query), offer);
}

function parseMap(changes: string, offer: WmsOffer = wmsOffer): WmsMapRequest {
  // The first value of a repeated name counts, so changes go in front.
  return parse(`${changes}&${MOON}`, offer) as WmsMapRequest;
}

function failure(run: () => unknown): { readonly code: string; readonly locator: string | null; readonly message: string } {
  try {
    run();
  } catch (error) {
    return error as { code: string; locator: string | null; message: string };
  }
  return expect.unreachable('nothing was refused');
}

describe('parseWmsRequest: GetMap', () => {
  it('reads a whole request', () => {
    expect(parseMap('TRANSPARENT=true&BGCOLOR=0xFF8000&EXCEPTIONS=INIMAGE')).toEqual({
      kind: 'map',
      version: '1.3.0',
      layers: ['moon'],
      styles: ['default'],
      crs: wmsOffer.crsOf('IAU_2015:30100', { name: '', frame: { id: 'moon', kind: 'body' }, styles: [], queryable: true }),
      bbox: [-180, -90, 180, 90],
      width: 400,
      height: 200,
      format: 'image/png',
      transparent: true,
      background: 0xff8000,
      exceptions: 'inimage',
      tiled: false,
      others: new Map(),
    });
    expect(parseMap('tiled=TRUE').tiled).toBe(true);
  });

  it('turns lat,lon of 1.3.0 into x/y, or the map of a hemisphere shows the wrong one', () => {
    expect(parseMap('BBOX=0,10,20,90').bbox).toEqual([10, 0, 90, 20]);
  });

  it('takes 1.1.1 as x,y whatever the registry says', () => {
    expect(parseMap('VERSION=1.1.1&SRS=IAU_2015:30100&BBOX=10,0,90,20').bbox).toEqual([10, 0, 90, 20]);
  });

  it('never swaps CRSs in metres', () => {
    expect(parseMap('CRS=IAU_2015:30110&BBOX=-100,-50,100,50').bbox).toEqual([-100, -50, 100, 50]);
  });

  it('obeys a configured order against the registry', () => {
    expect(parseMap('BBOX=10,0,90,20', { ...wmsOffer, axesOf: () => 'xy' }).bbox).toEqual([10, 0, 90, 20]);
  });

  it('reads lon,lat of clients that never swap IAU axes, only where lat,lon is impossible', () => {
    expect(parseMap('BBOX=-180,-90,180,90').bbox).toEqual([-180, -90, 180, 90]);
    expect(parseMap('BBOX=100,0,120,20').bbox).toEqual([100, 0, 120, 20]);
    expect(parseMap('BBOX=-10,0,10,20').bbox).toEqual([0, -10, 20, 10]);
  });

  it('stays strict with EPSG:4326: latitudes beyond the pole are an empty map, not a swapped one', () => {
    expect(parseMap('CRS=EPSG:4326&LAYERS=clouds&BBOX=90,0,110,20').bbox).toEqual([0, 90, 20, 110]);
  });

  it('reads sizes with fractions as MapProxy does, and refuses what no picture can be', () => {
    expect(parseMap('WIDTH=512.0&HEIGHT=256.9')).toMatchObject({ width: 512, height: 256 });
    expect(failure(() => parseMap('WIDTH=0'))).toMatchObject({ code: 'INVALID_PARAMETER', locator: 'WIDTH' });
    expect(failure(() => parseMap('WIDTH=-5'))).toMatchObject({ code: 'INVALID_PARAMETER', locator: 'WIDTH' });
    expect(failure(() => parseMap('HEIGHT=x'))).toMatchObject({ code: 'INVALID_PARAMETER', locator: 'HEIGHT' });
    expect(failure(() => parseMap('HEIGHT=1e9&WIDTH=1'))).toMatchObject({ code: 'TOO_LARGE', locator: 'HEIGHT' });
  });

  it('limits the number of pixels, naming the limit, and allows exactly it', () => {
    expect(parseMap('WIDTH=4000&HEIGHT=4000').width).toBe(4000);
    expect(parseMap('WIDTH=8000&HEIGHT=2000').width).toBe(8000);
    expect(failure(() => parseMap('WIDTH=4001&HEIGHT=4000'))).toMatchObject({ code: 'TOO_LARGE', message: expect.stringContaining('4000 x 4000') as string });
  });

  it.each(['1,2,3', '1,2,3,4,5', 'a,b,c,d', '', '0,0,Infinity,1', '10,0,10,20', '20,0,10,20', '0;0;1;1'])("refuses the BBOX '%s'", (bbox) => {
    expect(failure(() => parse(MOON.replace('BBOX=-90,-180,90,180', `BBOX=${bbox}`)))).toMatchObject({ locator: 'BBOX' });
  });

  it('reads colours in three spellings and refuses others, before they reach the painter', () => {
    expect(['0x0000ff', '%230000FF', '0000ff'].map((colour) => parseMap(`BGCOLOR=${colour}`).background)).toEqual([255, 255, 255]);
    expect(parseMap('').background).toBe(0xffffff);
    for (const colour of ['red', '0xff', '0x0000ff00']) expect(failure(() => parseMap(`BGCOLOR=${colour}`))).toMatchObject({ locator: 'BGCOLOR' });
  });

  it("answers a body's CRS on another body's layer with the layer's body", () => {
    expect(failure(() => parseMap('LAYERS=mars'))).toMatchObject({ code: 'CRS_NOT_SUPPORTED', message: expect.stringContaining("'mars'") as string });
    expect(failure(() => parseMap('LAYERS=moon,mars&CRS=EPSG:4326'))).toMatchObject({ code: 'CRS_NOT_SUPPORTED', locator: 'CRS' });
    expect(parseMap('LAYERS=mars&CRS=EPSG:4326').crs.frame.id).toBe('mars');
  });

  it('reads the format with parameters and refuses what is not offered', () => {
    expect(parseMap('FORMAT=image/png%3B+mode%3D8bit').format).toBe('image/png');
    expect(failure(() => parseMap('FORMAT=image/webp'))).toMatchObject({ code: 'FORMAT_NOT_SUPPORTED', locator: 'FORMAT' });
  });

  it('takes a request with SRS and without VERSION for 1.1.1, any other without VERSION for broken', () => {
    const bare = MOON.replace('VERSION=1.3.0&', '');
    expect(parse(bare.replace('CRS=', 'SRS=')).kind).toBe('map');
    expect(failure(() => parse(bare))).toMatchObject({ code: 'MISSING_PARAMETER', locator: 'VERSION' });
  });

  it('names each parameter that is missing', () => {
    for (const name of ['LAYERS', 'BBOX', 'WIDTH', 'HEIGHT', 'FORMAT', 'CRS']) {
      const without = MOON.split('&').filter((part) => !part.startsWith(`${name}=`)).join('&');
      expect(failure(() => parse(without))).toMatchObject({ code: 'MISSING_PARAMETER', locator: name });
    }
  });
});

describe('parseWmsRequest: other operations', () => {
  it('reads the pixel as I,J or X,Y and keeps it inside the map', () => {
    const info = MOON.replace('GetMap', 'GetFeatureInfo') + '&QUERY_LAYERS=moon';
    expect(parse(`${info}&I=399&J=199&FEATURE_COUNT=3`)).toMatchObject({ kind: 'featureInfo', col: 399, row: 199, infoFormat: 'text/plain', featureCount: 3 });
    expect(parse(`VERSION=1.1.1&SRS=IAU_2015:30100&${info}&X=1&Y=2&INFO_FORMAT=application/json`)).toMatchObject({ col: 1, row: 2, infoFormat: 'application/json' });
    expect(failure(() => parse(`${info}&I=400&J=0`))).toMatchObject({ code: 'INVALID_PARAMETER', locator: 'I' });
    expect(failure(() => parse(`${info}&I=0&J=-1`))).toMatchObject({ locator: 'J' });
    expect(failure(() => parse(`${info}&I=0.5&J=0`))).toMatchObject({ locator: 'I' });
    expect(failure(() => parse(`${info}&I=0`))).toMatchObject({ code: 'MISSING_PARAMETER', locator: 'J' });
    expect(failure(() => parse(`${info}&I=0&J=0&FEATURE_COUNT=0`))).toMatchObject({ locator: 'FEATURE_COUNT' });
  });

  it('needs no FORMAT for a feature info', () => {
    const info = MOON.replace('GetMap', 'GetFeatureInfo').replace('&FORMAT=image/png', '');
    expect(parse(`${info}&QUERY_LAYERS=moon&I=0&J=0`).kind).toBe('featureInfo');
  });

  it('reads a legend request and its defaults', () => {
    const legend = 'SERVICE=WMS&REQUEST=GetLegendGraphic&VERSION=1.3.0&LAYER=blue+marble';
    expect(parse(legend)).toEqual({ kind: 'legend', version: '1.3.0', layer: 'blue marble', style: 'default', format: 'image/png', width: null, height: null, scale: null, exceptions: 'xml' });
    expect(parse(`${legend}&STYLE=relief&WIDTH=20&HEIGHT=30&SCALE=1e4&FORMAT=image/jpeg`)).toMatchObject({ style: 'relief', width: 20, height: 30, scale: 10_000, format: 'image/jpeg' });
    expect(failure(() => parse(`${legend}&STYLE=nope`))).toMatchObject({ code: 'STYLE_NOT_DEFINED', locator: 'STYLE' });
  });

  it('refuses operations and services that are not its own', () => {
    expect(failure(() => parse('REQUEST=DescribeLayer'))).toMatchObject({ code: 'OPERATION_NOT_SUPPORTED', locator: 'REQUEST' });
    expect(failure(() => parse('REQUEST=toString'))).toMatchObject({ code: 'OPERATION_NOT_SUPPORTED' });
    expect(failure(() => parse('SERVICE=WMS'))).toMatchObject({ code: 'MISSING_PARAMETER', locator: 'REQUEST' });
    expect(failure(() => parse('SERVICE=WFS&REQUEST=GetMap'))).toMatchObject({ locator: 'SERVICE' });
  });
});
