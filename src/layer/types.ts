import type { Frame } from '../geometry/frame/frame.ts';
import type { PixelGrid, Pixels } from '../geometry/lattice/types.ts';
import type { ImageFormat } from '../raster/format.ts';
import type { Raster } from '../raster/raster.ts';

/** Encoded picture or file, ready to send. Do not write to `bytes`: the memory cache shares it. */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** Strong entity tag, quotes included. */
  readonly etag: string;
  readonly modified: Date;
}

/** What a name in `layers:` means: pictures of one frame, from one or more sources merged bottom first. */
export interface Layer {
  readonly name: string;
  readonly title: string;
  readonly abstract: string;
  readonly frame: Frame;
  /**
   * The picture of a grid, through the engine; transparent where there is nothing.
   * Throws GatewayError TOO_LARGE (needs too many patches), FRAME_MISMATCH, UPSTREAM_*.
   */
  render(grid: PixelGrid, signal: AbortSignal): Promise<Raster>;
}

/** A layer published as HiPS: what service/hips.ts needs, nothing about where it comes from. */
export interface HipsLayer {
  readonly name: string;
  readonly order: number;
  /** Power of two. */
  readonly tileWidth: Pixels;
  /** Offered formats, the suggested one first. */
  readonly formats: readonly ImageFormat[];
  /** Text of the properties file, given the public address of this HiPS without trailing slash. */
  properties(serviceUrl: string): string;
  /** Moc.fits, in the frame of the HiPS. */
  moc(): Encoded;
  /** One tile. null = the MOC excludes it (404). Throws TILE_OUT_OF_RANGE, FORMAT_NOT_SUPPORTED, UPSTREAM_*. */
  tile(order: number, npix: number, format: ImageFormat, signal: AbortSignal): Promise<Encoded | null>;
  /** The same tile if it lies encoded in memory at this moment, else undefined (which says nothing about the tile). Never throws. */
  tileInMemory?(order: number, npix: number, format: ImageFormat): Encoded | undefined;
  /** Allsky mosaic of orders 0..min(3, order): made on demand, then cached. */
  allsky(order: number, format: ImageFormat, signal: AbortSignal): Promise<Encoded>;
  /** 256x256 JPEG. */
  preview(signal: AbortSignal): Promise<Encoded>;
  /** When the data last changed: Last-Modified of everything this layer serves. */
  readonly modified: Date;
  readonly title: string;
}
