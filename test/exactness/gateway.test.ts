import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGateway } from '../../src/config/build.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Raster } from '../../src/raster/raster.ts';
import type { Gateway } from '../../src/service/types.ts';
import { moonPicture } from '../support/moon.ts';
import { compareTile, sampleGlobal, tilePoint, type Field } from '../support/reference.ts';

/**
 * Danger: the engine is exact but what feeds it is not (overviews off by half a pixel, patches swapped, colours changed by the
 * codec). The whole road from a configuration to the PNG that a client gets, against the picture sampled point by point.
 */
const directory = mkdtempSync(path.join(tmpdir(), 'hips-gateway-'));
const MOON = new URL('../../config/data/moon.jpg', import.meta.url).pathname;
const CONFIG = `
services: {hips: {resampling_method: bilinear}}
layers:
  - {name: moon, title: Moon, sources: [picture], md: {hips: {hips_order: 3, hips_body: moon, hips_frame: moon, hips_tile_format: png}}}
  - {name: small, title: Moon, sources: [picture], md: {hips: {hips_order: 3, hips_body: moon, hips_tile_width: 128, hips_tile_format: png}}}
sources:
  picture: {type: image, url: ${MOON}, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}
globals: {cache: {base_dir: ${directory}/cache}}
`;
let gateway: Gateway;
let field: Field;
let columnsPerDegree: number;

beforeAll(async () => {
  const file = path.join(directory, 'moon.yaml');
  writeFileSync(file, CONFIG);
  gateway = await buildGateway(loadConfig(file), { threads: 0, report: (error) => { throw error; } });
  const moon = await moonPicture();
  field = sampleGlobal(moon);
  columnsPerDegree = moon.width / 360;
});

afterAll(async () => {
  await gateway.close();
  rmSync(directory, { recursive: true });
});

async function tile(layer: string, order: number, npix: number): Promise<Raster> {
  const encoded = await gateway.hips!.layers.get(layer)!.tile(order, npix, 'image/png', new AbortController().signal);
  const { data, info } = await sharp(encoded!.bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data, opaque: false };
}

/** Columns of the picture under one pixel of a tile. */
function shrink(order: number, npix: number, width: number, pixel: number): number {
  const [, lat] = tilePoint(order, npix, width, (pixel % width) + 0.5, Math.floor(pixel / width) + 0.5);
  const degrees = (Math.sqrt(Math.PI / 3) / (width * 2 ** order)) * (180 / Math.PI);
  return (degrees / Math.cos((lat * Math.PI) / 180)) * columnsPerDegree;
}

describe('tiles as a client gets them', () => {
  for (const npix of [0, 60, 100, 170, 240, 271, 300, 412, 460, 515, 600, 650, 731]) {
    it(`3/${npix}, magnified: mean <= 0.4, no pixel off by more than 3`, async () => {
      const counts = (pixel: number): boolean => shrink(3, npix, 512, pixel) < 0.6;
      const found = compareTile(await tile('moon', 3, npix), field, { order: 3, npix, samples: 1, stride: 1, counts });
      expect(found.pixels).toBeGreaterThan(50_000);
      expect(found.mean).toBeLessThanOrEqual(0.4);
      expect(found.max).toBeLessThanOrEqual(3);
    });
  }
  for (const [layer, width, order, npix] of [['moon', 512, 0, 1], ['moon', 512, 0, 6], ['moon', 512, 3, 127], ['small', 128, 0, 9], ['small', 128, 1, 20], ['small', 128, 2, 63]] as const) {
    it(`${layer} ${order}/${npix}, shrunk from overviews: mean <= 1.0 from 16 x 16 samples per pixel`, async () => {
      const counts = (pixel: number): boolean => shrink(order, npix, width, pixel) > 1;
      const found = compareTile(await tile(layer, order, npix), field, { order, npix, samples: 16, stride: 3, counts });
      expect(found.pixels).toBeGreaterThan(400);
      expect(found.mean).toBeLessThanOrEqual(1);
    });
  }
});
