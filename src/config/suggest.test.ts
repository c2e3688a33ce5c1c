import { describe, expect, it } from 'vitest';
import { editDistance, suggest } from './suggest.ts';

describe('editDistance', () => {
  it.each([
    ['', 'abc', 3],
    ['tranparent', 'transparent', 1],
    ['kitten', 'sitting', 3],
    ['sources', 'soruces', 1],
    ['ca', 'abc', 3],
  ])('%s -> %s: %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe('suggest', () => {
  it('finds a swapped, a missing and a wrong letter, whatever the case', () => {
    expect(suggest('soruces', ['caches', 'sources', 'layers'])).toBe('sources');
    expect(suggest('TRANPARENT', ['format', 'transparent'])).toBe('transparent');
    expect(suggest('bilinar', ['nearest', 'bilinear', 'bicubic'])).toBe('bilinear');
  });

  it('takes the nearest of several, the first among equals', () => {
    expect(suggest('layer', ['layers', 'player', 'relayed'])).toBe('layers');
  });

  it('is silent rather than misleading when nothing is near', () => {
    expect(suggest('apikey', ['url', 'layers', 'format'])).toBeUndefined();
    expect(suggest('ab', ['xy'])).toBeUndefined();
  });
});
