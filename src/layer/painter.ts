import { GatewayError } from '../errors.ts';
import { cellCount } from '../geometry/healpix/morton.ts';
import type { PixelGrid, Pixels } from '../geometry/lattice/types.ts';
import { hipsGrid } from '../geometry/pyramid/hips.ts';
import { allskyLayout } from '../protocol/hips/allsky.ts';
import { mocContains, type Moc } from '../protocol/hips/moc.ts';
import { NO_VALUES, type Values } from '../protocol/dimensions.ts';
import type { Codec, EncodeOptions } from '../raster/codec/types.ts';
import { NO_DRESS, windowed, type MapDress } from '../raster/dress.ts';
import type { ImageFormat, MapFormat } from '../raster/format.ts';
import { emptyRaster, release, RGBA, type Raster } from '../raster/raster.ts';
import { breathe } from './breathe.ts';
import { paintMeta, type MetaJob, type WindowDrawer } from './meta.ts';
import { drawMap, piecesOf, type DrawnMap } from './pieces.ts';
import type { Layer } from './types.ts';
import { useAll, type Variants } from './variants.ts';

/** A layer by the name under which the painter knows it, for some values of its dimensions. */
export interface PaintedLayer {
  readonly name: string;
  readonly values: Values;
}

/** Layers drawn on a grid, bottom first, as one encoded picture. */
export interface PictureJob {
  readonly kind: 'picture';
  readonly layers: readonly PaintedLayer[];
  readonly grid: PixelGrid;
  readonly format: MapFormat;
  readonly encoding: EncodeOptions;
  /** Whether a picture of which nothing shows is 0 bytes: "there is nothing here". Default false. */
  readonly isBlankEmpty?: boolean;
  /** What is written on it; absent = nothing. Where something is missing in the picture, a second member of the answer says why, in UTF-8, for the log. */
  readonly dress?: MapDress;
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

/** Whether all that was to be seen is: the second member of a picture's answer says what is missing. */
export function isWhole(job: Pick<PaintJob, 'kind'>, made: readonly Uint8Array[]): boolean {
  return job.kind !== 'picture' || made.length === 1;
}

/** What can be painted, by the names that jobs use. */
export interface Paintable {
  readonly layers: ReadonlyMap<string, Variants<Layer>>;
  /** Of meta tiles. */
  readonly drawers: ReadonlyMap<string, Variants<WindowDrawer>>;
}

/** @throws LAYER_NOT_DEFINED */
function layerNamed({ layers }: Paintable, name: string): Variants<Layer> {
  const layer = layers.get(name);
  if (layer === undefined) throw new GatewayError('LAYER_NOT_DEFINED', `there is no layer '${name}'`, { locator: 'layers' });
  return layer;
}

/** @throws LAYER_NOT_DEFINED */
function drawerNamed({ drawers }: Paintable, name: string): Variants<WindowDrawer> {
  const drawer = drawers.get(name);
  if (drawer === undefined) throw new GatewayError('LAYER_NOT_DEFINED', `there is no cache '${name}'`, { locator: 'layers' });
  return drawer;
}

function layersOf(paintable: Paintable, { layers }: PictureJob): readonly { readonly variants: Variants<Layer>; readonly values: Values }[] {
  return layers.map(({ name, values }) => ({ variants: layerNamed(paintable, name), values }));
}

/** A painter that works in the thread that calls it. */
export function createLocalPainter(paintable: Paintable, codec: Codec): Painter {
  return {
    async paint(job, { signal }) {
      if (job.kind === 'meta') return drawerNamed(paintable, job.drawer).use(job.values, (drawer) => paintMeta(job, drawer, codec, signal));
      if (job.kind === 'allsky') {
        const mosaic = await layerNamed(paintable, job.layer).use(NO_VALUES, (layer) => renderAllsky(layer, job, signal));
        return Promise.all(job.formats.map((format) => codec.encode(mosaic, format, job.encoding)));
      }
      const { picture, errors } = await useAll(layersOf(paintable, job), (layers) => drawDressed(layers, job, signal));
      signal.throwIfAborted(); // a codec cannot be interrupted
      if (job.isBlankEmpty === true && isBlank(picture)) return [new Uint8Array(0)];
      const encoded = await codec.encode(picture, job.format, job.encoding);
      if (picture.isOwn === true) release(picture.data);
      return [encoded, ...(errors.length === 0 ? [] : [new TextEncoder().encode(errors.map(({ message }) => message).join('; '))])];
    },
  };
}

async function drawDressed(layers: readonly Layer[], { grid, dress = NO_DRESS }: PictureJob, signal: AbortSignal): Promise<DrawnMap> {
  let errors: DrawnMap['errors'] = [];
  const picture = await windowed(grid, dress, async (part) => {
    const drawn = await drawMap(piecesOf(layers, part), part, dress, signal);
    ({ errors } = drawn);
    return drawn.picture;
  });
  return { picture, errors };
}

/** Premultiplied pixels of which nothing shows are 0. */
function isBlank({ opaque, data }: Raster): boolean {
  return !opaque && data.every((value) => value === 0);
}

/** A painter in other threads, who ask this one for what their layers are made of: the same layers stay here while they work. */
export function createHoldingPainter(paintable: Paintable, others: Painter): Painter {
  return {
    paint(job, options) {
      const paint = (): Promise<readonly Uint8Array[]> => others.paint(job, options);
      if (job.kind === 'meta') return drawerNamed(paintable, job.drawer).use(job.values, paint);
      return job.kind === 'picture' ? useAll(layersOf(paintable, job), paint) : paint();
    },
  };
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
      await breathe(signal);
    }
  };
  await Promise.all(Array.from({ length: ALLSKY_PARALLEL }, work));
  return mosaic;
}

function paste(mosaic: Raster, tile: Raster, x: Pixels, y: Pixels): void {
  const bytes = tile.width * RGBA;
  for (let r = 0; r < tile.height; r++) {
    mosaic.data.set(tile.data.subarray(r * bytes, (r + 1) * bytes), ((y + r) * mosaic.width + x) * RGBA);
  }
}
