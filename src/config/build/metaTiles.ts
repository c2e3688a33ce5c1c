import type { Frame } from '../../geometry/frame/frame.ts';
import type { TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import type { MapRectangle, WindowDrawer } from '../../layer/meta.ts';
import { faded, over } from '../../raster/blend.ts';
import { emptyRaster, type Raster } from '../../raster/raster.ts';
import type { CacheConfig } from '../types.ts';
import { askedMaps, drawMap, type AskedMaps } from './askedMaps.ts';
import type { BuildContext } from './context.ts';
import type { SourceOf } from './drawing.ts';
import { marksOf } from './marks.ts';

/** A source of a cache. */
interface Asked {
  readonly maps: AskedMaps;
  /** (0, 1] */
  readonly opacity: number;
}

/**
 * What draws the meta tiles of one grid of a cache: only where all of its sources are services that draw maps in the grid's reference
 * system. null elsewhere: what would have to be reprojected is drawn tile by tile by the engine, which is exact where tiles meet.
 */
export async function windowDrawerOf(cache: CacheConfig, set: TileMatrixSet, frame: Frame | null, sourceOf: SourceOf, context: BuildContext): Promise<WindowDrawer | null> {
  const { sources } = context.loaded.config;
  const asked: Asked[] = [];
  for (const ref of cache.sources) {
    if (ref.kind === 'cache') return null;
    const config = sources.get(ref.name)!;
    const maps = askedMaps(config, await sourceOf(ref, frame), set.crs, context);
    if (maps === null) return null;
    const opacity = config.image.opacity ?? 1;
    if (opacity > 0) asked.push({ maps, opacity });
  }
  const marks = marksOf(cache);
  if (asked.length === 0) return null;
  return {
    draw: (window, signal) => drawAll(asked, window, cache.request_format, context, signal),
    ...(marks === null ? {} : { finish: (tile, part) => marks.on(tile, part) }),
  };
}

async function drawAll(asked: readonly Asked[], window: MapRectangle, format: string, context: BuildContext, signal: AbortSignal): Promise<Raster> {
  const pictures = await Promise.all(asked.map(async ({ maps, opacity }) => {
    const picture = await drawMap(maps, window, format, context, signal);
    return picture === null ? null : faded(picture, opacity);
  }));
  const shown = pictures.filter((picture) => picture !== null);
  return shown.reduce((bottom: Raster | null, top) => (bottom === null ? top : over(bottom, top)), null) ?? emptyRaster(window.width, window.height);
}
