/**
 * Which sphere a direction lives on. Inside the gateway a direction is always (east-positive longitude, latitude) on the
 * unit sphere, radians; on a body the latitude is planetocentric. Planetographic latitudes, west-positive longitudes and
 * degrees end in geometry/crs.
 */
export interface Frame {
  /** Lower-case body name ('moon', 'mars', 'earth', ...) or 'icrs' | 'galactic' | 'ecliptic'. Same id = same directions. */
  readonly id: string;
  readonly kind: 'body' | 'sky';
}

/** The sky frames, by the id used everywhere. 'icrs' is the HiPS standard's "equatorial". */
export const SKY_FRAMES: { readonly [id in 'icrs' | 'galactic' | 'ecliptic']: Frame } = Object.freeze({
  icrs: Object.freeze({ id: 'icrs', kind: 'sky' }),
  galactic: Object.freeze({ id: 'galactic', kind: 'sky' }),
  ecliptic: Object.freeze({ id: 'ecliptic', kind: 'sky' }),
} as const);

/** The frame of a solar-system body. `name` is lower-cased; blanks are kept ('52 europa'). */
export function bodyFrame(name: string): Frame {
  return { id: name.trim().toLowerCase(), kind: 'body' };
}
