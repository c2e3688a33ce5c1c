import type { Bbox } from '../../geometry/crs/axis.ts';
import { samePlane } from '../../geometry/crs/samePlane.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import { crsLatticeOfBbox } from '../../geometry/lattice/crsLattice.ts';
import { projectBbox } from '../../geometry/pyramid/projectBbox.ts';
import { isWithinRange, type ResolutionRange } from '../../geometry/pyramid/resolutionRange.ts';
import { metresPerUnit } from '../../protocol/scale.ts';
import type { TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { regionInFrame } from '../../geometry/region/combine.ts';
import { shapeOfGrid } from '../../geometry/region/shape.ts';
import type { Region } from '../../geometry/region/types.ts';
import { clipped } from '../../io/source/coveredSource.ts';
import type { MapServer, NamedCrs } from '../../io/source/mapServer.ts';
import { crsOnFrame } from '../../geometry/crs/alias.ts';
import { faded, over } from '../../raster/blend.ts';
import { emptyRaster, type Raster } from '../../raster/raster.ts';
import { GatewayError } from '../../errors.ts';
import type { MapRectangle, WindowDrawer } from '../../layer/meta.ts';
import type { BboxAreaConfig, CacheConfig } from '../types.ts';
import type { BuildContext } from './context.ts';
import type { SourceOf } from './drawing.ts';
import type { SourceLimit } from './limitedSource.ts';
import { rangeOf } from './resolutions.ts';
import type { Frame } from '../../geometry/frame/frame.ts';

/** A source of a cache as it is asked in the grid's own reference system. */
interface Asked {
  readonly name: string;
  readonly server: MapServer;
  readonly srs: string;
  /** (0, 1] */
  readonly opacity: number;
  /** Where it has something to show, in the grid's plane; null = everywhere. */
  readonly covered: Bbox | null;
  /** Where it is shown, in the grid's frame; null = wherever it has something. */
  readonly within: { readonly clip: boolean; readonly region: Region } | null;
  /** Where it is drawn; null = everywhere. */
  readonly range: ResolutionRange | null;
  /** Metres in a unit of the grid. */
  readonly unitMetres: number;
}

/**
 * What draws the meta tiles of one grid of a cache: only where all of its sources are services that draw maps in the grid's reference
 * system. null elsewhere: what would have to be reprojected is drawn tile by tile by the engine, which is exact where tiles meet.
 */
export async function windowDrawerOf(cache: CacheConfig, set: TileMatrixSet, frame: Frame | null, sourceOf: SourceOf, context: BuildContext): Promise<WindowDrawer | null> {
  const { sources } = context.loaded.config;
  const asked: Asked[] = [];
  for (const ref of cache.sources) {
    const config = ref.kind === 'source' ? sources.get(ref.name)! : null;
    const built = config === null ? undefined : await sourceOf(ref, frame);
    const server = built?.maps;
    const known = server === undefined ? null : namedCrs(server, set);
    if (config === null || server === undefined || known === null) return null;
    const { coverage, image } = config;
    if (image.opacity === 0) continue;
    asked.push({ name: config.name, server, srs: known.name, opacity: image.opacity ?? 1, covered: coverage?.area.kind === 'bbox' ? coveredBbox(coverage.area, set, context) : null, within: withinOf(built?.limit, set), range: rangeOf(config), unitMetres: metresPerUnit(set.crs, 'body') });
  }
  return asked.length === 0 ? null : { draw: (window, signal) => drawAll(asked, set.crs, window, cache.request_format, context, signal) };
}

function namedCrs({ crs: known }: MapServer, { crs }: TileMatrixSet): NamedCrs | null {
  if (known === null) return { name: crs.id, crs };
  return known.find((named) => named.name === crs.id) ?? known.find((named) => samePlane(named.crs, crs)) ?? null;
}

/** Without a reference system of its own a coverage is in the grid's. An empty rectangle where the plane does not show it. */
function coveredBbox({ bbox, srs }: BboxAreaConfig, { crs }: TileMatrixSet, { registry }: BuildContext): Bbox {
  if (srs === null) return bbox;
  const from = crsOnFrame(registry.crsOf(srs), crs.frame);
  return (from === null ? null : projectBbox(from, bbox, crs)) ?? [0, 0, 0, 0];
}

async function drawAll(asked: readonly Asked[], crs: Crs, window: MapRectangle, format: string, context: BuildContext, signal: AbortSignal): Promise<Raster> {
  const pictures = await Promise.all(asked.map((one) => drawOne(one, crs, window, format, context, signal)));
  const shown = pictures.filter((picture) => picture !== null);
  return shown.reduce((bottom: Raster | null, top) => (bottom === null ? top : over(bottom, top)), null) ?? emptyRaster(window.width, window.height);
}

async function drawOne({ name, server, srs, opacity, covered, within, range, unitMetres }: Asked, crs: Crs, { bbox, width, height }: MapRectangle, format: string, { codec }: BuildContext, signal: AbortSignal): Promise<Raster | null> {
  if (covered !== null && !intersect(covered, bbox)) return null;
  if (range !== null && !isWithinRange(range, ((bbox[2] - bbox[0]) / width) * unitMetres, ((bbox[3] - bbox[1]) / height) * unitMetres)) return null;
  const grid = { lattice: crsLatticeOfBbox(crs, bbox, width, height), chart: 0, col: 0, row: 0, width, height };
  const overlap = within === null ? 'inside' : within.region.overlap(shapeOfGrid(grid));
  if (overlap === 'outside') return null;
  const encoded = await server.ask({ srs, bbox, width, height, format }, signal);
  if (encoded === null) return null;
  const raster = await codec.decode(encoded.bytes);
  if (raster.width !== width || raster.height !== height) {
    throw new GatewayError('UPSTREAM_FAILED', `the source '${name}' sent ${raster.width} x ${raster.height} pixels instead of ${width} x ${height}`);
  }
  return faded(within?.clip === true && overlap === 'partial' ? clipped(raster, grid, within.region) : raster, opacity);
}

function withinOf(limit: SourceLimit | undefined, { crs }: TileMatrixSet): Asked['within'] {
  return limit === undefined ? null : { clip: limit.clip, region: regionInFrame(limit.region, crs.frame) };
}

function intersect(a: Bbox, b: Bbox): boolean {
  return a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
}
