import { describe, expect, it } from 'vitest';
import { mocCells } from './moc.ts';
import { parseMocText } from './mocText.ts';

function read(text: string): string {
  return mocCells(parseMocText(text)).map(({ order, npix }) => `${order}/${npix}`).join(' ');
}

describe('parseMocText (MOC 2.0, 4.3.2)', () => {
  it('reads cells, ranges and implied orders', () => {
    expect(read('3/1-3 5 4/27')).toBe('3/1 3/2 3/3 3/5 4/27');
  });

  it("reads the standard's own example, the resolution at its end included", () => {
    expect(read('1/1 2 4 2/12-14 21 23 25 8/')).toBe('1/1 1/2 1/4 2/12 2/13 2/14 2/21 2/23 2/25');
  });

  it('bears line ends, commas, a space after the slash and the prefix s', () => {
    expect(read(' s3/1,2\r\n 3\n4/ 27 ')).toBe('3/1 3/2 3/3 4/27');
  });

  it('reads nothing as nothing', () => {
    expect(read('')).toBe('');
    expect(read('29/')).toBe('');
  });

  it.each(['5', 't61/1', '3/x', '3/5-', '3/-5', '3//5', '3/5-2', '25/0', '3/1.5', '24/0-3377699720527871'])('refuses %j', (text) => {
    expect(() => parseMocText(text)).toThrow(/MOC element/);
  });

  it('refuses a cell that does not exist', () => {
    expect(() => parseMocText('0/12')).toThrow(/no HEALPix cell/);
  });
});
