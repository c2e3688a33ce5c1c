import { describe, expect, it } from 'vitest';
import { parseKvp } from '../../src/protocol/params.ts';
import { parseExceptions } from '../../src/protocol/wms/values.ts';
import { askWms, wmsCode } from './ask.ts';
import { textsOf } from './validate.ts';

/** What ets-wms11 (WMS 1.1.1) expects otherwise than its successor, as far as it needs no pixels. */
const CAPS = 'SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1';
const MAP = 'SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=clouds&STYLES=&SRS=EPSG:4326&BBOX=-10,-5,10,5&WIDTH=8&HEIGHT=5&FORMAT=image/png';

describe('wms11: old names', () => {
  it('REQUEST=capabilities and WMTVER', () => {
    expect(textsOf(askWms('WMTVER=1.0.0&REQUEST=capabilities').body, '/*/@version')).toEqual(['1.1.1']);
  });

  it('REQUEST=map and WMTVER: the same map', () => {
    expect(askWms(MAP.replace('VERSION', 'WMTVER').replace('GetMap', 'map')).request).toEqual(askWms(MAP).request);
  });
});

describe('wms11: GetCapabilities', () => {
  const { body, contentType } = askWms(CAPS);

  it('MIME type and service name of 1.1.1', () => {
    expect(contentType).toBe('application/vnd.ogc.wms_xml');
    expect(textsOf(body, '/WMT_MS_Capabilities/Service/Name')).toEqual(['OGC:WMS']);
    expect(textsOf(body, '//Exception/Format')).toEqual(['application/vnd.ogc.se_xml', 'application/vnd.ogc.se_inimage', 'application/vnd.ogc.se_blank']);
  });

  it('the DTD is named', () => {
    expect(body).toContain('<!DOCTYPE WMT_MS_Capabilities SYSTEM "http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd"');
  });

  it('SRS and LatLonBoundingBox on the root layer; no CRS:84, which is of 1.3.0', () => {
    expect(textsOf(body, '/*/Capability/Layer/SRS')).toEqual(['EPSG:4326', 'EPSG:3857']);
    expect(textsOf(body, '/*/Capability/Layer/LatLonBoundingBox/@minx')).toEqual(['-180']);
  });

  it('BoundingBox of EPSG:4326 is x,y', () => {
    expect(['minx', 'miny'].flatMap((side) => textsOf(body, `//Layer[Name="clouds"]/BoundingBox[@SRS="EPSG:4326"]/@${side}`))).toEqual(['-180', '-90']);
  });

  it('ScaleHint is the diagonal of a pixel', () => {
    expect(Number(textsOf(body, '//ScaleHint/@max')[0])).toBeCloseTo(14142.13562373095, 8);
  });

  it('MetadataURL only of the two types of 1.1.1', () => {
    expect(new Set(textsOf(body, '//MetadataURL/@type'))).toEqual(new Set(['TC211']));
  });
});

describe('wms11: GetMap', () => {
  it('BBOX is x,y in EPSG:4326', () => {
    expect(askWms(`BBOX=10,0,90,20&${MAP}`).request).toMatchObject({ bbox: [10, 0, 90, 20] });
  });

  it('BBOX outside 180/90 is a map', () => {
    expect(askWms(`BBOX=170,-100,200,-80&${MAP}`).request).toMatchObject({ bbox: [170, -100, 200, -80] });
  });

  it('exceptions: InvalidSRS, MIME type of 1.1.1', () => {
    const answer = askWms(`SRS=EPSG:99999&${MAP}`);
    expect(wmsCode(answer)).toBe('InvalidSRS');
    expect(answer.contentType).toBe('application/vnd.ogc.se_xml');
    expect(askWms(`LAYERS=NonExistant&${MAP}&EXCEPTIONS=application/vnd.ogc.se_inimage`).contentType).toBe('image/png');
    expect(parseExceptions(parseKvp('EXCEPTIONS=application/vnd.ogc.se_blank'))).toBe('blank');
  });
});
