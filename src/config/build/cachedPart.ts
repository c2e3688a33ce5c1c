import { degreesOnBody } from '../../geometry/crs/alias.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import { projectBbox } from '../../geometry/pyramid/projectBbox.ts';
import { setLimits, type TileAddress, type TileLimits, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { regionInFrame } from '../../geometry/region/combine.ts';
import { shapeOfGrid } from '../../geometry/region/shape.ts';
import type { Region } from '../../geometry/region/types.ts';
import { tileGrid } from '../../layer/tileGrid.ts';
import type { CachedSet } from '../../layer/tiles.ts';
import type { DegreesBbox, MapLayer } from '../../layer/types.ts';
import type { CacheConfig } from '../types.ts';
import type { BuildContext } from './context.ts';
import { bboxWithin } from './extent.ts';
import { readLimit, type Limit } from './limit.ts';
import { bboxOfRegion, boundsOn } from './limitedSource.ts';

/** The part of a grid that a cache has: where its drawing shows something, within its coverage. */
export interface CachedPart {
  readonly limits: CachedSet['limits'];
  isShown(address: TileAddress): boolean;
  /** The rectangle around it, in degrees. */
  readonly bbox: DegreesBbox;
}

/** @throws ConfigError for a coverage that cannot be read */
export async function cachedPartOf({ coverage }: CacheConfig, map: MapLayer, set: TileMatrixSet, context: BuildContext): Promise<CachedPart> {
  if (coverage === null) return { limits: limitsOf(map, set, null), isShown: () => true, bbox: map.bbox };
  const limit = await readLimit(coverage, context);
  const region = regionInFrame(limit.regionOn(set.crs), set.crs.frame);
  return {
    limits: limitsOf(map, set, touched(set, coveredBbox(limit, region, set, context))),
    isShown: coverage.area.kind === 'bbox' ? () => true : (address) => region.overlap(shapeOfGrid(tileGrid(set, address, 1))) !== 'outside',
    bbox: coveredDegrees(map, limit, region, set, context),
  };
}

/** Between cylindrical CRSs rectangles are exact; elsewhere they come from samples, and a tile more is better than one too few. */
const SAMPLED = 1 / 500;

/** The tiles that both the drawing and the coverage of the cache touch; null = all. */
function limitsOf({ frame, bbox }: MapLayer, set: TileMatrixSet, kept: CachedSet['limits']): CachedSet['limits'] {
  const shown = set.crs.frame.id === frame.id ? touched(set, projectBbox(degreesOnBody(frame, 'CRS:84'), bbox, set.crs)) : null;
  if (shown === null || kept === null) return shown ?? kept;
  return new Map([...shown].flatMap(([id, limits]) => {
    const both = kept.has(id) ? common(limits, kept.get(id)!) : null;
    return both === null ? [] : [[id, both] as const];
  }));
}

/** Tiles of a rectangle, null = nothing there. */
function touched(set: TileMatrixSet, bbox: Bbox | null): ReadonlyMap<string, TileLimits> {
  return bbox === null ? new Map() : setLimits(set, grown(set, bbox));
}

function common(a: TileLimits, b: TileLimits): TileLimits | null {
  const both: TileLimits = {
    minCol: Math.max(a.minCol, b.minCol),
    maxCol: Math.min(a.maxCol, b.maxCol),
    minRow: Math.max(a.minRow, b.minRow),
    maxRow: Math.min(a.maxRow, b.maxRow),
  };
  return both.minCol <= both.maxCol && both.minRow <= both.maxRow ? both : null;
}

/** The rectangle around what both a drawing and the coverage of its cache show. */
function coveredDegrees({ frame, bbox }: MapLayer, limit: Limit, region: Region, { crs }: TileMatrixSet, context: BuildContext): DegreesBbox {
  const kept = boundsOn(limit, crs, degreesOnBody(frame, 'CRS:84'), context) ?? bboxOfRegion(region, frame);
  return (kept === null ? null : bboxWithin(bbox, kept)) ?? bbox;
}

/** The rectangle around a coverage in the grid's plane; null where that shows nothing of it. */
function coveredBbox(limit: Limit, region: Region, { crs }: TileMatrixSet, context: BuildContext): Bbox | null {
  const known = boundsOn(limit, crs, crs, context);
  if (known !== null) return known;
  const degrees = bboxOfRegion(region, crs.frame);
  return degrees === null ? null : projectBbox(degreesOnBody(crs.frame, 'CRS:84'), degrees, crs);
}

function grown({ crs }: TileMatrixSet, [minX, minY, maxX, maxY]: Bbox): Bbox {
  const share = crs.periodX === null ? SAMPLED : 0;
  const [dx, dy] = [(maxX - minX) * share, (maxY - minY) * share];
  return [minX - dx, minY - dy, maxX + dx, maxY + dy];
}
