import type { Frame } from '../../geometry/frame/frame.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import type { RasterSource } from '../../io/source/types.ts';
import type { MapPart } from '../../layer/map.ts';
import { DEFAULT_MAX_ERROR } from '../../raster/reproject/types.ts';
import type { BuildContext } from './context.ts';
import { directMapsOf } from './directMaps.ts';
import type { SourceOf } from './drawing.ts';
import { markSource } from './marks.ts';
import { planesOf, type Planes } from './planes.ts';
import type { BuiltSource } from './sources.ts';
import type { SourceUse } from './uses.ts';

/** A use of a source, and the source. */
export interface DrawnUse {
  readonly use: SourceUse;
  readonly built: BuiltSource;
  /** null = it is read in one plane. */
  readonly planes: Planes | null;
}

/** @param named the frame that the layer names @throws ConfigError */
export async function drawnUse(use: SourceUse, named: Frame | null, sourceOf: SourceOf, context: BuildContext): Promise<DrawnUse> {
  const { ref } = use;
  const [built, planes] = await Promise.all([sourceOf(ref, named), planesOf(ref, named, sourceOf, context)]);
  return { use, built, planes };
}

/** How all that is used is drawn, bottom first. @param drawn the uses of sources among them @throws ConfigError */
export function partsOf(uses: readonly SourceUse[], drawn: readonly DrawnUse[], frame: Frame, context: BuildContext): readonly MapPart[] {
  const isShown = (wanted: readonly SourceUse[], grid: PixelGrid): boolean => isAnyShown(drawn.filter(({ use }) => wanted.includes(use)).map(({ built }) => built.source), grid);
  return uses.map((use): MapPart => {
    const { kernel, opacity, insteadOf, marks } = use;
    const reproject = { kernel, maxError: DEFAULT_MAX_ERROR, maxPatches: context.loaded.config.globals.cache.max_tile_limit };
    if (marks !== undefined) return { source: shownWhere(markSource(marks.cache, frame, context), (grid) => isShown(marks.of, grid)), opacity, reproject, isMark: true };
    const { built, planes } = drawn.find((one) => one.use === use)!;
    const direct = directOf(use, built, context);
    return {
      source: insteadOf === undefined ? built.source : shownWhere(built.source, (grid) => !isShown(insteadOf, grid)),
      opacity, reproject,
      ...(planes === null ? {} : { sourceFor: planes.sourceFor }),
      ...(direct === undefined ? {} : { direct }),
    };
  });
}

function directOf({ ref, isDirect }: SourceUse, built: BuiltSource, context: BuildContext): MapPart['direct'] {
  const ask = isDirect !== null && ref.kind === 'source' ? directMapsOf(context.loaded.config.sources.get(ref.name)!, built, context) : undefined;
  return ask === undefined ? undefined : (grid) => (isDirect!(grid) ? ask(grid) : null);
}

/** The same source, shown only at some resolutions of those at which it is. */
function shownWhere(source: RasterSource, isShown: (grid: PixelGrid) => boolean): RasterSource {
  return { ...source, isShownAt: (grid) => isAnyShown([source], grid) && isShown(grid) };
}

/** Whether any of them is drawn at the resolution of a grid. */
export function isAnyShown(sources: readonly RasterSource[], grid: PixelGrid): boolean {
  return sources.some((source) => source.isShownAt?.(grid) !== false);
}
