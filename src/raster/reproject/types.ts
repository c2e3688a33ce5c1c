import type { PixelGrid, Pixels } from '../../geometry/lattice/types.ts';
import type { Raster } from '../raster.ts';
import type { Patch, Tiling } from '../tiling.ts';
import type { Nodes } from './surface.ts';

export const KERNELS = ['nearest', 'bilinear', 'bicubic'] as const;
export type Kernel = (typeof KERNELS)[number];

/** Pixels that a kernel reads on each side of a sample, beyond the pixel that holds it. */
export const KERNEL_REACH: { readonly [kernel in Kernel]: Pixels } = Object.freeze({ nearest: 0, bilinear: 1, bicubic: 2 });

export interface ReprojectOptions {
  readonly kernel: Kernel;
  /**
   * Largest tolerated error of the interpolated point map, in pixels of the level read; 0 = exact for every pixel. Where a target
   * pixel is an average over s > 1 of them, 2.5 times as much, and 2.5 (s - 1) times from s = 2 on.
   */
  readonly maxError: Pixels;
  /** Refuse plans that need more patches than this (TOO_LARGE). */
  readonly maxPatches: number;
}

/** Half a hundredth of a level between neighbours that differ by a whole one: below the rounding to 8 bits. */
export const DEFAULT_MAX_ERROR: Pixels = 0.02;

/** Most source pixels, of the level read, between the nodes of a block: its kernels count in fixed point. */
export const MAX_BLOCK_SPAN: Pixels = 2000;

/**
 * A rectangle of target pixels whose source coordinates are biquadratic: surfaces over its square, from pixel edge to pixel edge.
 * Coordinates are those of the level that is read; columns of a lattice that closes on itself may run beyond it.
 */
export interface SmoothBlock {
  readonly x: Pixels;
  readonly y: Pixels;
  readonly width: Pixels;
  readonly height: Pixels;
  readonly cols: Nodes;
  readonly rows: Nodes;
  /** Samples per pixel along the target's columns and rows, 1..MAX_SUBSAMPLES; 1 x 1 = the kernel itself, more = a mean. */
  readonly samplesX: number;
  readonly samplesY: number;
}

/** A rectangle of a level, pixels: [c0, c1] x [r0, r1]. */
export interface Extent {
  readonly c0: number;
  readonly c1: number;
  readonly r0: number;
  readonly r1: number;
}

/** A block of a plan, and what it reads of its part. */
export interface PlanBlock extends SmoothBlock {
  /** Holds all of the block's samples, kernel reach not counted. */
  readonly extent: Extent;
}

/**
 * A rectangle of target pixels through which the border of two smooth planes runs: each half is drawn over all of it, and each pixel
 * taken from its own.
 */
export interface SeamBlock {
  readonly x: Pixels;
  readonly y: Pixels;
  readonly width: Pixels;
  readonly height: Pixels;
  readonly halves: readonly { readonly part: number; readonly block: PlanBlock }[];
  /** For each pixel 1 + the index of its half; 0 = nothing there. */
  readonly side: Uint8Array;
}

/** A rectangle of target pixels with one exact source point per sample, pixel by pixel, samples row-major inside a pixel. */
export interface ExactBlock {
  readonly x: Pixels;
  readonly y: Pixels;
  readonly width: Pixels;
  readonly height: Pixels;
  readonly samplesX: number;
  readonly samplesY: number;
  /** Index into parts, -1 where there is nothing. */
  readonly part: Int16Array;
  /** Coordinates of the part's level, moved into its window. */
  readonly col: Float64Array;
  readonly row: Float64Array;
}

/** What is read of one chart of one level: a window (which may stick out of the chart: seams are followed) and its blocks. */
export interface PlanPart {
  readonly level: number;
  readonly chart: number;
  /** Window in level pixels. */
  readonly col: number;
  readonly row: number;
  readonly width: Pixels;
  readonly height: Pixels;
  /** How far beyond an edge that the chart's plane does not cross its pixels' samples are asked for, kernel reach included. */
  readonly rim: Pixels;
  readonly blocks: readonly PlanBlock[];
}

/** Everything that is known before a pixel is there: pure geometry. */
export interface ReprojectPlan {
  readonly target: PixelGrid;
  readonly tiling: Tiling;
  readonly kernel: Kernel;
  readonly parts: readonly PlanPart[];
  readonly seams: readonly SeamBlock[];
  readonly exact: readonly ExactBlock[];
  /**
   * What holds all that is read, each patch once. Others may take their place that hold the plan's excerpts, whatever their size, if no
   * two hold the same pixel.
   */
  readonly patches: readonly Patch[];
  /** Points that went through the exact formulas; for logs and benches. */
  readonly exactTransforms: number;
}

/** The rasters of plan.patches, in their order; null = nothing there. */
export type PatchRasters = readonly (Raster | null)[];
