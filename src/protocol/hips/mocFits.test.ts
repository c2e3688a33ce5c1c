import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bodyFrame, SKY_FRAMES } from '../../geometry/frame/frame.ts';
import { formatFitsHeader, readFitsUnits } from '../fits.ts';
import type { FitsCard } from '../fits.ts';
import { mocCells, mocOfCells, skyFraction, wholeSphere } from './moc.ts';
import { formatMocFits, frameOfMoc, parseMocFits } from './mocFits.ts';
import { parseMocText } from './mocText.ts';

const MOON = new URL('../../../test/oracle/hips/moon.Moc.fits', import.meta.url);

/** A MOC file as others write it: the given cards over a table of big-endian numbers of `size` bytes. */
function table(size: number, values: readonly bigint[], cards: readonly FitsCard[], perRow = 1): Uint8Array {
  const data = new DataView(new ArrayBuffer(Math.ceil((size * values.length) / 2880) * 2880));
  values.forEach((value, i) => {
    if (size === 4) data.setInt32(4 * i, Number(value));
    else data.setBigInt64(8 * i, value);
  });
  const shape: readonly FitsCard[] = [
    ['XTENSION', 'BINTABLE'], ['BITPIX', 8], ['NAXIS', 2], ['NAXIS1', size * perRow], ['NAXIS2', values.length / perRow],
    ['PCOUNT', 0], ['GCOUNT', 1], ['TFIELDS', 1], ['TFORM1', `${perRow}${size === 4 ? 'J' : 'K'}`],
  ];
  const primary = formatFitsHeader([['SIMPLE', true], ['BITPIX', 8], ['NAXIS', 0]]);
  return new Uint8Array(Buffer.concat([primary, formatFitsHeader([...shape, ...cards]), new Uint8Array(data.buffer)]));
}

describe("Hipsgen's own Moc.fits", () => {
  it('is read: the whole Moon, 32-bit NUNIQ', () => {
    const { moc, coordsys } = parseMocFits(readFileSync(MOON));
    expect(moc).toEqual(wholeSphere());
    expect(coordsys).toBe('C');
  });
});

describe('formatMocFits (1.7)', () => {
  const moc = parseMocText('0/4 3/1-3 5 4/27 24/3377699720527871');

  it('is read back', () => {
    expect(parseMocFits(formatMocFits(moc, { frame: SKY_FRAMES.galactic }))).toEqual({ moc, coordsys: 'G' });
  });

  it('is whole blocks of 2880 bytes, each header on its own', () => {
    const bytes = formatMocFits(moc, { frame: SKY_FRAMES.icrs });
    expect(bytes.length).toBe(3 * 2880);
    expect(readFitsUnits(bytes).map(({ dataStart, dataLength }) => [dataStart, dataLength])).toEqual([[2880, 0], [5760, 7 * 8]]);
    const many = mocOfCells(Array.from({ length: 400 }, (_, i) => ({ order: 6, npix: 4 * i })));
    expect(formatMocFits(many, { frame: SKY_FRAMES.icrs }).length).toBe(4 * 2880); // 3200 bytes of table
  });

  it('has the mandatory cards, byte for byte (MOC 1.1)', () => {
    const text = new TextDecoder('ascii').decode(formatMocFits(moc, { frame: SKY_FRAMES.icrs }).subarray(2880, 5760));
    const cards = Array.from({ length: 36 }, (_, i) => text.slice(80 * i, 80 * i + 80));
    expect(cards[0]).toMatch(/^XTENSION= 'BINTABLE'/);
    expect(cards.slice(1, 9).map((card) => card.trimEnd())).toEqual([
      'BITPIX  =                    8',
      'NAXIS   =                    2',
      'NAXIS1  =                    8',
      'NAXIS2  =                    7',
      'PCOUNT  =                    0',
      'GCOUNT  =                    1',
      'TFIELDS =                    1',
      "TFORM1  = '1K      '",
    ]);
    for (const card of ["PIXTYPE = 'HEALPIX '", "ORDERING= 'NUNIQ   '", "COORDSYS= 'C       '", 'MOCORDER=                   29']) {
      expect(cards.map((each) => each.trimEnd())).toContain(card);
    }
  });

  it('packs 4 * 4^order + npix, ascending, big-endian', () => {
    const bytes = formatMocFits(moc, { frame: SKY_FRAMES.icrs });
    const view = new DataView(bytes.buffer, 5760);
    const uniq = Array.from({ length: 7 }, (_, i) => view.getBigInt64(8 * i));
    expect(uniq).toEqual([8n, 257n, 258n, 259n, 261n, 1051n, (1n << 50n) + 3_377_699_720_527_871n]);
    expect([...bytes.subarray(5760 + 56)].every((byte) => byte === 0)).toBe(true);
  });

  it('declares MOCORDER 29 while the cells stay coarse (5, trap 2), or what is asked, never less than the deepest cell', () => {
    const declared = (order?: number): unknown =>
      readFitsUnits(formatMocFits(parseMocText('3/1 5/0'), order === undefined ? { frame: SKY_FRAMES.icrs } : { frame: SKY_FRAMES.icrs, mocOrder: order }))[1]
        ?.header.get('MOCORDER');
    expect(declared()).toBe(29);
    expect(declared(11)).toBe(11);
    expect(declared(2)).toBe(5);
  });

  it.each([
    [SKY_FRAMES.icrs, 'C'],
    [SKY_FRAMES.galactic, 'G'],
    [SKY_FRAMES.ecliptic, 'E'],
    [bodyFrame('Mars'), 'C'],
  ])('writes the letter of $id', (frame, letter) => {
    expect(parseMocFits(formatMocFits(moc, { frame })).coordsys).toBe(letter);
  });

  it('writes an empty coverage that reads as empty', () => {
    const bytes = formatMocFits(mocOfCells([]), { frame: SKY_FRAMES.icrs });
    expect(bytes.length).toBe(2 * 2880);
    expect(skyFraction(parseMocFits(bytes).moc)).toBe(0);
  });
});

