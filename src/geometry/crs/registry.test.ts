import { describe, expect, it } from 'vitest';
import { DEGREE } from '../angles.ts';
import { bodyFrame, SKY_FRAMES } from '../frame/frame.ts';
import { crsOnFrame, degreesOnBody, webMercatorOnBody } from './alias.ts';
import { createCrsRegistry, crsOf } from './registry.ts';
import type { Crs } from './types.ts';

/** Sphere degrees -> plane. */
function plane(crs: Crs, lonDeg: number, latDeg: number): readonly [number, number] {
  const x = new Float64Array(1);
  const y = new Float64Array(1);
  crs.fromSphere(1, Float64Array.of(lonDeg * DEGREE), Float64Array.of(latDeg * DEGREE), x, y);
  return [x[0] as number, y[0] as number];
}

/** Plane -> sphere degrees. */
function sphere(crs: Crs, x: number, y: number): readonly [number, number] {
  const lon = new Float64Array(1);
  const lat = new Float64Array(1);
  crs.toSphere(1, Float64Array.of(x), Float64Array.of(y), lon, lat);
  return [(lon[0] as number) / DEGREE, (lat[0] as number) / DEGREE];
}

describe('geographic CRSs', () => {
  it('sphere and planetocentric codes take the numbers as they stand', () => {
    for (const id of ['IAU_2015:49900', 'IAU_2015:49902', 'IAU_2015:30100']) {
      const [x, y] = plane(crsOf(id), -100, 45);
      expect(x).toBeCloseTo(-100, 12);
      expect(y).toBeCloseTo(45, 12);
    }
  });

  it('the planetographic code of Mars counts west and its latitude is 45 at 44.6617680466192 (mirrored or unconverted map)', () => {
    const mars = crsOf('IAU_2015:49901');
    const [x, y] = plane(mars, 30, 44.6617680466192);
    expect(x).toBeCloseTo(-30, 12);
    expect(y).toBeCloseTo(45, 11);
    const [lon, lat] = sphere(mars, -30, 45);
    expect(lon).toBeCloseTo(30, 12);
    expect(lat).toBeCloseTo(44.6617680466192, 11);
  });

  it('poles stay poles through the latitude conversion', () => {
    const mars = crsOf('IAU_2015:49901');
    expect(plane(mars, 0, 90)[1]).toBe(90);
    expect(plane(mars, 0, -90)[1]).toBe(-90);
    expect(sphere(mars, 0, -90)[1]).toBe(-90);
  });

  it('the plane repeats in x but not beyond the poles', () => {
    const moon = crsOf('IAU_2015:30100');
    expect(sphere(moon, 280, 10)[0]).toBeCloseTo(280, 12);
    expect(sphere(moon, 0, 90.001)).toEqual([Number.NaN, Number.NaN]);
    expect(sphere(moon, 0, 90 + 1e-13)[1]).toBe(90);
    expect(sphere(moon, Number.NaN, 0)).toEqual([Number.NaN, Number.NaN]);
    expect(plane(moon, 280, 10)[0]).toBeCloseTo(-80, 12);
    expect(plane(moon, -1000, 10)[0]).toBeCloseTo(80, 11);
    expect(plane(moon, 0, Number.NaN)).toEqual([Number.NaN, Number.NaN]);
  });

  it('say their axes, unit, period and size', () => {
    expect(crsOf('IAU_2015:49901')).toMatchObject({
      id: 'IAU_2015:49901', axes: 'yx', unit: 'degree', periodX: 360, poleLines: true, semiMajorAxis: 3396190,
      extent: [-180, -90, 180, 90], frame: { id: 'mars', kind: 'body' }, title: 'Mars (2015) / Ographic',
    });
  });
});

describe('Earth', () => {
  it('EPSG:4326 and CRS:84 have geodetic latitudes, planetocentric inside', () => {
    for (const id of ['EPSG:4326', 'CRS:84']) {
      expect(sphere(crsOf(id), 0, 45)[1]).toBeCloseTo(44.80757678, 7);
      expect(plane(crsOf(id), 0, 44.807576784)[1]).toBeCloseTo(45, 7);
    }
    expect(crsOf('EPSG:4326').axes).toBe('yx');
    expect(crsOf('CRS:84').axes).toBe('xy');
    expect(crsOf('EPSG:4326').frame.id).toBe('earth');
  });
});

