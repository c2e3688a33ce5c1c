import { crsOnFrame } from '../../geometry/crs/alias.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { BoxRule } from '../../service/types.ts';
import type { WmsServiceConfig } from '../types.ts';
import type { BuildContext } from './context.ts';

/** What `bbox_srs` says of a reference system. */
export interface BoundingBoxes {
  ruleOf(crs: Crs): BoxRule;
  /** The rectangle that maps show no more than; null = they show all. @param id canonical identifier */
  limitOf(id: string, frame: Frame): Bbox | null;
}

/**
 * `services.wms.bbox_srs`. A body of which nothing is listed has the boxes of all its systems: without any its layers would have none.
 * @param advertised by frame id
 */
export function boundingBoxes(listed: WmsServiceConfig['bbox_srs'], advertised: ReadonlyMap<string, readonly Crs[]>, { registry }: BuildContext): BoundingBoxes {
  const entries = listed.map((entry) => (typeof entry === 'string' ? { crs: registry.crsOf(entry), bbox: null } : { crs: registry.crsOf(entry.srs), bbox: entry.bbox }));
  const entryOf = (id: string, frame: Frame) => entries.find(({ crs }) => crsOnFrame(crs, frame)?.id === id);
  const isListed = (frame: Frame): boolean => (advertised.get(frame.id) ?? []).some(({ id }) => entryOf(id, frame) !== undefined);
  return {
    ruleOf({ id, frame }) {
      const entry = entryOf(id, frame);
      if (entry !== undefined) return entry.bbox ?? 'own';
      return isListed(frame) ? 'none' : 'own';
    },
    limitOf: (id, frame) => entryOf(id, frame)?.bbox ?? null,
  };
}
