import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DEGREE } from '../angles.ts';
import { BODIES, bodyOfName, bodyOfNaif } from './bodyTable.ts';
import { iauCodes, iauCodesOf, iauCrs } from './iau.ts';
import { crsOf } from './registry.ts';
import type { Crs } from './types.ts';

const CURRENT = Object.freeze({ equidistantCylindrical: 'epsg1028' } as const);
const LEGACY = Object.freeze({ equidistantCylindrical: 'legacy' } as const);
/** SHA-256 of the 2201 codes of IAU_2015 in PROJ 9.5.1's proj.db, ascending, joined with commas. */
const PROJ_CODES = '09a168430543d6ec1e492360046ff2a11c9a55776450d440227816b8559f3e0f';

describe('the authority', () => {
  const codes = iauCodes();

  it('has exactly the codes of PROJ', () => {
    expect(codes.length).toBe(2201);
    expect(codes.filter((code) => code % 100 < 10).length).toBe(127);
    expect(codes.filter((code) => code % 100 >= 90).length).toBe(122);
    expect(createHash('sha256').update(codes.join(',')).digest('hex')).toBe(PROJ_CODES);
  });

  it('is made of 97 bodies', () => {
    expect(BODIES.length).toBe(97);
    expect(bodyOfNaif(499)?.name).toBe('Mars');
    expect(bodyOfNaif(0)).toBeNull();
    expect(bodyOfName(' 52 EUROPA ')?.naif).toBe(2000052);
    expect(bodyOfName('Arrakis')).toBeNull();
  });

  it('knows the codes of one body', () => {
    expect(iauCodesOf('moon')).toEqual([30100, ...[10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90].map((suffix) => 30100 + suffix)]);
    expect(iauCodesOf('mars').length).toBe(54);
    expect(iauCodesOf('arrakis')).toEqual([]);
  });
});

/** Every 15 degrees, poles and both sides of the seam included. */
function globe(): { readonly n: number; readonly lon: Float64Array; readonly lat: Float64Array } {
  const points: (readonly [number, number])[] = [];
  for (let lat = -90; lat <= 90; lat += 15) for (let lon = -180; lon <= 180; lon += 15) points.push([lon * DEGREE, lat * DEGREE]);
  return { n: points.length, lon: Float64Array.from(points, ([lon]) => lon), lat: Float64Array.from(points, ([, lat]) => lat) };
}

function chord(lon1: number, lat1: number, lon2: number, lat2: number): number {
  return Math.hypot(
    Math.cos(lat1) * Math.cos(lon1) - Math.cos(lat2) * Math.cos(lon2),
    Math.cos(lat1) * Math.sin(lon1) - Math.cos(lat2) * Math.sin(lon2),
    Math.sin(lat1) - Math.sin(lat2),
  );
}

/** Largest round-trip error over the globe, radians, and how many points were on the map. */
function roundTrip(crs: Crs): { readonly onMap: number; readonly worst: number } {
  const { n, lon, lat } = globe();
  const [x, y, backLon, backLat] = [new Float64Array(n), new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  crs.fromSphere(n, lon, lat, x, y);
  crs.toSphere(n, x, y, backLon, backLat);
  let onMap = 0;
  let worst = 0;
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(x[i])) continue;
    onMap++;
    const error = chord(lon[i] as number, lat[i] as number, backLon[i] as number, backLat[i] as number);
    if (!(error <= worst)) worst = error;
  }
  return { onMap, worst };
}

/** Radians. Robinson's cubics do not quite meet at the multiples of 5 degrees; elsewhere it is the conditioning of the poles. */
function roundTripTolerance(conversion: number): number {
  return conversion === 50 || conversion === 55 ? 1e-6 : 1e-7;
}

/** Points of the globe that a projection cannot show: nothing, the pole(s), the antipode, the far half. */
function fewestOnMap(conversion: number): number {
  return { 30: 300, 35: 300, 60: 130, 65: 150, 70: 150, 75: 300, 90: 275 }[conversion] ?? 324;
}

