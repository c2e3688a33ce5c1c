import type { Frame } from '../../geometry/frame/frame.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { orderOfResolution } from '../../geometry/pyramid/hips.ts';
import { coarserCoverage } from '../../io/source/hipsCoverage.ts';
import type { AskInfo, RasterSource } from '../../io/source/types.ts';
import { createMapLayer, type MapPart } from '../../layer/map.ts';
import type { DegreesBbox, MapLayer } from '../../layer/types.ts';
import type { Values } from '../../protocol/dimensions.ts';
import { readFrame } from '../../protocol/hips/frameName.ts';
import { DEFAULT_MAX_ERROR, type Kernel } from '../../raster/reproject/types.ts';
import type { CacheConfig, LayerConfig, SourceRef } from '../types.ts';
import { configError, type BuildContext } from './context.ts';
import { directFrom, type IsDirect } from './directFrom.ts';
import { directMapsOf } from './directMaps.ts';
import { bboxAround, bboxOfMoc, bboxOfTiling, bboxWithin, WHOLE_SPHERE } from './extent.ts';
import { coverageOfBuilt } from './hipsSource.ts';
import { marksOf, markSource } from './marks.ts';
import { askedBelow, rescaleLevels } from './refs.ts';
import { isAsked } from './sourceInfo.ts';
import { planesOf } from './planes.ts';
import { versionOf, type BuiltSource } from './sources.ts';

/** Builds a source once, however many ask; `frame` is the one that its layer names, `values` those that it is asked with (default none). */
export type SourceOf = (ref: SourceRef, frame: Frame | null, values?: Values) => Promise<BuiltSource>;

/** One source below a layer or a cache, and how it is drawn there. */
interface SourceUse {
  readonly ref: SourceRef;
  readonly kernel: Kernel;
  /** (0, 1] */
  readonly opacity: number;
  /** Of which maps the source itself may be asked; null = of none: it lies below a cache that does not let them by. */
  readonly isDirect: IsDirect | null;
  /** Drawn only where none of these is, at any place, at the resolution of the map; absent = always. */
  readonly insteadOf?: readonly SourceUse[];
  /** Not a source, but what a cache writes over these where any of them is drawn. */
  readonly marks?: { readonly cache: CacheConfig; readonly of: readonly SourceUse[] };
}

/** What a layer or a cache shows, ready to be drawn. */
export interface Drawing {
  readonly map: MapLayer;
  /** Changes when the same picture would look different. */
  readonly version: string;
  /** When the newest picture of which it is made was changed; null where upstreams do not tell. */
  readonly dataChanged: Date | null;
  /** Whether any of the sources is drawn at the resolution of a grid. */
  isShownAt(grid: PixelGrid): boolean;
}

/** Tile width for the order that stands for a resolution: the usual one. */
const USUAL_TILE_WIDTH = 512;

/**
 * What is drawn for a reference, bottom first: a cache stands for the sources that it is made from, so that nothing is resampled
 * twice, or for its tiles where it has none, or none that is drawn at a resolution for which it rescales tiles; its resampling method and
 * opacity count.
 */
function usesOf(ref: SourceRef, kernel: Kernel | null, opacity: number, context: BuildContext, isDirect: IsDirect | null): readonly SourceUse[] {
  const { sources, caches } = context.loaded.config;
  if (ref.kind === 'source') {
    const { resampling_method, image } = sources.get(ref.name)!;
    return [{ ref, kernel: kernel ?? resampling_method, opacity: opacity * (image.opacity ?? 1), isDirect }];
  }
  const cache = caches.get(ref.name)!;
  const tiles: SourceUse = { ref, kernel: kernel ?? cache.resampling_method, opacity: opacity * (cache.image.opacity ?? 1), isDirect: null };
  if (cache.sources.length === 0) return [tiles];
  const below = cache.sources.flatMap((inner) => usesOf(inner, tiles.kernel, tiles.opacity, context, isDirect === null ? null : directFrom(cache, context)));
  return [
    ...below,
    ...(rescaleLevels(cache) === 0 ? [] : [{ ...tiles, insteadOf: below }]),
    ...(marksOf(cache) === null ? [] : [{ ...tiles, marks: { cache, of: below } }]),
  ];
}

