import { GatewayError } from '../errors.ts';
import { gridOfWindow, type PixelWindow } from '../geometry/lattice/pixelWindow.ts';
import type { PixelGrid } from '../geometry/lattice/types.ts';
import { over } from './blend.ts';
import { emptyRaster, RGBA, type Raster } from './raster.ts';
import { textRaster, type TextPlace } from './text.ts';

/** What a map has beside its layers. Plain data. */
export interface MapDress {
  /** Whether a map is drawn without the sources that fail, with a notice in it. False: it fails with the first of them. */
  readonly isTolerant: boolean;
  /** The pixels that are drawn, the others staying transparent; null = all. */
  readonly window: PixelWindow | null;
  /** Written in its bottom right corner; null = nothing. */
  readonly attribution: string | null;
}

/** The layers alone. */
export const NO_DRESS: MapDress = Object.freeze({ isTolerant: false, window: null, attribution: null });

/** The picture of a grid of which only a window is drawn. @param draw exactly the grid that it is given; not called where nothing is to be drawn */
export async function windowed(grid: PixelGrid, { window }: MapDress, draw: (grid: PixelGrid) => Promise<Raster>): Promise<Raster> {
  if (window === null) return draw(grid);
  const picture = emptyRaster(grid.width, grid.height);
  if (window.width === 0 || window.height === 0) return picture;
  const { data, width, height } = await draw(gridOfWindow(grid, window));
  for (let row = 0; row < height; row++) picture.data.set(data.subarray(row * width * RGBA, (row + 1) * width * RGBA), ((window.row + row) * grid.width + window.col) * RGBA);
  return picture;
}

/** A picture in the making. */
export interface DrawnPart {
  /** The layers that are in it. */
  readonly names: readonly string[];
  readonly raster: Promise<Raster>;
}

/** Of several pictures those that were made. */
export interface WhatCame {
  /** In their order. */
  readonly rasters: readonly Raster[];
  /** Layers that are missing, or parts of them, each once. */
  readonly missing: readonly string[];
  /** Why, for the log. */
  readonly errors: readonly GatewayError[];
}

function isUpstreamTrouble(error: unknown): error is GatewayError {
  return error instanceof GatewayError && error.code.startsWith('UPSTREAM_');
}

/**
 * Waits for pictures. @param isTolerant whether those whose upstreams fail may be missing
 * @throws the first error; a tolerant one where nothing came at all, or for another reason than an upstream
 */
export async function whatCame(parts: readonly DrawnPart[], { isTolerant }: MapDress): Promise<WhatCame> {
  if (!isTolerant) return { rasters: await Promise.all(parts.map(({ raster }) => raster)), missing: [], errors: [] };
  const settled = await Promise.allSettled(parts.map(({ raster }) => raster));
  const reasons = settled.flatMap((one): readonly unknown[] => (one.status === 'rejected' ? [one.reason] : []));
  const fatal = reasons.find((reason) => !isUpstreamTrouble(reason));
  if (fatal !== undefined) throw fatal;
  if (reasons.length > 0 && reasons.length === parts.length) throw reasons[0];
  return {
    rasters: settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    missing: [...new Set(parts.flatMap(({ names }, i) => (settled[i]!.status === 'rejected' ? names : [])))],
    errors: reasons.filter(isUpstreamTrouble),
  };
}

/** As MapProxy's. */
const ATTRIBUTION: TextPlace = { corner: 'bottom right', opacity: 120 };

/** A map with what is written on it. Says nothing of an upstream but the names of layers. */
export function dressed(picture: Raster, missing: readonly string[], { attribution }: MapDress): Raster {
  const { width, height } = picture;
  const noticed = missing.length === 0 ? picture : over(picture, textRaster(`Not drawn, as a source of it does not answer: ${missing.join(', ')}`, width, height));
  return attribution === null ? noticed : over(noticed, textRaster(attribution, width, height, ATTRIBUTION));
}
