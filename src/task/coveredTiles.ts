import type { Crs } from '../geometry/crs/types.ts';
import { crsLatticeOfBbox } from '../geometry/lattice/crsLattice.ts';
import { tileBbox, type TileLimits, type TileMatrix } from '../geometry/pyramid/tileMatrixSet.ts';
import { shapeOfGrid } from '../geometry/region/shape.ts';
import type { Overlap, Region } from '../geometry/region/types.ts';

/** Tiles of one level that a region may touch. */
export interface Candidates {
  readonly crs: Crs;
  readonly matrix: TileMatrix;
  readonly limits: TileLimits;
  /** In the frame of the CRS; null = touches all. */
  readonly region: Region | null;
}

/** The tiles that a region touches, as rectangles of them that do not overlap: few for what lies inside, single ones along the border. */
export function* coveredTiles(candidates: Candidates): Generator<TileLimits> {
  const { isWhole, parts } = look(candidates);
  if (isWhole) yield candidates.limits;
  for (const limits of parts) yield* coveredTiles({ ...candidates, limits });
}

/** How many they are; null where telling that takes more than `most` looks at the region. */
export function countCovered(candidates: Candidates, most = Infinity): number | null {
  const waiting = [candidates.limits];
  let count = 0;
  for (let looks = 0; waiting.length > 0; looks++) {
    if (looks >= most) return null;
    const limits = waiting.pop()!;
    const { isWhole, parts } = look({ ...candidates, limits });
    if (isWhole) count += tilesIn(limits);
    waiting.push(...parts);
  }
  return count;
}

export function tilesIn({ minCol, maxCol, minRow, maxRow }: TileLimits): number {
  return (maxCol - minCol + 1) * (maxRow - minRow + 1);
}

/** Whether all tiles of a rectangle are touched, else the parts in which some may be. */
function look(candidates: Candidates): { readonly isWhole: boolean; readonly parts: readonly TileLimits[] } {
  const overlap = overlapOf(candidates);
  if (overlap === 'outside') return { isWhole: false, parts: [] };
  const isWhole = overlap === 'inside' || tilesIn(candidates.limits) === 1;
  return { isWhole, parts: isWhole ? [] : halvesOf(candidates.limits) };
}

/** Across the longer side. */
function halvesOf({ minCol, maxCol, minRow, maxRow }: TileLimits): readonly TileLimits[] {
  if (maxCol - minCol >= maxRow - minRow) {
    const middle = Math.floor((minCol + maxCol) / 2);
    return [{ minCol, maxCol: middle, minRow, maxRow }, { minCol: middle + 1, maxCol, minRow, maxRow }];
  }
  const middle = Math.floor((minRow + maxRow) / 2);
  return [{ minCol, maxCol, minRow, maxRow: middle }, { minCol, maxCol, minRow: middle + 1, maxRow }];
}

/** Part of a plane's side from which on a rectangle is not told by its outline: it may be more than half of the sphere. */
const LARGE = 1 / 4;

function overlapOf({ crs, matrix, limits: { minCol, maxCol, minRow, maxRow }, region }: Candidates): Overlap {
  if (region === null) return 'inside';
  const [a, b] = [tileBbox(matrix, minCol, minRow), tileBbox(matrix, maxCol, maxRow)];
  const [left, low, right, high] = crs.extent;
  const [minX, minY] = [Math.max(Math.min(a[0], b[0]), left), Math.max(Math.min(a[1], b[1]), low)];
  const [maxX, maxY] = [Math.min(Math.max(a[2], b[2]), right), Math.min(Math.max(a[3], b[3]), high)];
  if (minX >= maxX || minY >= maxY) return 'outside';
  if (maxX - minX > (right - left) * LARGE || maxY - minY > (high - low) * LARGE) return 'partial';
  return region.overlap(shapeOfGrid({ lattice: crsLatticeOfBbox(crs, [minX, minY, maxX, maxY], 1, 1), chart: 0, col: 0, row: 0, width: 1, height: 1 }));
}
