import { describe, expect, it } from 'vitest';
import { FITS_BLOCK, fitsPadded, formatFitsHeader, readFitsUnits } from './fits.ts';
import type { FitsCard } from './fits.ts';

const PRIMARY: readonly FitsCard[] = [['SIMPLE', true], ['BITPIX', 8], ['NAXIS', 0], ['EXTEND', true]];

function text(bytes: Uint8Array): string {
  return new TextDecoder('ascii').decode(bytes);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

describe('formatFitsHeader', () => {
  it('writes fixed-format cards of 80 bytes in blocks of 2880 (FITS 4.0, 3.1, 4.2)', () => {
    const header = text(formatFitsHeader([['SIMPLE', true, 'standard'], ['NAXIS2', 12], ['EXTNAME', "l'Ete"]]));
    expect(header.length).toBe(FITS_BLOCK);
    expect(header.slice(0, 80)).toBe('SIMPLE  =                    T / standard'.padEnd(80));
    expect(header.slice(80, 160)).toBe('NAXIS2  =                   12'.padEnd(80));
    expect(header.slice(160, 240)).toBe("EXTNAME = 'l''Ete  '".padEnd(80));
    expect(header.slice(240, 320)).toBe('END'.padEnd(80));
    expect(header.slice(320)).toBe(' '.repeat(FITS_BLOCK - 320));
  });

  it('goes on to a second block when END does not fit in the first', () => {
    expect(formatFitsHeader(Array.from({ length: 35 }, (_, i) => [`KEY${i}`, i])).length).toBe(FITS_BLOCK);
    expect(formatFitsHeader(Array.from({ length: 36 }, (_, i) => [`KEY${i}`, i])).length).toBe(2 * FITS_BLOCK);
  });

  it('cuts a long comment but refuses a long or non-ASCII value', () => {
    expect(text(formatFitsHeader([['A', 1, 'x'.repeat(100)]])).slice(80, 83)).toBe('END');
    expect(() => formatFitsHeader([['A', 'x'.repeat(80)]])).toThrow(RangeError);
    expect(() => formatFitsHeader([['A', 'Île']])).toThrow(RangeError);
  });
});

describe('readFitsUnits', () => {
  it('reads back what was written, over padded data', () => {
    const image: readonly FitsCard[] = [
      ['SIMPLE', true], ['BITPIX', -32], ['NAXIS', 2], ['NAXIS1', 3], ['NAXIS2', 5], ['OBJECT', "it's", 'c'], ['BSCALE', 1.5e-7],
    ];
    const table: readonly FitsCard[] = [
      ['XTENSION', 'BINTABLE'], ['BITPIX', 8], ['NAXIS', 2], ['NAXIS1', 8], ['NAXIS2', 2], ['PCOUNT', 0], ['GCOUNT', 1],
    ];
    const file = joined(formatFitsHeader(image), new Uint8Array(fitsPadded(60)), formatFitsHeader(table), new Uint8Array(2880));
    const units = readFitsUnits(file);
    expect(units.map(({ dataStart, dataLength }) => [dataStart, dataLength])).toEqual([[2880, 60], [8640, 16]]);
    expect(units[0]?.header.get('OBJECT')).toBe("it's");
    expect(units[0]?.header.get('BSCALE')).toBe(1.5e-7);
    expect(units[1]?.header.get('XTENSION')).toBe('BINTABLE');
  });

  it('reads comments, D exponents and empty values as others write them', () => {
    const lines = ['SIMPLE  = T', 'BITPIX  = 16 / bits', 'NAXIS   = 0', 'BZERO   = 3.2768D4', 'COMMENT = no', 'EMPTY   =', "S = 'a/b' / c"];
    const file = new TextEncoder().encode([...lines, 'END'].map((line) => line.padEnd(80)).join('').padEnd(2880));
    const header = readFitsUnits(file)[0]?.header;
    expect(header?.get('BITPIX')).toBe(16);
    expect(header?.get('BZERO')).toBe(32_768);
    expect(header?.has('EMPTY')).toBe(false);
    expect(header?.has('S')).toBe(false); // the value indicator belongs in columns 9 and 10
  });

  it('refuses what is no FITS, and a header that never ends', () => {
    expect(() => readFitsUnits(new TextEncoder().encode('<!DOCTYPE html>'))).toThrow(/does not begin with SIMPLE/);
    expect(() => readFitsUnits(formatFitsHeader(PRIMARY).subarray(0, 240))).toThrow(/no END/);
    expect(() => readFitsUnits(formatFitsHeader([['SIMPLE', true], ['NAXIS', 1], ['NAXIS1', -5]]))).toThrow(/NAXIS1 = -5/);
  });

  it('does not build an array of hostile length', () => {
    expect(() => readFitsUnits(formatFitsHeader([['SIMPLE', true], ['NAXIS', 4_000_000_000]]))).toThrow(/NAXIS = 4000000000/);
  });
});
