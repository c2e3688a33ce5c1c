import { latticePoints } from '../../geometry/lattice/points.ts';
import type { LatticePoints, PixelGrid, Pixels } from '../../geometry/lattice/types.ts';
import type { Tiling } from '../tiling.ts';
import { FIRST_SIZE, LAST_SIZE, PROBES, PROBE_X, PROBE_Y, type BlockOptions, type Box, type Piece } from './piece.ts';
import type { PointMap } from './pointMap.ts';
import { createCutter, type Seam } from './seam.ts';

/**
 * Cuts the target into rectangles over which the point map is biquadratic within `maxError`, by a quadtree anchored in the target
 * *lattice* (not in the request), so that a pixel gets the same coordinate whichever tile it is computed in. What stays curved,
 * torn (two charts, the dateline) or partly outside at the smallest size is left for exact, per-pixel treatment.
 */

export interface Blocks {
  readonly smooth: readonly Piece[];
  readonly seams: readonly Seam[];
  /** Single pixels. */
  readonly exact: readonly Box[];
}

/** Boxes up to this size with no probe inside the source are dropped: what they could hold is a sliver. */
const VOID_SIZE = 8;

/** @returns pieces, seams and boxes that together cover every target pixel that has a source point, each pixel once */
export function cutBlocks(target: PixelGrid, tiling: Tiling, map: PointMap, options: BlockOptions): Blocks {
  const smooth: Piece[] = [];
  const seams: Seam[] = [];
  const exact: Box[] = [];
  const cutter = createCutter(tiling, options);
  let probes = latticePoints(0);
  let boxes = firstBoxes(target);
  for (let size = FIRST_SIZE; boxes.length > 0; size /= 2) {
    if (probes.col.length < boxes.length * PROBES) probes = latticePoints(2 * boxes.length * PROBES);
    probeAll(boxes, map, probes);
    const torn: Box[] = [];
    for (let i = 0; i < boxes.length; i++) {
      const box = boxes[i]!;
      const found = cutter(box, probes, i * PROBES, size);
      if (found === null) {
        if (!isVoid(probes, i * PROBES, tiling, size)) torn.push(box);
      } else if ('halves' in found) seams.push(found);
      else smooth.push(found);
    }
    if (size <= LAST_SIZE) {
      for (const box of torn) for (const pixel of cut(box, target, 1)) exact.push(pixel); // not spread: more of them than a call may have arguments
      break;
    }
    boxes = torn.flatMap((box) => cut(box, target, size / 2));
  }
  return { smooth, seams, exact };
}

/** Boxes of FIRST_SIZE on the lattice's own raster, clipped by the target. */
function firstBoxes(target: PixelGrid): Box[] {
  return cut({ x: 0, y: 0, width: target.width, height: target.height }, target, FIRST_SIZE);
}

function cut(box: Box, target: PixelGrid, size: Pixels): Box[] {
  const boxes: Box[] = [];
  const bottom = box.y + box.height;
  const right = box.x + box.width;
  for (let y = box.y; y < bottom; ) {
    const nextY = Math.min(bottom, y + size - modulo(target.row + y, size));
    for (let x = box.x; x < right; ) {
      const nextX = Math.min(right, x + size - modulo(target.col + x, size));
      boxes.push({ x, y, width: nextX - x, height: nextY - y });
      x = nextX;
    }
    y = nextY;
  }
  return boxes;
}

function modulo(a: number, b: number): number {
  return ((a % b) + b) % b;
}

function probeAll(boxes: readonly Box[], map: PointMap, probes: LatticePoints): void {
  const { col, row } = probes;
  let i = 0;
  for (const { x, y, width, height } of boxes) {
    for (let k = 0; k < PROBES; k++, i++) {
      col[i] = x + width * PROBE_X[k]!;
      row[i] = y + height * PROBE_Y[k]!;
    }
  }
  map.apply(i, probes);
}

/** True when nothing of the box can lie in the source: all probes beyond the same edge, or nowhere in a small box. */
function isVoid(at: LatticePoints, first: number, tiling: Tiling, size: Pixels): boolean {
  const { width, height } = tiling.levels[0]!.lattice;
  let common = 15;
  for (let k = first; k < first + PROBES; k++) {
    if (at.chart[k]! >= 0) return false;
    const col = at.col[k]!;
    const row = at.row[k]!;
    common &= (col < 0 ? 1 : 0) | (col > width ? 2 : 0) | (row < 0 ? 4 : 0) | (row > height ? 8 : 0);
  }
  return common !== 0 || size <= VOID_SIZE;
}
