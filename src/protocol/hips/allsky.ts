import { GatewayError } from '../../errors.ts';
import { cellCount } from '../../geometry/healpix/morton.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import { MAX_ALLSKY_ORDER } from './path.ts';

/** Width of the sub-tiles of an Allsky by convention; Aladin Lite counts on min(tile width, 64). */
export const ALLSKY_SUB_TILE_WIDTH: Pixels = 64;

/** Where the tiles of an order stand in its all-sky mosaic, pixels, rows down. */
export interface AllskyLayout {
  readonly columns: number;
  readonly rows: number;
  readonly width: Pixels;
  readonly height: Pixels;
  /** Upper left pixel of a tile's place. */
  place(npix: number): { readonly x: Pixels; readonly y: Pixels };
}

/**
 * The mosaic of Norder{K}/Allsky (HiPS 1.0, section 4.3.2): tiles left to right and top to bottom, floor(sqrt(n)) to a row; the last
 * row may have empty places. Pictures as they are seen: in Allsky.fits the rows of the whole mosaic are stored bottom-up.
 * @throws GatewayError TILE_OUT_OF_RANGE unless order is 0 to 3
 */
export function allskyLayout(order: number, subTileWidth: Pixels): AllskyLayout {
  if (!Number.isInteger(order) || order < 0 || order > MAX_ALLSKY_ORDER) {
    throw new GatewayError('TILE_OUT_OF_RANGE', `there is no Allsky of order ${order}: 0 to ${MAX_ALLSKY_ORDER}`, { locator: 'Norder' });
  }
  const count = cellCount(order);
  const columns = Math.floor(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  return {
    columns,
    rows,
    width: columns * subTileWidth,
    height: rows * subTileWidth,
    place: (npix) => ({ x: (npix % columns) * subTileWidth, y: Math.floor(npix / columns) * subTileWidth }),
  };
}
