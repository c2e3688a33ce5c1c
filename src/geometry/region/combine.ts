import type { Frame } from '../frame/frame.ts';
import { rotationBetween } from '../frame/rotation.ts';
import { rotated, rotatedShape } from './shape.ts';
import type { Overlap, Region } from './types.ts';

/** The region as directions of another frame see it. @throws FRAME_MISMATCH between frames that no rotation joins */
export function regionInFrame(region: Region, frame: Frame): Region {
  const rotation = rotationBetween(frame, region.frame);
  if (rotation === null) return region;
  return {
    frame,
    contains: (n, { lon, lat }, out) => region.contains(n, rotated({ lon: lon.subarray(0, n), lat: lat.subarray(0, n) }, rotation), out),
    overlap: (shape) => region.overlap(rotatedShape(shape, rotation)),
  };
}

/** What lies in any of them. All of one frame, at least one. */
export function unionOf(regions: readonly Region[]): Region {
  return joined(regions, 'inside', (a, b) => a | b);
}

/** What lies in all of them. All of one frame, at least one. */
export function intersectionOf(regions: readonly Region[]): Region {
  return joined(regions, 'outside', (a, b) => a & b);
}

/** What lies in the first and in none of the others, of the same frame. */
export function differenceOf(first: Region, others: readonly Region[]): Region {
  return others.length === 0 ? first : intersectionOf([first, complementOf(unionOf(others))]);
}

/** Everything else. */
function complementOf(region: Region): Region {
  return {
    frame: region.frame,
    contains(n, at, out) {
      region.contains(n, at, out);
      for (let i = 0; i < n; i++) out[i] = Number.isNaN(at.lon[i]) ? 0 : 1 - out[i]!;
    },
    overlap: (shape) => OPPOSITE[region.overlap(shape)],
  };
}

const OPPOSITE: Readonly<Record<Overlap, Overlap>> = { inside: 'outside', partial: 'partial', outside: 'inside' };

/** @param decisive what one region says settles it for all */
function joined(regions: readonly Region[], decisive: Overlap, join: (a: number, b: number) => number): Region {
  const [first, ...others] = regions as readonly [Region, ...Region[]];
  if (others.length === 0) return first;
  return {
    frame: first.frame,
    contains(n, at, out) {
      first.contains(n, at, out);
      const more = new Uint8Array(n);
      for (const other of others) {
        other.contains(n, at, more);
        for (let i = 0; i < n; i++) out[i] = join(out[i]!, more[i]!);
      }
    },
    overlap(shape) {
      let all: Overlap | null = null;
      for (const region of regions) {
        const one = region.overlap(shape);
        if (one === decisive) return one;
        all = all === null || all === one ? one : 'partial';
      }
      return all!;
    },
  };
}
