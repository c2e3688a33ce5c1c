import { GatewayError } from '../../errors.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import { crsOnFrame } from '../../geometry/crs/alias.ts';
import { samePlane } from '../../geometry/crs/samePlane.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import { crsLatticeOfBbox } from '../../geometry/lattice/crsLattice.ts';
import { projectBbox } from '../../geometry/pyramid/projectBbox.ts';
import { isWithinRange, type ResolutionRange } from '../../geometry/pyramid/resolutionRange.ts';
import { regionInFrame } from '../../geometry/region/combine.ts';
import { shapeOfGrid } from '../../geometry/region/shape.ts';
import type { Region } from '../../geometry/region/types.ts';
import { clipped } from '../../io/source/coveredSource.ts';
import type { MapServer, NamedCrs } from '../../io/source/mapServer.ts';
import type { MapNames } from '../../io/source/types.ts';
import type { MapRectangle } from '../../layer/meta.ts';
import { metresPerUnit } from '../../protocol/scale.ts';
import type { Raster } from '../../raster/raster.ts';
import type { BboxAreaConfig, SourceConfig } from '../types.ts';
import type { BuildContext } from './context.ts';
import type { SourceLimit } from './limitedSource.ts';
import { rangeOf } from './resolutions.ts';
import type { BuiltSource } from './sources.ts';
import { clearingOf } from './transparentColour.ts';

/** A source that draws maps, as it is asked in a reference system that it knows: for the very rectangle, nothing resampled. */
export interface AskedMaps {
  readonly name: string;
  readonly server: MapServer;
  readonly crs: Crs;
  /** What the source calls it. */
  readonly srs: string;
  /** Where it has something to show, in the plane; null = everywhere. */
  readonly covered: Bbox | null;
  /** Where it is shown, in the frame; null = wherever it has something. */
  readonly within: { readonly clip: boolean; readonly region: Region } | null;
  /** Where it is drawn; null = everywhere. */
  readonly range: ResolutionRange | null;
  /** Pixels of one colour made transparent; null = all stay. */
  readonly clear: ((raster: Raster) => Raster) | null;
}

/** null where the source draws no maps, or does not know the reference system. */
export function askedMaps(config: SourceConfig, { maps: server, limit }: BuiltSource, crs: Crs, context: BuildContext): AskedMaps | null {
  const known = server === undefined ? null : namedCrs(server, crs);
  if (server === undefined || known === null) return null;
  const { name, coverage } = config;
  return {
    name, server, crs,
    srs: known.name,
    covered: coverage?.area.kind === 'bbox' ? coveredBbox(coverage.area, crs, context) : null,
    within: limit === undefined ? null : withinOf(limit, crs),
    range: rangeOf(config),
    clear: clearingOf(config),
  };
}

function namedCrs({ crs: known }: MapServer, crs: Crs): NamedCrs | null {
  if (known === null) return { name: crs.id, crs };
  return known.find((named) => named.name === crs.id) ?? known.find((named) => samePlane(named.crs, crs)) ?? null;
}

/** Without a reference system of its own a coverage is in that of the map. An empty rectangle where the plane does not show it. */
function coveredBbox({ bbox, srs }: BboxAreaConfig, crs: Crs, { registry }: BuildContext): Bbox {
  if (srs === null) return bbox;
  const from = crsOnFrame(registry.crsOf(srs), crs.frame);
  return (from === null ? null : projectBbox(from, bbox, crs)) ?? [0, 0, 0, 0];
}

function withinOf({ clip, region }: SourceLimit, { frame }: Crs): AskedMaps['within'] {
  return { clip, region: regionInFrame(region, frame) };
}

/** A rectangle, and what is drawn there above the source's own layers, by the same service; absent = nothing. */
export interface AskedRectangle extends MapRectangle {
  readonly above?: readonly MapNames[];
}

/**
 * The picture of a rectangle, exactly of its size; null = there is nothing. @param format media type that the caller would like
 * @throws GatewayError UPSTREAM_FAILED, UPSTREAM_TIMEOUT
 */
export async function drawMap({ name, server, crs, srs, covered, within, range, clear }: AskedMaps, { bbox, width, height, above }: AskedRectangle, format: string, { codec }: BuildContext, signal: AbortSignal): Promise<Raster | null> {
  if (covered !== null && !intersect(covered, bbox)) return null;
  const unit = metresPerUnit(crs, 'body');
  if (range !== null && !isWithinRange(range, ((bbox[2] - bbox[0]) / width) * unit, ((bbox[3] - bbox[1]) / height) * unit)) return null;
  const grid = { lattice: crsLatticeOfBbox(crs, bbox, width, height), chart: 0, col: 0, row: 0, width, height };
  const overlap = within === null ? 'inside' : within.region.overlap(shapeOfGrid(grid));
  if (overlap === 'outside') return null;
  const encoded = await server.ask({ srs, bbox, width, height, format, ...(above === undefined ? {} : { above }) }, signal);
  if (encoded === null) return null;
  const raster = await codec.decode(encoded.bytes);
  if (raster.width !== width || raster.height !== height) {
    throw new GatewayError('UPSTREAM_FAILED', `the source '${name}' sent ${raster.width} x ${raster.height} pixels instead of ${width} x ${height}`);
  }
  const shown = clear === null ? raster : clear(raster);
  return within?.clip === true && overlap === 'partial' ? clipped(shown, grid, within.region) : shown;
}

function intersect(a: Bbox, b: Bbox): boolean {
  return a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
}
