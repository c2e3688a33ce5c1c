import { emptyRaster, RGBA, type Raster } from './raster.ts';

/** Pictures one below the other, at the left edge; what is left beside narrower ones is transparent. @param rasters the topmost first, not empty */
export function stacked(rasters: readonly Raster[]): Raster {
  const [only, ...others] = rasters as readonly [Raster, ...Raster[]];
  if (others.length === 0) return only;
  const width = Math.max(...rasters.map((raster) => raster.width));
  const all = emptyRaster(width, rasters.reduce((sum, { height }) => sum + height, 0));
  let row = 0;
  for (const raster of rasters) {
    const bytes = raster.width * RGBA;
    for (let r = 0; r < raster.height; r++, row++) all.data.set(raster.data.subarray(r * bytes, (r + 1) * bytes), row * width * RGBA);
  }
  return all;
}
