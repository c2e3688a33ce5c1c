import sharp from 'sharp';
import { crsOf } from '../src/geometry/crs/registry.ts';
import { hipsGrid } from '../src/geometry/pyramid/hips.ts';
import { straightSamples } from '../src/raster/codec/pack.ts';
import { compileCodecKernels } from '../src/raster/codec/kernels.ts';
import { createPngEncoder } from '../src/raster/codec/png/encode.ts';
import { createSharpCodec } from '../src/raster/codec/sharp.ts';
import type { Raster } from '../src/raster/raster.ts';
import { planReprojection } from '../src/raster/reproject/plan.ts';
import { resample } from '../src/raster/reproject/resample.ts';
import { DEFAULT_MAX_ERROR } from '../src/raster/reproject/types.ts';
import { globalSource, moonPicture } from '../test/support/moon.ts';
import { measure, type Figures } from './measure.ts';

/** What does it cost to write a tile of 512 x 512, and how large is it? The name tells the bytes; beside PNG that of libvips. */
export default async function encoders(quick: boolean): Promise<Figures[]> {
  const tile = await moonTile();
  const flat: Raster = { width: 512, height: 512, data: new Uint8Array(512 * 512 * 4), opaque: false };
  const own = createPngEncoder(compileCodecKernels()!());
  const codec = createSharpCodec({ maxPixels: 1e8 });
  const options = { quality: 85, background: 0 };
  const { data, channels } = straightSamples(tile);
  const raw = { width: 512, height: 512, channels };
  const work: (readonly [string, () => Promise<Uint8Array>])[] = [
    ['PNG', () => own(tile)],
    ['PNG of one colour', () => own(flat)],
    ['PNG of libvips, level 2, adaptive filters', () => sharp(data, { raw }).png({ compressionLevel: 2, adaptiveFiltering: true }).toBuffer()],
    ['JPEG, quality 85', () => codec.encode(tile, 'image/jpeg', options)],
    ['WebP, quality 85, effort 0', () => codec.encode(tile, 'image/webp', options)],
    ['AVIF, quality 85, effort 0', () => codec.encode(tile, 'image/avif', options)],
  ];
  const figures: Figures[] = [];
  for (const [name, encode] of work) {
    figures.push(await measure(`${name} (${(await encode()).length} bytes)`, encode, { runs: quick ? 10 : 60 }));
  }
  return figures;
}

async function moonTile(): Promise<Raster> {
  const crs = crsOf('IAU_2015:30100');
  const source = globalSource(await moonPicture(), crs, 512);
  const plan = planReprojection(hipsGrid(crs.frame, { order: 1, npix: 20 }, 512), source.tiling, { kernel: 'bicubic', maxError: DEFAULT_MAX_ERROR, maxPatches: 500 });
  return resample(plan, source.rasters(plan));
}
