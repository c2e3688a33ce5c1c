import { describe, expect, it } from 'vitest';
import { SKY_FRAMES, bodyFrame } from '../../geometry/frame/frame.ts';
import { rotatePoints, rotationBetween } from '../../geometry/frame/rotation.ts';
import { healpixLattice } from '../../geometry/lattice/healpixLattice.ts';
import { latticePoints, spherePoints } from '../../geometry/lattice/points.ts';
import { npixOf } from '../../geometry/healpix/morton.ts';
import { mocContains, mocOfCells, skyFraction, wholeSphere, type Moc } from '../../protocol/hips/moc.ts';
import { coarserCoverage, commonCoverage, coverageInFrame } from './hipsCoverage.ts';

const { icrs, galactic, ecliptic } = SKY_FRAMES;
const PROBE_ORDER = 10;
const lattice = healpixLattice(icrs, PROBE_ORDER);

/** Whether a point of the sphere lies in a coverage. */
function holds(moc: Moc, lon: number, lat: number): boolean {
  const at = latticePoints(1);
  lattice.toPixels(1, { lon: Float64Array.of(lon), lat: Float64Array.of(lat) }, at);
  const last = 2 ** PROBE_ORDER - 1;
  return mocContains(moc, PROBE_ORDER, npixOf(PROBE_ORDER, at.chart[0]!, Math.min(last, Math.floor(at.row[0]!)), Math.min(last, Math.floor(at.col[0]!)))) !== 'outside';
}

describe('a coverage in the frame of its HiPS', () => {
  it('is taken as it is where the frames agree, and on a body whatever letter it has', () => {
    const moc = mocOfCells([{ order: 5, npix: 77 }]);
    expect(coverageInFrame({ moc, coordsys: 'G' }, galactic)).toBe(moc);
    expect(coverageInFrame({ moc, coordsys: null }, galactic)).toBe(moc);
    expect(coverageInFrame({ moc, coordsys: 'C' }, bodyFrame('mars'))).toBe(moc);
    expect(skyFraction(coverageInFrame({ moc: wholeSphere(), coordsys: 'C' }, galactic))).toBe(1);
  });

  it('holds every point of the original, in every place of the sphere, and little more (danger: tiles that are never asked for)', () => {
    // Cells at the poles, on base cell corners and edges, of several orders; deep ones lie inside one cell of the turned coverage.
    const cells = [{ order: 3, npix: 63 }, { order: 4, npix: 0 }, { order: 5, npix: 8191 }, { order: 6, npix: 4096 * 4 }, { order: 9, npix: 1234567 }, { order: 4, npix: 2048 }];
    const moc = mocOfCells(cells);
    for (const [frame, coordsys] of [[galactic, 'C'], [ecliptic, 'C'], [icrs, 'G']] as const) {
      const turned = coverageInFrame({ moc, coordsys }, frame);
      const rotation = rotationBetween(coordsys === 'C' ? icrs : galactic, frame)!;
      for (const { order, npix } of cells) {
        for (const [lon, lat] of pointsIn(order, npix)) {
          const at = { lon: Float64Array.of(lon), lat: Float64Array.of(lat) };
          rotatePoints(rotation, 1, at.lon, at.lat);
          expect(holds(turned, at.lon[0]!, at.lat[0]!), `${frame.id} ${order}/${npix}`).toBe(true);
        }
      }
      expect(skyFraction(turned)).toBeLessThan(3 * skyFraction(moc));
    }
  });
});

describe('coverages together', () => {
  const cells = (...npix: number[]): Moc => mocOfCells(npix.map((each) => ({ order: 2, npix: each })));

  it('have in common what both cover', () => {
    expect(commonCoverage(cells(1, 2, 3, 7, 90), cells(0, 1, 3, 4, 7))).toEqual(cells(1, 3, 7));
    expect(commonCoverage(cells(1), cells(2))).toEqual(cells());
    expect(commonCoverage(wholeSphere(), cells(5, 100))).toEqual(cells(5, 100));
    expect(commonCoverage(mocOfCells([{ order: 0, npix: 1 }]), cells(15, 16, 31, 32))).toEqual(cells(16, 31));
  });

  it('made coarser, touch the cells that they touched', () => {
    expect(coarserCoverage(mocOfCells([{ order: 5, npix: 64 * 5 + 1 }, { order: 1, npix: 3 }]), 2)).toEqual(cells(5, 12, 13, 14, 15));
  });
});

/** Points spread over a cell, its corners nearly included. */
function pointsIn(order: number, npix: number): [lon: number, lat: number][] {
  const n = 9;
  const side = 2 ** order;
  const local = healpixLattice(icrs, order);
  const face = Math.floor(npix / 4 ** order);
  let [x, y] = [0, 0];
  for (let bit = 0, rest = npix % 4 ** order; bit < order; bit++, rest = Math.floor(rest / 4)) {
    x += (rest & 1) * 2 ** bit;
    y += ((rest >> 1) & 1) * 2 ** bit;
  }
  expect(x < side && y < side).toBe(true);
  const at = latticePoints(n * n);
  for (let i = 0; i < n * n; i++) {
    at.chart[i] = face;
    at.row[i] = x + 0.001 + (0.998 * (i % n)) / (n - 1);
    at.col[i] = y + 0.001 + (0.998 * Math.floor(i / n)) / (n - 1);
  }
  const out = spherePoints(n * n);
  local.toSphere(n * n, at, out);
  return Array.from({ length: n * n }, (_, i) => [out.lon[i]!, out.lat[i]!]);
}
