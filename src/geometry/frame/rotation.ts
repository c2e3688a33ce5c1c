import { GatewayError } from '../../errors.ts';
import { DEGREE } from '../angles.ts';
import { SKY_FRAMES, type Frame } from './frame.ts';

/** A rotation of the sphere: row-major 3x3, applied to column vectors (cos lat cos lon, cos lat sin lon, sin lat). */
export type Rotation = Float64Array;

/** ICRS -> galactic (Hipparcos Catalogue vol. 1, eq. 1.5.11; values of CDS Aladin). */
const ICRS_TO_GALACTIC: readonly number[] = Object.freeze([
  -0.05487565771261968, -0.8734370519557791, -0.48383507361641837,
  0.49410943719710765, -0.4448297212220538, 0.7469821839845094,
  -0.8676661375571626, -0.1980763372750706, 0.4559838136911524,
]);

/** Obliquity of the ecliptic J2000, IAU 1976: 84381.448 arc seconds. */
const OBLIQUITY = (84381.448 / 3600) * DEGREE;

/** ICRS -> mean ecliptic of J2000: a rotation about x (frame bias of 0.02 arc seconds left out). */
const ICRS_TO_ECLIPTIC: readonly number[] = Object.freeze([
  1, 0, 0,
  0, Math.cos(OBLIQUITY), Math.sin(OBLIQUITY),
  0, -Math.sin(OBLIQUITY), Math.cos(OBLIQUITY),
]);

const IDENTITY: readonly number[] = Object.freeze([1, 0, 0, 0, 1, 0, 0, 0, 1]);

const FROM_ICRS: ReadonlyMap<string, readonly number[]> = new Map([
  [SKY_FRAMES.icrs.id, IDENTITY],
  [SKY_FRAMES.galactic.id, ICRS_TO_GALACTIC],
  [SKY_FRAMES.ecliptic.id, ICRS_TO_ECLIPTIC],
]);

function fromIcrs(frame: Frame): readonly number[] {
  const matrix = frame.kind === 'sky' ? FROM_ICRS.get(frame.id) : undefined;
  if (matrix === undefined) {
    throw new GatewayError('FRAME_MISMATCH', `no rotation is known for the frame '${frame.id}'; the frames of the sky are ${[...FROM_ICRS.keys()].join(', ')}`);
  }
  return matrix;
}

/** a * transpose(b). */
function timesTransposed(a: readonly number[], b: readonly number[]): Rotation {
  const product = new Float64Array(9);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      let sum = 0;
      for (let k = 0; k < 3; k++) sum += (a[3 * row + k] as number) * (b[3 * column + k] as number);
      product[3 * row + column] = sum;
    }
  }
  return product;
}

/**
 * The rotation that takes directions of `from` to directions of `to`; null = the frames are the same.
 * Throws FRAME_MISMATCH between two bodies, or between a body and the sky: no map of one can be drawn from the other.
 */
export function rotationBetween(from: Frame, to: Frame): Rotation | null {
  if (from.kind === to.kind && from.id === to.id) return null;
  if (from.kind !== 'sky' || to.kind !== 'sky') {
    throw new GatewayError('FRAME_MISMATCH', `'${from.id}' cannot be drawn on '${to.id}': they are different bodies, or a body and the sky`);
  }
  return timesTransposed(fromIcrs(to), fromIcrs(from));
}

/**
 * Rotates the first n directions in place: radians, any longitude in, [-pi, pi] out. Points with a NaN stay NaN in both
 * coordinates. Latitude comes from atan2, so that it is exact at the poles.
 */
export function rotatePoints(matrix: Rotation, n: number, lon: Float64Array, lat: Float64Array): void {
  const [a, b, c, d, e, f, g, h, k] = matrix as unknown as readonly [number, number, number, number, number, number, number, number, number];
  for (let i = 0; i < n; i++) {
    const l = lon[i] as number;
    const p = lat[i] as number;
    const cosLat = Math.cos(p);
    const x = cosLat * Math.cos(l);
    const y = cosLat * Math.sin(l);
    const z = Math.sin(p);
    const u = a * x + b * y + c * z;
    const v = d * x + e * y + f * z;
    const w = g * x + h * y + k * z;
    lon[i] = Math.atan2(v, u);
    lat[i] = Math.atan2(w, Math.sqrt(u * u + v * v));
  }
}
