import { describe, expect, it } from 'vitest';
import { fieldPicture } from '../../../test/support/smoothField.ts';
import { crsOf } from '../../geometry/crs/registry.ts';
import { bodyFrame } from '../../geometry/frame/frame.ts';
import { crsLatticeOfBbox } from '../../geometry/lattice/crsLattice.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { hipsGrid } from '../../geometry/pyramid/hips.ts';
import { parseHipsPath } from '../../protocol/hips/path.ts';
import { createSharpCodec } from '../../raster/codec/sharp.ts';
import { RGBA, type Raster } from '../../raster/raster.ts';
import { DEFAULT_MAX_ERROR } from '../../raster/reproject/types.ts';
import { renderSource } from '../../layer/render.ts';
import { createHipsTiles } from './hipsTiles.ts';
import type { RasterSource } from './types.ts';

/** Dangers: a whole globe in few pixels is drawn from more pixels than it shows, in the wrong place, or asks for tiles again and again. */

const MOON = bodyFrame('moon');
const WIDTH = 256;
const codec = createSharpCodec({ maxPixels: 1e8 });
const never = new AbortController().signal;

/** A HiPS of a smooth field, order 0 only, and the files that were asked for. */
function smoothHips(): { readonly source: RasterSource; readonly asked: string[] } {
  const asked: string[] = [];
  const tiles = createHipsTiles({
    files: {
      async get(path) {
        asked.push(path);
        const tile = parseHipsPath(path);
        if (tile.kind !== 'tile') throw new Error(`${path} was asked for`);
        const grid = hipsGrid(MOON, tile, WIDTH);
        return { status: 200, bytes: await codec.encode(fieldPicture(grid.lattice, grid), 'image/png', { quality: 100, background: 0 }) };
      },
    },
    frame: MOON, order: 0, orderMin: 0, orderMinIsSure: true, tileWidth: WIDTH, formats: ['png'], coverage: null, store: null, cache: 'smooth', maxAgeMs: Infinity,
    codec, decodedCacheBytes: 1e8, report: () => {},
  });
  return { source: { id: 'smooth', ...tiles }, asked };
}

/** The whole body, `width` pixels wide. */
function globe(crs: string, width: number): PixelGrid {
  const [west, south, east, north] = crsOf(crs).extent;
  const height = Math.round((width * (north - south)) / (east - west));
  return { lattice: crsLatticeOfBbox(crsOf(crs), [west, south, east, north], width, height), chart: 0, col: 0, row: 0, width, height };
}

const draw = (source: RasterSource, grid: PixelGrid, kernel: 'bilinear' | 'bicubic'): Promise<Raster> => renderSource(grid, source, { kernel, maxError: DEFAULT_MAX_ERROR, maxPatches: 100 }, never);

/** Of 255: a pixel is the mean of what it covers, the field is its value in the middle. */
const MOST_OFF = 2;

/** The largest difference of any opaque pixel, and which part of those of the field is opaque: those at the limb of a globe are mixed with nothing. */
function compared(picture: Raster, field: Raster): { readonly worst: number; readonly shown: number } {
  let [worst, shown, all] = [0, 0, 0];
  for (let i = 0; i < field.data.length; i += RGBA) {
    if (field.data[i + 3] !== 255) continue;
    all++;
    if (picture.data[i + 3] !== 255) continue;
    shown++;
    for (let k = 0; k < 3; k++) worst = Math.max(worst, Math.abs(picture.data[i + k]! - field.data[i + k]!));
  }
  return { worst, shown: shown / all };
}

describe('tiles of order 0 at less than their width', () => {
  for (const crs of ['IAU_2015:30100', 'IAU_2015:30120', 'IAU_2015:30140']) {
    for (const width of [512, 256, 128]) {
      it(`${crs}, ${width} pixels wide: the field itself`, async () => {
        const { source } = smoothHips();
        const grid = globe(crs, width);
        const { worst, shown } = compared(await draw(source, grid, width === 256 ? 'bicubic' : 'bilinear'), fieldPicture(grid.lattice, grid));
        expect(worst).toBeLessThanOrEqual(MOST_OFF);
        expect(shown).toBeGreaterThan(0.95);
      });
    }
  }

  it('are made once, of tiles that are asked for once', async () => {
    const { source, asked } = smoothHips();
    await draw(source, globe('IAU_2015:30100', 256), 'bilinear');
    await draw(source, globe('IAU_2015:30100', 128), 'bilinear');
    expect(asked.length).toBe(12);
    const { tiling } = source;
    const [whole, half] = [tiling.patchAt(0, 3, 0, 0)!, tiling.patchAt(1, 3, 0, 0)!];
    expect([whole.grid.width, half.grid.width]).toEqual([WIDTH, WIDTH / 2]);
    expect(half.key).not.toBe(whole.key);
    expect(await source.fetch(half, never)).toBe(await source.fetch(half, never));
  });
});
