import { describe, expect, it } from 'vitest';
import { DEGREE } from '../angles.ts';
import { epsgCrs } from './epsg.ts';

/** Code, axes of the registry, longitude and geodetic latitude in degrees, easting and northing: PROJ 9.5.1. */
const REGISTERED: readonly (readonly [number, 'xy' | 'yx', number, number, number, number])[] = [
  [3031, 'xy', 20, -75, 560496.878080, 1539952.516199],
  [3034, 'yx', 2, 49, 3435566.578224, 2508298.036920],
  [3035, 'yx', 2, 49, 3736781.188605, 2908092.503264],
  [2154, 'xy', 2, 49, 626830.162551, 6878250.027217],
  [3413, 'xy', -30, 72, 508693.476059, -1898469.898131],
  [3571, 'xy', -30, 72, 1000792.326990, 1733423.158171],
  [3572, 'xy', -30, 72, 1733423.158171, 1000792.326990],
  [3573, 'xy', -30, 72, 1880874.329223, -684582.270233],
  [3574, 'xy', -30, 72, 347571.527610, -1971176.085549],
  [3575, 'xy', -30, 72, -1286593.815317, -1533302.801613],
  [3576, 'xy', -30, 72, -1733423.158171, 1000792.326990],
  [3857, 'xy', 2, 49, 222638.981587, 6274861.394007],
  [3976, 'xy', 20, -75, 558819.699902, 1535344.507027],
  [3995, 'xy', -30, 72, -985669.757923, -1707230.100206],
  [4258, 'yx', 2, 49, 2.000000, 49.000000],
  [5041, 'xy', -30, 85, 1722271.304309, 1518959.788343],
  [5042, 'xy', -30, -85, 1722271.304309, 2481040.211657],
  [6931, 'xy', -30, 72, -1000792.326990, -1733423.158171],
  [6932, 'xy', -30, -72, -1000792.326990, 1733423.158171],
  [32661, 'yx', -30, 85, 1722271.304309, 1518959.788343],
  [32761, 'yx', -30, -85, 1722271.304309, 2481040.211657],
  [32601, 'xy', -178, 40, 414639.538157, 4428236.064633],
  [32660, 'xy', 175, 40, 329274.505729, 4429672.973116],
  [32733, 'xy', 17, -30, 692915.105179, 6679530.713502],
  [25832, 'xy', 11, 48, 649187.874962, 5318235.613760],
];
const MILLIMETRE = 1e-3;
const WGS84_RATIO = (1 - 1 / 298.257223563) ** 2;

describe('built-in EPSG codes', () => {
  it.each(REGISTERED)('EPSG:%d is what PROJ makes of it', (code, axes, lon, lat, wantedX, wantedY) => {
    const crs = epsgCrs(code);
    if (crs === null) throw new Error(`EPSG:${code} is missing`);
    expect(crs.axes).toBe(axes);
    expect(crs.frame.id).toBe('earth');
    const [x, y] = [new Float64Array(1), new Float64Array(1)];
    const inside = [Float64Array.of(lon * DEGREE), Float64Array.of(Math.atan(WGS84_RATIO * Math.tan(lat * DEGREE)))] as const;
    crs.fromSphere(1, ...inside, x, y);
    expect(Math.abs((x[0] as number) - wantedX)).toBeLessThan(MILLIMETRE);
    expect(Math.abs((y[0] as number) - wantedY)).toBeLessThan(MILLIMETRE);
    const [backLon, backLat] = [new Float64Array(1), new Float64Array(1)];
    crs.toSphere(1, x, y, backLon, backLat);
    expect(Math.cos((backLon[0] as number) - (inside[0][0] as number))).toBeCloseTo(1, 14);
    expect(Math.sin((backLon[0] as number) - (inside[0][0] as number))).toBeCloseTo(0, 11);
    expect(backLat[0]).toBeCloseTo(inside[1][0] as number, 11);
    const [minX, minY, maxX, maxY] = crs.extent;
    expect(wantedX > minX && wantedX < maxX && wantedY > minY && wantedY < maxY).toBe(true);
  });

  it.each([32600, 32662, 32700, 25827, 25839, 9999])('EPSG:%d does not exist here', (code) => {
    expect(epsgCrs(code)).toBeNull();
  });

  it('the web Mercator is the usual square and repeats', () => {
    const crs = epsgCrs(3857);
    const half = 20037508.342789244;
    expect(crs?.extent).toEqual([-half, -half, half, half]);
    expect(crs?.periodX).toBe(2 * half);
    expect(crs?.poleLines).toBe(false);
  });
});
