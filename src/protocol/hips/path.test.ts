import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../errors.ts';
import { formatAllskyPath, formatTilePath, parseHipsPath } from './path.ts';

function refusal(path: string): { code: string; locator: string | null; message: string } {
  try {
    parseHipsPath(path);
  } catch (error) {
    if (error instanceof GatewayError) return { code: error.code, locator: error.locator, message: error.message };
    throw error;
  }
  throw new Error(`${path} was accepted`);
}

describe('parseHipsPath', () => {
  it.each([
    ['', 'index'],
    ['index.html', 'index'],
    ['properties', 'properties'],
    ['Moc.fits', 'moc'],
    ['metadata.xml', 'metadata'],
    ['preview.jpg', 'preview'],
  ])('knows the file %j (1.7)', (path, kind) => {
    expect(parseHipsPath(path)).toEqual({ kind });
  });

  it('reads a tile address (1.3)', () => {
    expect(parseHipsPath('Norder3/Dir0/Npix271.png')).toEqual({ kind: 'tile', order: 3, npix: 271, extension: 'png' });
    expect(parseHipsPath('Norder7/Dir190000/Npix196607.webp')).toEqual({
      kind: 'tile', order: 7, npix: 196_607, extension: 'webp',
    });
    expect(parseHipsPath('Norder0/Dir0/Npix11.fits.fz')).toEqual({ kind: 'tile', order: 0, npix: 11, extension: 'fits.fz' });
  });

  it('is exact at the last cell of the deepest order', () => {
    const last = 12 * 4 ** 24 - 1;
    expect(parseHipsPath(`${formatTilePath(24, last)}.jpg`)).toEqual({ kind: 'tile', order: 24, npix: last, extension: 'jpg' });
    expect(formatTilePath(24, last)).toBe('Norder24/Dir3377699720520000/Npix3377699720527871');
    expect(refusal('Norder24/Dir3377699720520000/Npix3377699720527872.jpg')).toMatchObject({
      code: 'TILE_OUT_OF_RANGE', locator: 'Npix',
    });
  });

  it('reads an Allsky address of orders 0 to 3 (1.6)', () => {
    expect(parseHipsPath('Norder3/Allsky.jpg')).toEqual({ kind: 'allsky', order: 3, extension: 'jpg' });
    expect(parseHipsPath('Norder0/Allsky.png')).toEqual({ kind: 'allsky', order: 0, extension: 'png' });
    expect(refusal('Norder4/Allsky.jpg')).toMatchObject({ code: 'TILE_OUT_OF_RANGE', locator: 'Norder' });
  });

  it.each([
    ['Norder25/Dir0/Npix0.png', 'Norder'],
    ['Norder500/Dir0/Npix0.png', 'Norder'],
    ['Norder0/Dir0/Npix12.png', 'Npix'],
    ['Norder3/Dir0/Npix768.png', 'Npix'],
    ['Norder7/Dir0/Npix10000.png', 'Dir'],
    ['Norder7/Dir10000/Npix9999.png', 'Dir'],
    ['Norder7/Dir10001/Npix10001.png', 'Dir'],
    ['Norder24/Dir0/Npix9999999999999999.png', 'Npix'],
  ])('refuses %s as out of range (9.3)', (path, locator) => {
    expect(refusal(path)).toMatchObject({ code: 'TILE_OUT_OF_RANGE', locator });
  });

  it.each([
    'Norder03/Dir0/Npix271.png', // a second address of the same tile
    'Norder3/Dir00/Npix271.png',
    'Norder3/Dir0/Npix0271.png',
    'Norder3.5/Dir0/Npix271.png',
    'Norder-1/Dir0/Npix271.png',
    'Norder+3/Dir0/Npix271.png',
    'Norder3e0/Dir0/Npix271.png',
    'Norder0x3/Dir0/Npix271.png',
    'Norder/Dir0/Npix271.png',
    'Norderx/Dir0/Npix271.png',
    'Norder3/Dirx/Npix271.png',
    'Norder3/Dir0/Npixabc.png',
    'Norder3/Dir0/Npix271_4.png', // frame of a cube
    'Norder3/Dir0/Npix27100000000000000000.png',
  ])('refuses the number in %s', (path) => {
    expect(refusal(path)).toMatchObject({ code: 'INVALID_PARAMETER' });
  });

  it.each([
    'Norder3/Dir0/Npix271',
    'Norder3/Dir0/Npix271.',
    'Norder3/Dir0/Npix271.PNG',
    'Norder3/Dir0/Npix271.png/extra',
    '/Norder3/Dir0/Npix271.png',
    'norder3/Dir0/Npix271.png',
    'Norder3/Npix271.png',
    'Norder3/Dir0/../Npix271.png',
    'Norder3/Dir0/Npix271.png\n',
    'metadata.txt',
    'moc.fits',
    'properties/',
  ])('refuses %j as no HiPS file', (path) => {
    expect(refusal(path)).toMatchObject({ code: 'INVALID_PARAMETER', locator: 'path' });
  });

  it('says what is wrong', () => {
    expect(refusal('Norder0/Dir0/Npix12.png').message).toBe(
      'Npix12 does not exist at Norder0: npix must be below 12*4^0 = 12',
    );
    expect(refusal('Norder7/Dir0/Npix10000.png').message).toBe('Npix10000 is in Dir10000, not in Dir0');
  });

  it('does not echo an endless path or a line break', () => {
    const { message } = refusal(`${'a'.repeat(5000)}\nSet-Cookie: x`);
    expect(message.length).toBeLessThan(300);
    expect(refusal('a\nb').message).not.toContain('\n');
  });
});

describe('formatting', () => {
  it('writes the addresses that clients ask for', () => {
    expect(formatTilePath(3, 271)).toBe('Norder3/Dir0/Npix271');
    expect(formatTilePath(7, 10_000)).toBe('Norder7/Dir10000/Npix10000');
    expect(formatAllskyPath(3)).toBe('Norder3/Allsky');
  });
});
