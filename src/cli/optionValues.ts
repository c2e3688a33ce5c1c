import { InvalidArgumentError, Option } from 'commander';
import type { Coverage } from '../task/coverage.ts';

/** What --srs says. */
export const SRS_HELP = 'reference system of --bbox, x before y, or of the polygons of --coverage (default: degrees of the body)';

/** @param what is done with the tiles */
export function coverageOption(what: string): Option {
  return new Option('--coverage <file>', `${what} what lies in a file: polygons as WKT or GeoJSON, or a MOC (default: off)`);
}

/** Which part of the world the options name; null = all. Four numbers are a rectangle for --coverage as well, as in MapProxy. */
export function coverageOf({ bbox, coverage, srs = null }: { readonly bbox: Bbox | undefined; readonly coverage: string | undefined; readonly srs: string | undefined | null }): Coverage | null {
  if (bbox !== undefined) return { bbox, srs };
  if (coverage === undefined) return null;
  return /^[^,]+,[^,]+,[^,]+,[^,]+$/.test(coverage) ? { bbox: parseBbox(coverage), srs } : { file: coverage, srs };
}

type Bbox = readonly [number, number, number, number];

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
