import { beforeAll, describe, expect, it } from 'vitest';
import { crsOf } from '../../src/geometry/crs/registry.ts';
import { hipsGrid } from '../../src/geometry/pyramid/hips.ts';
import type { Raster } from '../../src/raster/raster.ts';
import { planReprojection } from '../../src/raster/reproject/plan.ts';
import { resample } from '../../src/raster/reproject/resample.ts';
import { DEFAULT_MAX_ERROR } from '../../src/raster/reproject/types.ts';
import { globalSource, moonPicture, type PictureSource } from '../support/moon.ts';
import { compareTile, sampleGlobal, tilePoint, type Field } from '../support/reference.ts';

/**
 * Danger: the crater is not under the right pixel. The engine's bilinear tiles of the Moon against the picture sampled point by
 * point at pixel centres that come from other formulas (test/support/reference.ts).
 */
const WIDTH = 512;
const crs = crsOf('IAU_2015:30100');
let moon: Raster;
let source: PictureSource;
let field: Field;

beforeAll(async () => {
  moon = await moonPicture();
  source = globalSource(moon, crs, 512);
  field = sampleGlobal(moon);
});

function tile(order: number, npix: number, width = WIDTH): Raster {
  const plan = planReprojection(hipsGrid(crs.frame, { order, npix }, width), source.tiling, {
    kernel: 'bilinear',
    maxError: DEFAULT_MAX_ERROR,
    maxPatches: 500,
  });
  return resample(plan, source.rasters(plan));
}

/** Columns of the picture under one pixel: the only direction in which a plate carree shrinks at these orders. */
function shrink(order: number, npix: number, pixel: number): number {
  const [, lat] = tilePoint(order, npix, WIDTH, (pixel % WIDTH) + 0.5, Math.floor(pixel / WIDTH) + 0.5);
  const pixelDegrees = (Math.sqrt(Math.PI / 3) / (WIDTH * 2 ** order)) * (180 / Math.PI);
  return (pixelDegrees / Math.cos((lat * Math.PI) / 180)) * (moon.width / 360);
}

/** Magnifying with a margin: HEALPix pixels are squeezed by up to a third against the mean one. */
const MAGNIFIES = 0.6;

describe('where the mapping magnifies: plain bilinear sampling', () => {
  const perBaseCell = Array.from({ length: 12 }, (_, face) => ({ name: `base cell ${face}`, order: 3, npix: face * 64 + 27 }));
  const special = [
    { name: 'next to the north pole', order: 3, npix: 60 },
    { name: 'next to the south pole', order: 3, npix: 8 * 64 + 3 },
    { name: 'antimeridian, equator', order: 3, npix: 6 * 64 + 28 },
    { name: 'antimeridian, north', order: 3, npix: 1 * 64 + 42 },
    { name: 'antimeridian, south', order: 3, npix: 9 * 64 + 21 },
    { name: 'line |sin lat| = 2/3, north', order: 3, npix: 21 },
    { name: 'line |sin lat| = 2/3, south', order: 3, npix: 10 * 64 + 37 },
    { name: 'order 2', order: 2, npix: 80 },
    { name: 'order 6', order: 6, npix: 20_000 },
  ];
  for (const { name, order, npix } of [...perBaseCell, ...special]) {
    it(`${name} (${order}/${npix}): mean <= 0.4, no pixel off by more than 3`, () => {
      const counts = (pixel: number): boolean => shrink(order, npix, pixel) < MAGNIFIES;
      const found = compareTile(tile(order, npix), field, { order, npix, samples: 1, stride: 1, counts });
      expect(found.pixels).toBeGreaterThan(WIDTH * 100);
      expect(found.mean).toBeLessThanOrEqual(0.4);
      expect(found.max).toBeLessThanOrEqual(3);
    });
  }
});

describe('where it minifies: the mean over each pixel', () => {
  const cases = [
    { name: 'order 0, north', order: 0, npix: 0 },
    { name: 'order 0, equator', order: 0, npix: 4 },
    { name: 'order 0, south', order: 0, npix: 11 },
    { name: 'order 1, north pole', order: 1, npix: 3 },
    { name: 'order 3, north pole', order: 3, npix: 63 },
    { name: 'order 3, south pole', order: 3, npix: 8 * 64 },
  ];
  for (const { name, order, npix } of cases) {
    it(`${name} (${order}/${npix}): mean <= 1.0 from 16 x 16 samples per pixel`, () => {
      const counts = (pixel: number): boolean => shrink(order, npix, pixel) > 1;
      const found = compareTile(tile(order, npix), field, { order, npix, samples: 16, stride: 5, counts });
      expect(found.pixels).toBeGreaterThan(1000);
      expect(found.mean).toBeLessThanOrEqual(1);
    });
  }
});