/** The frame that a layer names for its sources; null = they say it themselves. */
export function frameNamedBy({ hips }: LayerConfig): Frame | null {
  return hips === null ? null : readFrame(hips.hips_frame, hips.hips_body);
}

/** What else there is to know of a drawing. */
export interface About extends Pick<MapLayer, 'name' | 'title' | 'abstract'> {
  /** The frame that the layer names; null = that of its sources. */
  readonly named: Frame | null;
  /** The frame where there are no sources. */
  readonly fallback: Frame;
  /** How pixels are resampled; null = as each source or cache says. */
  readonly kernel: Kernel | null;
  /** False: what is drawn becomes tiles, so that sources which draw maps are better read in windows that neighbours share. */
  readonly isDirect: boolean;
  /** Sources that are asked but not drawn. */
  readonly undrawn: readonly SourceRef[];
}

/** The picture of some sources and caches laid over each other. @throws ConfigError where two sources show different bodies */
export async function drawingOf(
  refs: readonly SourceRef[],
  about: About,
  sourceOf: SourceOf,
  context: BuildContext,
): Promise<Drawing> {
  const uses = refs.flatMap((ref) => usesOf(ref, about.kernel, 1, context, about.isDirect ? () => true : null)).filter(({ opacity }) => opacity > 0);
  const drawn = uses.filter(({ marks }) => marks === undefined);
  const built = await Promise.all(drawn.map(({ ref }) => sourceOf(ref, about.named)));
  const asking = askedBelow(refs, about.undrawn, context.loaded).filter(({ name }) => isAsked(context.loaded.config.sources.get(name)!));
  const first = built[0] ?? (asking[0] === undefined ? undefined : await sourceOf(asking[0], about.named));
  const frame = about.named ?? first?.source.tiling.frame ?? about.fallback;
  built.forEach(({ source }, i) => requireFrame(source.tiling.frame, frame, drawn[i]!.ref, context));
  const planes = await Promise.all(drawn.map(({ ref }) => planesOf(ref, ref.kind === 'source' ? context.loaded.config.sources.get(ref.name) : undefined, about.named, sourceOf, context)));
  const { max_tile_limit: maxPatches } = context.loaded.config.globals.cache;
  const sourcesOf = (wanted: readonly SourceUse[]): readonly RasterSource[] => wanted.flatMap((use) => built[drawn.indexOf(use)]?.source ?? []);
  const parts = uses.map((use): MapPart => {
    const { kernel, opacity, insteadOf, marks } = use;
    const reproject = { kernel, maxError: DEFAULT_MAX_ERROR, maxPatches };
    if (marks !== undefined) return { source: shownWhere(markSource(marks.cache, frame, context), (grid) => isAnyShown(sourcesOf(marks.of), grid)), opacity, reproject, isMark: true };
    const i = drawn.indexOf(use);
    const { source } = built[i]!;
    const direct = directOf(use, built[i]!, context);
    const sourceFor = planes[i]?.sourceFor;
    return {
      source: insteadOf === undefined ? source : shownWhere(source, (grid) => !isAnyShown(sourcesOf(insteadOf), grid)),
      opacity, reproject,
      ...(sourceFor === undefined ? {} : { sourceFor }),
      ...(direct === undefined ? {} : { direct }),
    };
  });
  const builtOf = (ref: SourceRef): BuiltSource | undefined => built[drawn.findIndex((use) => use.ref === ref)];
  const asked = await Promise.all(asking.map((ref) => askOf(ref, builtOf(ref), frame, sourceOf, context)));
  const askInfo = asked.filter((ask) => ask !== undefined);
  const { name, title, abstract } = about;
  const own = built.filter((_, i) => drawn[i]!.insteadOf === undefined);
  const map = createMapLayer({
    name, title, abstract, frame, parts,
    bbox: extentOf(frame, own, context),
    queryable: parts.length > 0 || askInfo.length > 0,
    askInfo,
    modified: latest(own.map((one) => one.modified ?? context.loaded.modified)) ?? context.loaded.modified,
    hipsOrder: () => finestOrder(own),
  });
  const version = versionOf([built.map((one) => one.version), uses.map(({ kernel, opacity, marks }) => [kernel, opacity, ...(marks === undefined ? [] : [marks.cache.watermark])]), frame.id, ...planes.flatMap((one) => one?.version ?? [])]);
  return {
    map, version,
    dataChanged: latest(own.map((one) => one.modified).filter((date) => date !== null)),
    isShownAt: (grid) => isAnyShown(own.map(({ source }) => source), grid),
  };
}

