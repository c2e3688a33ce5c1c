import type { Crs } from '../../geometry/crs/types.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { CrsTiling } from '../../io/source/crsTiling.ts';
import { coverageOf } from '../../layer/coverage.ts';
import type { Moc } from '../../protocol/hips/moc.ts';
import type { Tiling } from '../../raster/tiling.ts';

/** Of windows of a plane: hundreds of layers of one server show the same rectangle, and a cover takes half a tenth of a second. */
const known = new WeakMap<Crs, Map<string, Moc>>();

/** coverageOf for one tiling, worked out once for all that are windows of the same rectangle of a plane. */
export function tilingCoverage(frame: Frame, tiling: Tiling, order: number): Moc {
  if (!isWindows(tiling)) return coverageOf(frame, [tiling], order);
  const ofCrs = known.get(tiling.crs) ?? new Map<string, Moc>();
  known.set(tiling.crs, ofCrs);
  const key = JSON.stringify([frame.kind, frame.id, tiling.bbox, order]);
  const moc = ofCrs.get(key) ?? coverageOf(frame, [tiling], order);
  ofCrs.set(key, moc);
  return moc;
}

/** All patches of which are there, whatever their size. */
function isWindows(tiling: Tiling): tiling is CrsTiling {
  return 'crs' in tiling && 'bbox' in tiling && 'steps' in tiling;
}
