import { describe, expect, it } from 'vitest';
import { DEGREE } from '../angles.ts';
import { degreesOnBody } from '../crs/alias.ts';
import { createCrsRegistry } from '../crs/registry.ts';
import { bodyFrame, SKY_FRAMES } from '../frame/frame.ts';
import { rotatePoints, rotationBetween } from '../frame/rotation.ts';
import { hipsGrid } from '../pyramid/hips.ts';
import { differenceOf, intersectionOf, regionInFrame, unionOf } from './combine.ts';
import type { Polygon } from './planePolygon.ts';
import { polygonRegion } from './polygonRegion.ts';
import { shapeOfGrid } from './shape.ts';
import type { Overlap, Region } from './types.ts';

const MARS = bodyFrame('mars');
const registry = createCrsRegistry();

function box(minX: number, minY: number, maxX: number, maxY: number): Polygon {
  return [[[minX, minY], [maxX, minY], [maxX, maxY], [minX, maxY]]];
}

function has(region: Region, lon: number, lat: number): boolean {
  const out = new Uint8Array(1);
  region.contains(1, { lon: Float64Array.of(lon * DEGREE), lat: Float64Array.of(lat * DEGREE) }, out);
  return out[0] === 1;
}

function overlapOfCell(region: Region, order: number, npix: number): Overlap {
  return region.overlap(shapeOfGrid(hipsGrid(region.frame, { order, npix }, 1)));
}

/** The states of all cells of an order, held against the points in them: a certain answer must be true of each. */
function checkCells(region: Region, order: number): Readonly<Record<Overlap, number>> {
  const counts = { inside: 0, partial: 0, outside: 0 };
  for (let npix = 0; npix < 12 * 4 ** order; npix++) {
    const overlap = overlapOfCell(region, order, npix);
    counts[overlap]++;
    const { lattice, chart, col, row } = hipsGrid(region.frame, { order, npix }, 1);
    const n = 25;
    const at = { chart: new Int8Array(n).fill(chart), col: Float64Array.from({ length: n }, (_, i) => col + ((i % 5) + 0.5) / 5), row: Float64Array.from({ length: n }, (_, i) => row + (Math.floor(i / 5) + 0.5) / 5) };
    const sphere = { lon: new Float64Array(n), lat: new Float64Array(n) };
    lattice.toSphere(n, at, sphere);
    const out = new Uint8Array(n);
    region.contains(n, sphere, out);
    const held = out.reduce((sum, one) => sum + one, 0);
    if (overlap === 'inside') expect([npix, held]).toEqual([npix, n]);
    if (overlap === 'outside') expect([npix, held]).toEqual([npix, 0]);
  }
  return counts;
}

describe('over the antimeridian', () => {
  const crs = degreesOnBody(MARS, 'CRS:84');
  it.each([
    ['beyond 180', [box(170, -20, 190, 20)]],
    ['beyond -180', [box(-190, -20, -170, 20)]],
    ['cut in two', [box(170, -20, 180, 20), box(-180, -20, -170, 20)]],
  ])('%s', (_, polygons) => {
    const region = polygonRegion(crs, polygons);
    expect([175, 180, -180, -175].map((lon) => has(region, lon, 3))).toEqual([true, true, true, true]);
    expect([169, -169, 0].map((lon) => has(region, lon, 3))).toEqual([false, false, false]);
    const { inside, partial, outside } = checkCells(region, 4);
    expect(inside).toBeGreaterThan(12); // cells on the cut belong to neither half alone
    expect(partial).toBeLessThan(140);
    expect(outside).toBeGreaterThan(2000);
  });
});

describe('around a pole', () => {
  it('in the plane of a polar system the pole is a point like others', () => {
    const polar = registry.crsOf('IAU_2015:49930');
    const d = 300_000;
    const region = polygonRegion(polar, [[[[-d, -d], [2 * d, -d], [2 * d, d], [-d, d]]]]);
    expect(has(region, 12, 89.9)).toBe(true);
    expect(has(region, 12, -89.9)).toBe(false);
    const { inside, outside } = checkCells(region, 5);
    expect(inside).toBeGreaterThan(4);
    expect(outside).toBeGreaterThan(12 * 4 ** 5 - 300);
  });
  it('in degrees a band along the edge', () => {
    const region = polygonRegion(degreesOnBody(MARS, 'CRS:84'), [box(-180, -90, 180, -70)]);
    expect([has(region, 0, -89.99), has(region, 180, -80), has(region, 0, -69.9), has(region, 0, 89.99)]).toEqual([true, true, false, false]);
    expect(checkCells(region, 4).outside).toBeGreaterThan(2900);
  });
});

describe('combinations', () => {
  const crs = degreesOnBody(MARS, 'CRS:84');
  const [a, b] = [polygonRegion(crs, [box(0, 0, 20, 20)]), polygonRegion(crs, [box(10, 0, 30, 20)])];
  it.each([
    ['union', unionOf([a, b]), [true, true, true, false]],
    ['intersection', intersectionOf([a, b]), [false, true, false, false]],
    ['difference', differenceOf(a, [b]), [true, false, false, false]],
  ] as const)('%s', (_, region, expected) => {
    expect([5, 15, 25, 35].map((lon) => has(region, lon, 10))).toEqual(expected);
    expect(has(differenceOf(a, [b]), NaN, NaN)).toBe(false);
    checkCells(region, 4);
  });
});

describe('in another frame of the sky', () => {
  it('galactic directions in a polygon of ICRS', () => {
    const icrs = polygonRegion(degreesOnBody(SKY_FRAMES.icrs, 'CRS:84'), [box(80, -10, 100, 15)]);
    const region = regionInFrame(icrs, SKY_FRAMES.galactic);
    const [lon, lat] = [Float64Array.of(90 * DEGREE, 110 * DEGREE), Float64Array.of(10 * DEGREE, 10 * DEGREE)];
    rotatePoints(rotationBetween(SKY_FRAMES.icrs, SKY_FRAMES.galactic)!, 2, lon, lat);
    expect([0, 1].map((i) => has(region, lon[i]! / DEGREE, lat[i]! / DEGREE))).toEqual([true, false]);
    expect(region.frame.id).toBe('galactic');
    expect(checkCells(region, 4).inside).toBeGreaterThan(10);
  });
  it('frames of two bodies never mix', () => {
    expect(() => regionInFrame(polygonRegion(degreesOnBody(MARS, 'CRS:84'), []), SKY_FRAMES.icrs)).toThrow(/cannot be drawn/);
  });
});