describe('parseMocFits', () => {
  it('reads 128 numbers to a row with zeros as padding, as old files have it', () => {
    const values = [...Array.from({ length: 4 }, (_, i) => 16n + BigInt(i)), ...Array.from({ length: 4 }, () => 0n)];
    const { moc } = parseMocFits(table(4, values, [['ORDERING', 'NUNIQ']], 4));
    expect(mocCells(moc)).toEqual([{ order: 0, npix: 0 }]);
  });

  it('widens cells of orders 25 to 29 to order 24, so that nothing covered is lost', () => {
    const deep = 4n * 4n ** 29n + 5n * 4n ** 26n + 1024n; // order 29, in 3/5
    const { moc } = parseMocFits(table(8, [deep], [['ORDERING', 'NUNIQ'], ['COORDSYS', 'C']]));
    expect(mocCells(moc)).toEqual([{ order: 24, npix: 5 * 4 ** 21 + 1 }]);
  });

  it('reads ranges of order 29 (MOC 2.0), widened likewise', () => {
    const cell = 4n ** 26n; // one of order 3
    const { moc } = parseMocFits(table(8, [cell, 4n * cell, 5n * cell, 6n * cell], [['ORDERING', 'RANGE'], ['MOCDIM', 'SPACE']]));
    expect(moc).toEqual(parseMocText('3/1-3 5'));
    const thin = parseMocFits(table(8, [1023n, 1025n], [['ORDERING', 'RANGE29']]));
    expect([...thin.moc.ranges]).toEqual([0, 2]);
  });

  it('refuses what is no space MOC', () => {
    expect(() => parseMocFits(new TextEncoder().encode('<html>'))).toThrow(/not a FITS file/);
    expect(() => parseMocFits(formatFitsHeader([['SIMPLE', true], ['NAXIS', 0]]))).toThrow(/no binary table/);
    expect(() => parseMocFits(table(8, [4n], [['ORDERING', 'NESTED']]))).toThrow(/ORDERING = NESTED/);
    expect(() => parseMocFits(table(8, [4n], [['ORDERING', 'RANGE'], ['MOCDIM', 'TIME']]))).toThrow(/MOCDIM = TIME/);
    expect(() => parseMocFits(table(8, [0n, 4n ** 32n - 1n], [['ORDERING', 'RANGE']]))).toThrow(/outside HEALPix order 29/);
  });

  it('refuses a file that was cut short instead of reading less coverage', () => {
    const whole = formatMocFits(mocOfCells(Array.from({ length: 400 }, (_, i) => ({ order: 6, npix: 4 * i }))), { frame: SKY_FRAMES.icrs });
    expect(() => parseMocFits(whole.subarray(0, 3 * 2880))).toThrow(/bytes instead of/);
  });

  it('reads a view into a larger buffer, as the network hands it over', () => {
    const bytes = formatMocFits(parseMocText('3/5'), { frame: SKY_FRAMES.icrs });
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(mocCells(parseMocFits(shifted.subarray(3)).moc)).toEqual([{ order: 3, npix: 5 }]);
  });
});

describe('frameOfMoc (6: C MOCs exist for galactic HiPS)', () => {
  it('believes the letter in the sky and ignores it on a body', () => {
    expect(frameOfMoc('C', SKY_FRAMES.galactic)).toBe(SKY_FRAMES.icrs);
    expect(frameOfMoc('G', SKY_FRAMES.galactic)).toBe(SKY_FRAMES.galactic);
    expect(frameOfMoc('E', SKY_FRAMES.icrs)).toBe(SKY_FRAMES.ecliptic);
    expect(frameOfMoc(null, SKY_FRAMES.galactic)).toBe(SKY_FRAMES.galactic);
    expect(frameOfMoc('C', bodyFrame('moon'))).toEqual(bodyFrame('moon'));
  });
});
