import { describe, expect, it } from 'vitest';
import {
  allskyUrl, formatsToTry, hipsAddress, hipsFileUrl, isMissing, isWorthAnotherFormat, mirrorOrder, tileUrl,
} from './client.ts';

describe('formatsToTry (6: pick by purpose)', () => {
  it('takes png where transparency matters and jpeg where it does not, the rest as retries', () => {
    expect(formatsToTry(['jpeg', 'png', 'fits'], 'transparent', null)).toEqual(['png', 'jpeg', 'fits']);
    expect(formatsToTry(['png', 'jpeg', 'webp'], 'picture', null)).toEqual(['jpeg', 'webp', 'png']);
    expect(formatsToTry(['jpeg', 'webp'], 'transparent', null)).toEqual(['webp', 'jpeg']);
  });

  it('reads measurements from FITS only', () => {
    expect(formatsToTry(['jpeg', 'fits'], 'data', null)).toEqual(['fits']);
    expect(formatsToTry(['jpeg'], 'data', null)).toEqual([]);
  });

  it("puts the operator's choice first, named or not", () => {
    expect(formatsToTry(['png', 'jpeg'], 'transparent', 'jpeg')).toEqual(['jpeg', 'png']);
    expect(formatsToTry(['jpeg'], 'picture', 'webp')).toEqual(['webp', 'jpeg']);
  });

  it('guesses where nothing is named', () => {
    expect(formatsToTry([], 'picture', null)).toEqual(['jpeg', 'png']);
    expect(formatsToTry([], 'transparent', null)).toEqual(['png', 'jpeg']);
  });
});

describe('hipsAddress', () => {
  it.each([
    ['http://a.example/hips/moon', 'http://a.example/hips/moon'],
    [' http://A.example:80/hips/moon// ', 'http://a.example/hips/moon'],
    ['https://a.example/moon/properties', 'https://a.example/moon'],
    ['https://a.example/moon/index.html#x', 'https://a.example/moon'],
    ['https://a.example/moon/?token=1', 'https://a.example/moon?token=1'],
    ['https://user:pw@a.example/', 'https://user:pw@a.example'],
  ])('%j is %s', (given, address) => {
    expect(hipsAddress(given)).toBe(address);
  });

  it.each(['', 'moon', 'file:///data/moon', 'ftp://a.example/moon'])('refuses %j', (url) => {
    expect(() => hipsAddress(url)).toThrow(/no http\(s\) address/);
  });
});

describe('mirrorOrder (6)', () => {
  it("asks the operator's addresses first and each address once", () => {
    expect(mirrorOrder(['https://b.example/x/', 'https://c.example/x'], ['https://a.example/x', 'https://b.example/x/'])).toEqual([
      'https://b.example/x', 'https://c.example/x', 'https://a.example/x',
    ]);
  });

  it('drops published addresses that a HiPS has no business to give', () => {
    expect(mirrorOrder(['https://b.example/x'], ['https://u:p@a.example/x', 'http://a.example/?x=1', 'file:///etc', 'x'])).toEqual(['https://b.example/x']);
  });
});

describe('addresses of files', () => {
  it('are built without double slashes, before a query', () => {
    expect(tileUrl('https://a.example/x', 3, 271, 'jpeg')).toBe('https://a.example/x/Norder3/Dir0/Npix271.jpg');
    expect(tileUrl('https://a.example/x?token=1', 7, 10_000, 'fits')).toBe('https://a.example/x/Norder7/Dir10000/Npix10000.fits?token=1');
    expect(allskyUrl('https://a.example', 3, 'png')).toBe('https://a.example/Norder3/Allsky.png');
    expect(hipsFileUrl(hipsAddress('https://a.example/x/'), 'Moc.fits')).toBe('https://a.example/x/Moc.fits');
  });
});

describe('isMissing (6: partial sky)', () => {
  it.each([[404, 300], [410, 0], [403, 200], [204, 0], [200, 0]])('%d with %d bytes is no data', (status, length) => {
    expect(isMissing(status, length)).toBe(true);
    expect(isWorthAnotherFormat(status, length)).toBe(true);
  });

  it.each([[200, 1], [500, 0], [502, 10], [503, 0], [429, 0], [401, 0], [408, 0], [206, 5]])('%d with %d bytes is not', (status, length) => {
    expect(isMissing(status, length)).toBe(false); // else an outage would be kept as a hole
    expect(isWorthAnotherFormat(status, length)).toBe(false);
  });

  it('tries another format after 415, which says nothing about the tile', () => {
    expect(isMissing(415, 0)).toBe(false);
    expect(isWorthAnotherFormat(415, 0)).toBe(true);
  });
});
