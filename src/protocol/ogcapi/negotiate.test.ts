import { describe, expect, it } from 'vitest';
import { documentFormatOf, pictureFormatOf } from './negotiate.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8';

describe('documentFormatOf', () => {
  it.each([
    [undefined, undefined, 'json'],
    [undefined, '*/*', 'json'],
    [undefined, BROWSER, 'html'],
    [undefined, 'text/html;q=0.5, application/json', 'json'],
    [undefined, 'application/geo+json, application/json', 'json'],
    ['html', 'application/json', 'html'],
    ['json', BROWSER, 'json'],
  ])('f %s, Accept %s: %s', (f, accept, expected) => {
    expect(documentFormatOf(f, accept, ['json', 'html'])).toBe(expected);
  });

  it('refuses what is not offered: 400 for f, 406 for Accept', () => {
    expect(() => documentFormatOf('xml', undefined, ['json', 'html'])).toThrow(expect.objectContaining({ code: 'FORMAT_NOT_SUPPORTED', locator: 'f' }));
    expect(() => documentFormatOf(undefined, 'text/html;q=0, text/plain', ['json', 'html'])).toThrow(expect.objectContaining({ locator: 'Accept' }));
  });
});

describe('pictureFormatOf', () => {
  const OFFERED = ['image/png', 'image/jpeg', 'image/tiff'] as const;

  it.each([
    [null, undefined, undefined, 'image/png'],
    [null, undefined, BROWSER, 'image/png'],
    [null, undefined, 'image/jpeg, image/png;q=0.5', 'image/jpeg'],
    [null, 'jpeg', undefined, 'image/jpeg'],
    [null, 'image/tiff; application=geotiff', undefined, 'image/tiff'],
    ['jpg', 'png', 'image/png', 'image/jpeg'],
  ])('extension %s, f %s, Accept %s: %s', (extension, f, accept, expected) => {
    expect(pictureFormatOf({ extension, f, accept }, OFFERED)).toBe(expected);
  });

  it('names what is offered', () => {
    expect(() => pictureFormatOf({ extension: 'gif', f: undefined, accept: undefined }, OFFERED)).toThrow("the format 'gif' is not offered; offered are png, jpg, tiff");
  });
});
