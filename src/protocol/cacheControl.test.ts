import { describe, expect, it } from 'vitest';
import { cacheControlMistake, strictestCacheControl } from './cacheControl.ts';

describe('Cache-Control', () => {
  it.each(['public, max-age=60', 'no-store', 'private,max-age=0 , must-revalidate', 'public, s-maxage=5, stale-if-error=6, immutable'])('takes %s', (header) => {
    expect(cacheControlMistake(header)).toBeNull();
  });
  it.each([
    ['max-age', 'max-age needs a number of seconds: max-age=3600'],
    ['private=4', 'private has no value'],
    ['', "'' is no directive"],
    ['maxage=4', "'maxage=4' is no directive"],
    ['no-store\r\nx: y', "'no-store\r\nx: y' is no directive"],
  ])('refuses %j', (header, mistake) => expect(cacheControlMistake(header)).toContain(mistake));

  it.each([
    [['public, max-age=60', 'public, max-age=60'], 'public, max-age=60'],
    [['public, max-age=60', 'public, max-age=5'], 'public, max-age=5'],
    [['public, max-age=60', 'private, max-age=90'], 'max-age=60, private'],
    [['public, private, max-age=60', 'public, private, max-age=90'], 'private, max-age=60'],
    [['public, max-age=60', 'no-store'], 'no-store'],
    [['max-age=60, immutable', 'max-age=70, no-cache'], 'max-age=60, no-cache'],
    [['max-age=60', 'max-age=70, s-maxage=80'], 'max-age=60, s-maxage=60'],
    [['max-age=9, stale-if-error=7', 'max-age=9, stale-if-error=5', 'max-age=8, stale-if-error=6'], 'max-age=8, stale-if-error=5'],
  ])('of %j is %s', (headers, expected) => expect(strictestCacheControl(headers)).toBe(expected));
});
