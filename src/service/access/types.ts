import type { Frame } from '../../geometry/frame/frame.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import type { Region } from '../../geometry/region/types.ts';
import type { ImageFormat } from '../../raster/format.ts';
import type { Raster } from '../../raster/raster.ts';

/** The part of a layer that may be seen. */
export interface Limit {
  /** Equal for equal limits. */
  readonly key: string;
  /** The part, on a frame; nothing of it on a frame where it has no meaning. */
  regionOn(frame: Frame): Region;
}

/** What it takes to cut a picture that is ready to be sent. */
export interface Pictures {
  decode(bytes: Uint8Array): Promise<Raster>;
  /** Clears the pixels whose centres lie outside; the very raster where there are none. */
  clip(raster: Raster, grid: PixelGrid, region: Region): Raster;
  encode(raster: Raster, format: ImageFormat): Promise<Uint8Array>;
}

/** What somebody may do with one layer; MapProxy's names. */
export interface Permission {
  /** Maps of WMS and OGC API, with their legends. */
  readonly map: boolean;
  /** What is under a pixel, where the picture itself may be seen. */
  readonly featureinfo: boolean;
  /** Tiles of WMTS, XYZ, TMS, KML, OGC API, and the HiPS. */
  readonly tile: boolean;
  /** null = all of it. */
  readonly limit: Limit | null;
}

/** What a request may see. `partial`: a layer that is not named may not be seen. */
export type Verdict =
  | { readonly kind: 'full' }
  | { readonly kind: 'partial'; readonly layers: ReadonlyMap<string, Permission>; readonly isAnonymous: boolean }
  | { readonly kind: 'none' }
  | { readonly kind: 'unauthenticated' };

/** A request as far as it may matter to who may see what. */
export interface AccessRequest {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly remoteAddress: string | null;
}

/** Who may see what. */
export interface Access {
  /** Rejects when it cannot tell: then nothing is shown. */
  authorize(request: AccessRequest): Promise<Verdict>;
  /** Parameter of the query that carries a secret: neither services nor the log see it. */
  readonly secretParameter: string;
  readonly pictures: Pictures;
  /** Headers of the request on which the verdict depends. */
  readonly headers: readonly string[];
}
