import { degreesOnBody } from '../../geometry/crs/alias.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { isTooSmall, type LevelChoice } from '../../geometry/pyramid/levelChoice.ts';
import { metresPerPixel } from '../../geometry/pyramid/resolutionRange.ts';
import type { TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { metresPerUnit } from '../../protocol/scale.ts';
import type { BuildContext } from './context.ts';

/** How a level of a grid is chosen for a map. */
export function choiceOf(grid: string, { loaded: { config } }: BuildContext): LevelChoice {
  const { image } = config.globals;
  const { stretch_factor, max_shrink_factor, threshold_res } = config.grids.get(grid) ?? { ...image, threshold_res: null };
  return { stretchFactor: stretch_factor, maxShrinkFactor: max_shrink_factor, thresholdRes: threshold_res ?? [] };
}

/** Maps that would reduce the coarsest level by more than max_shrink_factor stay blank, as in MapProxy. The tiles of a HiPS do not: its first orders show the whole sphere. */
export function isShownTooSmall(target: PixelGrid, { crs, tileMatrices }: TileMatrixSet, choice: LevelChoice): boolean {
  if (target.lattice.spec.kind === 'healpix') return false;
  const cells = tileMatrices.map(({ cellSize }) => cellSize * metresPerUnit(crs, 'body')).toSorted((a, b) => b - a);
  return isTooSmall(cells, Math.min(...metresPerPixel(target, radiusOf(crs))), choice);
}

function radiusOf({ frame }: Crs): number {
  return (metresPerUnit(degreesOnBody(frame, 'CRS:84'), 'body') * 180) / Math.PI;
}
