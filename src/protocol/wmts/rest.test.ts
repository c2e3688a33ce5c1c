import { describe, expect, it } from 'vitest';
import { wmtsOffer } from '../../../test/conformance/services.ts';
import { parseWmtsPath } from './rest.ts';
import { DEFAULT_TEMPLATES, fillTemplate, restTemplate } from './template.ts';

function parse(path: string, templates = DEFAULT_TEMPLATES) {
  return parseWmtsPath(path, wmtsOffer, templates);
}

describe('parseWmtsPath', () => {
  it('reads column before row, as MapProxy', () => {
    expect(parse('/moon/MOON_GEOGRAPHIC/2/5/1.png')).toMatchObject({ kind: 'tile', tile: { col: 5, row: 1 }, format: 'image/png' });
    expect(() => parse('/moon/MOON_GEOGRAPHIC/2/1/5.png')).toThrow(expect.objectContaining({ code: 'TILE_OUT_OF_RANGE', locator: 'TileRow' }));
  });

  it('reads escapes, extensions and levels with leading zeros', () => {
    expect(parse('/blue%20marble/GLOBAL_WEBMERCATOR/03/1/2.jpeg')).toMatchObject({ layer: 'blue marble', format: 'image/jpeg', tile: { matrix: { id: '3' } } });
  });

  it('reads feature infos by extension', () => {
    expect(parse('/moon/MOON_GEOGRAPHIC/2/5/1/255/0.json')).toMatchObject({ kind: 'featureInfo', col: 255, row: 0, infoFormat: 'application/json' });
    expect(() => parse('/moon/MOON_GEOGRAPHIC/2/5/1/256/0.json')).toThrow(expect.objectContaining({ locator: 'I' }));
    expect(() => parse('/moon/MOON_GEOGRAPHIC/2/5/1/0/0.pdf')).toThrow(expect.objectContaining({ locator: 'InfoFormat' }));
    expect(() => parse('/europe/GLOBAL_GEODETIC/4/7/1/0/0.json')).toThrow(expect.objectContaining({ code: 'OPERATION_NOT_SUPPORTED', locator: 'GetFeatureInfo' }));
  });

  it('knows its capabilities document and nothing below or beside it', () => {
    expect(parse('/1.0.0/WMTSCapabilities.xml')).toMatchObject({ kind: 'capabilities' });
    for (const path of ['/1.0.0/WMTSCapabilities.xml/Bogus', '/foo', '/', '', '/moon/MOON_GEOGRAPHIC/2/5/1', '/a/b/c/d/e/f/g/h.png']) expect(parse(path)).toBeNull();
  });

  it('says which part of an address is wrong', () => {
    expect(() => parse('/venus/MOON_GEOGRAPHIC/2/5/1.png')).toThrow(expect.objectContaining({ code: 'LAYER_NOT_DEFINED', locator: 'Layer' }));
    expect(() => parse('/moon/nope/2/5/1.png')).toThrow(expect.objectContaining({ locator: 'TileMatrixSet' }));
    expect(() => parse('/moon/MOON_GEOGRAPHIC/x/5/1.png')).toThrow(expect.objectContaining({ locator: 'TileMatrix' }));
    expect(() => parse('/moon/MOON_GEOGRAPHIC/2/a/1.png')).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER', locator: 'TileCol' }));
    expect(() => parse('/moon/MOON_GEOGRAPHIC/2/5/1.gif')).toThrow(expect.objectContaining({ code: 'FORMAT_NOT_SUPPORTED', locator: 'Format' }));
  });

  it('reads a configured template, row first and with a style', () => {
    const templates = { ...DEFAULT_TEMPLATES, tile: restTemplate('/{Layer}/{Style}/{TileMatrixSet}-{TileMatrix}/{TileRow}/{TileCol}.{Format}') };
    expect(parse('/moon/default/MOON_GEOGRAPHIC-2/1/5.png', templates)).toMatchObject({ kind: 'tile', tile: { col: 5, row: 1 } });
    const bare = { ...DEFAULT_TEMPLATES, tile: restTemplate('/{Layer}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}') };
    expect(parse('/moon/MOON_GEOGRAPHIC/2/1/5', bare)).toMatchObject({ format: 'image/png' });
  });
});

describe('restTemplate', () => {
  it.each(['/{Layer}/{TileMatrix}/{TileCol}/{TileRow}.{Format}', '/{Layer}{Layer}/{TileMatrixSet}/{TileMatrix}/{TileCol}/{TileRow}', '/{Layer}/{TileMatrixSet}/{TileMatrix}/{TileCol}/{TileRow}/{Time}'])(
    'refuses %s',
    (template) => {
      expect(() => restTemplate(template)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    },
  );

  it('takes dots and other signs of the template as they stand', () => {
    const { pattern } = restTemplate('/{Layer}.v1/{TileMatrixSet}/{TileMatrix}/{TileCol}/{TileRow}.{Format}');
    expect(pattern.test('/a.v1/b/0/0/0.png')).toBe(true);
    expect(pattern.test('/axv1/b/0/0/0.png')).toBe(false);
  });
});

describe('fillTemplate', () => {
  it("fills what is known, %-encoded, and leaves the client's variables", () => {
    expect(fillTemplate(DEFAULT_TEMPLATES.tile, { Layer: 'blue marble', Format: 'png' })).toBe('/blue%20marble/{TileMatrixSet}/{TileMatrix}/{TileCol}/{TileRow}.png');
  });
});
