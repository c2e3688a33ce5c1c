import type { Radians } from '../angles.ts';
import type { Frame } from '../frame/frame.ts';

/**
 * Continuous pixel coordinate of a lattice chart. Pixel (c, r) covers [c, c+1) x [r, r+1); its centre is (c + 0.5, r + 0.5).
 * Columns grow to the right and rows grow downwards in the stored image.
 */
export type PixelCoord = number;

/** A length or count in pixels. */
export type Pixels = number;

/** Points on the sphere, structure of arrays, radians. NaN marks "no such point". */
export interface SpherePoints {
  readonly lon: Float64Array;
  readonly lat: Float64Array;
}

/** Points in a lattice, structure of arrays. chart[i] = -1 marks "outside the lattice". */
export interface LatticePoints {
  readonly chart: Int8Array;
  readonly col: Float64Array;
  readonly row: Float64Array;
}

/** A lattice as plain data, from which latticeOfSpec makes an equal one: what crosses to another thread. */
export type LatticeSpec =
  | { readonly kind: 'healpix'; readonly frame: Frame; readonly pixelOrder: number }
  | {
      readonly kind: 'crs';
      readonly crs: string;
      readonly frame: Frame;
      /** Metres in one unit of the CRS: 1, or a degree of its equator (that of the Earth on the sky). */
      readonly unitMetres: number;
      readonly x0: number;
      readonly y0: number;
      readonly cellX: number;
      readonly cellY: number;
      readonly width: Pixels;
      readonly height: Pixels;
    };

/**
 * All the pixels of ONE resolution level of one raster family, whoever stores them and however they are cut into tiles:
 * a CRS at a resolution has 1 chart, HEALPix at a pixel order has 12 (the base cells; col counts along NW = HEALPix y, row
 * along NE = HEALPix x).
 */
export interface Lattice {
  /** Stable; equal ids mean equal lattices. Used in cache keys and messages. */
  readonly id: string;
  readonly spec: LatticeSpec;
  readonly frame: Frame;
  readonly chartCount: number;
  /** Size of every chart, whole pixels. */
  readonly width: Pixels;
  readonly height: Pixels;
  /** Square root of the mean solid angle of a pixel, radians: exact for HEALPix, at the chart's centre for a CRS. */
  readonly pixelAngle: Radians;
  /** Number of columns after which a chart repeats (a full circle of longitude), or null. Always even when not null and poles join. */
  readonly periodCols: Pixels | null;
  /** Pixels -> sphere for n points; coordinates beyond a chart continue its plane where that makes sense, else NaN. Never allocates. */
  toSphere(n: number, px: LatticePoints, out: SpherePoints): void;
  /**
   * Sphere -> pixels for n points. Outside the lattice chart is -1, and col, row still tell where in the plane the point would
   * be (NaN where nowhere), so that "all of this lies to the left" can be known. Never allocates.
   */
  toPixels(n: number, at: SpherePoints, out: LatticePoints): void;
  /**
   * The stored pixel that lies where (chart, col, row) would be if the chart went on across its edge: dateline, pole,
   * HEALPix base-cell edge. Writes chart, col, row (integers) to out[0..2] and returns true, or returns false where nothing
   * is adjacent (edge of a partial CRS chart; beyond a HEALPix corner where only three cells meet). Works within one chart
   * width of the edge.
   */
  wrap(chart: number, col: number, row: number, out: Float64Array): boolean;
  readonly sheets: Sheets;
}

/**
 * The smooth planes that the charts of a lattice are cut from. A chart may lie on several (HEALPix has another formula in the caps),
 * and several charts may lie on one (all faces around the equator): then `wrap` only moves, and a picture may read on across the edge.
 */
export interface Sheets {
  /** The sheet on which a point of the lattice lies; -1 where chart is -1. */
  of(chart: number, col: PixelCoord, row: PixelCoord): number;
  /**
   * Where a point lies on a sheet, which goes on smoothly beyond its borders, in pixels of `onChart`, a chart on that sheet. Writes
   * col, row to out[0..1]; NaN where the sheet does not reach.
   */
  place(sheet: number, onChart: number, chart: number, col: PixelCoord, row: PixelCoord, out: Float64Array): void;
  /** True when a place on a sheet, in pixels of a chart, is the sheet's own rather than its neighbour's (-1: than nothing's). */
  owns(sheet: number, other: number, chart: number, col: PixelCoord, row: PixelCoord): boolean;
  /**
   * The point of a neighbour that lies where the plane of a chart would go on beyond an edge at which the neighbour's plane does not go
   * on (between the quarters of a HEALPix cap): not the adjacent pixel, which `wrap` tells. Writes chart, col, row to out[0..2].
   * @returns false beyond other edges: there the two are the same
   */
  beyond(chart: number, col: PixelCoord, row: PixelCoord, out: Float64Array): boolean;
}

/** A finite rectangle of pixels on one chart: a WMS map, a WMTS tile and a HiPS tile are all PixelGrids. */
export interface PixelGrid {
  readonly lattice: Lattice;
  readonly chart: number;
  /** Integer, leftmost pixel. */
  readonly col: PixelCoord;
  /** Integer, topmost pixel. */
  readonly row: PixelCoord;
  readonly width: Pixels;
  readonly height: Pixels;
}
