import { describe, expect, it } from 'vitest';
import { optional, parseInteger, parseKvp, parseNumber, required, serviceOf } from './params.ts';

describe('parseKvp', () => {
  it('reads names in any case, and the first of repeated ones, so that nobody can smuggle a second value past a proxy', () => {
    const kvp = parseKvp('?Request=GetMap&REQUEST=GetFeatureInfo&layers=a');
    expect(kvp.get('REQUEST')).toBe('GetMap');
    expect(kvp.get('LAYERS')).toBe('a');
  });

  it('decodes blanks in both spellings and UTF-8 escapes, in names too', () => {
    expect(parseKvp('LAYERS=blue+marble%20x%2By&%4cayer=%C3%A9').get('LAYERS')).toBe('blue marble x+y');
    expect(parseKvp('%4cayer=%C3%A9').get('LAYER')).toBe('é');
  });

  it('never throws: broken escapes stay, empty parts vanish, the first = cuts', () => {
    const kvp = parseKvp('&&a=%zz&b=1=2&c&=x');
    expect([...kvp]).toEqual([['A', '%zz'], ['B', '1=2'], ['C', '']]);
  });
});

describe('required and optional', () => {
  it('take an empty value for an absent one', () => {
    const kvp = parseKvp('a=&b=1');
    expect(optional(kvp, 'A')).toBeNull();
    expect(() => required(kvp, 'A', 'locA')).toThrow(expect.objectContaining({ code: 'MISSING_PARAMETER', locator: 'locA' }));
    expect(required(kvp, 'B')).toBe('1');
  });
});

describe('parseNumber and parseInteger', () => {
  it.each([['1e2', 100], [' -1.5 ', -1.5], ['.5', 0.5], ['+3.', 3], ['1E-3', 0.001], ['1e 5', 1e5]])('read %s', (text, value) => {
    expect(parseNumber(text, 'X')).toBe(value);
  });

  it.each(['', ' ', '0x10', 'NaN', 'Infinity', '1e999', '1,5', '1 2', '--1', 'e5', '1_000'])("do not read '%s' as JavaScript might", (text) => {
    expect(() => parseNumber(text, 'X')).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER', locator: 'X' }));
  });

  it('keep integers whole and exact', () => {
    expect(parseInteger('-7', 'I')).toBe(-7);
    expect(() => parseInteger('1.0', 'I')).toThrow(/whole/);
    expect(() => parseInteger('9007199254740993', 'I')).toThrow(/whole/);
  });
});

describe('serviceOf', () => {
  it.each([
    ['service=wms&request=GetCapabilities', 'WMS'],
    ['SERVICE=WMTS&REQUEST=GetCapabilities', 'WMTS'],
    ['request=GetMap', 'WMS'],
    ['request=GetTile', 'WMTS'],
    ['request=GetFeatureInfo&layers=a', 'WMS'],
    ['request=GetFeatureInfo&tilematrixset=a', 'WMTS'],
    ['request=capabilities&wmtver=1.0.0', 'WMS'],
    ['request=GetCapabilities&version=1.1.1', 'WMS'],
    ['request=GetCapabilities&version=1.0.0', null],
    ['request=GetCapabilities', null],
    ['service=WFS&request=GetCapabilities', null],
  ])('%s -> %s', (query, service) => {
    expect(serviceOf(parseKvp(query))).toBe(service);
  });
});
