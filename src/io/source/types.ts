import type { PointedPixel } from '../../geometry/lattice/pointedPixel.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import type { Raster } from '../../raster/raster.ts';
import type { Excerpt, Patch, Tiling } from '../../raster/tiling.ts';

export type { Excerpt, Level, Patch, Tiling } from '../../raster/tiling.ts';

/** Where pixels come from. Adapters in io/source implement it. */
export interface RasterSource {
  /** Name from the configuration; part of cache keys and log lines. */
  readonly id: string;
  readonly tiling: Tiling;
  /**
   * Brings one patch, exactly patch.grid.width x patch.grid.height. null = the upstream says there is nothing there:
   * transparent, and cacheable as such. Throws GatewayError UPSTREAM_FAILED / UPSTREAM_TIMEOUT on trouble.
   */
  fetch(patch: Patch, signal: AbortSignal): Promise<Raster | null>;
  /**
   * Brings what a picture needs in one go, in patches of the source's choice, which may be much larger; absent = the patches that were
   * named, by `fetch`. Who changes the pixels of a source takes those.
   * @throws as fetch, when one of them fails
   */
  readonly gather?: Gather;
  /** False: at this resolution there is nothing to be drawn, and nothing to be asked for. Absent = at every one there is. */
  isShownAt?(grid: PixelGrid): boolean;
}

/** @param needs what a picture reads, as patches of the tiling and as the rectangles in them */
export type Gather = (needs: Needs, signal: AbortSignal) => Promise<Gathered>;

export interface Needs {
  readonly patches: readonly Patch[];
  readonly excerpts: readonly Excerpt[];
}

/** Patches that hold all excerpts, and their rasters in the same order; null as in RasterSource.fetch. */
export interface Gathered {
  readonly patches: readonly Patch[];
  readonly rasters: readonly (Raster | null)[];
}

/** A patch still encoded as the upstream sent it. */
export interface EncodedPatch {
  readonly bytes: Uint8Array;
  /** Media type without parameters. */
  readonly contentType: string;
}

/** Layers of a map service and their styles, each joined by commas; no styles = the usual ones. */
export interface MapNames {
  readonly layers: string;
  readonly styles: string;
}

/** The encoded half of a source: what a disk cache keeps and what passes through undecoded. */
export interface PatchBytes {
  /** null as in RasterSource.fetch; throws the same. */
  fetch(patch: Patch, signal: AbortSignal): Promise<EncodedPatch | null>;
}

/** What is there, under a pixel of a map? */
export interface InfoQuestion extends PointedPixel {
  /** Media type that the client wants. */
  readonly format: string;
  /** Most features of each layer. */
  readonly featureCount: number;
}

/** What an upstream says of a place, in words of its own: not to be trusted. */
export interface InfoDocument {
  /** Media type without parameters. */
  readonly contentType: string;
  readonly text: string;
}

/** Asks upstreams what is under a pixel. [] = they say nothing. Throws GatewayError UPSTREAM_FAILED / UPSTREAM_TIMEOUT on trouble. */
export type AskInfo = (question: InfoQuestion, signal: AbortSignal) => Promise<readonly InfoDocument[]>;

/** What explains a source. Both throw GatewayError UPSTREAM_FAILED / UPSTREAM_TIMEOUT on trouble. */
export interface LegendPart {
  /** @param scale denominator of the map's scale; null = any */
  picture(scale: number | null, signal: AbortSignal): Promise<Raster>;
  /** The same as a JSON document, in the upstream's words; absent = it is a picture only. */
  json?(scale: number | null, signal: AbortSignal): Promise<string>;
}
