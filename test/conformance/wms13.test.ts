import { describe, expect, it } from 'vitest';
import { parseExceptions } from '../../src/protocol/wms/values.ts';
import { parseKvp } from '../../src/protocol/params.ts';
import { wmsFailure } from '../../src/protocol/wms/failure.ts';
import type { WmsMapRequest } from '../../src/protocol/wms/types.ts';
import { askWms, wmsCode } from './ask.ts';
import { mixedWms, wmsOffer } from './services.ts';
import { textsOf } from './validate.ts';

/** Assertions of the OGC test suite for WMS 1.3.0 (ets-wms13, data-independent part) that need no pixels. */
const CAPS = 'SERVICE=WMS&REQUEST=GetCapabilities';
const MAP = 'SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=clouds&STYLES=&CRS=CRS:84&BBOX=-10,-5,10,5&WIDTH=8&HEIGHT=5&FORMAT=image/png';
const INFO = MAP.replace('GetMap', 'GetFeatureInfo').replace('clouds', 'blue+marble') + '&QUERY_LAYERS=blue+marble&INFO_FORMAT=text/plain&I=0&J=0';

function map(changes: string): WmsMapRequest {
  return askWms(`${changes}&${MAP}`).request as WmsMapRequest;
}

describe('wms13: basic elements, version negotiation', () => {
  it.each([
    ['no VERSION', CAPS, '1.3.0'],
    ['VERSION=1.3.0', `${CAPS}&VERSION=1.3.0`, '1.3.0'],
    ['VERSION=100.0.0', `${CAPS}&VERSION=100.0.0`, '1.3.0'],
    ['VERSION=0.0.0', `${CAPS}&VERSION=0.0.0`, '1.1.1'],
  ])('%s', (_what, query, version) => {
    expect(textsOf(askWms(query).body, '/*/@version')).toEqual([version]);
  });
});

describe('wms13: basic elements, request rules', () => {
  it('escapes: %XX and + mean the same in LAYERS', () => {
    expect(map('LAYERS=blue+marble')).toEqual(map('LAYERS=blue%20marble'));
    expect(map('LAYERS=%62lue%20marble').layers).toEqual(['blue marble']);
  });

  it('parameter names in mixed case', () => {
    expect(askWms(MAP.replace('LAYERS', 'LaYeRs').replace('WIDTH', 'width'))).toEqual(askWms(MAP));
  });

  it('an extra parameter is ignored by all operations', () => {
    expect(askWms(`${CAPS}&BOGUS=foo`)).toEqual(askWms(CAPS));
    expect(askWms(`${MAP}&BOGUS=foo`).request).toEqual({ ...askWms(MAP).request, others: new Map([['BOGUS', 'foo']]) });
    expect(askWms(`${INFO}&BOGUS=foo`).status).toBe(200);
  });
});

describe('wms13: GetCapabilities', () => {
  const { body, contentType } = askWms(CAPS);

  it.each(['text/xml', 'application/json', 'bogus/x', ''])('FORMAT=%s is answered with XML', (format) => {
    expect(askWms(`${CAPS}&FORMAT=${format}`)).toMatchObject({ status: 200, contentType: 'text/xml; charset=utf-8' });
  });

  it('UPDATESEQUENCE: not advertised, hence ignored', () => {
    expect(textsOf(body, '/*/@updateSequence')).toEqual([]);
    expect(askWms(`${CAPS}&UPDATESEQUENCE=5`).body).toBe(body);
  });

  it('schemaLocation names the WMS namespace', () => {
    expect(body).toContain('http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd');
    expect(contentType).toContain('text/xml');
  });

  it('every OnlineResource of an operation ends with ? or &', () => {
    const addresses = textsOf(body, '//wms:DCPType//@xlink:href');
    expect(addresses).toHaveLength(4);
    expect(addresses.every((address) => /[?&]$/.test(address))).toBe(true);
  });

  it('text/xml and the exception format XML are advertised', () => {
    expect(textsOf(body, '//wms:GetCapabilities/wms:Format')).toContain('text/xml');
    expect(textsOf(body, '//wms:Exception/wms:Format')).toContain('XML');
  });

  it('GetFeatureInfo is advertised only with a queryable layer', () => {
    expect(textsOf(body, '//wms:Layer[@queryable="1"]/wms:Name')).toEqual(['blue marble']);
    const mute = { ...mixedWms, infoFormats: [] };
    expect(textsOf(askWms(CAPS, mute).body, '//wms:GetFeatureInfo')).toEqual([]);
  });

  it('MaxWidth x MaxHeight can really be asked for', () => {
    const [width, height] = [textsOf(body, '//wms:MaxWidth')[0], textsOf(body, '//wms:MaxHeight')[0]];
    expect(map(`WIDTH=${width}&HEIGHT=${height}`)).toMatchObject({ width: 4000, height: 4000 });
  });
});

