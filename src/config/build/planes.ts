import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { crsOfSpec } from '../../geometry/lattice/spec.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { RasterSource } from '../../io/source/types.ts';
import { ConfigError } from '../issue.ts';
import type { SourceConfig, SourceRef } from '../types.ts';
import type { BuildContext } from './context.ts';
import type { SourceOf } from './drawing.ts';
import { mostSuitable } from './suitableCrs.ts';
import { versionOf } from './names.ts';

/** A map server read in each of the reference systems that it knows. */
export interface Planes {
  /** As it is read for a map; null = in the one that was chosen once. */
  sourceFor(grid: PixelGrid): RasterSource | null;
  readonly version: string;
}

/** null where there is no choice. What it says its reference system means (`srs_override`) is said of one. */
export async function planesOf(ref: SourceRef, config: SourceConfig | undefined, frame: Frame | null, sourceOf: SourceOf, context: BuildContext): Promise<Planes | null> {
  if (config?.type !== 'wms' || config.srs_override !== null || config.supported_srs.length < 2) return null;
  const read = await Promise.all(config.supported_srs.map(async (name) => {
    const built = await readIn(name, ref, frame, sourceOf);
    return built === null ? [] : [{ name, source: built, crs: crsOf(built, context) }];
  }));
  const known = read.flat();
  return known.length < 2 ? null : {
    sourceFor: (grid) => mostSuitable(known, grid, context)?.source ?? null,
    version: versionOf([known.map(({ name }) => name), context.loaded.config.globals.srs.preferred_src_proj]),
  };
}

/** null where that reference system shows nothing of its coverage. */
async function readIn(name: string, ref: SourceRef, frame: Frame | null, sourceOf: SourceOf): Promise<RasterSource | null> {
  try {
    return (await sourceOf({ ...ref, srs: name }, frame)).source;
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}

function crsOf({ tiling }: RasterSource, { registry }: BuildContext) {
  const { spec } = tiling.levels[0]!.lattice;
  if (spec.kind === 'healpix') throw new Error('a map server is read in a plane');
  return crsOfSpec(spec.crs, spec.frame, registry.crsOf);
}
