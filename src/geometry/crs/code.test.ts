import { describe, expect, it } from 'vitest';
import { formatCrsAddress, formatCrsCode, formatCrsUrn, parseCrsCode } from './code.ts';

describe('every spelling of one CRS is one identifier', () => {
  it.each([
    'IAU_2015:49900',
    'iau_2015:49900',
    ' IAU_2015:49900 ',
    'IAU:49900',
    'IAU:2015:49900',
    'IAU:2018:49900',
    'IAU:0:49900',
    'IAU_2018:49900',
    'IAU::49900',
    'urn:ogc:def:crs:IAU:2015:49900',
    'urn:ogc:def:crs:IAU::49900',
    'urn:ogc:def:crs:IAU_2015::49900',
    'urn:ogc:def:crs:IAU_2015:49900',
    'URN:OGC:DEF:CRS:IAU_2015::49900',
    'urn:x-ogc:def:crs:IAU:2015:49900',
    'http://www.opengis.net/def/crs/IAU/2015/49900',
    'https://www.opengis.net/def/crs/IAU/2015/49900',
    'http://www.opengis.net/def/crs/IAU/0/49900',
    'http://voparis-vespa-crs.obspm.fr:8080/ws/IAU/2015/49900',
    '[IAU_2015:49900]',
    '[IAU:2015:49900]',
    'IAU_2015%3A49900',
    'http%3A%2F%2Fwww.opengis.net%2Fdef%2Fcrs%2FIAU%2F2015%2F49900',
    'IAU2000:49900',
    'IAU2009:49900',
    'IAU2015:49900',
  ])('%s', (identifier) => {
    expect(formatCrsCode(parseCrsCode(identifier))).toBe('IAU_2015:49900');
  });

  it.each([
    ['epsg:4326', 'EPSG:4326'],
    ['urn:ogc:def:crs:EPSG::4326', 'EPSG:4326'],
    ['urn:ogc:def:crs:EPSG:6.18:3857', 'EPSG:3857'],
    ['http://www.opengis.net/def/crs/EPSG/0/4326', 'EPSG:4326'],
    ['http://www.opengis.net/gml/srs/epsg.xml#4326', 'EPSG:4326'],
    ['EPSG:900913', 'EPSG:3857'],
    ['EPSG:102100', 'EPSG:3857'],
    ['EPSG:102113', 'EPSG:3857'],
    ['CRS:84', 'CRS:84'],
    ['CRS84', null],
    ['OGC:CRS84', 'CRS:84'],
    ['urn:ogc:def:crs:OGC:1.3:CRS84', 'CRS:84'],
    ['urn:ogc:def:crs:OGC::CRS84', 'CRS:84'],
    ['urn:ogc:def:crs:OGC:2:84', 'CRS:84'],
    ['http://www.opengis.net/def/crs/OGC/1.3/CRS84', 'CRS:84'],
    ['ESRI:104905', 'ESRI:104905'],
    ['urn:ogc:def:crs:EPSG::104905', 'ESRI:104905'],
    ['hips:icrs', 'HIPS:ICRS'],
    ['IVOA:GAL-M', 'HIPS:GAL-M'],
    ['HIPS:equatorial', 'HIPS:ICRS'],
    ['HIPS:Galactic-m', 'HIPS:GAL-M'],
    ['IAU:2018:49960,100,45,1.0', 'IAU_2015:49960,100,45,1'],
    ['IAU_2015:49960, -100.5, 45', 'IAU_2015:49960,-100.5,45'],
  ])('%s -> %s', (identifier, id) => {
    if (id === null) expect(() => parseCrsCode(identifier)).toThrow(/expected AUTHORITY:CODE/);
    else expect(formatCrsCode(parseCrsCode(identifier))).toBe(id);
  });
});

describe('what is no identifier', () => {
  it.each([
    ['', 'unknown form'],
    ['49900', 'unknown form'],
    ['IAU:2000:49900', 'version'],
    ['IAU_2000:49900', 'version'],
    ['IAU_2015:2009:49900', 'version'],
    ['IAU2000:49912', 'numbering'],
    ['IAU_2015:mars', 'not an IAU number'],
    ['EPSG:wgs84', 'not an EPSG number'],
    ['IAU_2015:49960,x', 'not all numbers'],
    ['IAU_2015:49960,', 'not all numbers'],
    ['IAU_2015:', 'empty'],
    ['a:b:c:d:e', 'unknown form'],
    ['http://example.org/crs/49900', 'unknown form'],
    ['%E0%A4%A:1', 'malformed'],
    ['<script>:1', 'not an authority'],
  ])('%s is refused (%s), and the message names it', (identifier, why) => {
    expect(() => parseCrsCode(identifier)).toThrow(expect.objectContaining({ code: 'CRS_NOT_SUPPORTED', message: expect.stringContaining(why) }));
    expect(() => parseCrsCode(identifier)).toThrow(expect.objectContaining({ message: expect.stringContaining(`'${identifier}'`) }));
  });
});

describe('an endless identifier', () => {
  it('is refused with a short message', () => {
    expect(() => parseCrsCode(`http://${'a/'.repeat(100_000)}`)).toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{1,500}$/s) }));
  });
});

describe('the forms that are written', () => {
  it('URN with an empty version: the only one that QGIS, GDAL and PROJ all read', () => {
    expect(formatCrsUrn(parseCrsCode('IAU:49910'))).toBe('urn:ogc:def:crs:IAU_2015::49910');
    expect(formatCrsUrn(parseCrsCode('EPSG:3857'))).toBe('urn:ogc:def:crs:EPSG::3857');
    expect(formatCrsUrn(parseCrsCode('CRS:84'))).toBe('urn:ogc:def:crs:OGC:1.3:CRS84');
  });

  it('address of the OGC register', () => {
    expect(formatCrsAddress(parseCrsCode('IAU_2015:49910'))).toBe('http://www.opengis.net/def/crs/IAU/2015/49910');
    expect(formatCrsAddress(parseCrsCode('EPSG:3857'))).toBe('http://www.opengis.net/def/crs/EPSG/0/3857');
    expect(formatCrsAddress(parseCrsCode('CRS:84'))).toBe('http://www.opengis.net/def/crs/OGC/1.3/CRS84');
  });

  it('what is written is read back', () => {
    for (const id of ['IAU_2015:49910', 'EPSG:3857', 'CRS:84', 'IAU_2015:49960,100,45,1']) {
      expect(formatCrsCode(parseCrsCode(formatCrsUrn(parseCrsCode(id))))).toBe(id);
      expect(formatCrsCode(parseCrsCode(formatCrsAddress(parseCrsCode(id))))).toBe(id);
    }
  });
});
