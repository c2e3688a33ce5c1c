import { describe, expect, it } from 'vitest';
import { DEGREE, TURN, wrapInto } from '../angles.ts';
import { bodyFrame, SKY_FRAMES } from './frame.ts';
import { rotatePoints, rotationBetween, type Rotation } from './rotation.ts';

const { icrs, galactic, ecliptic } = SKY_FRAMES;
const ARC_SECOND = DEGREE / 3600;

/** lon, lat in ICRS; galactic; ecliptic J2000; degrees, from astropy 8.0.1. */
const ASTROPY: readonly (readonly [number, number, number, number, number | null, number | null])[] = [
  [266.40499, -28.93617, 0.0000074, 0.0000028, 266.8395211, -5.5363203],
  [10.68470833, 41.26875, 121.1743291, -21.5733088, 27.8491396, 33.3486064],
  [83.633083, 22.0145, 184.5574577, -5.784357, 84.0975056, -1.2944226],
  [80.89375, -69.75611, 280.4652518, -32.8885437, 312.50979, -85.3514389],
  [0, 0, 96.3372834, -60.1885519, null, null],
];

function distance(lon1: number, lat1: number, lon2: number, lat2: number): number {
  const h = Math.sin((lat1 - lat2) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin((lon1 - lon2) / 2) ** 2;
  return 2 * Math.asin(Math.min(1, Math.sqrt(h)));
}

function rotated(matrix: Rotation | null, lonDeg: number, latDeg: number): readonly [number, number] {
  const lon = Float64Array.of(lonDeg * DEGREE);
  const lat = Float64Array.of(latDeg * DEGREE);
  rotatePoints(matrix as Rotation, 1, lon, lat);
  return [lon[0] as number, lat[0] as number];
}

describe('rotation between the frames of the sky', () => {
  it.each(ASTROPY)('ICRS (%d, %d) lands where astropy puts it (a transposed or swapped matrix)', (lon, lat, l, b, el, eb) => {
    const [gl, gb] = rotated(rotationBetween(icrs, galactic), lon, lat);
    expect(distance(gl, gb, l * DEGREE, b * DEGREE)).toBeLessThan(0.001 * ARC_SECOND);
    if (el === null || eb === null) return;
    const [xl, xb] = rotated(rotationBetween(icrs, ecliptic), lon, lat);
    expect(distance(xl, xb, el * DEGREE, eb * DEGREE)).toBeLessThan(0.1 * ARC_SECOND);
  });

  it('every way there and back is the identity (a chain composed in the wrong order)', () => {
    for (const from of [icrs, galactic, ecliptic]) {
      for (const to of [icrs, galactic, ecliptic]) {
        if (from === to) continue;
        const [lon, lat] = rotated(rotationBetween(from, to), 123, -45);
        const [backLon, backLat] = rotated(rotationBetween(to, from), lon / DEGREE, lat / DEGREE);
        expect(wrapInto(backLon, 0, TURN)).toBeCloseTo(123 * DEGREE, 14);
        expect(backLat).toBeCloseTo(-45 * DEGREE, 14);
      }
    }
  });

  it('galactic to ecliptic goes through ICRS', () => {
    const [lon, lat] = rotated(rotationBetween(galactic, ecliptic), 121.1743291, -21.5733088);
    expect(distance(lon, lat, 27.8491396 * DEGREE, 33.3486064 * DEGREE)).toBeLessThan(0.1 * ARC_SECOND);
  });

  it('the galactic pole comes out at latitude 90 without rounding loss (asin would lose half the digits)', () => {
    const pole = rotated(rotationBetween(galactic, icrs), 0, 90);
    const [, lat] = rotated(rotationBetween(icrs, galactic), pole[0] / DEGREE, pole[1] / DEGREE);
    expect(Math.PI / 2 - lat).toBeLessThan(1e-15);
  });

  it('keeps NaN in both coordinates and leaves points beyond n alone', () => {
    const lon = Float64Array.of(Number.NaN, 0, 1);
    const lat = Float64Array.of(0, Number.NaN, 1);
    rotatePoints(rotationBetween(icrs, galactic) as Rotation, 2, lon, lat);
    expect([...lon]).toEqual([Number.NaN, Number.NaN, 1]);
    expect([...lat]).toEqual([Number.NaN, Number.NaN, 1]);
  });
});

describe('frames that do not mix', () => {
  it('the same frame needs no rotation, whichever object says so', () => {
    expect(rotationBetween(bodyFrame('Mars'), bodyFrame('mars'))).toBeNull();
    expect(rotationBetween(icrs, { id: 'icrs', kind: 'sky' })).toBeNull();
  });

  it.each([
    [bodyFrame('mars'), bodyFrame('moon')],
    [bodyFrame('mars'), icrs],
    [galactic, bodyFrame('mars')],
    [{ id: 'supergalactic', kind: 'sky' } as const, icrs],
  ])('refuses %o to %o (a map of Mars drawn on the Moon)', (from, to) => {
    expect(() => rotationBetween(from, to)).toThrow(expect.objectContaining({ code: 'FRAME_MISMATCH' }));
  });
});
