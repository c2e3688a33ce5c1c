import { DEGREE } from '../../geometry/angles.ts';
import { degreesOnBody } from '../../geometry/crs/alias.ts';
import type { CrsRegistry } from '../../geometry/crs/registry.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { cellOf } from '../../geometry/healpix/morton.ts';
import { healpixLattice } from '../../geometry/lattice/healpixLattice.ts';
import { latticePoints, spherePoints } from '../../geometry/lattice/points.ts';
import { crsOfSpec } from '../../geometry/lattice/spec.ts';
import { projectBbox } from '../../geometry/pyramid/projectBbox.ts';
import type { DegreesBbox } from '../../layer/types.ts';
import { mocCells, skyFraction, type Moc, type MocCell } from '../../protocol/hips/moc.ts';
import type { Tiling } from '../../raster/tiling.ts';
import { tilingCoverage } from './tilingCoverage.ts';

export const WHOLE_SPHERE: DegreesBbox = Object.freeze([-180, -90, 180, 90] as const);

/** Cells of this order are small enough to tell where a HiPS lies: 3.7 degrees. */
const COVERAGE_ORDER = 4;

/** The rectangle around both. */
export function bboxAround(a: DegreesBbox, b: DegreesBbox): DegreesBbox {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** What both have in common; null = nothing. */
export function bboxWithin(a: DegreesBbox, b: DegreesBbox): DegreesBbox | null {
  const both: DegreesBbox = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  return both[0] < both[2] && both[1] < both[3] ? both : null;
}

/** The rectangle in degrees of a frame around what a source may show; null where it shows nothing of the frame. */
export function bboxOfTiling(frame: Frame, tiling: Tiling, registry: CrsRegistry): DegreesBbox | null {
  const { spec } = tiling.levels[0]!.lattice;
  if (spec.kind === 'healpix' || spec.frame.id !== frame.id) return bboxOfMoc(tilingCoverage(frame, tiling, COVERAGE_ORDER));
  const crs = crsOfSpec(spec.crs, spec.frame, registry.crsOf);
  const { x0, y0, cellX, cellY, width, height } = spec;
  return projectBbox(crs, [x0, y0 - height * cellY, x0 + width * cellX, y0], degreesOnBody(frame, 'CRS:84'));
}

/** The rectangle around the cells of a MOC, in degrees of its frame; the whole circle where it crosses the 180th meridian. */
export function bboxOfMoc(moc: Moc): DegreesBbox | null {
  if (skyFraction(moc) === 1) return WHOLE_SPHERE;
  const cells = mocCells(moc).map(bboxOfCell);
  if (cells.length === 0) return null;
  const around = cells.reduce(bboxAround);
  return around[0] < -180 || around[2] > 180 ? [-180, around[1], 180, around[3]] : around;
}

/** Columns and rows of the points along a cell's sides, and in its middle. */
const NET = [0, 0.25, 0.5, 0.75, 1];

/** Rectangle around a cell, its centre's longitude in [-180, 180); the whole circle at a pole. */
function bboxOfCell({ order, npix }: MocCell): DegreesBbox {
  const { face, x, y } = cellOf(order, npix);
  const points = NET.flatMap((u) => NET.map((v) => [y + u, x + v] as const));
  const at = latticePoints(points.length);
  points.forEach(([col, row], i) => {
    at.chart[i] = face;
    at.col[i] = col;
    at.row[i] = row;
  });
  const sphere = spherePoints(points.length);
  healpixLattice(SOME_SPHERE, order).toSphere(points.length, at, sphere);
  const lats = Array.from(sphere.lat, (lat) => lat / DEGREE);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  if (Math.max(-south, north) > POLE) return [-180, south, 180, north];
  const lons = Array.from(sphere.lon, (lon) => lon / DEGREE);
  const centre = lons[(points.length - 1) / 2]!;
  const turn = 360 * Math.floor((centre + 180) / 360);
  return [Math.min(...lons) - turn, south, Math.max(...lons) - turn, north];
}

/** Degrees; a cell that reaches it touches the pole. */
const POLE = 90 - 1e-9;
/** Cells lie where they lie whatever the frame is called. */
const SOME_SPHERE: Frame = Object.freeze({ id: 'icrs', kind: 'sky' });
