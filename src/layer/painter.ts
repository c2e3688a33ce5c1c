import { GatewayError } from '../errors.ts';
import { cellCount } from '../geometry/healpix/morton.ts';
import type { PixelGrid, Pixels } from '../geometry/lattice/types.ts';
import { hipsGrid } from '../geometry/pyramid/hips.ts';
import { allskyLayout } from '../protocol/hips/allsky.ts';
import { mocContains, type Moc } from '../protocol/hips/moc.ts';
import type { Codec, EncodeOptions } from '../raster/codec/types.ts';
import type { ImageFormat, MapFormat } from '../raster/format.ts';
import { emptyRaster, RGBA, type Raster } from '../raster/raster.ts';
import { paintMeta, type MetaJob, type WindowDrawer } from './meta.ts';
import { drawPieces, piecesOf } from './pieces.ts';
import type { Layer } from './types.ts';

/** Layers drawn on a grid, bottom first, as one encoded picture. */
export interface PictureJob {
  readonly kind: 'picture';
  readonly layers: readonly string[];
  readonly grid: PixelGrid;
  readonly format: MapFormat;
  readonly encoding: EncodeOptions;
  /** Whether a picture of which nothing shows is 0 bytes: "there is nothing here". Default false. */
  readonly isBlankEmpty?: boolean;
}

/** The mosaic of all tiles of an order of a layer as a HiPS, each tile at its small size, in several formats at once. */
export interface AllskyJob {
  readonly kind: 'allsky';
  readonly layer: string;
  readonly order: number;
  readonly tileWidth: Pixels;
  readonly coverage: Moc;
  readonly formats: readonly ImageFormat[];
  readonly encoding: EncodeOptions;
}

export type PaintJob = PictureJob | AllskyJob | MetaJob;

export interface PaintOptions {
  /** Batch work never keeps a client waiting. */
  readonly priority: 'interactive' | 'batch';
  readonly signal: AbortSignal;
}

/** Makes encoded pictures: one per format of the job, or per tile of a meta tile. In this thread, or in others. */
export interface Painter {
  paint(job: PaintJob, options: PaintOptions): Promise<readonly Uint8Array[]>;
}

/** A painter that works in the thread that calls it. @param drawers of meta tiles, by the name in a MetaJob */
export function createLocalPainter(layers: ReadonlyMap<string, Layer>, drawers: ReadonlyMap<string, WindowDrawer>, codec: Codec): Painter {
  const layerOf = (name: string): Layer => {
    const layer = layers.get(name);
    if (layer === undefined) throw new GatewayError('LAYER_NOT_DEFINED', `there is no layer '${name}'`, { locator: 'layers' });
    return layer;
  };
  return {
    async paint(job, { signal }) {
      if (job.kind === 'meta') {
        const drawer = drawers.get(job.drawer);
        if (drawer === undefined) throw new GatewayError('LAYER_NOT_DEFINED', `there is no cache '${job.drawer}'`, { locator: 'layers' });
        return paintMeta(job, drawer, codec, signal);
      }
      if (job.kind === 'allsky') {
        const mosaic = await renderAllsky(layerOf(job.layer), job, signal);
        return Promise.all(job.formats.map((format) => codec.encode(mosaic, format, job.encoding)));
      }
      const picture = await drawPieces(piecesOf(job.layers.map(layerOf), job.grid), job.grid, signal);
      if (job.isBlankEmpty === true && isBlank(picture)) return [new Uint8Array(0)];
      return [await codec.encode(picture, job.format, job.encoding)];
    },
  };
}

/** Premultiplied pixels of which nothing shows are 0. */
function isBlank({ opaque, data }: Raster): boolean {
  return !opaque && data.every((value) => value === 0);
}

/** Tiles of an Allsky rendered side by side: enough to keep the machine busy, few enough to leave it to others. */
const ALLSKY_PARALLEL = 4;

async function renderAllsky(layer: Layer, { order, tileWidth, coverage }: AllskyJob, signal: AbortSignal): Promise<Raster> {
  const layout = allskyLayout(order, tileWidth);
  const mosaic = emptyRaster(layout.width, layout.height);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let npix = next++; npix < cellCount(order); npix = next++) {
      if (mocContains(coverage, order, npix) === 'outside') continue;
      const tile = await layer.render(hipsGrid(layer.frame, { order, npix }, tileWidth), signal);
      const { x, y } = layout.place(npix);
      paste(mosaic, tile, x, y);
      await breathe();
    }
  };
  await Promise.all(Array.from({ length: ALLSKY_PARALLEL }, work));
  return mosaic;
}

/** Lets whatever else waits in this thread have its turn. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function paste(mosaic: Raster, tile: Raster, x: Pixels, y: Pixels): void {
  const bytes = tile.width * RGBA;
  for (let r = 0; r < tile.height; r++) {
    mosaic.data.set(tile.data.subarray(r * bytes, (r + 1) * bytes), ((y + r) * mosaic.width + x) * RGBA);
  }
}
