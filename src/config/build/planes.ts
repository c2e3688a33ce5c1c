import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { crsOfSpec } from '../../geometry/lattice/spec.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { RasterSource } from '../../io/source/types.ts';
import { ConfigError } from '../issue.ts';
import type { SourceRef } from '../types.ts';
import type { BuildContext } from './context.ts';
import type { SourceOf } from './drawing.ts';
import { mostSuitable } from './suitableCrs.ts';
import { versionOf } from './names.ts';

/** A source read in each of the planes that it has: a map server in its reference systems, a cache without sources along its grids. */
export interface Planes {
  /** As it is read for a map; null = in the one that was chosen once. */
  sourceFor(grid: PixelGrid): RasterSource | null;
  readonly version: string;
}

/** null where there is no choice. */
export async function planesOf(ref: SourceRef, frame: Frame | null, sourceOf: SourceOf, context: BuildContext): Promise<Planes | null> {
  const choices = choicesOf(ref, context);
  if (choices.length < 2) return null;
  const read = await Promise.all(choices.map(async (only) => {
    const source = await readIn(only, ref, frame, sourceOf);
    return source === null ? [] : [{ only, source, crs: crsOf(source, context) }];
  }));
  const known = read.flat().map(({ only, source, crs }) => ({ name: ref.kind === 'cache' ? crs.id : only, source, crs }));
  return known.length < 2 ? null : {
    sourceFor: (grid) => mostSuitable(known, grid, context)?.source ?? null,
    version: versionOf([choices, context.loaded.config.globals.srs.preferred_src_proj]),
  };
}

/** Reference systems, or grids. What a source says its reference system means (`srs_override`) is said of one. Of the grids in one system the first one has the files of MapProxy. */
function choicesOf({ kind, name }: SourceRef, { loaded: { config } }: BuildContext): readonly string[] {
  if (kind === 'cache') {
    const { sources, grids } = config.caches.get(name)!;
    return sources.length === 0 ? grids.map(({ grid }) => grid) : [];
  }
  const source = config.sources.get(name)!;
  return source.type === 'wms' && source.srs_override === null ? source.supported_srs : [];
}

/** null where there is nothing of it: a reference system that shows nothing of the coverage, a grid of another body. */
async function readIn(only: string, ref: SourceRef, frame: Frame | null, sourceOf: SourceOf): Promise<RasterSource | null> {
  try {
    return (await sourceOf({ ...ref, only }, frame)).source;
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}

function crsOf({ tiling }: RasterSource, { registry }: BuildContext) {
  const { spec } = tiling.levels[0]!.lattice;
  if (spec.kind === 'healpix') throw new Error('neither a map server nor a grid is read in HEALPix');
  return crsOfSpec(spec.crs, spec.frame, registry.crsOf);
}
