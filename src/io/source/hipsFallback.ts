import { GatewayError } from '../../errors.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { PixelGrid, Pixels } from '../../geometry/lattice/types.ts';
import type { HipsAddress } from '../../geometry/pyramid/hips.ts';
import { allskyLayout } from '../../protocol/hips/allsky.ts';
import { mocContains, type Moc } from '../../protocol/hips/moc.ts';
import type { Codec } from '../../raster/codec/types.ts';
import { emptyRaster, RGBA, type Raster } from '../../raster/raster.ts';
import { planReprojection } from '../../raster/reproject/plan.ts';
import { resample } from '../../raster/reproject/resample.ts';
import { DEFAULT_MAX_ERROR } from '../../raster/reproject/types.ts';
import { hipsAddressOf, hipsPatch, hipsTiling } from './hipsTiling.ts';
import type { Patch, RasterSource, Tiling } from './types.ts';

type Fetch = RasterSource['fetch'];

/** What stands in for tiles that a HiPS does not have. */
export interface HipsFallbackOptions {
  readonly frame: Frame;
  /** Deepest and shallowest order that the HiPS says it has. */
  readonly order: number;
  readonly orderMin: number;
  readonly tileWidth: Pixels;
  /** In the frame of the HiPS; null = not known. */
  readonly coverage: Moc | null;
  /** A tile that the HiPS itself has, or null. */
  readonly tile: Fetch;
  /** The mosaic of all tiles of an order, or null. */
  allsky(order: number, signal: AbortSignal): Promise<Raster | null>;
  /** A tile by any way, this one included: the tiles round a stand-in. */
  readonly any: Fetch;
  readonly codec: Codec;
}

/** Orders above a missing tile that are looked at: 32 times magnified, little is left to be seen. */
const ANCESTORS = 5;
/** Orders below 3 may be missing (HiPS before 1.4), and may have an Allsky in their place. */
const ALLSKY_ORDER = 3;
/** A missing tile is made of at most 4^2 tiles where an Allsky would do as well, of 4^3 where there is nothing else. */
const NEAR_ORDERS = 2;
const FAR_ORDERS = 3;
/** A tile of order 0 from an Allsky: 8 x 8 small tiles, and those round them. */
const MAX_PATCHES = 128;

/**
 * A missing tile from its nearest ancestor, magnified; a missing tile of an order below 3 from its children or from the Allsky.
 * null = nothing there either.
 */
export async function standIn(patch: Patch, options: HipsFallbackOptions, signal: AbortSignal): Promise<Raster | null> {
  const address = hipsAddressOf(patch);
  if (address.order >= options.orderMin) {
    const order = await ancestorOrder(address, options, signal);
    if (order !== null) return drawn(patch.grid, oneOrder(options, order, options.tileWidth), options.any, signal);
  }
  return address.order < Math.max(ALLSKY_ORDER, options.orderMin) ? fromBelow(patch, address, options, signal) : null;
}

/** The order of the nearest ancestor that is there, or null. */
async function ancestorOrder({ order, npix }: HipsAddress, { frame, order: deepest, orderMin, tileWidth, tile }: HipsFallbackOptions, signal: AbortSignal): Promise<number | null> {
  const nearest = Math.min(order - 1, deepest);
  for (let k = nearest; k >= orderMin && k > nearest - ANCESTORS; k--) {
    const ancestor = hipsPatch(frame, { order: k, npix: Math.floor(npix / 4 ** (order - k)) }, tileWidth);
    if ((await tile(ancestor, signal)) !== null) return k;
  }
  return null;
}

async function fromBelow(patch: Patch, address: HipsAddress, options: HipsFallbackOptions, signal: AbortSignal): Promise<Raster | null> {
  const { order, orderMin, coverage } = options;
  const below = orderMin - address.order;
  const children = (): Promise<Raster | null> => fromChildren(address, options, signal);
  if (below > 0 && below <= NEAR_ORDERS) return (await children()) ?? fromAllsky(patch, options, signal);
  const small = await fromAllsky(patch, options, signal);
  if (small !== null || below > FAR_ORDERS || address.order >= order) return small;
  return below > 0 || coverage !== null ? children() : null;
}

