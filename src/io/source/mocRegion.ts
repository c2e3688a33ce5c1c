import type { Frame } from '../../geometry/frame/frame.ts';
import { facesToSphere, sphereToFaces } from '../../geometry/healpix/face.ts';
import { cellOf, MAX_ORDER, npixOf } from '../../geometry/healpix/morton.ts';
import type { SpherePoints } from '../../geometry/lattice/types.ts';
import { hipsGrid } from '../../geometry/pyramid/hips.ts';
import { shapeOfGrid } from '../../geometry/region/shape.ts';
import type { Overlap, Region } from '../../geometry/region/types.ts';
import { mocContains, mocOfCells, type Moc, type MocCell } from '../../protocol/hips/moc.ts';

const SIDE = 2 ** MAX_ORDER;
/** Orders by which cells are smaller than a shape before the answer is 'partial'. */
const FINER = 3;
/** Cells from this order on are small enough to be told by their corners. */
const SMALL = 2;

/** A MOC as a region: sharp, down to cells of order 24. */
export function mocRegion(moc: Moc, frame: Frame): Region {
  return {
    frame,
    contains(n, at, out) {
      cellsOf(n, at).forEach((npix, i) => {
        out[i] = npix >= 0 && mocContains(moc, MAX_ORDER, npix) === 'inside' ? 1 : 0;
      });
    },
    overlap: ({ outline, centre }) => overlapOfCap(moc, capAround(outline, centre)),
  };
}

/** Cells of order 24 in which points lie; -1 for NaN. */
function cellsOf(n: number, { lon, lat }: SpherePoints): Float64Array {
  const [face, x, y] = [new Int8Array(n), new Float64Array(n), new Float64Array(n)];
  sphereToFaces(n, lon, lat, SIDE, face, x, y);
  return Float64Array.from({ length: n }, (_, i) => (face[i]! < 0 || Number.isNaN(x[i]) ? -1 : npixOf(MAX_ORDER, face[i]!, cellIndex(x[i]!), cellIndex(y[i]!))));
}

function cellIndex(v: number): number {
  return Math.min(SIDE - 1, Math.floor(v));
}

/** All directions within `radius` (radians) of a unit vector. */
interface Cap {
  readonly centre: Vector;
  readonly radius: number;
  /** Cell of order 24 in the middle. */
  readonly middle: number;
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
    if (!(away < Math.PI / 2)) return null; // or NaN
    radius = Math.max(radius, away);
  }
  return { centre, radius, middle: cellsOf(1, { lon, lat })[0]! };
}

/** What the middle of the cap says, unless a small cell that meets the cap says something else. */
function overlapOfCap(moc: Moc, cap: Cap | null): Overlap {
  if (cap === null) return 'partial';
  const middle = mocContains(moc, MAX_ORDER, cap.middle);
  const deepest = Math.min(MAX_ORDER, Math.max(SMALL, Math.ceil(Math.log2(1 / Math.max(cap.radius, 1e-9)))) + FINER);
  const agrees = (order: number, npix: number): boolean => {
    if (mocContains(moc, order, npix) === middle || (order >= SMALL && !meets(order, npix, cap))) return true;
    return order < deepest && [0, 1, 2, 3].every((child) => agrees(order + 1, npix * 4 + child));
  };
  for (let face = 0; face < 12; face++) if (!agrees(0, face)) return 'partial';
  return middle;
}

/** Whether the cap around a cell meets a cap: corners are the furthest points of a small cell. */
function meets(order: number, npix: number, { centre, radius }: Cap): boolean {
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
