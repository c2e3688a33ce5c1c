import type { Bbox } from '../../geometry/crs/axis.ts';
import { crsOnFrame, degreesOnBody } from '../../geometry/crs/alias.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { crsOfSpec } from '../../geometry/lattice/spec.ts';
import { projectBbox } from '../../geometry/pyramid/projectBbox.ts';
import { regionInFrame } from '../../geometry/region/combine.ts';
import type { Region } from '../../geometry/region/types.ts';
import { coveredSource } from '../../io/source/coveredSource.ts';
import { mocOfRegion } from '../../io/source/mocRegion.ts';
import type { DegreesBbox } from '../../layer/types.ts';
import type { Tiling } from '../../raster/tiling.ts';
import type { SourceConfig } from '../types.ts';
import type { BuildContext } from './context.ts';
import { bboxOfMoc } from './extent.ts';
import type { Limit } from './limit.ts';
import { versionOf } from './names.ts';
import { crsOfSource } from './sourceCrs.ts';
import type { BuiltSource } from './sources.ts';

/** Where a source is shown. */
export interface SourceLimit {
  /** Whether pixels outside are cleared. */
  readonly clip: boolean;
  /** In the frame of the source. */
  readonly region: Region;
  /** The rectangle around it in degrees of a frame; null = there is nothing of it. */
  bboxIn(frame: Frame): DegreesBbox | null;
}

/**
 * A source that is shown within a coverage. A HiPS that is not clipped stays one, whose tiles can be handed on: it has cut its own
 * coverage. Tiles of others are not those of the upstream any more.
 * @param config null for what is none of the configuration's sources
 */
export function limitedSource(built: BuiltSource, limit: Limit, config: SourceConfig | null, context: BuildContext): BuiltSource {
  const { hips, tiles: _notAsTheyCome, ...rest } = built;
  const regionOf = (tiling: Tiling): Region => limit.regionOn(planeOf(tiling, config, context));
  const own: SourceLimit = {
    clip: limit.clip,
    get region() {
      return regionOf(built.source.tiling);
    },
    bboxIn: (frame) => bboxOfBounds(limit, planeOf(built.source.tiling, config, context), frame, context) ?? bboxOfRegion(own.region, frame),
  };
  const version = versionOf([built.version, limit.version]);
  if (hips !== undefined && !limit.clip) return { ...built, version, limit: own };
  return { ...rest, source: coveredSource(built.source, { regionOf, clip: limit.clip }), version, limit: own };
}

/** The plane in which the source counts; degrees where it has none. */
export function planeOf({ frame, levels }: Tiling, config: SourceConfig | null, context: BuildContext): Crs {
  const { spec } = levels[0]!.lattice;
  if (spec.kind === 'healpix') return config === null ? degreesOnBody(frame, 'CRS:84') : crsOfSource('CRS:84', config, frame, context);
  return crsOfSpec(spec.crs, spec.frame, context.registry.crsOf);
}

/** The rectangle around a limit in another plane; null where it is not known, or where that plane shows nothing of it. */
export function boundsOn({ bounds }: Limit, own: Crs, to: Crs, { registry }: Pick<BuildContext, 'registry'>): Bbox | null {
  if (bounds === null) return null;
  if (bounds.srs === null && own === to) return bounds.bbox;
  const from = bounds.srs === null ? own : crsOnFrame(registry.crsOf(bounds.srs), own.frame);
  return from === null ? null : projectBbox(from, bounds.bbox, to);
}

function bboxOfBounds(limit: Limit, own: Crs, frame: Frame, context: BuildContext): DegreesBbox | null {
  return boundsOn(limit, own, degreesOnBody(frame, 'CRS:84'), context);
}

/** Cells of this order, 0.9 degrees, are fine enough for a rectangle. */
const EXTENT_ORDER = 6;

/** The rectangle around the cells that a region touches. */
export function bboxOfRegion(region: Region, frame: Frame): DegreesBbox | null {
  return bboxOfMoc(mocOfRegion(regionInFrame(region, frame), EXTENT_ORDER));
}