/** The four children at half their size; null when none is there. */
async function fromChildren({ order, npix }: HipsAddress, options: HipsFallbackOptions, signal: AbortSignal): Promise<Raster | null> {
  const { frame, tileWidth, coverage, any, codec } = options;
  const half = tileWidth / 2;
  if (half < 1) return null;
  const children = [0, 1, 2, 3].map((child) => ({ order: order + 1, npix: npix * 4 + child }));
  const wanted = (child: HipsAddress): boolean => coverage === null || mocContains(coverage, child.order, child.npix) !== 'outside';
  const rasters = await Promise.all(children.map((child) => (wanted(child) ? any(hipsPatch(frame, child, tileWidth), signal) : null)));
  if (rasters.every((raster) => raster === null)) return null;
  const halves = await Promise.all(rasters.map((raster) => (raster === null ? null : codec.resize(raster, half, half))));
  return quartered(halves, half);
}

/** Child 1 lies below, child 2 to the right of child 0 (HiPS 1.0, section 4.2.1: row = even bits, column = odd bits). */
function quartered(quarters: readonly (Raster | null)[], half: Pixels): Raster {
  const whole = emptyRaster(2 * half, 2 * half);
  quarters.forEach((quarter, child) => {
    if (quarter === null) return;
    const top = (child & 1) * half;
    const left = (child >> 1) * half;
    for (let row = 0; row < half; row++) {
      whole.data.set(quarter.data.subarray(row * half * RGBA, (row + 1) * half * RGBA), ((top + row) * whole.width + left) * RGBA);
    }
  });
  return { ...whole, opaque: quarters.every((quarter) => quarter?.opaque === true) };
}

/** The tile from the small tiles of the Allsky, which are a level like any other. */
async function fromAllsky(patch: Patch, options: HipsFallbackOptions, signal: AbortSignal): Promise<Raster | null> {
  const order = Math.min(ALLSKY_ORDER, options.order);
  const mosaic = await options.allsky(order, signal);
  if (mosaic === null) return null;
  const layout = allskyLayout(order, smallTileWidth(mosaic, order));
  const tiling = oneOrder(options, order, layout.width / layout.columns);
  return drawn(patch.grid, tiling, (small) => Promise.resolve(cropped(mosaic, layout.place(hipsAddressOf(small).npix), small.grid.width)), signal);
}

/** @throws UPSTREAM_FAILED unless the mosaic has the columns of its order, each a power of two wide */
function smallTileWidth(mosaic: Raster, order: number): Pixels {
  const { columns, rows } = allskyLayout(order, 1);
  const width = mosaic.width / columns;
  if (Number.isInteger(Math.log2(width)) && mosaic.height >= rows * width) return width;
  throw new GatewayError('UPSTREAM_FAILED', `the Allsky of order ${order} has ${mosaic.width} x ${mosaic.height} pixels, not ${columns} columns and ${rows} rows of equal squares`);
}

function cropped(mosaic: Raster, { x, y }: { readonly x: Pixels; readonly y: Pixels }, width: Pixels): Raster {
  const data = new Uint8Array(width * width * RGBA);
  for (let row = 0; row < width; row++) {
    const from = ((y + row) * mosaic.width + x) * RGBA;
    data.set(mosaic.data.subarray(from, from + width * RGBA), row * width * RGBA);
  }
  return { width, height: width, data, opaque: mosaic.opaque };
}

/** A grid through the engine from a tiling of one level: smooth, and without seams against its neighbours. */
async function drawn(grid: PixelGrid, tiling: Tiling, fetch: Fetch, signal: AbortSignal): Promise<Raster> {
  const plan = planReprojection(grid, tiling, { kernel: 'bicubic', maxError: DEFAULT_MAX_ERROR, maxPatches: MAX_PATCHES });
  const rasters = await Promise.all(plan.patches.map((patch) => fetch(patch, signal)));
  return resample(plan, rasters);
}

function oneOrder({ frame, coverage }: Pick<HipsFallbackOptions, 'frame' | 'coverage'>, order: number, tileWidth: Pixels): Tiling {
  const tiling = hipsTiling({ frame, order, tileWidth, coverage });
  return { ...tiling, levels: tiling.levels.slice(0, 1), levelFor: () => 0 };
}
