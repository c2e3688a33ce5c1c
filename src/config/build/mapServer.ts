import type { Crs } from '../../geometry/crs/types.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { withErrorAnswers } from '../../io/source/errorAnswers.ts';
import { askWindows, type BytesOf, type Joint, type MapServer } from '../../io/source/mapServer.ts';
import type { RemoteSourceConfig } from '../types.ts';
import { rankOf } from './chosenCrs.ts';
import type { BuildContext } from './context.ts';
import { versionOf } from './names.ts';
import { crsOfSource } from './sourceCrs.ts';

export interface MapServerParts {
  /** Names that the upstream knows; [] = any. */
  readonly names: readonly string[];
  /** What the first name means, where that is not what it says. */
  readonly override: string | null;
  readonly bytesOf: BytesOf;
  /** Absent = requests to it are never joined. */
  readonly joint?: Joint | null;
  /** Everything on which the pictures depend, beside the windows. */
  readonly parts: readonly unknown[];
}

/** A service that draws maps, as caches ask it: for the very rectangle, nothing kept of the answer. */
export function mapServerOf(config: RemoteSourceConfig, { names, override, bytesOf, joint = null, parts }: MapServerParts, frame: Frame | null, context: BuildContext): MapServer {
  const meaning = (name: string): Crs => crsOfSource(override ?? name, config, frame, context);
  const answered: BytesOf = (...asked) => withErrorAnswers(bytesOf(...asked), config.on_error, context.codec);
  const known = override === null ? names.filter((name) => rankOf(name, context) >= 0) : [names[0] ?? 'EPSG:4326'];
  return {
    crs: known.length === 0 ? null : known.map((name) => ({ name, crs: meaning(name) })),
    ask: context.shared.answers(`maps ${config.name} ${frame?.id ?? ''} ${versionOf(parts)}`, askWindows(answered, meaning)),
    joint,
  };
}
