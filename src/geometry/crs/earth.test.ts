import { describe, expect, it } from 'vitest';
import { DEGREE } from '../angles.ts';
import { crsFromDefinition } from './earth.ts';
import { crsOf } from './registry.ts';
import type { Crs } from './types.ts';

const BRITISH = '+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m +no_defs';
const MARS_OBLIQUE = '+proj=stere +lat_0=30 +lon_0=140 +a=3396190 +b=3376200 +units=m +no_defs +body=mars';

function sphere(crs: Crs, x: number, y: number): readonly [number, number] {
  const [lon, lat] = [new Float64Array(1), new Float64Array(1)];
  crs.toSphere(1, Float64Array.of(x), Float64Array.of(y), lon, lat);
  return [(lon[0] as number) / DEGREE, (lat[0] as number) / DEGREE];
}

function plane(crs: Crs, lonDeg: number, latDeg: number): readonly [number, number] {
  const [x, y] = [new Float64Array(1), new Float64Array(1)];
  crs.fromSphere(1, Float64Array.of(lonDeg * DEGREE), Float64Array.of(latDeg * DEGREE), x, y);
  return [x[0] as number, y[0] as number];
}

/** Planetocentric degrees of a geodetic latitude on a spheroid with b/a = ratio. */
function planetocentric(latDeg: number, ratio: number): number {
  return Math.atan(ratio * ratio * Math.tan(latDeg * DEGREE)) / DEGREE;
}

const WGS84_RATIO = 1 - 1 / 298.257223563;

describe('CRSs from proj4 definitions', () => {
  it('shifts the datum and crosses from geodetic to planetocentric latitude (100 m, 20 km wrong otherwise)', () => {
    const crs = crsOf('EPSG:27700', { definitions: { 'EPSG:27700': BRITISH } });
    const [x, y] = plane(crs, -1.54, planetocentric(53.8, WGS84_RATIO));
    expect(x).toBeCloseTo(430395.5, 2);
    expect(y).toBeCloseTo(433842.15, 1);
    const [lon, lat] = sphere(crs, x, y);
    expect(lon).toBeCloseTo(-1.54, 7);
    expect(lat).toBeCloseTo(planetocentric(53.8, WGS84_RATIO), 7);
    expect(crs).toMatchObject({ id: 'EPSG:27700', axes: 'xy', unit: 'metre', periodX: null, poleLines: false, frame: { id: 'earth' } });
  });

  it('agrees with the built-in zone', () => {
    const ours = crsOf('EPSG:32631');
    const theirs = crsFromDefinition('EPSG:32631', '+proj=utm +zone=31 +datum=WGS84 +units=m +no_defs');
    const [x, y] = plane(ours, 5, 45);
    const [x2, y2] = plane(theirs, 5, 45);
    expect(x2).toBeCloseTo(x, 4);
    expect(y2).toBeCloseTo(y, 4);
  });

  it('finds the configured key in any spelling, and it wins over the built-in code', () => {
    const definitions = { 'urn:ogc:def:crs:EPSG::3857': '+proj=eqc +datum=WGS84 +units=m' };
    expect(plane(crsOf('EPSG:900913', { definitions }), 90, 0)[0]).toBeCloseTo((Math.PI / 2) * 6378137, 3);
    expect(crsOf('EPSG:900913', { definitions }).periodX).toBeNull();
  });

  it('takes axes from +axis, else lat,lon for degrees', () => {
    expect(crsFromDefinition('X:1', '+proj=longlat +datum=WGS84')).toMatchObject({ axes: 'yx', unit: 'degree', periodX: 360, poleLines: true });
    expect(crsFromDefinition('X:1', '+proj=longlat +datum=WGS84 +axis=enu').axes).toBe('xy');
    expect(crsFromDefinition('X:1', `${BRITISH} +axis=neu`).axes).toBe('yx');
  });

  it('another body by +body: its own ellipsoid and frame', () => {
    const crs = crsFromDefinition('X:2', MARS_OBLIQUE);
    expect(crs).toMatchObject({ frame: { id: 'mars', kind: 'body' }, semiMajorAxis: 3396190 });
    const [x, y] = plane(crs, 140, planetocentric(30, 3376200 / 3396190));
    expect(x).toBeCloseTo(0, 4);
    expect(y).toBeCloseTo(0, 4);
  });

  it('outside the map there is nothing (proj4 answers with limb or clamped coordinates)', () => {
    const ortho = crsFromDefinition('X:3', '+proj=ortho +lat_0=0 +lon_0=0 +R=6371000 +units=m');
    expect(sphere(ortho, 5e6, 5e6)).toEqual([Number.NaN, Number.NaN]);
    expect(plane(ortho, 120, 0)).toEqual([Number.NaN, Number.NaN]);
    const mollweide = crsFromDefinition('X:4', '+proj=moll +lon_0=0 +R=6371000 +units=m');
    expect(sphere(mollweide, 17e6, 8e6)).toEqual([Number.NaN, Number.NaN]);
    expect(sphere(mollweide, Number.NaN, 0)).toEqual([Number.NaN, Number.NaN]);
    expect(sphere(mollweide, 1e6, 2e6)[0]).toBeGreaterThan(0);
  });

  it('the extent holds the globe', () => {
    const [minX, minY, maxX, maxY] = crsFromDefinition('X:4', '+proj=moll +lon_0=0 +a=6371000 +b=6371000 +units=m').extent;
    expect(maxX).toBeCloseTo(2 * Math.SQRT2 * 6371000, 0);
    expect(minX).toBeCloseTo(-maxX, 6);
    expect(maxY).toBeCloseTo(Math.SQRT2 * 6371000, 0);
    expect(minY).toBeCloseTo(-maxY, 6);
  });
});

describe('definitions that cannot be used', () => {
  it('a key that is no identifier is told as such, not as an unknown CRS', () => {
    expect(() => crsOf('EPSG:4326', { definitions: { lambert: BRITISH } })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', locator: 'definitions.lambert' }));
  });

  it.each([
    ['EPSG:27700', 'no proj4 string'],
    ['+proj=nonsense +datum=WGS84', 'cannot read'],
    ['+proj=stere +lat_0=90 +a=3396190 +b=3376200', '+body=mars'],
    ['+proj=utm +zone=31 +datum=WGS84 +units=us-ft', 'unit us-ft'],
    ['+proj=utm +zone=31 +datum=WGS84 +axis=wsu', '+axis=wsu'],
  ])('%s', (text, why) => {
    expect(() => crsFromDefinition('X:9', text)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', locator: 'definitions.X:9', message: expect.stringContaining(why) }));
  });
});
