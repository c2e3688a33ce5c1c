import { expect, it } from 'vitest';
import { crsOf } from '../geometry/crs/registry.ts';
import { bodyFrame } from '../geometry/frame/frame.ts';
import { crsLatticeOfBbox } from '../geometry/lattice/crsLattice.ts';
import { NO_VALUES } from '../protocol/dimensions.ts';
import { createSharpCodec } from '../raster/codec/sharp.ts';
import { emptyRaster, RGBA, type Raster } from '../raster/raster.ts';
import { createLocalPainter } from './painter.ts';
import type { Layer } from './types.ts';
import { theOnly } from './variants.ts';

const SIDE = 32;
const MOON = bodyFrame('moon');
const grid = { lattice: crsLatticeOfBbox(crsOf('IAU_2015:30100'), [0, 0, 10, 10], SIDE, SIDE), chart: 0, col: 0, row: 0, width: SIDE, height: SIDE };

/** The bytes of a picture after it was painted. */
async function leftOf(picture: Raster): Promise<number> {
  const layer = { name: 'layer', title: '', abstract: '', frame: MOON, render: async () => picture } as Layer;
  const painter = createLocalPainter({ layers: new Map([['layer', theOnly(layer)]]), drawers: new Map() }, createSharpCodec({ maxPixels: 1e6 }));
  const job = { kind: 'picture', layers: [{ name: 'layer', values: NO_VALUES }], grid, format: 'image/png', encoding: { quality: 80, background: 0 } } as const;
  await painter.paint(job, { priority: 'interactive', signal: new AbortController().signal });
  return picture.data.length;
}

it('gives back what was drawn for it, and nothing that somebody keeps (danger: a watermark that is remembered is empty the second time; a megabyte of garbage a tile)', async () => {
  expect(await leftOf({ ...emptyRaster(SIDE, SIDE), isOwn: true })).toBe(0);
  expect(await leftOf(emptyRaster(SIDE, SIDE))).toBe(SIDE * SIDE * RGBA);
});
