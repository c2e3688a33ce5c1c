/** Angle in radians. Everything inside src/geometry and src/raster is radians; degrees exist in crs/, protocol/ and config/. */
export type Radians = number;

/** Radians in one degree. */
export const DEGREE: Radians = Math.PI / 180;

/** One full turn, radians. */
export const TURN: Radians = 2 * Math.PI;

/**
 * x reduced into the half-open interval [from, from + period).
 * @param period positive; same unit as x and from
 */
export function wrapInto(x: number, from: number, period: number): number {
  const shifted = x - period * Math.floor((x - from) / period);
  return shifted >= from + period ? from : shifted;
}
