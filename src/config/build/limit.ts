import { GatewayError } from '../../errors.ts';
import { crsOnFrame, degreesOnBody } from '../../geometry/crs/alias.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { differenceOf, intersectionOf, regionInFrame, unionOf } from '../../geometry/region/combine.ts';
import { polygonRegion } from '../../geometry/region/polygonRegion.ts';
import type { Region } from '../../geometry/region/types.ts';
import { parseArea, readAreaFile, type Area } from '../../io/source/areaFile.ts';
import { mocRegion } from '../../io/source/mocRegion.ts';
import type { Moc } from '../../protocol/hips/moc.ts';
import { frameOfMoc } from '../../protocol/hips/mocFits.ts';
import type { AreaConfig, BboxAreaConfig, CoverageConfig, FileAreaConfig } from '../types.ts';
import { configError, type BuildContext } from './context.ts';
import { versionOf } from './names.ts';

/** What is needed to know where a coverage lies. */
export type LimitContext = Pick<BuildContext, 'loaded' | 'registry'>;

/** A coverage of the configuration, its files read. */
export interface Limit {
  /** Whether pixels outside are cleared. */
  readonly clip: boolean;
  /** Changes with what lies in it. */
  readonly version: string;
  /** The rectangle around it, in its own plane or that of a cylinder; null = none is known. */
  readonly bounds: BboxAreaConfig | null;
  /** The region in the frame of a CRS, which is also that of boxes and polygons that name none. @throws ConfigError where it lies elsewhere */
  regionOn(own: Crs): Region;
  /** The region as the cells that it was given as; null, or absent, where it was not in cells, or in those of another frame. @throws as regionOn() */
  cellsOn?(own: Crs): Moc | null;
}

/** @throws ConfigError for files that cannot be read */
export async function readLimit({ area, clip }: CoverageConfig, context: LimitContext): Promise<Limit> {
  const { version, bounds, ...on } = await readPart(area, context);
  return { clip, version: versionOf([version, clip]), bounds: bounds === null || (bounds.srs !== null && !isCylindrical(bounds.srs, context)) ? null : bounds, ...on };
}

type Part = Omit<Limit, 'clip'>;

async function readPart(area: AreaConfig, context: LimitContext): Promise<Part> {
  switch (area.kind) {
    case 'bbox':
      return { version: versionOf([area.bbox, area.srs]), bounds: area, regionOn: (own) => boxRegion(area, own, context) };
    case 'file':
      return readFilePart(area, context);
    case 'union':
    case 'intersection':
    case 'difference': {
      const parts = await Promise.all(area.parts.map((part) => readPart(part, context)));
      return {
        version: versionOf([area.kind, parts.map((part) => part.version)]),
        bounds: area.kind === 'union' ? around(parts.map((part) => part.bounds)) : (parts[0]?.bounds ?? null),
        regionOn: (own) => COMBINE[area.kind](parts.map((part) => part.regionOn(own))),
      };
    }
  }
}

const COMBINE = {
  union: unionOf,
  intersection: intersectionOf,
  difference: ([first, ...others]: readonly Region[]) => differenceOf(first!, others),
} as const;

/** Of several rectangles of one plane. */
function around(boxes: readonly (BboxAreaConfig | null)[]): BboxAreaConfig | null {
  return boxes.reduce((a, b) => {
    if (a === null || b === null || a.srs !== b.srs) return null;
    return { ...a, bbox: hull([[a.bbox[0], a.bbox[1]], [a.bbox[2], a.bbox[3]], [b.bbox[0], b.bbox[1]], [b.bbox[2], b.bbox[3]]]) };
  });
}

function hull(points: readonly (readonly [number, number])[]): Bbox {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    minX = Math.min(minX, x);
    minY = Math.min(minY, y);
    maxX = Math.max(maxX, x);
    maxY = Math.max(maxY, y);
  }
  return [minX, minY, maxX, maxY];
}

/** Whether its rectangles are told exactly in other planes: those of cylinders. */
function isCylindrical(srs: string, { registry }: LimitContext): boolean {
  return registry.crsOf(srs).periodX !== null;
}

function boxRegion({ bbox: [minX, minY, maxX, maxY], srs }: BboxAreaConfig, own: Crs, context: LimitContext): Region {
  return regionInFrame(polygonRegion(planeOf(srs, own, null, context), [[[[minX, minY], [maxX, minY], [maxX, maxY], [minX, maxY]]]]), own.frame);
}

async function readFilePart(config: FileAreaConfig, context: LimitContext): Promise<Part> {
  if (config.filter !== null) throw configError(context, config.filter, "filters of data sources are not applied here: 'ogr2ogr -where ...' makes a file of what is meant");
  const bytes = config.inline ? new TextEncoder().encode(config.text) : await located(config, context);
  const area = parsed(bytes, config, context);
  const version = versionOf([Buffer.from(bytes).toString('base64'), config.srs]);
  if (area.kind === 'moc') {
    const { moc, coordsys } = area.moc;
    /** A MOC is in its own frame, else in that of `srs`. */
    const frameOn = (own: Crs): Frame => (config.srs === null ? frameOfMoc(coordsys, own.frame) : planeOf(config.srs, own, config, context).frame);
    return {
      version,
      bounds: null,
      regionOn: (own) => regionInFrame(mocRegion(moc, frameOn(own)), own.frame),
      cellsOn: (own) => (frameOn(own).id === own.frame.id ? moc : null),
    };
  }
  const srs = config.srs ?? (area.isGeoJson ? 'CRS:84' : null);
  const bounds: BboxAreaConfig = { kind: 'bbox', srs, bbox: hull(area.polygons.flat(2)) };
  return { version, bounds, regionOn: (own) => regionInFrame(polygonRegion(planeOf(srs, own, config, context), area.polygons), own.frame) };
}

async function located({ text, path }: FileAreaConfig, context: LimitContext): Promise<Uint8Array> {
  return readAreaFile(text).catch((error: unknown) => {
    throw error instanceof GatewayError ? configError(context, path, error.message) : error;
  });
}

function parsed(bytes: Uint8Array, { path }: FileAreaConfig, context: LimitContext): Area {
  try {
    return parseArea(bytes);
  } catch (error) {
    throw error instanceof GatewayError ? configError(context, path, error.message) : error;
  }
}

/** The plane in which a coverage is given. */
function planeOf(srs: string | null, own: Crs, config: FileAreaConfig | null, context: LimitContext): Crs {
  if (srs === null) return own;
  const crs = srs === 'CRS:84' ? degreesOnBody(own.frame, srs) : crsOnFrame(context.registry.crsOf(srs), own.frame);
  if (crs !== null) return crs;
  throw configError(context, config?.path ?? [], `a coverage in ${srs} is on another body than ${own.frame.id}`);
}
