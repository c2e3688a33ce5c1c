import { describe, expect, it } from 'vitest';
import { faceCentreX, faceCentreY, facesToSphere, sphereToFaces } from './face.ts';
import { beyondMeridian, isOnSheet, placeOnSheet, sheetOfFace } from './sheets.ts';

/** Danger: a plane is continued by another formula than its own, and pictures shear at the borders of the zones. */

const DEGREE = Math.PI / 180;

/** Plane coordinates of a direction on a sheet, by the textbook's formulas; lon is not wrapped. */
function planeOf(sheet: number, lon: number, lat: number): readonly [number, number] {
  const X = (4 * lon) / Math.PI;
  if (sheet === 0) return [X, 1.5 * Math.sin(lat)];
  const middle = 2 * ((sheet - 1) & 3) + 1;
  const sign = sheet < 5 ? 1 : -1;
  const t = Math.sqrt(3 * (1 - sign * Math.sin(lat)));
  return [middle + (X - middle) * t, sign * (2 - t)];
}

function faceOf(lon: number, lat: number): { face: number; x: number; y: number } {
  const [face, x, y] = [new Int8Array(1), new Float64Array(1), new Float64Array(1)];
  sphereToFaces(1, Float64Array.of(lon), Float64Array.of(lat), 1, face, x, y);
  return { face: face[0]!, x: x[0]!, y: y[0]! };
}

/** Unit-square coordinates of a face from plane coordinates, X taken at the turn next to the face. */
function onFace(face: number, [X, Y]: readonly [number, number]): readonly [number, number] {
  const raw = X - faceCentreX(face);
  const dX = raw - 8 * Math.round(raw / 8);
  const dY = Y - faceCentreY(face);
  return [(dX + dY + 1) / 2, (dY - dX + 1) / 2];
}

describe('sheets of HEALPix', () => {
  it('tells the sheet of a point: |sin lat| = 2/3 and the quarters', () => {
    const sheet = (lon: number, lat: number): number => {
      const { face, x, y } = faceOf(lon * DEGREE, lat * DEGREE);
      return sheetOfFace(face, x, y);
    };
    expect([[10, 0], [100, 41], [100, -41], [10, 42], [100, 89], [190, 60], [350, 60], [10, -42], [350, -89]].map(([lon, lat]) => sheet(lon!, lat!))).toEqual([0, 0, 0, 1, 2, 3, 4, 5, 8]);
  });

  it('places points on their own sheet and on the neighbours as the formulas do, to 1e-12', () => {
    const out = new Float64Array(2);
    let compared = 0;
    for (let lat = -85; lat <= 85; lat += 3.7) {
      for (let lon = 3; lon < 360; lon += 7.3) {
        const { face, x, y } = faceOf(lon * DEGREE, lat * DEGREE);
        for (let sheet = 0; sheet < 9; sheet++) {
          const anchor = sheet === 0 ? 4 + Math.round(lon / 90) % 4 : sheet < 5 ? sheet - 1 : sheet + 3;
          placeOnSheet(sheet, anchor, face, x, y, out);
          if (Number.isNaN(out[0]!)) continue;
          // The longitude next to the middle of the sheet.
          const middle = sheet === 0 ? lon : 45 + 90 * ((sheet - 1) & 3);
          const near = lon - 360 * Math.round((lon - middle) / 360);
          const expected = onFace(anchor, planeOf(sheet, near * DEGREE, lat * DEGREE));
          expect(out[0]).toBeCloseTo(expected[0], 12);
          expect(out[1]).toBeCloseTo(expected[1], 12);
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(5000);
  });

  it('does not reach between polar faces around the equator: beyond a corner of three faces nothing can be stepped to', () => {
    const out = new Float64Array(2);
    placeOnSheet(0, 2, 3, 0.02, 0.9, out);
    expect(out[0]).toBeNaN();
    placeOnSheet(0, 6, 3, 0.02, 0.9, out);
    expect(out[0]).not.toBeNaN();
  });

  it('knows its own side of a border', () => {
    expect([isOnSheet(0, 1, 0, 0.5, 0.49), isOnSheet(0, 1, 0, 0.5, 0.51)]).toEqual([true, false]);
    expect([isOnSheet(1, 0, 0, 0.5, 0.49), isOnSheet(1, 0, 0, 0.5, 0.51)]).toEqual([false, true]);
    expect([isOnSheet(1, 2, 0, 0.99, 0.8), isOnSheet(1, 2, 0, 1.01, 0.8)]).toEqual([true, false]);
    expect([isOnSheet(6, 5, 9, 0.01, 0.2), isOnSheet(6, 5, 9, 0.2, -0.01)]).toEqual([true, false]);
  });

  it('finds the point beyond a meridian of a cap where the plane of the face leads: the same direction', () => {
    const out = new Float64Array(3);
    for (const [face, x, y] of [[0, 1.02, 0.9], [0, 0.8, 1.05], [3, 1.01, 0.5], [2, 0.8, 1.05], [8, 0.1, -0.02], [11, -0.02, 0.3], [9, 0.25, -0.1]] as const) {
      expect(beyondMeridian(face, x, y, out)).toBe(true);
      const sign = face < 4 ? 1 : -1;
      const t = 2 - sign * (faceCentreY(face) + x + y - 1);
      const lon = (faceCentreX(face) + (x - y) / t) * (Math.PI / 4);
      const lat = sign * Math.asin(1 - (t * t) / 3);
      const [foundLon, foundLat] = [new Float64Array(1), new Float64Array(1)];
      facesToSphere(1, Int8Array.of(out[0]!), Float64Array.of(out[1]!), Float64Array.of(out[2]!), 1, foundLon, foundLat);
      expect(Math.cos(foundLon[0]! - lon)).toBeCloseTo(1, 12);
      expect(foundLat[0]).toBeCloseTo(lat, 10);
    }
    for (const [face, x, y] of [[0, 0.5, 0.5], [0, -0.1, 0.9], [4, 1.1, 0.5], [0, 1.1, 1.1], [0, 1.1, -0.2]] as const) {
      expect(beyondMeridian(face, x, y, out), `${face} ${x} ${y}`).toBe(false);
    }
  });
});
