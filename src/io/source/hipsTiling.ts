import type { Frame } from '../../geometry/frame/frame.ts';
import { npixOf } from '../../geometry/healpix/morton.ts';
import { MAX_PIXEL_ORDER } from '../../geometry/lattice/healpixLattice.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import { hipsGrid, hipsLattice, tileShift, type HipsAddress } from '../../geometry/pyramid/hips.ts';
import { mocContains, type Moc } from '../../protocol/hips/moc.ts';
import { formatTilePath } from '../../protocol/hips/path.ts';
import type { Level, Patch, Tiling } from './types.ts';

export interface HipsTilingOptions {
  readonly frame: Frame;
  /** Deepest order, 0 to 24. */
  readonly order: number;
  /** Power of two, 1 to 4096. */
  readonly tileWidth: Pixels;
  /** Tiles outside it are never asked for; in the frame of the HiPS. null = not known: every tile may exist. */
  readonly coverage: Moc | null;
}

/** A target on the very pixels of an order must get that order, whatever rounding says. */
const SLACK = 1.001;

/** Tiles of order 0 are read smaller down to this width, for views of which a base cell is but a small part. */
const SMALLEST: Pixels = 64;

/**
 * The tiles of a HiPS as levels: levels[i] is order - i, down to order 0; each base cell is cut into tiles. The key of a patch is
 * the path of its tile without extension. Behind them the tiles of order 0 at half their width, and half of that: the same tiles, with
 * their width in the key.
 * @throws INVALID_PARAMETER unless the tile width is a power of two in [1, 4096]
 */
export function hipsTiling({ frame, order, tileWidth, coverage }: HipsTilingOptions): Tiling {
  const deepest = Math.min(order, MAX_PIXEL_ORDER - tileShift(tileWidth));
  const coarsest = deepest + Math.max(0, Math.log2(tileWidth / SMALLEST));
  const levels = Array.from({ length: coarsest + 1 }, (_, i) =>
    i <= deepest ? levelOf(frame, deepest - i, tileWidth, 2 ** -i) : { ...levelOf(frame, 0, tileWidth * 2 ** (deepest - i), 2 ** -i), isMean: true as const });
  return {
    frame,
    levels,
    levelFor: (cols, rows) => halvingsFor(cols, rows, coarsest),
    patchAt: (level, chart, patchCol, patchRow) => patchOf(levels[level]!, level, { order: Math.max(0, deepest - level), chart, patchCol, patchRow }, coverage),
  };
}

/**
 * How often the finest pixels may be halved for one target pixel of cols x rows of them. The measure is the root of the mean
 * square of both extents: it does not depend on how the target lies on the charts, which are turned by 45 degrees against the
 * parallels (the lesser extent does: near the poles it falls to nothing on the edges of the base cells, and a world map would read
 * the finest order there), and over a whole view of even scale it differs by at most a fifth, so that one order is read.
 */
function halvingsFor(cols: Pixels, rows: Pixels, most: number): number {
  const extent = Math.sqrt((cols * cols + rows * rows) / 2);
  return Math.min(most, Math.max(0, Math.floor(Math.log2(extent * SLACK))));
}

function levelOf(frame: Frame, order: number, tileWidth: Pixels, scale: number): Level {
  return { lattice: hipsLattice(frame, order, tileWidth), colScale: scale, rowScale: scale, patchWidth: tileWidth, patchHeight: tileWidth };
}

interface TilePosition {
  readonly order: number;
  readonly chart: number;
  readonly patchCol: number;
  readonly patchRow: number;
}

function patchOf({ lattice, patchWidth: width, isMean }: Level, level: number, { order, chart, patchCol, patchRow }: TilePosition, coverage: Moc | null): Patch | null {
  const side = 2 ** order;
  if (chart < 0 || chart > 11 || patchCol < 0 || patchCol >= side || patchRow < 0 || patchRow >= side) return null;
  const npix = npixOf(order, chart, patchRow, patchCol);
  if (coverage !== null && mocContains(coverage, order, npix) === 'outside') return null;
  const grid = { lattice, chart, col: patchCol * width, row: patchRow * width, width, height: width };
  const path = formatTilePath(order, npix);
  return { key: isMean === true ? `${path} ${width}` : path, level, grid };
}

/** A tile as a patch of a tiling of its order alone. @throws TILE_OUT_OF_RANGE */
export function hipsPatch(frame: Frame, address: HipsAddress, tileWidth: Pixels): Patch {
  return { key: formatTilePath(address.order, address.npix), level: 0, grid: hipsGrid(frame, address, tileWidth) };
}

/** The tile that a patch of a HiPS is. */
export function hipsAddressOf({ grid }: Patch): HipsAddress {
  const order = Math.log2(grid.lattice.width / grid.width);
  return { order, npix: npixOf(order, grid.chart, grid.row / grid.width, grid.col / grid.width) };
}
