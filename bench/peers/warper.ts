import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MOON_JPG } from '../../test/e2e/support/moon.ts';
import { run } from '../../test/e2e/support/process.ts';
import { crsOf } from '../../src/geometry/crs/registry.ts';
import { crsLatticeOfBbox } from '../../src/geometry/lattice/crsLattice.ts';
import type { PixelGrid } from '../../src/geometry/lattice/types.ts';
import { planReprojection } from '../../src/raster/reproject/plan.ts';
import { resample } from '../../src/raster/reproject/resample.ts';
import { DEFAULT_MAX_ERROR } from '../../src/raster/reproject/types.ts';
import { globalSource, moonPicture } from '../../test/support/moon.ts';
import { measure, quantile } from '../measure.ts';
import type { Effort } from './effort.ts';
import { onPath } from './find.ts';
import { absent, type Row } from './rows.ts';

const SIDE = 2048;
/** Half the side of the map around the north pole, metres: its pixels are about as large as those of the picture. */
const HALF = 1_390_000;
const DEGREES = '+proj=longlat +R=1737400 +no_defs';
const POLAR = '+proj=stere +lat_0=90 +R=1737400 +units=m +no_defs';

/** One thread, decoded pixels in, pixels out: the picture of the Moon as a map around its north pole, 2048 x 2048. */
export async function warper(effort: Effort): Promise<Row[]> {
  const rows: Row[] = [];
  for (const kernel of ['nearest', 'bilinear', 'bicubic'] as const) {
    const work = `picture -> polar stereographic 2048x2048, ${kernel}, one thread`;
    rows.push(await ours(work, kernel, effort), await gdal(work, kernel, effort));
  }
  return rows;
}

async function ours(work: string, kernel: 'nearest' | 'bilinear' | 'bicubic', effort: Effort): Promise<Row> {
  const source = globalSource(await moonPicture(), crsOf('IAU_2015:30100'), 512);
  const lattice = crsLatticeOfBbox(crsOf('IAU_2015:30130'), [-HALF, -HALF, HALF, HALF], SIDE, SIDE);
  const grid: PixelGrid = { lattice, chart: 0, col: 0, row: 0, width: SIDE, height: SIDE };
  const options = { kernel, maxError: DEFAULT_MAX_ERROR, maxPatches: 500 };
  const rasters = source.rasters(planReprojection(grid, source.tiling, options));
  const { cpuMs, medianMs } = await measure(work, () => resample(planReprojection(grid, source.tiling, options), rasters), { runs: effort.rounds * 3 });
  return { work, who: 'hips-gateway', cpuMs, perSecond: null, p50Ms: medianMs, p99Ms: null, note: 'RGBA, map within 1/8 pixel' };
}

/** Its start, reading and writing are taken off: a plain copy of the picture by gdal_translate, which writes twice the pixels of the map. */
async function gdal(work: string, kernel: 'nearest' | 'bilinear' | 'bicubic', effort: Effort): Promise<Row> {
  const who = 'gdalwarp';
  if (onPath('gdalwarp') === null || onPath('gdal_translate') === null) return absent(work, who, 'apt-get install gdal-bin');
  const folder = await mkdtemp(join(tmpdir(), 'bench-gdal-'));
  try {
    const source = join(folder, 'moon.tif');
    await run('gdal_translate', ['-q', '-a_srs', DEGREES, '-a_ullr', '-180', '90', '180', '-90', '-co', 'INTERLEAVE=PIXEL', '-co', 'TILED=YES', MOON_JPG, source], 60_000);
    const times: number[] = [];
    for (let i = 0; i < effort.rounds; i++) {
      const warp = await childTime('gdalwarp', warpArgs(kernel, source, join(folder, `map${i}.tif`)));
      const copy = await childTime('gdal_translate', ['-q', '-co', 'INTERLEAVE=PIXEL', source, join(folder, `copy${i}.tif`)]);
      times.push(warp - copy);
    }
    return { work, who, cpuMs: quantile(times, 0.5), perSecond: null, p50Ms: null, p99Ms: null, note: 'RGB, -et 0.125, less a copy of the picture by gdal_translate' };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function warpArgs(kernel: 'nearest' | 'bilinear' | 'bicubic', source: string, out: string): string[] {
  const method = { nearest: 'near', bilinear: 'bilinear', bicubic: 'cubic' }[kernel];
  const extent = [-HALF, -HALF, HALF, HALF].map(String);
  const memory = ['-wm', '512', '--config', 'GDAL_CACHEMAX', '512', '--config', 'GDAL_NUM_THREADS', '1'];
  return ['-q', '-overwrite', '-s_srs', DEGREES, '-t_srs', POLAR, '-te', ...extent, '-ts', String(SIDE), String(SIDE), '-r', method, '-et', '0.125', '-ovr', 'NONE', ...memory, source, out];
}

/** User and system time of a program, milliseconds, as the shell's `times` tells it of its children. */
async function childTime(program: string, args: readonly string[]): Promise<number> {
  const output = await run('sh', ['-c', '"$@" && times', 'sh', program, ...args], 120_000);
  const [, userMin, user, systemMin, system] = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(output)!;
  return ((Number(userMin) + Number(systemMin)) * 60 + Number(user) + Number(system)) * 1000;
}
