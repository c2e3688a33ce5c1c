import path from 'node:path';
import type { GridContext } from '../config/build/grids.ts';
import { type Limit, readLimit } from '../config/build/limit.ts';
import { bboxOfRegion, boundsOn } from '../config/build/limitedSource.ts';
import { ConfigError } from '../config/issue.ts';
import { GatewayError } from '../errors.ts';
import { crsOnFrame, degreesOnBody } from '../geometry/crs/alias.ts';
import type { Bbox } from '../geometry/crs/axis.ts';
import type { Crs } from '../geometry/crs/types.ts';
import type { Frame } from '../geometry/frame/frame.ts';
import { projectBbox } from '../geometry/pyramid/projectBbox.ts';
import type { Region } from '../geometry/region/types.ts';
import { crsTiling } from '../io/source/crsTiling.ts';
import { mocOfRegion } from '../io/source/mocRegion.ts';
import { coverageOf } from '../layer/coverage.ts';
import type { Moc } from '../protocol/hips/moc.ts';

/** Which part of the world is counted or copied. */
export type Coverage = {
  /** Of the rectangle, or of polygons; null = degrees of the body, longitude before latitude. */
  readonly srs: string | null;
} & ({ readonly bbox: Bbox } | {
  /** Path of polygons (WKT, GeoJSON) or of a MOC, as coverages of sources have it. */
  readonly file: string;
});

/** A part of the world, its file read. */
export interface Part {
  /** Plain data that changes with what it is. */
  readonly identity: unknown;
  /** The rectangle around it, units of a plane; null where the plane shows nothing of it. @throws GatewayError CONFIG_INVALID on another body */
  bboxOn(crs: Crs): Bbox | null;
  /** What it is, where it is no mere rectangle; else null. @throws as bboxOn() */
  regionOn(frame: Frame): Region | null;
  /** The cells that it touches, fine enough for tiles of an order. @throws as bboxOn() */
  cellsOn(frame: Frame, order: number): Moc;
}

/** Cells of this order, 0.5 degrees, stand for a part of the world; for polygons and MOCs finer ones where the tiles are, up to 7 minutes of arc. */
const CELL_ORDER = 7;
const FINEST_CELLS = 9;

/** @throws GatewayError CONFIG_INVALID for a file that cannot be read */
export async function readCoverage(coverage: Coverage, context: GridContext): Promise<Part> {
  return 'bbox' in coverage ? boxPart(coverage, context) : filePart(coverage, context);
}

function boxPart({ bbox, srs }: { readonly bbox: Bbox; readonly srs: string | null }, { registry }: GridContext): Part {
  const planeOn = (frame: Frame): Crs => {
    const crs = srs === null ? degreesOnBody(frame, 'CRS:84') : crsOnFrame(registry.crsOf(srs), frame);
    if (crs === null) throw invalid(`${srs} does not show '${frame.id}'`);
    return crs;
  };
  return {
    identity: { bbox, srs },
    bboxOn: (crs) => projectBbox(planeOn(crs.frame), bbox, crs),
    regionOn: () => null,
    cellsOn: (frame) => coverageOf(frame, [crsTiling(planeOn(frame), bbox, { maxLevels: 1 })], CELL_ORDER),
  };
}

async function filePart({ file, srs }: { readonly file: string; readonly srs: string | null }, context: GridContext): Promise<Part> {
  const limit: Limit = await saying(file, () => readLimit({ area: { kind: 'file', inline: false, text: path.resolve(file), srs, filter: null, path: [] }, clip: false }, context));
  const regionOn = (frame: Frame): Region => said(file, () => limit.regionOn(degreesOnBody(frame, 'CRS:84')));
  return {
    identity: { area: limit.version },
    regionOn,
    cellsOn: (frame, order) => said(file, () => limit.cellsOn?.(degreesOnBody(frame, 'CRS:84'))) ?? mocOfRegion(regionOn(frame), Math.min(FINEST_CELLS, Math.max(CELL_ORDER, order))),
    bboxOn(crs) {
      const degrees = degreesOnBody(crs.frame, 'CRS:84');
      const region = regionOn(crs.frame);
      if (limit.bounds !== null) return boundsOn(limit, degrees, crs, context);
      const around = bboxOfRegion(region, crs.frame);
      return around === null ? null : projectBbox(degrees, around, crs);
    },
  };
}

async function saying<T>(file: string, work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    throw told(file, error);
  });
}

function said<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw told(file, error);
  }
}

/** There is no line of the configuration to blame. */
function told(file: string, error: unknown): unknown {
  if (!(error instanceof GatewayError)) return error;
  const text = error instanceof ConfigError ? error.issues.map(({ message }) => message).join('; ') : error.message;
  return invalid(`${file}: ${text}`);
}

function invalid(message: string): GatewayError {
  return new GatewayError('CONFIG_INVALID', message, { locator: '--coverage' });
}
