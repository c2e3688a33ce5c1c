import sharp from 'sharp';
import type { Crs } from '../../src/geometry/crs/types.ts';
import { crsLatticeOfBbox } from '../../src/geometry/lattice/crsLattice.ts';
import type { Raster } from '../../src/raster/raster.ts';
import { reduce } from '../../src/raster/reduce.ts';
import type { PatchRasters, ReprojectPlan } from '../../src/raster/reproject/types.ts';
import type { Tiling } from '../../src/raster/tiling.ts';
import { cropPatch, plainTiling } from './memorySource.ts';

/** The Moon of the demo, decoded. */
export async function moonPicture(): Promise<Raster> {
  const file = new URL('../../config/data/moon.jpg', import.meta.url).pathname;
  const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data), opaque: true };
}

export interface PictureSource {
  readonly tiling: Tiling;
  rasters(plan: ReprojectPlan): PatchRasters;
}

/** A global picture (-180..180, 90..-90) with its overviews, in patches. */
export function globalSource(picture: Raster, crs: Crs, patch: number): PictureSource {
  const pictures = [picture];
  for (let p = picture; p.width > 512 && p.width % 2 === 0 && p.height % 2 === 0; ) {
    p = reduce(p, p.width / 2, p.height / 2);
    pictures.push(p);
  }
  const tiling = plainTiling(pictures.map((p) => crsLatticeOfBbox(crs, [-180, -90, 180, 90], p.width, p.height)), patch);
  return { tiling, rasters: (plan) => plan.patches.map((p) => cropPatch(pictures[p.level]!, p)) };
}
