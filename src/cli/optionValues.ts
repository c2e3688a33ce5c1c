import { InvalidArgumentError } from 'commander';

/** `west,south,east,north`: four numbers. @throws InvalidArgumentError, which the command line prints */
export function parseBbox(text: string): readonly [number, number, number, number] {
  const [minX, minY, maxX, maxY, ...more] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const isBox = more.length === 0 && [minX, minY, maxX, maxY].every(Number.isFinite) && minX! < maxX! && minY! < maxY!;
  if (isBox) return [minX!, minY!, maxX!, maxY!];
  throw new InvalidArgumentError('expected four numbers west,south,east,north with west < east and south < north.');
}

/** A whole number from 1 on. @throws InvalidArgumentError */
export function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text.trim()) && Number.isSafeInteger(count) && count >= 1) return count;
  throw new InvalidArgumentError('expected a whole number from 1 on.');
}

/** Deeper than any order or level. */
const DEEPEST = 100;

/** `0-5`, `3`, `0,2,4`: whole numbers, ascending, each once. @throws InvalidArgumentError */
export function parseLevels(text: string): readonly number[] {
  const levels = text.split(',').flatMap((part) => {
    const [, from, to = from] = /^\s*(\d+)\s*(?:(?:-|\.\.)\s*(\d+))?\s*$/.exec(part) ?? [];
    const [first, last] = [Number(from ?? Number.NaN), Number(to ?? Number.NaN)];
    if (!(first <= last && last <= DEEPEST)) throw new InvalidArgumentError('expected numbers or ranges of numbers: 0-5, or 0,2,4.');
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return [...new Set(levels)].toSorted((a, b) => a - b);
}
