import { faceCentreX, faceCentreY } from './face.ts';

/**
 * The smooth planes that the twelve faces are cut from. HEALPix has nine: one around the equator, |Y| <= 1, which all faces share,
 * and one for each quarter of a cap, |Y| > 1. Each goes on smoothly beyond its borders, so that a point next to a border has a
 * place on the plane of the other side too (Calabretta & Roukema 2007, equations 1-6, without their case distinctions):
 *
 *     around the equator   X = 4 lon / pi,               Y = 3/2 sin lat
 *     quarter of a cap     X = Xc + (4 lon / pi - Xc) t,  |Y| = 2 - t,  t = sqrt(3 (1 - |sin lat|))
 *
 * No longitude is formed: what one plane says is turned into what another says by roots alone.
 */

/** 0 around the equator; 1 + q the quarter q of the north cap; 5 + q of the south cap. */
export type Sheet = number;

const EQUATOR: Sheet = 0;

/** The sheet of a point of a face. @param x, y [0, 1] */
export function sheetOfFace(face: number, x: number, y: number): Sheet {
  const Y = faceCentreY(face) + x + y - 1;
  if (Y > 1) return 1 + (face & 3);
  return Y < -1 ? 5 + (face & 3) : EQUATOR;
}

/** The sheet's share of a cap: X of its middle, and 1 or -1. */
function middleOf(sheet: Sheet): number {
  return 2 * ((sheet - 1) & 3) + 1;
}

/**
 * Where a point of `face` lies on a sheet, as (x, y) in the continued unit square of `onFace`, a face that lies on the sheet.
 * Writes out[0], out[1]; NaN where the sheet does not reach (another cap, or more than a quarter away), and between two polar faces: they
 * are both around the equator, but only their corners touch there, and what lies beyond a corner of three faces cannot be stepped to.
 * @param x, y [0, 1]
 */
export function placeOnSheet(sheet: Sheet, onFace: number, face: number, x: number, y: number, out: Float64Array): void {
  const own = sheetOfFace(face, x, y);
  if (own === sheet && face === onFace) {
    out[0] = x;
    out[1] = y;
    return;
  }
  if (own === sheet && face >> 2 === onFace >> 2 && face >> 2 !== 1) {
    out[0] = NaN;
    out[1] = NaN;
    return;
  }
  let X = faceCentreX(face) + x - y;
  let Y = faceCentreY(face) + x + y - 1;
  if (own !== sheet) {
    // First to the equator's plane, which every point has a place on, then to the other cap's.
    if (own !== EQUATOR) {
      const t = 2 - Math.abs(Y);
      const middle = middleOf(own);
      X = middle + (X - middle) / t;
      Y = Math.sign(Y) * (1.5 - (t * t) / 2);
    }
    if (sheet !== EQUATOR) {
      const middle = middleOf(sheet);
      const sign = sheet < 5 ? 1 : -1;
      const turn = nearTurn(X - middle);
      const t = Math.sqrt(3 - 2 * sign * Y);
      X = Math.abs(turn) > 3 || t > 2 ? NaN : middle + turn * t;
      Y = sign * (2 - t);
    }
  }
  const dX = nearTurn(X - faceCentreX(onFace));
  const dY = Y - faceCentreY(onFace);
  out[0] = (dX + dY + 1) / 2;
  out[1] = (dY - dX + 1) / 2;
}

/** A difference of X, [-4, 4]: eight make a turn. */
function nearTurn(dX: number): number {
  return dX - 8 * Math.round(dX / 8);
}

/**
 * True when a place on a sheet, in the continued unit square of `face`, is the sheet's own rather than the other's.
 * @param other a sheet that borders on it
 */
export function isOnSheet(sheet: Sheet, other: Sheet, face: number, x: number, y: number): boolean {
  const absY = Math.abs(faceCentreY(face) + x + y - 1);
  if (sheet === EQUATOR) return absY <= 1;
  if (other === EQUATOR) return absY > 1;
  return x >= 0 && x <= 1 && y >= 0 && y <= 1;
}

/**
 * What lies where the plane of a polar face goes on beyond a meridian that it shares with the next quarter: there the planes of the two
 * faces meet at an angle that changes along the edge, and the cell that is adjacent is not the one that the plane leads to. Writes
 * face, x, y to out[0..2].
 * @returns false elsewhere: beyond other edges, beyond the pole, and more than a quarter away
 */
export function beyondMeridian(face: number, x: number, y: number, out: Float64Array): boolean {
  const sign = faceCentreY(face);
  const Y = sign + x + y - 1;
  const t = 2 - Math.abs(Y);
  const dX = x - y;
  if (sign === 0 || Y * sign <= 1 || t <= 0 || Math.abs(dX) <= t || Math.abs(dX) >= 3 * t) return false;
  const step = Math.sign(dX);
  const turned = dX - 2 * step * t;
  const dY = Y - sign;
  out[0] = (face & 12) | ((face + step) & 3);
  out[1] = (turned + dY + 1) / 2;
  out[2] = (dY - turned + 1) / 2;
  return true;
}