function directOf({ ref, isDirect }: SourceUse, built: BuiltSource, context: BuildContext): MapPart['direct'] {
  const ask = isDirect !== null && ref.kind === 'source' ? directMapsOf(context.loaded.config.sources.get(ref.name)!, built, context) : undefined;
  return ask === undefined ? undefined : (grid) => (isDirect!(grid) ? ask(grid) : null);
}

/** The same source, shown only at some resolutions of those at which it is. */
function shownWhere(source: RasterSource, isShown: (grid: PixelGrid) => boolean): RasterSource {
  return { ...source, isShownAt: (grid) => isAnyShown([source], grid) && isShown(grid) };
}

function isAnyShown(sources: readonly RasterSource[], grid: PixelGrid): boolean {
  return sources.some((source) => source.isShownAt?.(grid) !== false);
}

/** Who tells what is under a pixel of a source. @throws ConfigError where it shows another body */
async function askOf(ref: SourceRef, built: BuiltSource | undefined, frame: Frame, sourceOf: SourceOf, context: BuildContext): Promise<AskInfo | undefined> {
  const { askInfo, source } = built ?? (await sourceOf(ref, frame));
  requireFrame(source.tiling.frame, frame, ref, context);
  return askInfo;
}

function requireFrame(shown: Frame, frame: Frame, ref: SourceRef, context: BuildContext): void {
  if (shown.kind === frame.kind && (shown.id === frame.id || frame.kind === 'sky')) return;
  throw configError(context, ref.path, `the source '${ref.name}' shows '${shown.id}', which cannot be drawn with '${frame.id}'`);
}

function latest(dates: readonly Date[]): Date | null {
  return dates.length === 0 ? null : new Date(Math.max(...dates.map((date) => date.getTime())));
}

function extentOf(frame: Frame, built: readonly BuiltSource[], context: BuildContext): DegreesBbox {
  const found = built.map((one) => extentOfOne(frame, one, context)).filter((bbox) => bbox !== null);
  return found.length === 0 ? WHOLE_SPHERE : found.reduce(bboxAround);
}

/** Cells of this order, 0.9 degrees, are fine enough for a rectangle. */
const EXTENT_ORDER = 6;

function extentOfOne(frame: Frame, one: BuiltSource, { registry }: BuildContext): DegreesBbox | null {
  const shown = one.hips === undefined ? bboxOfTiling(frame, one.source.tiling, registry) : bboxOfMoc(coarserCoverage(coverageOfBuilt(frame, [one], EXTENT_ORDER), EXTENT_ORDER));
  if (one.limit === undefined || shown === null) return shown;
  const within = one.limit.bboxIn(frame);
  return within === null ? null : bboxWithin(shown, within);
}

/** A HiPS that was not reached when the gateway was built may have been since. */
function isResolved({ hasResolution, hips }: BuiltSource): boolean {
  return hasResolution || (hips !== undefined && hips.description !== null);
}

/** Order of the tiles of the finest source: its own if it is a HiPS, else the one that is as fine as its pixels. */
function finestOrder(built: readonly BuiltSource[]): number | null {
  const orders = built.filter(isResolved).map(({ source }) => {
    const { lattice, patchWidth } = source.tiling.levels[0]!;
    return lattice.spec.kind === 'healpix' ? Math.round(Math.log2(lattice.width / patchWidth)) : orderOfResolution(lattice.pixelAngle, USUAL_TILE_WIDTH);
  });
  return orders.length === 0 ? null : Math.max(...orders);
}
