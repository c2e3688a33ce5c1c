import type { Lattice, PixelGrid } from '../../src/geometry/lattice/types.ts';
import { latticePoints, spherePoints } from '../../src/geometry/lattice/points.ts';
import type { Raster } from '../../src/raster/raster.ts';

/** Red, green, blue of a direction: smooth everywhere on the sphere, poles and seam included, and different east and west, north and south. */
export function smoothColour(lon: number, lat: number): readonly [number, number, number] {
  const x = Math.cos(lat) * Math.cos(lon);
  const y = Math.cos(lat) * Math.sin(lon);
  return [127 + 90 * x + 30 * Math.sin(3 * y), 127 + 100 * y, 127 + 100 * Math.sin(lat)];
}

/** The field at the centres of a rectangle's pixels; transparent where there is no such place. */
export function fieldPicture(lattice: Lattice, { chart = 0, col, row, width, height }: Omit<PixelGrid, 'lattice' | 'chart'> & { readonly chart?: number }): Raster {
  const n = width * height;
  const at = latticePoints(n);
  at.chart.fill(chart);
  for (let i = 0; i < n; i++) {
    at.col[i] = col + (i % width) + 0.5;
    at.row[i] = row + Math.floor(i / width) + 0.5;
  }
  const sphere = spherePoints(n);
  lattice.toSphere(n, at, sphere);
  const data = new Uint8Array(n * 4);
  let opaque = true;
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(sphere.lon[i]!)) opaque = false;
    else data.set([...smoothColour(sphere.lon[i]!, sphere.lat[i]!).map(Math.round), 255], i * 4);
  }
  return { width, height, data, opaque };
}

/** Largest difference of any channel of any pixel. */
export function largestDifference(a: Raster, b: Raster): number {
  return a.data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b.data[i]!)), a.data.length === b.data.length ? 0 : Infinity);
}