describe('wms13: layers', () => {
  const { body } = askWms(CAPS);

  it('a BoundingBox only for an advertised CRS, each once, at least one for every named layer', () => {
    const names = textsOf(body, '//wms:Layer/wms:Name');
    for (const name of names) {
      const layer = `//wms:Layer[wms:Name="${name}"]`;
      const boxes = textsOf(body, `${layer}/wms:BoundingBox/@CRS`);
      const crs = textsOf(body, `${layer}/wms:CRS`);
      expect(boxes.length).toBeGreaterThan(0);
      expect(new Set(crs).size).toBe(crs.length);
      expect(boxes.every((box) => crs.includes(box))).toBe(true);
    }
    expect(names.length).toBeGreaterThan(1);
  });

  it('the root lists every CRS common to all', () => {
    expect(textsOf(body, '/*/wms:Capability/wms:Layer/wms:CRS')).toEqual(['EPSG:4326', 'CRS:84', 'EPSG:3857']);
  });

  it('no CRS with parameters (AUTO2)', () => {
    expect(textsOf(body, '//wms:CRS').filter((crs) => crs.includes(','))).toEqual([]);
  });

  it('EX_GeographicBoundingBox: west < east, south < north', () => {
    const [west, east, south, north] = ['west', 'east', 'south', 'north'].map((side) =>
      Number(textsOf(body, `//wms:Layer[wms:Name="clouds"]/wms:EX_GeographicBoundingBox/wms:${side}${side === 'west' || side === 'east' ? 'BoundLongitude' : 'BoundLatitude'}`)[0]),
    ) as [number, number, number, number];
    expect(west).toBeLessThan(east);
    expect(south).toBeLessThan(north);
  });

  it('layer-extents: the boxes of 4326 (lat,lon) and CRS:84 (lon,lat) equal the geographic one exactly', () => {
    const box = (crs: string): readonly string[] => ['minx', 'miny', 'maxx', 'maxy'].flatMap((side) => textsOf(body, `//wms:Layer[wms:Name="clouds"]/wms:BoundingBox[@CRS="${crs}"]/@${side}`));
    expect(box('EPSG:4326')).toEqual(['-90', '-180', '90', '180']);
    expect(box('CRS:84')).toEqual(['-180', '-90', '180', '90']);
  });

  it('layer-extents hold when the CRS box was rounded elsewhere', () => {
    const [blue] = mixedWms.root.layers[0]?.layers ?? [];
    const rounded = { ...blue!, extents: blue!.extents.map(({ crs, bbox }) => ({ crs, bbox: [bbox![0], bbox![1] + 1e-6, bbox![2], bbox![3]] as const })) };
    const document = askWms(CAPS, { ...mixedWms, root: rounded }).body;
    expect(textsOf(document, '//wms:BoundingBox[@CRS="EPSG:4326"]/@minx')).toEqual(['-90']);
  });

  it('several bodies: one parent each, and no CRS that their layers do not share', () => {
    const mixed = askWms(CAPS, mixedWms).body;
    expect(textsOf(mixed, '/*/wms:Capability/wms:Layer/wms:CRS')).toEqual([]);
    expect(textsOf(mixed, '/*/wms:Capability/wms:Layer/wms:Layer/wms:Title')).toEqual(['Earth', 'Moon']);
    expect(textsOf(mixed, '//wms:Layer[wms:Title="Moon"]/wms:CRS')).toEqual(['IAU_2015:30100', 'IAU_2015:30110']);
    expect(textsOf(mixed, '//wms:Layer[wms:Name="moon"]/wms:BoundingBox[@CRS="IAU_2015:30100"]/@minx')).toEqual(['-90']);
  });

  it('LegendURL is an address that this service answers', () => {
    const [address = ''] = textsOf(body, '//wms:LegendURL/wms:OnlineResource/@xlink:href');
    expect(askWms(new URL(address).search).request).toMatchObject({ kind: 'legend', layer: 'blue marble', style: 'default' });
  });
});

