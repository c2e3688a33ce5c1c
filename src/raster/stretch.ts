import type { Pixels } from '../geometry/lattice/types.ts';
import { RGBA, type Raster } from './raster.ts';

/** How measured numbers become brightness: low is black, high is white, linear between; low > high turns it round. */
export interface Stretch {
  readonly low: number;
  readonly high: number;
  /** The number that means "nothing here", like NaN; null = none does. */
  readonly noData: number | null;
}

/** Samples pixel by pixel, the bands of a pixel side by side. */
export interface Samples {
  readonly values: ArrayLike<number>;
  readonly bands: number;
}

/**
 * The numbers as a picture: grey from the first band, colours from the first three where there are three. A pixel is transparent
 * where one of the bands shown is NaN or `noData`.
 */
export function stretched({ values, bands }: Samples, width: Pixels, height: Pixels, { low, high, noData }: Stretch): Raster {
  const data = new Uint8Array(width * height * RGBA);
  const shown = bands >= 3 ? 3 : 1;
  const span = high - low || 1;
  let opaque = true;
  for (let v = 0, o = 0; o < data.length; v += bands, o += RGBA) {
    let isThere = true;
    for (let c = 0; c < shown; c++) isThere &&= isData(values[v + c]!, noData);
    opaque &&= isThere;
    if (!isThere) continue;
    for (let c = 0; c < 3; c++) data[o + c] = Math.min(255, Math.max(0, Math.round(((values[v + (shown === 3 ? c : 0)]! - low) * 255) / span)));
    data[o + 3] = 255;
  }
  return { width, height, data, opaque };
}

/** Part of the numbers that may be darker than black, and as many brighter than white: a few hot pixels take no contrast from the rest. */
const CLIPPED = 0.005;

/** The range in which nearly all numbers lie: between the 0.5th and the 99.5th percentile. [0, 1] where there are none. */
export function usualRange({ values }: Samples, noData: number | null): readonly [number, number] {
  const sorted = Float64Array.from(values).filter((value) => isData(value, noData)).sort();
  if (sorted.length === 0) return [0, 1];
  const at = (part: number): number => sorted[Math.round(part * (sorted.length - 1))]!;
  return [at(CLIPPED), at(1 - CLIPPED)];
}

function isData(value: number, noData: number | null): boolean {
  return value === value && value !== noData;
}
