import { SKY_FRAMES } from '../frame/frame.ts';
import { createPlaneCrs, PLAIN } from './planeCrs.ts';
import { DEGREES } from './projections/degrees.ts';
import type { Crs } from './types.ts';

const FRAME_OF = Object.freeze({ ICRS: 'icrs', GAL: 'galactic', ECL: 'ecliptic' } as const);
const TITLE_OF = Object.freeze({
  ICRS: 'ICRS right ascension, declination',
  GAL: 'Galactic longitude, latitude',
  ECL: 'Ecliptic J2000 longitude, latitude',
} as const);

/** The private authority HIPS: degrees on the sky; -M has x = -lon, east to the left, as seen from inside. */
export const SKY_CODES = Object.freeze(['ICRS', 'GAL', 'ECL', 'ICRS-M', 'GAL-M', 'ECL-M'] as const);

/** The CRS `HIPS:<code>`, or null where there is none of that name. Axis order is lon, lat in every protocol. */
export function skyCrs(code: string): Crs | null {
  const known = SKY_CODES.find((name) => name === code);
  if (known === undefined) return null;
  const mirrored = known.endsWith('-M');
  const name = known.replace('-M', '') as keyof typeof FRAME_OF;
  return createPlaneCrs({
    ...PLAIN,
    id: `HIPS:${known}`,
    frame: SKY_FRAMES[FRAME_OF[name]],
    title: mirrored ? `${TITLE_OF[name]}, degrees, east to the left` : `${TITLE_OF[name]}, degrees, east to the right`,
    axes: 'xy',
    semiMajorAxis: null,
    xSign: mirrored ? -1 : 1,
    projection: DEGREES,
  });
}
