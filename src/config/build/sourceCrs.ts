import { adjustedCrs, adjustmentFor, isNoAdjustment, type Adjustment, type Counting } from '../../geometry/crs/adjusted.ts';
import { crsOnFrame } from '../../geometry/crs/alias.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import { bodyFrame, type Frame } from '../../geometry/frame/frame.ts';
import { projectBbox } from '../../geometry/pyramid/projectBbox.ts';
import { readFrame } from '../../protocol/hips/frameName.ts';
import type { CommonSourceConfig } from '../types.ts';
import { configError, type BuildContext } from './context.ts';

/** The frame that the source itself names, else the one its layer has. */
export function frameOfSource(config: CommonSourceConfig, layerFrame: Frame | null): Frame | null {
  if (config.body !== null) return bodyFrame(config.body);
  return config.frame === null ? layerFrame : readFrame(config.frame, null);
}

/**
 * What a source means by the name of a CRS: EPSG:4326, CRS:84 and EPSG:3857 are those of the frame of the source (contract:
 * documented alias), meridian, direction and latitude are as its options say.
 */
export function crsOfSource(name: string, config: CommonSourceConfig, layerFrame: Frame | null, context: BuildContext): Crs {
  const crs = context.registry.crsOf(name);
  const frame = frameOfSource(config, layerFrame);
  return adjustedCrs(frame === null ? crs : (crsOnFrame(crs, frame) ?? crs), countingIn(config));
}

function countingIn({ lon_offset, lon_direction, latitude }: CommonSourceConfig): Counting {
  return { lonOffset: lon_offset, longitude: lon_direction, latitude };
}

/** The same for a source that has directions of its own, such as a HiPS: east-positive and planetocentric unless it says otherwise. */
export function adjustmentOfSource(config: CommonSourceConfig, frame: Frame): Adjustment | null {
  const adjustment = adjustmentFor(countingIn(config), frame, { longitude: 'east', latitude: 'ocentric' });
  return isNoAdjustment(adjustment) ? null : adjustment;
}

/** The rectangle of the source's coverage in its CRS; null = everywhere. @throws ConfigError where its CRS shows nothing of it */
export function coverageOfSource({ coverage, path }: CommonSourceConfig, crs: Crs, context: BuildContext): Bbox | null {
  if (coverage?.area.kind !== 'bbox') return null;
  const { bbox, srs } = coverage.area;
  if (srs === null) return bbox;
  const from = crsOnFrame(context.registry.crsOf(srs), crs.frame);
  const projected = from === null ? null : projectBbox(from, bbox, crs);
  if (projected === null) throw configError(context, [...path, 'coverage'], `the source, in ${crs.id}, shows nothing of [${bbox.join(', ')}] in ${srs}`);
  return projected;
}