describe('every code of the authority', () => {
  it.each(BODIES.map((body) => [body.name] as const))('%s: plane and back is the same place', (name) => {
    for (const code of iauCodesOf(name.toLowerCase())) {
      const conversion = (code % 100) - ((code % 100) % 5);
      for (const options of [CURRENT, LEGACY]) {
        const crs = iauCrs(`IAU_2015:${code}`, code, [], options) as Crs;
        const { onMap, worst } = roundTrip(crs);
        expect(worst, `${crs.id} ${options.equidistantCylindrical}`).toBeLessThan(roundTripTolerance(conversion));
        if (body(name).flat) continue;
        expect(onMap, `${crs.id} shows too little`).toBeGreaterThanOrEqual(fewestOnMap(conversion));
      }
    }
  });

  it('lies inside its extent where the plane is finite', () => {
    const { n, lon, lat } = globe();
    const [x, y] = [new Float64Array(n), new Float64Array(n)];
    for (const code of iauCodes()) {
      const conversion = (code % 100) - ((code % 100) % 5);
      if ([30, 35, 60, 75, 90].includes(conversion)) continue;
      const crs = iauCrs(`IAU_2015:${code}`, code, [], CURRENT) as Crs;
      const [minX, minY, maxX, maxY] = crs.extent;
      const slack = 1e-9 * (maxX - minX);
      crs.fromSphere(n, lon, lat, x, y);
      for (let i = 0; i < n; i++) {
        if (Number.isNaN(x[i])) continue;
        const inside = (x[i] as number) >= minX - slack && (x[i] as number) <= maxX + slack && (y[i] as number) >= minY - slack && (y[i] as number) <= maxY + slack;
        if (!inside) expect.fail(`${crs.id}: ${x[i]}, ${y[i]} is outside ${crs.extent.join(', ')}`);
      }
    }
  });
});

function body(name: string): { readonly flat: boolean } {
  const shape = bodyOfName(name)?.ographic;
  return { flat: shape !== null && shape !== undefined && shape.b / shape.a < 0.6 };
}

describe('period, pole lines and extent', () => {
  const R = 3396190;
  it.each([
    ['IAU_2015:49910', 2 * Math.PI * R, true, Math.PI * R, (Math.PI / 2) * R],
    ['IAU_2015:49915', 2 * Math.PI * R, true, Math.PI * R, (Math.PI / 2) * R],
    ['IAU_2015:49911', 2 * Math.PI * R, true, Math.PI * R, 5319034.253283859],
    ['IAU_2015:49990', 2 * Math.PI * R, false, Math.PI * R, Math.PI * R],
    ['IAU_2015:49991', 2 * Math.PI * 3376200, false, Math.PI * 3376200, Math.PI * 3376200],
    ['IAU_2015:49920', null, false, Math.PI * R, (Math.PI / 2) * R],
    ['IAU_2015:49940', null, false, 2 * Math.SQRT2 * R, Math.SQRT2 * R],
    ['IAU_2015:49950', null, false, 0.8487 * Math.PI * R, 1.3523 * R],
    ['IAU_2015:49930', null, false, 2 * R, 2 * R],
    ['IAU_2015:49965', null, false, R, R],
    ['IAU_2015:49966', null, false, R, 3376200],
  ])('%s', (id, periodX, poleLines, halfX, halfY) => {
    const crs = crsOf(id);
    expect(crs.poleLines).toBe(poleLines);
    if (periodX === null) expect(crs.periodX).toBeNull();
    else expect(crs.periodX).toBeCloseTo(periodX, 5);
    [-halfX, -halfY, halfX, halfY].forEach((edge, index) => expect(crs.extent[index]).toBeCloseTo(edge, 2));
    expect(crs).toMatchObject({ unit: 'metre', axes: 'xy', semiMajorAxis: R });
  });

  it('the pole line of an equirectangular CRS is its edge, and the plane repeats after a period', () => {
    for (const id of ['IAU_2015:49910', 'IAU_2015:49911', 'IAU_2015:49912', 'IAU_2015:30115']) {
      const crs = crsOf(id);
      const [minX, minY, , maxY] = crs.extent;
      const x = Float64Array.of(minX / 3, minX / 3, minX / 3, minX / 3 + (crs.periodX as number), 0);
      const y = Float64Array.of(minY, maxY, maxY / 2, maxY / 2, maxY * 1.0001);
      const [lon, lat] = [new Float64Array(5), new Float64Array(5)];
      crs.toSphere(5, x, y, lon, lat);
      expect(lat[0]).toBe(-Math.PI / 2);
      expect(lat[1]).toBe(Math.PI / 2);
      expect(Math.abs((lon[3] as number) - (lon[2] as number))).toBeCloseTo(2 * Math.PI, 12);
      expect(lat[3]).toBe(lat[2]);
      expect([lon[4], lat[4]]).toEqual([Number.NaN, Number.NaN]);
    }
  });

  it('x of a west-positive projected code is minus the easting', () => {
    const lon = Float64Array.of(0.5);
    const lat = Float64Array.of(0.25);
    const [x, y, mirroredX, mirroredY] = [new Float64Array(1), new Float64Array(1), new Float64Array(1), new Float64Array(1)];
    crsOf('IAU_2015:49912').fromSphere(1, lon, lat, x, y);
    crsOf('IAU_2015:49911').fromSphere(1, lon, lat, mirroredX, mirroredY);
    expect(x[0]).toBeGreaterThan(0);
    expect(mirroredX[0]).toBe(-(x[0] as number));
    expect(mirroredY[0]).toBe(y[0]);
  });

  it('the two equirectangular methods differ by 22.9 km at 45 degrees on Mars, and not on spheres', () => {
    const latitude = Float64Array.of(Math.atan((3376200 / 3396190) ** 2));
    const ys = [CURRENT, LEGACY].map((options) => {
      const [x, y] = [new Float64Array(1), new Float64Array(1)];
      (iauCrs('', 49912, [], options) as Crs).fromSphere(1, new Float64Array(1), latitude, x, y);
      return y[0] as number;
    });
    expect(Math.abs((ys[0] as number) - (ys[1] as number))).toBeGreaterThan(22_800);
    expect(Math.abs((ys[0] as number) - (ys[1] as number))).toBeLessThan(23_000);
  });
});

