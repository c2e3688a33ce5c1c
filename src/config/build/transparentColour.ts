import type { RasterSource } from '../../io/source/types.ts';
import type { Raster } from '../../raster/raster.ts';
import { withoutColour } from '../../raster/withoutColour.ts';
import type { SourceConfig } from '../types.ts';
import { versionOf } from './names.ts';
import type { BuiltSource } from './sources.ts';

/** Clears the pixels of a source's `transparent_color`; null where it has none. */
export function clearingOf({ image: { transparent_color: colour, transparent_color_tolerance: tolerance } }: SourceConfig): ((raster: Raster) => Raster) | null {
  return colour === null ? null : (raster) => withoutColour(raster, colour, tolerance);
}

/** The same source without its `transparent_color`. Its tiles are not those of the upstream any more; `maps` do not know of it. */
export function withoutTransparentColour(built: BuiltSource, config: SourceConfig): BuiltSource {
  const clear = clearingOf(config);
  if (clear === null) return built;
  const { hips: _notAsItIs, tiles: _notAsTheyCome, ...rest } = built;
  const fetch: RasterSource['fetch'] = async (patch, signal) => {
    const raster = await built.source.fetch(patch, signal);
    return raster === null ? null : clear(raster);
  };
  // What it has by getters (a HiPS that is read later) stays so.
  const source = Object.create(built.source, { fetch: { value: fetch }, gather: { value: undefined } }) as RasterSource;
  const { transparent_color, transparent_color_tolerance } = config.image;
  return { ...rest, source, version: versionOf([built.version, transparent_color, transparent_color_tolerance]) };
}
