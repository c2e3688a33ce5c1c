import { describe, expect, it } from 'vitest';
import { DEGREE } from '../angles.ts';
import { bodyFrame } from '../frame/frame.ts';
import { adjustedCrs, adjustedOfId, countingOf, type Counting } from './adjusted.ts';
import { degreesOnBody, webMercatorOnBody } from './alias.ts';
import { crsOf } from './registry.ts';
import type { Crs } from './types.ts';

const PLAIN: Counting = { lonOffset: 0, longitude: null, latitude: null };
const MARS = bodyFrame('Mars');

function toSphere(crs: Crs, x: number, y: number): readonly [number, number] {
  const lon = new Float64Array(1);
  const lat = new Float64Array(1);
  crs.toSphere(1, Float64Array.of(x), Float64Array.of(y), lon, lat);
  return [lon[0]! / DEGREE, lat[0]! / DEGREE];
}

function fromSphere(crs: Crs, lon: number, lat: number): readonly [number, number] {
  const x = new Float64Array(1);
  const y = new Float64Array(1);
  crs.fromSphere(1, Float64Array.of(lon * DEGREE), Float64Array.of(lat * DEGREE), x, y);
  return [x[0]!, y[0]!];
}

/** 45 degrees planetographic on Mars, planetocentric. */
const OCENTRIC_OF_45 = 44.6617680466192;

describe('a CRS counted otherwise', () => {
  it.each([
    ['a shifted meridian', 'IAU_2015:49900', { ...PLAIN, lonOffset: -0.0915 }, [10, 45], [9.9085, 45]],
    ['longitudes to the west', 'IAU_2015:49900', { ...PLAIN, longitude: 'west' }, [10, 45], [-10, 45]],
    ['a shift in their own direction', 'IAU_2015:49900', { ...PLAIN, longitude: 'west', lonOffset: 3 }, [10, 45], [-13, 45]],
    ['a shift of a west CRS', 'IAU_2015:49901', { ...PLAIN, lonOffset: 3 }, [10, 45], [-13, OCENTRIC_OF_45]],
    ['a west CRS meant to the east', 'IAU_2015:49901', { ...PLAIN, longitude: 'east' }, [10, 45], [10, OCENTRIC_OF_45]],
    ['planetographic latitudes', 'IAU_2015:49900', { ...PLAIN, latitude: 'ographic' }, [10, 45], [10, OCENTRIC_OF_45]],
    ['a planetographic CRS meant planetocentric', 'IAU_2015:49901', { ...PLAIN, latitude: 'ocentric', longitude: 'east' }, [10, 45], [10, 45]],
  ] as const)('reads %s (danger: Mars 20 km off, or its mirror image)', (_, id, counting, [x, y], [lon, lat]) => {
    const crs = adjustedCrs(crsOf(id), counting);
    expect(toSphere(crs, x, y)[0]).toBeCloseTo(lon, 10);
    expect(toSphere(crs, x, y)[1]).toBeCloseTo(lat, 10);
    expect(fromSphere(crs, lon, lat)[0]).toBeCloseTo(x, 9);
    expect(fromSphere(crs, lon, lat)[1]).toBeCloseTo(y, 9);
  });

  it('reads a simple cylindrical map in metres that was made of planetographic latitudes', () => {
    const crs = adjustedCrs(crsOf('IAU_2015:49910'), { ...PLAIN, latitude: 'ographic' });
    const [x, y] = fromSphere(crsOf('IAU_2015:49910'), 10, 45);
    expect(toSphere(crs, x, y)[1]).toBeCloseTo(OCENTRIC_OF_45, 9);
  });

  it.each([
    ['IAU_2015:49900', { ...PLAIN, latitude: 'ocentric', longitude: 'east' }],
    ['IAU_2015:49901', { ...PLAIN, latitude: 'ographic', longitude: 'west' }],
    ['IAU_2015:30100', { ...PLAIN, latitude: 'ographic' }],
    ['HIPS:GAL', { ...PLAIN, latitude: 'ographic' }],
    ['EPSG:4326', { ...PLAIN, latitude: 'ographic' }],
  ] as const)('leaves %s alone where nothing changes', (id, counting) => {
    const crs = crsOf(id);
    expect(adjustedCrs(crs, counting)).toBe(crs);
  });

  it('keeps the plane: period, pole lines and the poles themselves', () => {
    const crs = adjustedCrs(crsOf('IAU_2015:49900'), { lonOffset: 20, longitude: 'west', latitude: 'ographic' });
    expect(crs).toMatchObject({ periodX: 360, poleLines: true, extent: [-180, -90, 180, 90] });
    expect(toSphere(crs, 0, 90)[1]).toBeCloseTo(90, 12);
    expect(fromSphere(crs, 0, -90)[1]).toBeCloseTo(-90, 12);
    expect(toSphere(crs, Number.NaN, 0)[0]).toBeNaN();
  });

  it('works on more points than its scratch holds, and leaves its input alone', () => {
    const crs = adjustedCrs(crsOf('IAU_2015:49900'), { ...PLAIN, lonOffset: 1 });
    const n = 3000;
    const lon = Float64Array.from({ length: n }, (_, i) => (i / n) * DEGREE);
    const lat = new Float64Array(n);
    const x = new Float64Array(n);
    crs.fromSphere(n, lon, lat, x, new Float64Array(n));
    expect(x[2999]).toBeCloseTo(2999 / 3000 - 1, 12);
    expect(lon[2999]).toBe((2999 / 3000) * DEGREE);
  });

  it('is found again by its identifier (danger: extents of a shifted map computed without the shift)', () => {
    const crs = adjustedCrs(crsOf('IAU_2015:49900'), { lonOffset: -0.0915, longitude: 'west', latitude: 'ographic' });
    const again = adjustedOfId(crs.id, (id) => crsOf(id))!;
    expect(again.id).toBe(crs.id);
    expect(toSphere(again, 10, 45)).toEqual(toSphere(crs, 10, 45));
    expect(adjustedOfId('IAU_2015:49900', (id) => crsOf(id))).toBeNull();
  });
});

describe('how CRSs count', () => {
  it.each([
    [crsOf('IAU_2015:49900'), 'east', 'ocentric'],
    [crsOf('IAU_2015:49901'), 'west', 'ographic'],
    [crsOf('IAU_2015:49902'), 'east', 'ocentric'],
    [crsOf('IAU_2015:49910'), 'east', 'ocentric'],
    [crsOf('IAU_2015:49911'), 'west', 'ographic'],
    [crsOf('IAU_2015:49912'), 'east', 'ographic'],
    [crsOf('EPSG:4326'), 'east', 'ographic'],
    [crsOf('EPSG:3857'), 'east', 'ographic'],
    [degreesOnBody(MARS, 'EPSG:4326'), 'east', 'ocentric'],
    [webMercatorOnBody(MARS), 'east', 'ocentric'],
    [crsOf('ESRI:104905'), 'east', 'ographic'],
    [crsOf('ESRI:104971'), 'east', 'ocentric'],
  ] as const)('%#', (crs, longitude, latitude) => {
    expect(countingOf(crs)).toEqual({ longitude, latitude });
  });
});
