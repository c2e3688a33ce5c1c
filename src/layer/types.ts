import type { Frame } from '../geometry/frame/frame.ts';
import type { PixelGrid, Pixels } from '../geometry/lattice/types.ts';
import type { TileAddress, TileMatrixSet } from '../geometry/pyramid/tileMatrixSet.ts';
import type { AskInfo } from '../io/source/types.ts';
import type { Dimension, Values } from '../protocol/dimensions.ts';
import type { Moc } from '../protocol/hips/moc.ts';
import type { ImageFormat } from '../raster/format.ts';
import type { Raster } from '../raster/raster.ts';
import type { Piece } from './pieces.ts';

export type { AskInfo, InfoDocument, InfoQuestion, LegendPart } from '../io/source/types.ts';

/** Encoded picture or file, ready to send. Do not write to `bytes`: the memory cache shares it. */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** Strong entity tag, quotes included. */
  readonly etag: string;
  readonly modified: Date;
  /** True: a source failed, and what it shows is missing in the picture, so that nobody may keep it. Absent = it is whole. */
  readonly isPartial?: boolean;
  /** True: it was to be made again, and its source failed. Absent = it is as it should be. */
  readonly isStale?: boolean;
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
  /** What that picture is laid over each other from, bottom first, so that neighbours of several layers can be asked for together; absent = it is one. */
  pieces?(grid: PixelGrid): readonly Piece[];
}

/** Which part of a HiPS a copy of it has; what is not named is whole. */
export interface HipsPart {
  readonly order?: number;
  readonly formats?: readonly ImageFormat[];
  readonly coverage?: Moc;
}

/** A layer published as HiPS: what service/hips.ts needs, nothing about where it comes from. */
export interface HipsLayer {
  readonly name: string;
  readonly order: number;
  /** Power of two. */
  readonly tileWidth: Pixels;
  /** Offered formats, the suggested one first. */
  readonly formats: readonly ImageFormat[];
  readonly frame: Frame;
  /** Where tiles are, in the frame of the HiPS. */
  readonly coverage: Moc;
  /** Text of the properties file of this HiPS or of a copy of a part of it. @param serviceUrl its public address without trailing slash; null = not said */
  properties(serviceUrl: string | null, part?: HipsPart): string;
  /** Moc.fits, in the frame of the HiPS. */
  moc(): Encoded;
  /** One tile. null = the MOC excludes it (404). Throws TILE_OUT_OF_RANGE, FORMAT_NOT_SUPPORTED, UPSTREAM_*. */
  tile(order: number, npix: number, format: ImageFormat, signal: AbortSignal): Promise<Encoded | null>;
  /** The same tile if it lies encoded in memory at this moment, else undefined (which says nothing about the tile). Never throws. */
  tileInMemory(order: number, npix: number, format: ImageFormat): Encoded | undefined;
  /** Allsky mosaic of orders 0..min(3, order): made on demand, then cached. */
  allsky(order: number, format: ImageFormat, signal: AbortSignal): Promise<Encoded>;
  /** 256x256 JPEG. */
  preview(signal: AbortSignal): Promise<Encoded>;
  /** When the data last changed: Last-Modified of everything this layer serves. */
  readonly modified: Date;
  readonly title: string;
}

/** [west, south, east, north] in degrees on the frame: east-positive, planetocentric (geodetic on Earth). */
export type DegreesBbox = readonly [number, number, number, number];

/** What lies under a pixel. */
export interface PointInfo {
  /** Degrees, east-positive, planetocentric; of the place asked for. */
  readonly lon: number;
  readonly lat: number;
  /** Red, green, blue, alpha, 0..255, alpha not premultiplied; [] where there is nothing. */
  readonly value: readonly number[];
  readonly unit: string | null;
  /** The HiPS tile that holds the place at the finest order of the layer's source; null where no order fits. */
  readonly hips: { readonly order: number; readonly npix: number } | null;
}

/** A layer as maps in any CRS of its frame: what WMS serves and what tiles are cut from. */
export interface MapLayer extends Layer {
  /** Along which it is offered; [] = it has one picture. */
  readonly dimensions: readonly Dimension[];
  /** Names in lower case of further parameters that its sources want of the client. */
  readonly forwards: readonly string[];
  /** Of which values this is the picture: of all dimensions, and of the parameters that were named. */
  readonly values: Values;
  /** The layer for other values. @param values of all dimensions; of other parameters, those that the client named */
  at(values: Values): MapLayer;
  readonly bbox: DegreesBbox;
  readonly queryable: boolean;
  /** True when no pixel inside `bbox` is transparent. */
  readonly opaque: boolean;
  readonly modified: Date;
  /** The value at a place (radians, frame of the layer) as a map of that resolution (radians per pixel) shows it. */
  info(lon: number, lat: number, pixelAngle: number, signal: AbortSignal): Promise<PointInfo>;
  /** Asks the upstreams what is under a pixel, in their own words. Absent = none is asked, and `info` says what is drawn there. */
  readonly askInfo?: AskInfo;
}

/** A layer cut into tiles of one or more matrix sets: WMTS, XYZ, TMS, KML. */
export interface TileLayer {
  readonly name: string;
  readonly title: string;
  readonly abstract: string;
  readonly frame: Frame;
  readonly bbox: DegreesBbox;
  /** The format that the tiles are kept in first; others are made on request. */
  readonly formats: readonly ImageFormat[];
  /** First = the one to use when a client does not choose. */
  readonly sets: readonly TileMatrixSet[];
  readonly queryable: boolean;
  readonly modified: Date;
  /** Along which it is offered; [] = it has one set of tiles. */
  readonly dimensions: readonly Dimension[];
  /** The layer for other values. @param values of all dimensions */
  at(values: Values): TileLayer;
  /**
   * One tile, `scale` times as many pixels as the set says (1, or 2 for @2x). null = outside the coverage.
   * Throws TILE_OUT_OF_RANGE, FORMAT_NOT_SUPPORTED, TOO_LARGE, UPSTREAM_*.
   */
  tile(set: TileMatrixSet, address: TileAddress, format: ImageFormat, scale: 1 | 2, signal: AbortSignal): Promise<Encoded | null>;
  /** The value under pixel (i, j) of a tile. */
  info(set: TileMatrixSet, address: TileAddress, i: number, j: number, signal: AbortSignal): Promise<PointInfo>;
  /** As in MapLayer; a tile is a map too. */
  readonly askInfo?: AskInfo;
}
