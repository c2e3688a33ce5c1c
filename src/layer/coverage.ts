import type { Frame } from '../geometry/frame/frame.ts';
import { hipsGrid } from '../geometry/pyramid/hips.ts';
import { mocOfCells, wholeSphere, type Moc, type MocCell } from '../protocol/hips/moc.ts';
import type { Tiling } from '../raster/tiling.ts';
import { planReprojection } from '../raster/reproject/plan.ts';

/** Samples along a cell's side that decide whether a source reaches it. */
const PROBE_WIDTH = 32;
/** Cells that only touch the coverage are split down to this many orders below the first partial one, and no deeper than the HiPS. */
const MAX_MOC_ORDER = 7;

/**
 * What of the sphere the sources cover, as a MOC in the layer's frame: from their geometry alone, without fetching. Cells that
 * are partly covered count as covered at the deepest order looked at.
 */
export function coverageOf(frame: Frame, tilings: readonly Tiling[], hipsOrder: number): Moc {
  if (tilings.some(coversSphere)) return wholeSphere();
  const cells: MocCell[] = [];
  const deepest = Math.min(hipsOrder, MAX_MOC_ORDER);
  const visit = (order: number, npix: number): void => {
    const state = coverOfCell(frame, tilings, order, npix);
    if (state === 'outside') return;
    if (state === 'inside' || order >= deepest) {
      cells.push({ order, npix });
      return;
    }
    for (let child = 0; child < 4; child++) visit(order + 1, npix * 4 + child);
  };
  for (let face = 0; face < 12; face++) visit(0, face);
  return mocOfCells(cells);
}

/** Looks along each side for patches that are not there. */
const LOOKS = 16;

/** One chart that closes on itself, whose poles can be crossed, and whose finest patches are all there, as far as can be seen. */
function coversSphere({ levels, patchAt }: Tiling): boolean {
  const { lattice, patchWidth, patchHeight } = levels[0]!;
  const cell = new Float64Array(3);
  if (lattice.periodCols === null || !lattice.wrap(0, 0, -1, cell) || !lattice.wrap(0, 0, lattice.height, cell)) return false;
  for (let i = 0; i < LOOKS * LOOKS; i++) {
    const col = Math.floor((((i % LOOKS) + 0.5) / LOOKS) * lattice.width);
    const row = Math.floor(((Math.floor(i / LOOKS) + 0.5) / LOOKS) * lattice.height);
    if (patchAt(0, 0, Math.floor(col / patchWidth), Math.floor(row / patchHeight)) === null) return false;
  }
  return true;
}

function coverOfCell(frame: Frame, tilings: readonly Tiling[], order: number, npix: number): 'inside' | 'partial' | 'outside' {
  let touched = false;
  for (const tiling of tilings) {
    const covered = coveredPixels(frame, tiling, order, npix);
    if (covered === PROBE_WIDTH * PROBE_WIDTH) return 'inside';
    touched ||= covered > 0;
  }
  return touched ? 'partial' : 'outside';
}

/** Pixels of a small picture of the cell that have a place in the source. */
function coveredPixels(frame: Frame, tiling: Tiling, order: number, npix: number): number {
  const grid = hipsGrid(frame, { order, npix }, PROBE_WIDTH);
  const plan = planReprojection(grid, tiling, { kernel: 'nearest', maxError: 0.25, maxPatches: Infinity });
  if (plan.patches.length === 0) return 0;
  let pixels = 0;
  for (const part of plan.parts) for (const block of part.blocks) pixels += block.width * block.height;
  for (const { side } of plan.seams) for (const half of side) pixels += half > 0 ? 1 : 0;
  for (const block of plan.exact) for (const part of block.part) pixels += part >= 0 ? 1 : 0;
  return pixels;
}