describe('parameters after the code', () => {
  const project = (id: string, lonDeg: number, latDeg: number): readonly [number, number] => {
    const [x, y] = [new Float64Array(1), new Float64Array(1)];
    crsOf(id).fromSphere(1, Float64Array.of(lonDeg * DEGREE), Float64Array.of(latDeg * DEGREE), x, y);
    return [x[0] as number, y[0] as number];
  };

  it.each(['IAU:2018:49960,100,45,1.0', 'IAU_2015:49965,100,45', 'IAU_2015:49970,100,45', 'IAU_2015:49980,100,45', 'IAU_2015:49975,100,45,30,60', 'IAU_2015:49985,100,45,30,60'])('%s has its origin at 100, 45', (id) => {
    const [x, y] = project(id, 100, 45);
    expect(x).toBeCloseTo(0, 6);
    expect(y).toBeCloseTo(0, 6);
    expect(roundTrip(crsOf(id)).worst).toBeLessThan(1e-7);
  });

  it.each(['IAU_2015:49966,100,45', 'IAU_2015:49982,-30,-60', 'IAU_2015:49962,12,-3', 'IAU_2015:49980,0,90', 'IAU_2015:49982,0,-90', 'IAU_2015:49976,10,-40,-20,-60', 'IAU_2015:49987,10,-40,-20,-60', 'IAU_2015:49975,0,30,30,30', 'IAU_2015:49986,0,30,30,30', 'IAU_2015:49967,0,90', 'IAU_2015:59966,40,-50'])('%s there and back', (id) => {
    const { onMap, worst } = roundTrip(crsOf(id));
    expect(worst).toBeLessThan(1e-7);
    expect(onMap).toBeGreaterThan(130);
  });

  it('the registered values are the defaults', () => {
    for (const [short, long] of [['IAU_2015:49960', 'IAU_2015:49960,0,0,1'], ['IAU_2015:49976', 'IAU_2015:49976,0,40,20,60'], ['IAU_2015:49980', 'IAU_2015:49980,0'], ['IAU_2015:49970', 'IAU_2015:49970,180,0']] as const) {
      expect(project(short, 150, 30)).toEqual(project(long, 150, 30));
    }
  });

  it.each([
    ['IAU_2015:49910,10', 'no parameters'],
    ['IAU_2015:49965,10,20,30', 'at most longitude, latitude'],
    ['IAU_2015:49965,400', 'longitude is 400'],
    ['IAU_2015:49965,0,91', 'latitude is 91'],
    ['IAU_2015:49960,0,0,0', 'scale is 0'],
    ['IAU_2015:49975,0,0,30,-30', 'no cone'],
    ['IAU_2015:49975,0,0,90,60', 'first parallel is 90'],
  ])('%s is refused: %s', (id, why) => {
    expect(() => crsOf(id)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER', message: expect.stringContaining(why) }));
  });
});
