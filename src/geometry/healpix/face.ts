/**
 * HEALPix as 12 unit squares on the sphere (Gorski et al. 2005, ApJ 622, 759; Calabretta & Roukema 2007, MNRAS 381, 865).
 *
 * The projection plane has the unit pi/4: X in [0, 8) runs with longitude, Y in [-2, 2] with latitude. Face f sits in row
 * f >> 2 (0 north, 1 equator, 2 south) and column f & 3, its centre at (faceX, faceY). A point of a face is (x, y) in
 * [0, 1]^2, x growing to the North-East and y to the North-West:  X = faceX + x - y,  Y = faceY + x + y - 1.
 */

const QUARTER_PI = Math.PI / 4;
const HALF_PI = Math.PI / 2;
const SQRT6 = Math.sqrt(6);
/** Below this distance from a pole in Y, longitude has no meaning. */
const POLE = 1e-15;

/** X of a face's centre, unit pi/4. */
export function faceCentreX(face: number): number {
  return 2 * (face & 3) + (face >> 2 === 1 ? 0 : 1);
}

/** Y of a face's centre, unit pi/4. */
export function faceCentreY(face: number): number {
  return 1 - (face >> 2);
}

/**
 * Points of faces -> sphere, for n points.
 * In the caps |lat| = 2 acos(t / sqrt 6) - pi/2 with t = 2 - |Y|, which keeps full precision at the poles where
 * asin(1 - t^2 / 3) loses half of the digits.
 * @param face face of each point, 0..11; NaN results where it is negative or where the point lies beyond a pole
 * @param scale faces are `scale` units wide: x and y are divided by it
 * @param lon out, radians, in (-pi/4, 2 pi + pi/4]: faces keep their own continuous longitudes
 */
export function facesToSphere(
  n: number,
  face: Int8Array,
  x: Float64Array,
  y: Float64Array,
  scale: number,
  lon: Float64Array,
  lat: Float64Array,
): void {
  const unit = 1 / scale;
  for (let i = 0; i < n; i++) {
    const f = face[i]!;
    const X0 = 2 * (f & 3) + (f >> 2 === 1 ? 0 : 1);
    const a = x[i]! * unit;
    const b = y[i]! * unit;
    const dX = a - b;
    const Y = 1 - (f >> 2) + (a + b - 1);
    const absY = Math.abs(Y);
    if (f < 0 || !(absY <= 2)) {
      lon[i] = NaN;
      lat[i] = NaN;
    } else if (absY <= 1) {
      lon[i] = (X0 + dX) * QUARTER_PI;
      lat[i] = Math.asin((2 * Y) / 3);
    } else {
      const t = 2 - absY;
      const polar = 2 * Math.acos(t / SQRT6) - HALF_PI;
      // An equatorial face reaches |Y| > 1 only beyond its corner: no such point. Beyond its edges a polar face does not go on.
      const meridian = t > POLE ? dX / t : 0;
      const inside = f >> 2 !== 1 && Math.abs(dX) <= t * (1 + 1e-9) + POLE;
      lon[i] = inside ? (X0 + meridian) * QUARTER_PI : NaN;
      lat[i] = inside ? Math.sign(Y) * polar : NaN;
    }
  }
}

/**
 * Sphere -> points of faces, for n points: the inverse of facesToSphere. Points on a common edge go to the face for which it is
 * a southern edge, up to rounding. NaN in, face -1 and NaN out.
 * @param lon radians, any range; @param lat radians, [-pi/2, pi/2]
 * @param scale faces are `scale` units wide; x and y come in [0, scale]
 */
export function sphereToFaces(
  n: number,
  lon: Float64Array,
  lat: Float64Array,
  scale: number,
  face: Int8Array,
  x: Float64Array,
  y: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const phi = lat[i]!;
    const turns = lon[i]! / (8 * QUARTER_PI);
    const X = 8 * (turns - Math.floor(turns));
    const z = Math.sin(phi);
    let f = -1;
    let a = NaN;
    let b = NaN;
    if (X !== X || z !== z) {
      // NaN: no such point.
    } else if (Math.abs(z) <= 2 / 3) {
      const Y = 1.5 * z;
      const A = (X + Y + 1) / 2;
      const B = (Y - X + 1) / 2;
      const ia = Math.floor(A);
      const sum = ia + Math.floor(B);
      if (sum >= 1) {
        const column = ia - 1;
        f = column & 3;
        a = A - ia;
        b = B + column;
      } else if (sum <= -1) {
        f = 8 + (ia & 3);
        a = A - ia;
        b = B + 1 + ia;
      } else {
        f = 4 + (ia & 3);
        a = A - ia;
        b = B + ia;
      }
    } else {
      const t = SQRT6 * Math.cos(Math.abs(phi) / 2 + QUARTER_PI);
      const column = X >= 8 ? 3 : X >> 1;
      const dX = (X - 2 * column - 1) * t;
      // North: x + y - 1 = 1 - t;  south: x + y - 1 = t - 1.
      const dY = z > 0 ? 1 - t : t - 1;
      f = z > 0 ? column : 8 + column;
      a = (dY + dX + 1) / 2;
      b = (dY - dX + 1) / 2;
    }
    face[i] = f;
    x[i] = (a < 0 ? 0 : a > 1 ? 1 : a) * scale;
    y[i] = (b < 0 ? 0 : b > 1 ? 1 : b) * scale;
  }
}
