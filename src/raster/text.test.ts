import { describe, expect, it } from 'vitest';
import { textRaster } from './text.ts';
import type { Raster } from './raster.ts';

/** '#' for black, '.' for white, ' ' for nothing. */
function lines({ data, width, height }: Raster): readonly string[] {
  const sign = (at: number): string => (data[at + 3] === 0 ? ' ' : data[at] === 0 ? '#' : '.');
  return Array.from({ length: height }, (_, row) => Array.from({ length: width }, (__, col) => sign((row * width + col) * 4)).join(''));
}

/** Danger: a picture of an error message that nobody can read: mirrored, shifted into the next letter, or running out of the picture. */
describe('a text as a picture', () => {
  it('has letters that look like letters', () => {
    expect(lines(textRaster('FR', 20, 15)).slice(4, 11).map((line) => line.slice(4, 15))).toEqual([
      '#####.####.',
      '#.....#...#',
      '#.....#...#',
      '###...####.',
      '#.....#.#..',
      '#.....#..#.',
      '#.....#...#',
    ]);
  });

  it('stands on white, and the rest of the picture is transparent', () => {
    const found = lines(textRaster('I', 30, 30));
    expect([found[0]!.slice(0, 14), found[29]!.trim()]).toEqual(['.............'.padEnd(14), '']);
  });

  it('is broken between words, and inside a word only where it is too long', () => {
    const rowsOfText = (text: string): number => lines(textRaster(text, 68, 100)).filter((line) => line.startsWith('.')).length;
    expect([rowsOfText('ten letters'), rowsOfText('tenletters'), rowsOfText('twenty letters, more')].map((rows) => Math.round((rows - 5) / 10))).toEqual([2, 1, 3]);
  });

  it('in the other corner: the same letters, the picture behind them', () => {
    const [there, here] = [textRaster('two words', 40, 60, { corner: 'bottom right', opacity: 120 }), textRaster('two words', 40, 60)].map(lines);
    const box = (all: readonly string[]): readonly string[] => all.filter((line) => line.trim() !== '').map((line) => line.trim());
    expect(box(there!)).toEqual(box(here!));
    expect([there![59]!.endsWith('.'), there![0]!.trim(), here![59]!.trim()]).toEqual([true, '', '']);
    expect([...textRaster('a', 40, 60, { corner: 'bottom right', opacity: 120 }).data.subarray(-4)]).toEqual([120, 120, 120, 120]);
  });

  it('ends where the picture ends, whatever its size', () => {
    for (const [width, height] of [[1, 1], [3, 200], [200, 3]] as const) {
      for (const corner of ['top left', 'bottom right'] as const) expect(textRaster('a message that is longer than that', width, height, { corner, opacity: 255 }).data).toHaveLength(width * height * 4);
    }
  });

  it('shows ? for what has no letter here, and nothing for no text', () => {
    expect(textRaster('\u6708', 20, 20)).toEqual(textRaster('?', 20, 20));
    expect(textRaster('\u00a9 M\u00e4dler', 80, 20)).toEqual(textRaster('(c) Madler', 80, 20));
    expect(lines(textRaster('', 5, 5)).join('')).not.toContain('#');
  });
});
