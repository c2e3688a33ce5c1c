import type { Frame } from '../../geometry/frame/frame.ts';
import { bodyFrame, SKY_FRAMES } from '../../geometry/frame/frame.ts';

/** Spellings of the sky frames in `hips_frame` and in the older `coordsys`, lower case. FK5 differs from ICRS by 0.02" and is taken as it. */
const SKY_NAMES: ReadonlyMap<string, Frame> = new Map([
  ...['equatorial', 'equ', 'eq', 'c', 'q', 'icrs', 'icrsd', 'j2000', 'fk5'].map((name) => [name, SKY_FRAMES.icrs] as const),
  ...['galactic', 'gal', 'g'].map((name) => [name, SKY_FRAMES.galactic] as const),
  ...['ecliptic', 'ecl', 'e'].map((name) => [name, SKY_FRAMES.ecliptic] as const),
]);

/** Words that say "some body" or name a sky frame that is not known here. */
const NO_BODY = new Set(['', 'planet', 'planetary', 'body', 'body frame', 'fk4', 'b1950', 'supergalactic', 'sgal', 'sg', 's']);

/**
 * The frame of a HiPS. `hips_body` decides (HiPS 2.0; Aladin Lite); without it a `hips_frame` that is no sky frame is the name of
 * a body (HiPS 1.0 practice; Aladin Desktop). null = not said: Hipsgen writes 'planet', and the operator has to name the body.
 */
export function readFrame(hipsFrame: string | null, hipsBody: string | null): Frame | null {
  const body = bodyOf(hipsBody);
  if (body !== null || hipsFrame === null) return body;
  return SKY_NAMES.get(hipsFrame.trim().toLowerCase()) ?? bodyOf(hipsFrame);
}

function bodyOf(name: string | null): Frame | null {
  const frame = bodyFrame(name ?? '');
  if (NO_BODY.has(frame.id)) return null;
  return frame.id === 'neptun' ? bodyFrame('neptune') : frame; // the HiPS 2.0 draft drops the e
}

/** The `hips_frame` of a frame: 'equatorial', 'galactic', 'ecliptic', or the body's name, which Aladin Desktop reads. */
export function formatFrame(frame: Frame): string {
  return frame.id === SKY_FRAMES.icrs.id ? 'equatorial' : frame.id;
}
