import { degreesOnBody } from '../../geometry/crs/alias.ts';
import { isWithinRange, metresPerPixel, type ResolutionRange } from '../../geometry/pyramid/resolutionRange.ts';
import { metresPerUnit, PIXEL_SIZE } from '../../protocol/scale.ts';
import type { SourceConfig } from '../types.ts';
import type { BuiltSource } from './sources.ts';

/** Where a source or layer is drawn, by its resolutions or else by its scales; null = everywhere. A larger scale denominator is coarser. */
export function rangeOf({ min_res, max_res, min_scale, max_scale }: Pick<SourceConfig, 'min_res' | 'max_res' | 'min_scale' | 'max_scale'>): ResolutionRange | null {
  if (min_res !== null || max_res !== null) return { coarsest: min_res, finest: max_res };
  if (min_scale === null && max_scale === null) return null;
  const metres = (scale: number | null): number | null => (scale === null ? null : scale * PIXEL_SIZE);
  return { coarsest: metres(max_scale), finest: metres(min_scale) };
}

/** The same source, which is neither drawn nor asked beyond its resolutions. */
export function withinResolutions(built: BuiltSource, config: SourceConfig): BuiltSource {
  const range = rangeOf(config);
  if (range === null) return built;
  const radius = (metresPerUnit(degreesOnBody(built.source.tiling.frame, 'CRS:84'), 'body') * 180) / Math.PI;
  // What it has by getters (a HiPS that is read later) stays so.
  const source = Object.create(built.source, {
    isShownAt: { value: (grid: Parameters<typeof metresPerPixel>[0]) => isWithinRange(range, ...metresPerPixel(grid, radius)) },
  }) as BuiltSource['source'];
  return { ...built, source };
}
