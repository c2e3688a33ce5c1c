import type { Frame } from '../../geometry/frame/frame.ts';
import { facesToSphere, sphereToFaces } from '../../geometry/healpix/face.ts';
import { cellOf, MAX_ORDER, npixOf } from '../../geometry/healpix/morton.ts';
import type { SpherePoints } from '../../geometry/lattice/types.ts';
import { hipsGrid } from '../../geometry/pyramid/hips.ts';
import { shapeOfGrid } from '../../geometry/region/shape.ts';
import type { Overlap, Region } from '../../geometry/region/types.ts';
import { mocContains, mocOfCells, type Moc, type MocCell, type MocOverlap } from '../../protocol/hips/moc.ts';

const SIDE = 2 ** MAX_ORDER;
/** Cells this much smaller than a shape are looked at before the answer is 'partial'. */
const FINER = 3;

/** A MOC as a region: sharp, down to cells of order 24. */
export function mocRegion(moc: Moc, frame: Frame): Region {
  return {
    frame,
    contains(n, at, out) {
      const [face, x, y] = [new Int8Array(n), new Float64Array(n), new Float64Array(n)];
      sphereToFaces(n, at.lon, at.lat, SIDE, face, x, y);
      for (let i = 0; i < n; i++) {
        const isPlace = face[i]! >= 0 && !Number.isNaN(x[i]);
        out[i] = isPlace && mocContains(moc, MAX_ORDER, npixOf(MAX_ORDER, face[i]!, cellIndex(x[i]!), cellIndex(y[i]!))) === 'inside' ? 1 : 0;
      }
    },
    overlap: ({ outline, centre }) => overlapOfCap(moc, capAround(outline, centre)),
  };
}

function cellIndex(v: number): number {
  return Math.min(SIDE - 1, Math.floor(v));
}

/** All directions within `radius` (radians) of a unit vector. */
interface Cap {
  readonly centre: Vector;
  readonly radius: number;
}

type Vector = readonly [number, number, number];

function vectorOf(lon: number, lat: number): Vector {
  return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
}

/** Exact for small angles as well. */
function angleBetween(a: Vector, b: Vector): number {
  return 2 * Math.asin(Math.min(1, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) / 2));
}

/** The cap that holds a shape, if the shape is less than half of the sphere. */
function capAround(outline: SpherePoints, { lon, lat }: SpherePoints): Cap | null {
  const centre = vectorOf(lon[0]!, lat[0]!);
  let radius = 0;
  for (let i = 0; i < outline.lon.length; i++) {
    const away = angleBetween(centre, vectorOf(outline.lon[i]!, outline.lat[i]!));
    if (!(away < Math.PI / 2)) return null;
    radius = Math.max(radius, away);
  }
  return Number.isNaN(centre[0]) ? null : { centre, radius };
}

/** Walks down the cells that meet the cap until they say the same, or are much smaller than it. */
function overlapOfCap(moc: Moc, cap: Cap | null): Overlap {
  if (cap === null) return 'partial';
  const deepest = Math.min(MAX_ORDER, Math.max(0, Math.ceil(Math.log2(1 / Math.max(cap.radius, 1e-9)))) + FINER);
  let found: MocOverlap | null = null;
  const visit = (order: number, npix: number): boolean => {
    if (!meets(order, npix, cap)) return true;
    const own = mocContains(moc, order, npix);
    if (own === 'partial' && order < deepest) return [0, 1, 2, 3].every((child) => visit(order + 1, npix * 4 + child));
    found = found === null || found === own ? own : 'partial';
    return found !== 'partial';
  };
  for (let face = 0; face < 12; face++) if (!visit(0, face)) break;
  return found ?? 'partial';
}

/** Whether the cap around a cell meets a cap: corners are the furthest points of a cell, but at order 0, which meets everything. */
function meets(order: number, npix: number, { centre, radius }: Cap): boolean {
  if (order === 0) return true;
  const { face, x, y } = cellOf(order, npix);
  const xs = Float64Array.of(x + 0.5, x, x + 1, x, x + 1);
  const ys = Float64Array.of(y + 0.5, y, y, y + 1, y + 1);
  const [lon, lat] = [new Float64Array(5), new Float64Array(5)];
  facesToSphere(5, new Int8Array(5).fill(face), xs, ys, 2 ** order, lon, lat);
  const middle = vectorOf(lon[0]!, lat[0]!);
  const reach = Math.max(...[1, 2, 3, 4].map((i) => angleBetween(middle, vectorOf(lon[i]!, lat[i]!))));
  return angleBetween(middle, centre) <= radius + reach * SLACK;
}

/** Sides of cells are bent outward a little. */
const SLACK = 1.05;

/** The cells of a region down to an order; those that it only touches count at that order, so that the MOC is never too small. */
export function mocOfRegion(region: Region, order: number): Moc {
  const cells: MocCell[] = [];
  const visit = (at: number, npix: number): void => {
    const overlap = region.overlap(shapeOfGrid(hipsGrid(region.frame, { order: at, npix }, 1)));
    if (overlap === 'outside') return;
    if (overlap === 'inside' || at >= order) cells.push({ order: at, npix });
    else for (let child = 0; child < 4; child++) visit(at + 1, npix * 4 + child);
  };
  for (let face = 0; face < 12; face++) visit(0, face);
  return mocOfCells(cells);
}
