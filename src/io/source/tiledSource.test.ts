import { afterEach, describe, expect, it } from 'vitest';
import { startUpstream, type Upstream } from '../../../test/contract/upstreamServer.ts';
import { fieldPicture, largestDifference } from '../../../test/support/smoothField.ts';
import { crsOf } from '../../geometry/crs/registry.ts';
import { createCrsLattice, crsLatticeOfBbox } from '../../geometry/lattice/crsLattice.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { hipsGrid } from '../../geometry/pyramid/hips.ts';
import { createGrid } from '../../geometry/pyramid/mapproxyGrid.ts';
import { standardSet } from '../../geometry/pyramid/standardSets.ts';
import { matrixOf, tileBbox, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { renderSource } from '../../layer/render.ts';
import { createSharpCodec } from '../../raster/codec/sharp.ts';
import type { Kernel } from '../../raster/reproject/types.ts';
import { createHttpClient } from '../net/http.ts';
import { matrixSetTiling } from './matrixTiling.ts';
import { tileBytes } from './tile.ts';
import { tiledSource } from './tiledSource.ts';
import { tileTemplate } from './tileTemplate.ts';
import type { RasterSource } from './types.ts';

const codec = createSharpCodec({ maxPixels: 1e6 });
const never = new AbortController().signal;
const http = createHttpClient({ tries: 1 });

let upstream: Upstream | null = null;
afterEach(async () => {
  await upstream?.close();
  upstream = null;
});

/** The tile of a set as a server that draws the field would send it. */
async function drawnTile(set: TileMatrixSet, z: string, col: number, row: number, scale = 1): Promise<Uint8Array> {
  const matrix = matrixOf(set, z)!;
  const [x0, , , y0] = tileBbox(matrix, col, row);
  const cell = matrix.cellSize / scale;
  const [width, height] = [matrix.tileWidth * scale, matrix.tileHeight * scale];
  const lattice = createCrsLattice({ crs: set.crs, x0, y0, cellX: cell, cellY: cell, width, height });
  return codec.encode(fieldPicture(lattice, { col: 0, row: 0, width, height }), 'image/png', { quality: 90, background: 0 });
}

async function serving(set: TileMatrixSet, scale = 1): Promise<RasterSource> {
  upstream = await startUpstream(async (request, response) => {
    const [, z = '', x, y] = /^\/t\/(\d+)\/(\d+)\/(\d+)\.png$/.exec(request.url ?? '') ?? [];
    response.end(await drawnTile(set, z, Number(x), Number(y), scale));
  });
  const tiling = matrixSetTiling(set);
  const address = tileTemplate(`${upstream.url}/t/%(tms_path)s.%(format)s`);
  const bytes = tileBytes({ http, addressOf: (tile) => address({ address: tiling.addressOf(tile), z: tiling.zOf(tile), format: 'png' }) });
  return tiledSource({ id: 's', tiling, bytes, codec, decodedCacheBytes: 1e8 });
}

function render(source: RasterSource, grid: PixelGrid, kernel: Kernel = 'nearest') {
  return renderSource(grid, source, { kernel, maxError: 0, maxPatches: 200 }, never);
}

/** Sets in three projections, counted from above and from below, with and without whole tiles; and a level to look at. */
const SETS: readonly (readonly [string, TileMatrixSet, number])[] = [
  ['plate carree', standardSet('MOON_GEOGRAPHIC', crsOf)!, 17],
  ['plate carree from below, tiles beyond the poles', standardSet('GLOBAL_GEODETIC', crsOf)!, 18],
  ['Mercator from below', standardSet('GLOBAL_MERCATOR', crsOf)!, 17],
  ['Web Mercator', standardSet('GLOBAL_WEBMERCATOR', crsOf)!, 17],
  ['polar stereographic', standardSet('MARS_NORTH_POLAR', crsOf)!, 18],
  ['cells that divide nothing', createGrid({ name: 'odd', crs: crsOf('IAU_2015:30100'), bbox: [-101.3, -44.7, 133.1, 77.9], res: [0.9, 0.37, 0.1], tileSize: [50, 30] }), 1],
];

describe('a pyramid of tiles through the engine', () => {
  it.each(SETS)('%s: its own pixels come out untouched (danger: tiles mirrored, upside down, off by one)', async (_, set, level) => {
    const source = await serving(set);
    const { lattice } = source.tiling.levels[level]!;
    const width = Math.min(lattice.width, 300);
    const height = Math.min(lattice.height, 200);
    const grid = { lattice, chart: 0, col: lattice.width - width, row: Math.floor((lattice.height - height) / 2), width, height };
    expect(largestDifference(await render(source, grid), fieldPicture(lattice, grid))).toBe(0);
  });

  it.each(SETS)('%s: HiPS tiles and maps made of it agree with the field (danger: levels out of register)', async (_, set) => {
    const source = await serving(set);
    const { frame } = source.tiling;
    const degrees = createCrsLattice({ crs: crsOf(frame.id === 'earth' ? 'EPSG:4326' : frame.id === 'mars' ? 'IAU_2015:49900' : 'IAU_2015:30100'), x0: -60, y0: 66, cellX: 0.5, cellY: 0.5, width: 200, height: 60 });
    const targets = [
      { lattice: degrees, chart: 0, col: 0, row: 0, width: 200, height: 60 },
      hipsGrid(frame, { order: 2, npix: 5 }, 128),
    ];
    for (const grid of targets) {
      const picture = await render(source, grid, 'bilinear');
      const expected = fieldPicture(grid.lattice, grid);
      if (grid.lattice.chartCount === 12) expected.data.forEach((_value, i) => (picture.data[i - (i % 4) + 3] === 255 ? null : (expected.data[i] = picture.data[i]!)));
      expect(largestDifference(picture, expected)).toBeLessThanOrEqual(2);
    }
  });

  it('follows the dateline and the pole of a world counted from below', async () => {
    const source = await serving(standardSet('GLOBAL_GEODETIC', crsOf)!);
    const lattice = crsLatticeOfBbox(crsOf('EPSG:3413'), [-1e6, -1e6, 1e6, 1e6], 64, 64);
    const grid = { lattice, chart: 0, col: 0, row: 0, width: 64, height: 64 };
    const picture = await render(source, grid, 'bicubic');
    expect(picture.data.every((value, i) => i % 4 < 3 || value === 255)).toBe(true);
    expect(largestDifference(picture, fieldPicture(lattice, grid))).toBeLessThanOrEqual(2);
  });

  it('asks for each tile once, in the numbers of the set', async () => {
    const source = await serving(standardSet('GLOBAL_GEODETIC', crsOf)!);
    const { lattice } = source.tiling.levels[17]!;
    const grid = { lattice, chart: 0, col: 200, row: 0, width: 100, height: 20 };
    await render(source, grid);
    await render(source, grid);
    expect([...upstream!.requests].sort()).toEqual(['/t/2/0/1.png', '/t/2/1/1.png']);
  });

  it('brings tiles of twice the size to the size of the grid', async () => {
    const source = await serving(standardSet('MOON_GEOGRAPHIC', crsOf)!, 2);
    const { lattice } = source.tiling.levels[17]!;
    const grid = { lattice, chart: 0, col: 0, row: 0, width: 256, height: 256 };
    expect(largestDifference(await render(source, grid), fieldPicture(lattice, grid))).toBeLessThanOrEqual(1);
  });
});
