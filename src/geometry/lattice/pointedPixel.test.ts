import { describe, expect, it } from 'vitest';
import { crsOf } from '../crs/registry.ts';
import { pixelElsewhere, placeOf, type PointedPixel } from './pointedPixel.ts';

/** Dangers: a server asked about a place beside the one that was clicked, about a map that it cannot draw, or at another scale. */
const polar = crsOf('IAU_2015:30130');
const degrees = crsOf('IAU_2015:30100');
const onMap = (col: number, row: number): PointedPixel => ({ crs: polar, bbox: [-500_000, -500_000, 500_000, 500_000], width: 1000, height: 1000, col, row });

describe('a pixel in another plane', () => {
  it.each([[0, 0], [499, 499], [500, 500], [501, 730], [999, 17]])('(%i, %i): the same centre, as large, within the world', (col, row) => {
    const pixel = onMap(col, row);
    const other = pixelElsewhere(pixel, degrees)!;
    const [from, to] = [placeOf(pixel, polar.frame), placeOf(other, polar.frame)];
    // Compared as directions: at the pole longitudes are nothing.
    expect(Math.hypot(Math.cos(from.lat) * Math.cos(from.lon) - Math.cos(to.lat) * Math.cos(to.lon), Math.cos(from.lat) * Math.sin(from.lon) - Math.cos(to.lat) * Math.sin(to.lon))).toBeLessThan(1e-9);
    expect(to.lat).toBeCloseTo(from.lat, 9);
    expect(other.col).toBeGreaterThanOrEqual(0);
    expect(other.col).toBeLessThan(other.width);
    expect(other.row).toBeGreaterThanOrEqual(0);
    expect(other.row).toBeLessThan(other.height);
    const cell = (other.bbox[3] - other.bbox[1]) / other.height;
    expect((cell * Math.PI) / 180 / from.pixelAngle).toBeCloseTo(1, 6);
    expect(other.bbox[3]).toBeLessThanOrEqual(90 + cell / 2);
    expect(other.bbox[0]).toBeGreaterThanOrEqual(-180 - cell / 2);
    expect(other.bbox[2]).toBeLessThanOrEqual(180 + cell / 2);
  });

  it('of a plane in metres: as large on the sphere', () => {
    const pixel: PointedPixel = { crs: degrees, bbox: [10, 50, 20, 60], width: 100, height: 100, col: 30, row: 70 };
    const other = pixelElsewhere(pixel, polar)!;
    expect(placeOf(other, polar.frame).pixelAngle / placeOf(pixel, polar.frame).pixelAngle).toBeCloseTo(1, 4);
  });

  it('that does not show the place: none', () => {
    const pixel: PointedPixel = { crs: degrees, bbox: [170, -5, 180, 5], width: 10, height: 10, col: 5, row: 9 };
    expect(pixelElsewhere(pixel, crsOf('IAU_2015:30165'))).toBeNull();
    expect(pixelElsewhere({ ...onMap(0, 0), bbox: [-1e9, -1e9, 1e9, 1e9] }, crsOf('IAU_2015:30165'))).toBeNull();
  });
});
