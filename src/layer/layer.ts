import type { Frame } from '../geometry/frame/frame.ts';
import type { RasterSource } from '../io/source/types.ts';
import type { ReprojectOptions } from '../raster/reproject/types.ts';
import { renderSources } from './render.ts';
import type { Layer } from './types.ts';

export interface LayerOptions {
  readonly name: string;
  readonly title: string;
  readonly abstract: string;
  readonly frame: Frame;
  /** Bottom first; not empty. */
  readonly sources: readonly RasterSource[];
  readonly reproject: ReprojectOptions;
}

/** A layer over its sources. */
export function createLayer(options: LayerOptions): Layer {
  const { name, title, abstract, frame, sources, reproject } = options;
  return { name, title, abstract, frame, render: (grid, signal) => renderSources(grid, sources, reproject, signal) };
}
