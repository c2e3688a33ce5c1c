import { describe, expect, it } from 'vitest';
import { exceptionText } from './exceptionText.ts';
import { formatGetMap, plainDecimal } from './getMapRequest.ts';
import type { GetMapRequest } from './getMapRequest.ts';

const REQUEST: GetMapRequest = {
  url: 'http://host/wms',
  version: '1.3.0',
  layers: ['base', 'names & places'],
  styles: [],
  crs: 'IAU_2015:49900',
  bbox: [-180, -90, 0, 90],
  axes: 'yx',
  width: 512,
  height: 256,
  format: 'image/png',
  transparent: true,
  extra: {},
};

describe('GetMap as a client writes it', () => {
  it('writes 1.3.0 in the registry\'s axis order (danger: a map of the wrong half of the planet)', () => {
    expect(formatGetMap(REQUEST)).toBe(
      'http://host/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=base,names%20%26%20places&STYLES=&CRS=IAU_2015:49900' +
        '&BBOX=-90,-180,90,0&WIDTH=512&HEIGHT=256&FORMAT=image/png&TRANSPARENT=TRUE',
    );
    expect(formatGetMap({ ...REQUEST, axes: 'xy' })).toContain('&BBOX=-180,-90,0,90&');
  });

  it('writes 1.1.1 with SRS and x before y, always', () => {
    const url = formatGetMap({ ...REQUEST, version: '1.1.1', styles: ['a', ''], transparent: false });
    expect(url).toContain('&STYLES=a,&SRS=IAU_2015:49900&BBOX=-180,-90,0,90&');
    expect(url).toContain('&TRANSPARENT=FALSE');
    expect(url).not.toContain('CRS=');
  });

  it('keeps the parameters of the address as they stand, but for its own (danger: MapServer without its map file)', () => {
    const url = 'http://host/cgi?map=/maps/a%20b.map&service=WMS&Request=GetCapabilities&key=x%2Fy&&#top';
    const got = formatGetMap({ ...REQUEST, url, extra: { TIME: '2020-01-01T00:00', Key: 'mine', width: '1' } });
    expect(got.startsWith('http://host/cgi?map=/maps/a%20b.map&SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&')).toBe(true);
    expect(got.endsWith('&TRANSPARENT=TRUE&TIME=2020-01-01T00:00&Key=mine')).toBe(true);
    expect(formatGetMap({ ...REQUEST, url: 'http://host/wms?' })).toMatch(/^http:\/\/host\/wms\?SERVICE=/);
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [0.1 + 0.2, '0.30000000000000004'],
    [-1.5e-7, '-0.00000015'],
    [5e-324, `0.${'0'.repeat(323)}5`],
    [1.25e21, '1250000000000000000000'],
    [-1e21, '-1000000000000000000000'],
    [5458203.076304459, '5458203.076304459'],
  ])('writes %d without exponent and without losing a bit (danger: patches a pixel off)', (x, text) => {
    expect(plainDecimal(x)).toBe(text);
    expect(Number(text)).toBe(x === 0 ? 0 : x);
  });
});

describe('what an upstream says instead of a map', () => {
  it('finds the exceptions of WMS and OWS', () => {
    expect(
      exceptionText(`<?xml version="1.0"?><!DOCTYPE x><ServiceExceptionReport version="1.1.1">
        <ServiceException code="LayerNotDefined"> Layer &quot;a&quot; &lt;not&gt; there
        </ServiceException><ServiceException><![CDATA[second]]></ServiceException></ServiceExceptionReport>`),
    ).toBe('[LayerNotDefined] Layer "a" <not> there; second');
    expect(exceptionText('<ows:ExceptionReport><ows:Exception><ows:ExceptionText>bad</ows:ExceptionText></ows:Exception></ows:ExceptionReport>')).toBe('bad');
    expect(exceptionText('<ServiceException code="X"/>')).toBe('[X]');
  });

  it('takes the text of any other page, and not too much of it', () => {
    expect(exceptionText('<html><style>b{}</style><h1>502</h1><p>Bad\n gateway</p></html>')).toBe('502 Bad gateway');
    expect(exceptionText('x'.repeat(1000)).length).toBeLessThan(310);
    expect(exceptionText('')).toBe('');
  });
});
