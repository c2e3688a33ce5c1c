import type { Pixels } from '../../geometry/lattice/types.ts';
import type { Raster } from '../../raster/raster.ts';
import type { Georeference } from './georeference.ts';
import type { PixelRect } from './imageFile.ts';
import type { BaseWindow } from './overviews.ts';

/** A picture, wherever it lies and however its pixels are had. */
export interface Picture {
  readonly width: Pixels;
  readonly height: Pixels;
  /** Names this version of it in caches. */
  readonly version: string;
  /** When it last changed. */
  readonly modified: Date;
  /**
   * Which of its pixels are in memory, or soon read again: 'whole' = decoded once and kept, 'windows' = read from disk in
   * milliseconds, 'nothing' = each reading asks somebody else, so that what was read should be kept.
   */
  readonly held: 'whole' | 'windows' | 'nothing';
  /** Smaller copies of all of it that it brings along. */
  readonly reduced: readonly ReducedCopy[];
  /** Where it lies; null = it does not say. @throws Error for one that lies askew, or says so in a way that cannot be read */
  georeference(): Promise<Georeference | null>;
  /** Pixels that hold at least the rectangle. @throws GatewayError UPSTREAM_* */
  read(rect: PixelRect): Promise<BaseWindow>;
}

export interface ReducedCopy {
  readonly width: Pixels;
  readonly height: Pixels;
  /** Exactly the rectangle, pixels of the copy. @throws GatewayError UPSTREAM_* */
  read(rect: PixelRect): Promise<Raster>;
}