describe('wms13: GetMap', () => {
  it('no VERSION: an exception, not an image', () => {
    expect(wmsCode(askWms(MAP.replace('VERSION=1.3.0&', '')))).toBe('MissingParameterValue');
  });

  it.each(['5,-5,5,5', '10,-5,-10,5', '-10,5,10,-5', '-10,5,10,5'])('BBOX %s with min >= max: exception', (bbox) => {
    expect(askWms(`BBOX=${bbox}&${MAP}`)).toMatchObject({ status: 400, request: null });
  });

  it('BBOX beyond the pole is a map without content, not an error', () => {
    expect(map('BBOX=-10,90,10,110').bbox).toEqual([-10, 90, 10, 110]);
    expect(map('CRS=EPSG:4326&BBOX=90,-10,110,10').bbox).toEqual([-10, 90, 10, 110]);
  });

  it('BBOX in exponent form is the same map', () => {
    expect(map('BBOX=-1e1,-0.5E1,1.0e+1,5')).toEqual(map(''));
  });

  it('InvalidCRS', () => {
    expect(wmsCode(askWms(`CRS=EPSG:99999&${MAP}`))).toBe('InvalidCRS');
    expect(wmsCode(askWms(`CRS=IAU_2015:49900&${MAP}`))).toBe('InvalidCRS');
  });

  it('InvalidFormat', () => {
    expect(wmsCode(askWms(`FORMAT=image/bogus&${MAP}`))).toBe('InvalidFormat');
  });

  it('one, two and three layers; LayerNotDefined in first or second place', () => {
    expect(map('LAYERS=clouds,blue+marble,clouds').layers).toEqual(['clouds', 'blue marble', 'clouds']);
    expect(wmsCode(askWms(`LAYERS=NonExistant&${MAP}`))).toBe('LayerNotDefined');
    expect(wmsCode(askWms(`LAYERS=clouds,NonExistant&${MAP}`))).toBe('LayerNotDefined');
  });

  it('STYLES empty, only commas, named, mixed; StyleNotDefined in first or second place', () => {
    const two = 'LAYERS=blue+marble,clouds';
    expect(map(`STYLES=&${two}`).styles).toEqual(['default', 'default']);
    expect(map(`STYLES=,&${two}`).styles).toEqual(['default', 'default']);
    expect(map(`STYLES=,,&${two}`).styles).toEqual(['default', 'default']);
    expect(map(`STYLES=relief,&${two}`).styles).toEqual(['relief', 'default']);
    expect(map(`STYLES=relief,default&${two}`).styles).toEqual(['relief', 'default']);
    expect(wmsCode(askWms(`STYLES=nope,&${two}&${MAP}`))).toBe('StyleNotDefined');
    expect(wmsCode(askWms(`STYLES=,relief&${two}&${MAP}`))).toBe('StyleNotDefined');
  });

  it('TRANSPARENT absent or FALSE: opaque; TRUE: transparent', () => {
    expect([map('').transparent, map('TRANSPARENT=FALSE').transparent, map('TRANSPARENT=TRUE').transparent]).toEqual([false, false, true]);
    expect(map('').background).toBe(0xffffff);
  });

  it('exact size', () => {
    expect(map('WIDTH=1024&HEIGHT=768')).toMatchObject({ width: 1024, height: 768 });
  });
});

describe('wms13: EXCEPTIONS', () => {
  const BROKEN = MAP.replace('clouds', 'NonExistant');

  it('absent or XML: text/xml', () => {
    for (const wish of ['', '&EXCEPTIONS=XML']) expect(askWms(BROKEN + wish)).toMatchObject({ contentType: 'text/xml; charset=utf-8', status: 400 });
  });

  it('INIMAGE and BLANK: the format asked for', () => {
    expect(askWms(`${BROKEN}&EXCEPTIONS=INIMAGE`)).toMatchObject({ contentType: 'image/png', status: 200 });
    expect(askWms(`FORMAT=image/jpeg&${BROKEN}&EXCEPTIONS=BLANK`)).toMatchObject({ contentType: 'image/jpeg', status: 200 });
  });

  it('BLANK obeys BGCOLOR and TRANSPARENT', () => {
    expect(wmsFailure(parseKvp(`${BROKEN}&EXCEPTIONS=BLANK&BGCOLOR=0xFF0000&TRANSPARENT=TRUE`), wmsOffer)).toMatchObject({ background: 0xff0000, transparent: true });
  });

  it('every advertised exception format is understood', () => {
    const formats = textsOf(askWms(CAPS).body, '//wms:Exception/wms:Format');
    expect(formats.map((format) => parseExceptions(parseKvp(`EXCEPTIONS=${format}`)))).toEqual(['xml', 'inimage', 'blank']);
  });
});

describe('wms13: GetFeatureInfo', () => {
  it('each advertised INFO_FORMAT is answered; InvalidFormat for others', () => {
    const formats = textsOf(askWms(CAPS).body, '//wms:GetFeatureInfo/wms:Format');
    expect(formats).toContain('text/plain');
    for (const format of formats) expect(askWms(`INFO_FORMAT=${encodeURIComponent(format)}&${INFO}`).request).toMatchObject({ infoFormat: format });
    expect(wmsCode(askWms(`INFO_FORMAT=bogus/x&${INFO}`))).toBe('InvalidFormat');
  });

  it.each(['I=8', 'I=-1', 'J=5', 'J=-1'])('%s outside the map: InvalidPoint', (pixel) => {
    expect(wmsCode(askWms(`${pixel}&${INFO}`))).toBe('InvalidPoint');
  });

  it('fewer QUERY_LAYERS than LAYERS', () => {
    expect(askWms(`LAYERS=clouds,blue+marble&${INFO}`).request).toMatchObject({ queryLayers: ['blue marble'] });
  });

  it('LayerNotDefined, LayerNotQueryable', () => {
    expect(wmsCode(askWms(`QUERY_LAYERS=NonExistant&${INFO}`))).toBe('LayerNotDefined');
    expect(wmsCode(askWms(`LAYERS=clouds&QUERY_LAYERS=clouds&${INFO}`))).toBe('LayerNotQueryable');
  });

  it('exceptions come as XML', () => {
    expect(askWms(`QUERY_LAYERS=NonExistant&${INFO}&EXCEPTIONS=XML`).contentType).toContain('text/xml');
  });
});
