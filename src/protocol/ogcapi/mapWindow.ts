import { GatewayError } from '../../errors.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';

/** What a request says of the size of its map; null = nothing. */
export interface AskedWindow {
  readonly bbox: Bbox | null;
  readonly centre: readonly [number, number] | null;
  readonly width: Pixels | null;
  readonly height: Pixels | null;
  /** Size of a pixel, CRS units. */
  readonly cellSize: number | null;
}

/** A map's rectangle and its size. */
export interface MapWindow {
  readonly bbox: Bbox;
  readonly width: Pixels;
  readonly height: Pixels;
}

/** The longer side of a map of which nothing else is said. */
const DEFAULT_SIDE: Pixels = 1024;

function pixels(length: number, cell: number): Pixels {
  return Math.max(1, Math.round(length / cell));
}

/** The size of a rectangle's map, pixels square where only one side or none is given. */
function sized(bbox: Bbox, { width, height, cellSize }: AskedWindow): MapWindow {
  const [x, y] = [bbox[2] - bbox[0], bbox[3] - bbox[1]];
  const cell = cellSize ?? (width !== null ? x / width : height !== null ? y / height : Math.max(x, y) / DEFAULT_SIDE);
  return { bbox, width: width ?? pixels(x, cell), height: height ?? pixels(y, cell) };
}

/** A rectangle of so many pixels around a point. */
function around([x, y]: readonly [number, number], width: Pixels, height: Pixels, cell: number): MapWindow {
  const [halfX, halfY] = [(width * cell) / 2, (height * cell) / 2];
  return { bbox: [x - halfX, y - halfY, x + halfX, y + halfY], width, height };
}

/**
 * The window of a map (OGC 20-058, table 9): a rectangle is shown as it is; a centre or a scale chooses a part of `extent`, which is
 * what is shown without any of these.
 * @throws INVALID_PARAMETER for combinations that say something twice
 */
export function mapWindow(asked: AskedWindow, extent: Bbox): MapWindow {
  const { bbox, centre, width, height, cellSize } = asked;
  if (bbox !== null && centre !== null) throw new GatewayError('INVALID_PARAMETER', 'center and bbox (or subset) exclude each other', { locator: 'center' });
  if (bbox !== null && cellSize !== null && (width !== null || height !== null)) {
    throw new GatewayError('INVALID_PARAMETER', 'of bbox (or subset), scale-denominator and width or height only two can be given', { locator: 'scale-denominator' });
  }
  if (bbox !== null) return sized(bbox, asked);
  if (centre === null && cellSize === null) return sized(extent, asked);
  const [x, y] = [extent[2] - extent[0], extent[3] - extent[1]];
  const cell = cellSize ?? Math.max(x, y) / DEFAULT_SIDE;
  return around(centre ?? [(extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2], width ?? pixels(x, cell), height ?? pixels(y, cell), cell);
}
