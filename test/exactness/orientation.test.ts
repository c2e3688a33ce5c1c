import { describe, expect, it } from 'vitest';
import { crsOf } from '../../src/geometry/crs/registry.ts';
import { hipsGrid } from '../../src/geometry/pyramid/hips.ts';
import type { Raster } from '../../src/raster/raster.ts';
import { planReprojection } from '../../src/raster/reproject/plan.ts';
import { resample } from '../../src/raster/reproject/resample.ts';
import { DEFAULT_MAX_ERROR } from '../../src/raster/reproject/types.ts';
import { letteredMap } from '../support/letters.ts';
import { globalSource } from '../support/moon.ts';
import { sampleGlobal, tilePoint } from '../support/reference.ts';

/** Danger: tiles mirrored or turned. Every other orientation of the lettered map must be far worse than the right one. */
const WIDTH = 128;
const crs = crsOf('IAU_2015:30100');
const map = letteredMap(1440);
const source = globalSource(map, crs, 256);
const field = sampleGlobal(map);

function tile(order: number, npix: number): Raster {
  const options = { kernel: 'bilinear', maxError: DEFAULT_MAX_ERROR, maxPatches: 500 } as const;
  const plan = planReprojection(hipsGrid(crs.frame, { order, npix }, WIDTH), source.tiling, options);
  return resample(plan, source.rasters(plan));
}

/** Mean difference from the map when the tile's pixel (c, r) is taken for the place of pixel place(c, r). */
function misfit(picture: Raster, order: number, npix: number, place: (c: number, r: number) => [number, number]): number {
  const rgb = new Float64Array(3);
  let sum = 0;
  for (let r = 0; r < WIDTH; r++) {
    for (let c = 0; c < WIDTH; c++) {
      const [pc, pr] = place(c, r);
      const [lon, lat] = tilePoint(order, npix, WIDTH, pc + 0.5, pr + 0.5);
      field(lon, lat, rgb);
      for (let k = 0; k < 3; k++) sum += Math.abs(picture.data[(r * WIDTH + c) * 4 + k]! - rgb[k]!);
    }
  }
  return sum / (WIDTH * WIDTH * 3);
}

const last = WIDTH - 1;
const ORIENTATIONS: Readonly<Record<string, (c: number, r: number) => [number, number]>> = {
  'mirrored left-right': (c, r) => [last - c, r],
  'mirrored top-bottom': (c, r) => [c, last - r],
  'turned by 180': (c, r) => [last - c, last - r],
  transposed: (c, r) => [r, c],
  'turned by 90': (c, r) => [r, last - c],
  'turned by 270': (c, r) => [last - r, c],
  'anti-transposed': (c, r) => [last - r, last - c],
};

describe('orientation of tiles', () => {
  for (const [order, npix] of [[1, 1], [1, 18], [1, 25], [1, 40], [2, 100]] as const) {
    it(`order ${order}, npix ${npix} shows the letters upright and unmirrored`, () => {
      const picture = tile(order, npix);
      const right = misfit(picture, order, npix, (c, r) => [c, r]);
      for (const [name, place] of Object.entries(ORIENTATIONS)) {
        expect(misfit(picture, order, npix, place), name).toBeGreaterThan(4 * right);
      }
    });
  }

  it('puts south at the top left, west at the top right, east at the bottom left, north at the bottom right (HiPS 1.0, 4.2.1)', () => {
    const picture = tile(0, 4); // base cell 4: lon 0 +- 45, lat 0 +- 41.8
    const pixel = (c: number, r: number): number[] => [...picture.data.subarray((r * WIDTH + c) * 4, (r * WIDTH + c) * 4 + 2)];
    const [south, west] = [pixel(1, 1), pixel(last - 1, 1)];
    const [east, north] = [pixel(1, last - 1), pixel(last - 1, last - 1)];
    expect(south[1]!).toBeLessThan(north[1]! - 50);
    expect(west[0]!).toBeLessThan(east[0]! - 30);
  });
});
