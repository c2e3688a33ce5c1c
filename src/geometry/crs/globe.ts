import type { Radians } from '../angles.ts';
import type { Frame } from '../frame/frame.ts';
import { createPlaneCrs, PLAIN } from './planeCrs.ts';
import { createOrthographic } from './projections/orthographic.ts';
import type { Crs } from './types.ts';

/**
 * The unit sphere seen from far above (lon, lat): what a preview shows. A body is seen from outside, east to the right; the sky
 * from inside, east to the left. The plane is [-1, 1] in both axes.
 */
export function globeCrs(frame: Frame, lon: Radians, lat: Radians): Crs {
  return createPlaneCrs({
    ...PLAIN,
    id: `globe:${frame.id}:${lon},${lat}`,
    frame,
    title: `${frame.id} as a globe`,
    axes: 'xy',
    semiMajorAxis: null,
    projection: createOrthographic({ a: 1, b: 1 }, lat),
    centralMeridian: lon,
    xSign: frame.kind === 'sky' ? -1 : 1,
  });
}

/** The globe with that identifier, or null if it is none. */
export function globeOfId(id: string, frame: Frame): Crs | null {
  const match = /^globe:[^:]*:([^,]+),([^,]+)$/.exec(id);
  return match === null ? null : globeCrs(frame, Number(match[1]), Number(match[2]));
}
