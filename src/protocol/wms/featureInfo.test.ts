import { describe, expect, it } from 'vitest';
import { readXml } from '../readXml.ts';
import { infoExtensionOf, KNOWN_INFO_FORMATS, writeFeatureInfo, type FeatureInfo } from './featureInfo.ts';

const INFO: FeatureInfo = {
  layers: [
    { name: 'mola <b>', lon: 12.345678901234567, lat: -45, crs: [1, 2], value: [-1234.5], unit: 'm', hips: { order: 12, npix: 201326591 } },
    { name: 'bare', lon: 1, lat: 2, crs: [1, 2], value: null, unit: null, hips: null },
  ],
};

describe('writeFeatureInfo', () => {
  it('answers JSON with every number in full', () => {
    const { contentType, body } = writeFeatureInfo(INFO, 'application/json');
    expect(contentType).toBe('application/json');
    expect(JSON.parse(body)).toEqual(INFO);
    expect(body).toContain('12.345678901234567');
  });

  it('answers GeoJSON with longitude first', () => {
    const { features } = JSON.parse(writeFeatureInfo(INFO, 'application/geo+json').body) as { features: { geometry: unknown; properties: unknown }[] };
    expect(features[0]).toMatchObject({ geometry: { type: 'Point', coordinates: [12.345678901234567, -45] }, properties: { name: 'mola <b>', value: [-1234.5] } });
  });

  it('answers plain text that says value, unit and cell', () => {
    const { body } = writeFeatureInfo(INFO, 'text/plain');
    expect(body).toContain('value = -1234.5 m');
    expect(body).toContain('order 12 npix 201326591');
    expect(body).toContain('nothing here');
  });

  it('lets no layer name into HTML unescaped', () => {
    const { contentType, body } = writeFeatureInfo(INFO, 'text/html');
    expect(contentType).toBe('text/html; charset=utf-8');
    expect(body).toContain('mola &lt;b&gt;');
    expect(body).not.toContain('<b>');
  });

  it('writes formats of other names by their kind', () => {
    expect(writeFeatureInfo(INFO, 'application/gml+xml; version=3.1')).toEqual({ contentType: 'application/gml+xml; version=3.1', body: writeFeatureInfo(INFO, 'text/xml').body });
    expect(writeFeatureInfo(INFO, 'constructor').body).toBe(writeFeatureInfo(INFO, 'text/plain').body);
  });

  it('writes XML as MapServer does, whatever layers are called', () => {
    const { body } = writeFeatureInfo({ layers: [...INFO.layers, { ...INFO.layers[1]!, name: '1: \u00e4' }] }, 'text/xml');
    expect(readXml(body)).toMatchObject({ name: 'msGMLOutput', children: [{ name: 'mola__b__layer' }, { name: 'bare_layer' }, { name: '_1____layer' }] });
    expect(body).toContain('<gml:name>mola &lt;b&gt;</gml:name>\n    <mola__b__feature>\n      <lon>12.345678901234567</lon>');
  });

  it('has an extension for each format', () => {
    expect(KNOWN_INFO_FORMATS.map(({ extension }) => extension)).toEqual(['txt', 'html', 'json', 'geojson', 'xml', 'gml']);
    expect(infoExtensionOf('application/gml+xml; version=3.1')).toBe('gmlxmlversion31');
  });
});
