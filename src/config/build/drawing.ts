import type { Frame } from '../../geometry/frame/frame.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { orderOfResolution } from '../../geometry/pyramid/hips.ts';
import { coarserCoverage } from '../../io/source/hipsCoverage.ts';
import type { AskInfo } from '../../io/source/types.ts';
import { createMapLayer } from '../../layer/map.ts';
import type { DegreesBbox, MapLayer } from '../../layer/types.ts';
import type { Values } from '../../protocol/dimensions.ts';
import { readFrame } from '../../protocol/hips/frameName.ts';
import type { Kernel } from '../../raster/reproject/types.ts';
import type { LayerConfig, SourceRef } from '../types.ts';
import { configError, type BuildContext } from './context.ts';
import { bboxAround, bboxOfMoc, bboxOfTiling, bboxWithin, WHOLE_SPHERE } from './extent.ts';
import { coverageOfBuilt } from './hipsSource.ts';
import { drawnUse, isAnyShown, partsOf } from './parts.ts';
import { askedBelow } from './refs.ts';
import { isAsked } from './sourceInfo.ts';
import { versionOf, type BuiltSource } from './sources.ts';
import { usesOf } from './uses.ts';

/** Builds a source once, however many ask; `frame` is the one that its layer names, `values` those that it is asked with (default none). */
export type SourceOf = (ref: SourceRef, frame: Frame | null, values?: Values) => Promise<BuiltSource>;

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
  const drawn = await Promise.all(uses.filter(({ marks }) => marks === undefined).map((use) => drawnUse(use, about.named, sourceOf, context)));
  const built = drawn.map((one) => one.built);
  const asking = askedBelow(refs, about.undrawn, context.loaded).filter(({ name }) => isAsked(context.loaded.config.sources.get(name)!));
  const first = built[0] ?? (asking[0] === undefined ? undefined : await sourceOf(asking[0], about.named));
  const frame = about.named ?? first?.source.tiling.frame ?? about.fallback;
  drawn.forEach(({ use, built: { source } }) => requireFrame(source.tiling.frame, frame, use.ref, context));
  const parts = partsOf(uses, drawn, frame, context);
  const builtOf = (ref: SourceRef): BuiltSource | undefined => drawn.find(({ use }) => use.ref === ref)?.built;
  const asked = await Promise.all(asking.map((ref) => askOf(ref, builtOf(ref), frame, sourceOf, context)));
  const askInfo = asked.filter((ask) => ask !== undefined);
  const { name, title, abstract } = about;
  const own = drawn.filter(({ use }) => use.insteadOf === undefined).map((one) => one.built);
  const map = createMapLayer({
    name, title, abstract, frame, parts,
    bbox: extentOf(frame, own, context),
    queryable: parts.length > 0 || askInfo.length > 0,
    askInfo,
    modified: latest(own.map((one) => one.modified ?? context.loaded.modified)) ?? context.loaded.modified,
    hipsOrder: () => finestOrder(own),
  });
  const looks = uses.map(({ kernel, opacity, marks }) => [kernel, opacity, ...(marks === undefined ? [] : [marks.cache.watermark])]);
  const version = versionOf([built.map((one) => one.version), looks, frame.id, ...drawn.flatMap(({ planes }) => planes?.version ?? [])]);
  return {
    map, version,
    dataChanged: latest(own.map((one) => one.modified).filter((date) => date !== null)),
    isShownAt: (grid) => isAnyShown(own.map(({ source }) => source), grid),
  };
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
