import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readWmtsCapabilities } from '../../protocol/wmts/readCapabilities.ts';
import { chooseWmts, wmtsCapabilitiesUrl, type WmtsWish } from './wmts.ts';

const MAP = readWmtsCapabilities(readFileSync(new URL('../../../test/data/wmts/planet.xml', import.meta.url), 'utf8'));
const PLAIN: WmtsWish = { layer: 'mola', tileMatrixSet: null, style: null, format: null, dimensions: {}, encoding: null };
const choose = (wish: Partial<WmtsWish>, rank = (crs: string): number => (crs.includes('104905') ? 2 : 0)) => chooseWmts(MAP, { ...PLAIN, ...wish }, 'http://host/WMTSCapabilities.xml', rank);

describe('what is asked of a WMTS', () => {
  it.each([
    ['the welcome set, default style and dimension, RESTful', {}, 'http://host/mola/shaded/2015-01-01/default028mm/{TileMatrix}/{TileRow}/{TileCol}.jpg'],
    ['another style and dimension, whatever the case of its name', { style: 'plain', dimensions: { time: '2014' } }, 'http://host/mola/plain/2014/default028mm/{TileMatrix}/{TileRow}/{TileCol}.jpg'],
    [
      'a format that has no address of tiles, by key and value',
      { format: 'image/png' },
      'http://host/wmts.cgi?map=mars&SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=mola&STYLE=shaded&FORMAT=image/png&Time=2015-01-01&TILEMATRIXSET=default028mm&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}',
    ],
    [
      'by key and value: the format that loses nothing',
      { encoding: 'kvp', tileMatrixSet: 'polar' },
      'http://host/wmts.cgi?map=mars&SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=mola&STYLE=shaded&FORMAT=image/png&Time=2015-01-01&TILEMATRIXSET=polar&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}',
    ],
  ] as const)('%s', (_, wish, template) => {
    expect(choose(wish).template).toBe(template);
  });

  it('hands on limits, and null where all tiles are there', () => {
    expect(choose({}).limits).toHaveLength(2);
    expect(choose({ tileMatrixSet: 'polar' }).limits).toBeNull();
  });

  it('never takes a set whose reference system is not known', () => {
    expect(choose({}, (crs) => (crs.includes('49930') ? 0 : -1)).set.id).toBe('polar');
    expect(() => choose({}, () => -1)).toThrow(/default028mm \(urn:ogc:def:crs:EPSG::104905\), polar/);
  });

  it.each([
    [{ layer: 'themis', encoding: 'rest' }, 'no addresses of such tiles'],
    [{ format: 'image/tiff' }, 'there is: image/jpeg, image/png'],
  ] as const)('%j: %s', (wish, said) => {
    expect(() => choose(wish)).toThrow(said);
  });

  it('says which value an address of tiles lacks', () => {
    const [layer] = MAP.layers;
    const bare = { ...MAP, layers: [{ ...layer!, dimensions: [] }] };
    expect(() => chooseWmts(bare, PLAIN, 'http://host/c.xml', () => 0)).toThrow(/a value for \{Time\}/);
  });

  it.each([
    ['http://h/wmts', 'http://h/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&VERSION=1.0.0'],
    ['http://h/service?map=a', 'http://h/service?map=a&SERVICE=WMTS&REQUEST=GetCapabilities&VERSION=1.0.0'],
    ['http://h/service?service=wmts&request=getcapabilities', 'http://h/service?service=wmts&request=getcapabilities'],
    ['http://h/1.0.0/WMTSCapabilities.xml', 'http://h/1.0.0/WMTSCapabilities.xml'],
  ])('capabilities of %s', (url, expected) => {
    expect(wmtsCapabilitiesUrl(url)).toBe(expected);
  });
});
