import type { Frame } from '../../geometry/frame/frame.ts';
import { rotatePoints, rotationBetween, type Rotation } from '../../geometry/frame/rotation.ts';
import { neighbourCell } from '../../geometry/healpix/edges.ts';
import { facesToSphere, sphereToFaces } from '../../geometry/healpix/face.ts';
import { MAX_ORDER, cellCount, cellOf, npixOf } from '../../geometry/healpix/morton.ts';
import { mocContains, mocOfCells, mocOfRanges, skyFraction, type Moc, type MocCell } from '../../protocol/hips/moc.ts';
import { frameOfMoc, type MocFile } from '../../protocol/hips/mocFits.ts';

/** Cells of this order, 0.9 degrees, are told apart when a coverage is turned into another frame. */
const TURNED_ORDER = 6;
const SIDE = 2 ** TURNED_ORDER;
/** Points along a cell's side that are looked up: none of its points is further than a third of a cell from one of them. */
const SAMPLES = 4;

/** The coverage that stands in a Moc.fits, in the frame of the HiPS. An ICRS coverage beside a galactic HiPS is turned. */
export function coverageInFrame({ moc, coordsys }: MocFile, frame: Frame): Moc {
  return turnedCoverage(moc, frameOfMoc(coordsys, frame), frame);
}

/** A coverage in another frame, never too small. @throws FRAME_MISMATCH between frames that no rotation joins */
export function turnedCoverage(moc: Moc, from: Frame, to: Frame): Moc {
  const rotation = rotationBetween(to, from);
  return rotation === null || skyFraction(moc) === 1 ? moc : turned(moc, rotation);
}

/** What both cover. */
export function commonCoverage(a: Moc, b: Moc): Moc {
  const starts: number[] = [];
  const ends: number[] = [];
  for (let i = 0, j = 0; i < a.ranges.length && j < b.ranges.length; ) {
    const start = Math.max(a.ranges[i]!, b.ranges[j]!);
    const end = Math.min(a.ranges[i + 1]!, b.ranges[j + 1]!);
    if (start < end) {
      starts.push(start);
      ends.push(end);
    }
    if (a.ranges[i + 1]! < b.ranges[j + 1]!) i += 2;
    else j += 2;
  }
  return mocOfRanges(Float64Array.from(starts), Float64Array.from(ends));
}

/** The cells of an order that a coverage touches. */
export function coarserCoverage({ ranges }: Moc, order: number): Moc {
  const cell = 4 ** (MAX_ORDER - order);
  const starts = ranges.filter((_, i) => i % 2 === 0).map((start) => Math.floor(start / cell) * cell);
  const ends = ranges.filter((_, i) => i % 2 === 1).map((end) => Math.ceil(end / cell) * cell);
  return mocOfRanges(starts, ends);
}

/**
 * The cells of order 6 that come within a cell of the coverage. (A cell that touches it has a sample less than a cell away from
 * the point they share.)
 * @param rotation from the new frame to that of the coverage
 */
function turned(moc: Moc, rotation: Rotation): Moc {
  const near = nearby(moc);
  const cells: MocCell[] = [];
  for (let npix = 0; npix < cellCount(TURNED_ORDER); npix++) {
    if (touches(npix, rotation, near)) cells.push({ order: TURNED_ORDER, npix });
  }
  return mocOfCells(cells);
}

/** For each cell of order 6: whether it or one of its neighbours touches the coverage. */
function nearby(moc: Moc): Uint8Array {
  const near = new Uint8Array(cellCount(TURNED_ORDER));
  const cell = new Float64Array(3);
  for (let npix = 0; npix < near.length; npix++) {
    if (mocContains(moc, TURNED_ORDER, npix) === 'outside') continue;
    const { face, x, y } = cellOf(TURNED_ORDER, npix);
    for (let k = 0; k < 9; k++) {
      if (neighbourCell(face, x + (k % 3) - 1, y + Math.floor(k / 3) - 1, SIDE, cell)) near[npixOf(TURNED_ORDER, cell[0]!, cell[1]!, cell[2]!)] = 1;
    }
  }
  return near;
}

const POINTS = SAMPLES * SAMPLES;

function touches(npix: number, rotation: Rotation, near: Uint8Array): boolean {
  const { face, x, y } = cellOf(TURNED_ORDER, npix);
  const at = { face: new Int8Array(POINTS).fill(face), x: new Float64Array(POINTS), y: new Float64Array(POINTS) };
  for (let i = 0; i < POINTS; i++) {
    at.x[i] = x + ((i % SAMPLES) + 0.5) / SAMPLES;
    at.y[i] = y + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES;
  }
  const lon = new Float64Array(POINTS);
  const lat = new Float64Array(POINTS);
  facesToSphere(POINTS, at.face, at.x, at.y, SIDE, lon, lat);
  rotatePoints(rotation, POINTS, lon, lat);
  sphereToFaces(POINTS, lon, lat, SIDE, at.face, at.x, at.y);
  for (let i = 0; i < POINTS; i++) {
    if (near[npixOf(TURNED_ORDER, at.face[i]!, cellIndex(at.x[i]!), cellIndex(at.y[i]!))] === 1) return true;
  }
  return false;
}

/** A point on the far edge of a face belongs to its last cell. */
function cellIndex(v: number): number {
  return Math.min(SIDE - 1, Math.floor(v));
}
