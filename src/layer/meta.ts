import type { Bbox } from '../geometry/crs/axis.ts';
import type { Pixels } from '../geometry/lattice/types.ts';
import type { Values } from '../protocol/dimensions.ts';
import type { Codec, EncodeOptions } from '../raster/codec/types.ts';
import type { ImageFormat } from '../raster/format.ts';
import { emptyRaster, RGBA, type Raster } from '../raster/raster.ts';

/** Draws rectangles of one plane, each as one picture: what a cache asks of services that draw maps. */
export interface WindowDrawer {
  /** @param bbox x/y order. Transparent where there is nothing; throws GatewayError UPSTREAM_* */
  draw(window: MapRectangle, signal: AbortSignal): Promise<Raster>;
  /** What a tile that was cut out becomes; absent = it stays as it is. @param part its numbers in the set */
  finish?(tile: Raster, part: Pick<TilePart, 'col' | 'row'>): Raster;
}

export interface MapRectangle {
  readonly bbox: Bbox;
  readonly width: Pixels;
  readonly height: Pixels;
}

/** A meta tile: one picture, cut into tiles, each encoded by itself. */
export interface MetaJob extends MapRectangle {
  readonly kind: 'meta';
  /** Name of the drawer. */
  readonly drawer: string;
  /** Of the dimensions of what it draws. */
  readonly values: Values;
  /** Rectangles of the picture, from its top left; one may stick out. */
  readonly parts: readonly TilePart[];
  readonly format: ImageFormat;
  readonly encoding: EncodeOptions;
}

interface Part {
  readonly x: Pixels;
  readonly y: Pixels;
  readonly width: Pixels;
  readonly height: Pixels;
}

/** A tile of a meta tile. */
export interface TilePart extends Part {
  readonly col: number;
  readonly row: number;
}

/** The tiles, in the order of job.parts. */
export async function paintMeta(job: MetaJob, drawer: WindowDrawer, codec: Codec, signal: AbortSignal): Promise<readonly Uint8Array[]> {
  const picture = await drawer.draw(job, signal);
  return Promise.all(job.parts.map((part) => {
    const tile = cutOut(picture, part, job.encoding.background);
    return codec.encode(drawer.finish?.(tile, part) ?? tile, job.format, job.encoding);
  }));
}

/**
 * A rectangle of a picture; itself where that is all of it. What sticks out of an opaque picture is background, as in MapProxy; of one with
 * transparent pixels it is transparent.
 * @param background 0xRRGGBB
 */
export function cutOut(picture: Raster, { x, y, width, height }: Part, background: number): Raster {
  if (x === 0 && y === 0 && width === picture.width && height === picture.height) return picture;
  const out = emptyRaster(width, height);
  const isInside = x >= 0 && y >= 0 && x + width <= picture.width && y + height <= picture.height;
  if (picture.opaque && !isInside) fill(out, background);
  const [left, right] = [Math.max(0, x), Math.min(picture.width, x + width)];
  const [top, bottom] = [Math.max(0, y), Math.min(picture.height, y + height)];
  for (let row = top; row < bottom; row++) {
    const from = (row * picture.width + left) * RGBA;
    out.data.set(picture.data.subarray(from, from + Math.max(0, right - left) * RGBA), ((row - y) * width + left - x) * RGBA);
  }
  return { ...out, opaque: picture.opaque };
}

function fill({ data }: Raster, background: number): void {
  new Uint32Array(data.buffer, data.byteOffset, data.length / RGBA).fill((0xff000000 | ((background & 0xff) << 16) | (background & 0xff00) | (background >> 16)) >>> 0);
}