describe('degrees on any body', () => {
  it('take the numbers as they stand on planets and on the sky', () => {
    for (const frame of [bodyFrame('mars'), SKY_FRAMES.icrs]) {
      const [lon, lat] = sphere(degreesOnBody(frame, 'EPSG:4326'), 30, 45);
      expect(lon).toBeCloseTo(30, 12);
      expect(lat).toBeCloseTo(45, 12);
    }
    expect(degreesOnBody(bodyFrame('mars'), 'CRS:84')).toMatchObject({ id: 'CRS:84', axes: 'xy', semiMajorAxis: 3396190, frame: { id: 'mars' } });
    expect(degreesOnBody(SKY_FRAMES.galactic, 'EPSG:4326')).toMatchObject({ axes: 'yx', semiMajorAxis: null, frame: { id: 'galactic' } });
    expect(degreesOnBody(bodyFrame('Arrakis'), 'CRS:84').semiMajorAxis).toBeNull();
  });

  it('on Earth are the registered CRSs (21 km wrong otherwise)', () => {
    expect(sphere(degreesOnBody(bodyFrame('earth'), 'CRS:84'), 0, 45)[1]).toBeCloseTo(44.80757678, 7);
  });
});

describe('identifiers of Earth on other frames', () => {
  const mars = bodyFrame('mars');

  it('web maps of a planet are the usual square of degrees as they stand', () => {
    const half = 20037508.342789244;
    const crs = webMercatorOnBody(mars);
    expect(crs).toMatchObject({ id: 'EPSG:3857', axes: 'xy', unit: 'metre', periodX: 2 * half, poleLines: false, frame: { id: 'mars' } });
    const [lon, lat] = sphere(crs, half / 2, half / 2);
    expect(lon).toBeCloseTo(90, 12);
    expect(lat).toBeCloseTo(66.51326044311186, 12);
  });

  it('on Earth the latitudes are geodetic', () => {
    expect(sphere(crsOf('EPSG:3857'), 0, 10018754.171394622)[1]).toBeCloseTo(66.372, 3);
  });

  it('a layer takes its own CRSs, those of its sky, and the aliases; no other body', () => {
    for (const id of ['EPSG:4326', 'CRS:84', 'EPSG:3857']) {
      expect(crsOnFrame(crsOf(id), mars)).toMatchObject({ id, frame: { id: 'mars' } });
      expect(crsOnFrame(crsOf(id), SKY_FRAMES.icrs)).toMatchObject({ id, frame: { id: 'icrs' } });
      expect(crsOnFrame(crsOf(id), bodyFrame('earth'))).toMatchObject({ id, frame: { id: 'earth' } });
    }
    const own = crsOf('IAU_2015:49930');
    expect(crsOnFrame(own, mars)).toBe(own);
    const galactic = crsOf('HIPS:GAL');
    expect(crsOnFrame(galactic, SKY_FRAMES.icrs)).toBe(galactic);
    expect(crsOnFrame(galactic, mars)).toBeNull();
    expect(crsOnFrame(own, bodyFrame('moon'))).toBeNull();
    expect(crsOnFrame(own, SKY_FRAMES.icrs)).toBeNull();
    expect(crsOnFrame(crsOf('EPSG:3031'), mars)).toBeNull();
  });
});

describe('the sky', () => {
  it('-M has east to the left', () => {
    const [x, y] = plane(crsOf('HIPS:GAL-M'), 30, 45);
    expect(x).toBeCloseTo(-30, 12);
    expect(y).toBeCloseTo(45, 12);
    expect(sphere(crsOf('HIPS:GAL-M'), -30, 45)[0]).toBeCloseTo(30, 12);
    expect(plane(crsOf('HIPS:GAL'), 30, 45)[0]).toBeCloseTo(30, 12);
  });

  it('frames and axes', () => {
    expect(crsOf('HIPS:ICRS').frame).toBe(SKY_FRAMES.icrs);
    expect(crsOf('HIPS:ECL-M').frame).toBe(SKY_FRAMES.ecliptic);
    expect(crsOf('HIPS:GAL')).toMatchObject({ axes: 'xy', semiMajorAxis: null, unit: 'degree' });
  });
});

describe('identifiers that name nothing', () => {
  it.each(['IAU_2015:12300', 'IAU_2015:49903', 'IAU_2015:30101', 'IAU_2015:50302', 'IAU_2015:49900,1', 'EPSG:9999', 'HIPS:XYZ', 'CRS:27', 'FOO:1'])('%s', (identifier) => {
    expect(() => crsOf(identifier)).toThrow(expect.objectContaining({ code: 'CRS_NOT_SUPPORTED', message: expect.stringContaining(`'${identifier}'`) }));
    expect(() => crsOf(identifier)).toThrow(/known are/);
  });
});

describe('registry', () => {
  it('gives the same object for every spelling, and another registry gives another', () => {
    const registry = createCrsRegistry();
    expect(registry.crsOf('IAU_2015:49900')).toBe(registry.crsOf('urn:ogc:def:crs:IAU:2015:49900'));
    expect(createCrsRegistry().crsOf('IAU_2015:49900')).not.toBe(registry.crsOf('IAU_2015:49900'));
  });
});
