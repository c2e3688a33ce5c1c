import { GatewayError } from '../../errors.ts';
import type { Frame } from '../frame/frame.ts';
import { cellCount, cellOf, MAX_ORDER, npixOf } from '../healpix/morton.ts';
import { healpixLattice, healpixPixelAngle } from '../lattice/healpixLattice.ts';
import type { Lattice, PixelGrid, Pixels } from '../lattice/types.ts';

/** A tile of a HiPS: order K and NESTED number N, N in [0, 12 * 4^K). */
export interface HipsAddress {
  readonly order: number;
  readonly npix: number;
}

/** log2 of a tile width. @throws INVALID_PARAMETER unless a power of two in [1, 4096] */
export function tileShift(tileWidth: Pixels): number {
  const shift = Math.log2(tileWidth);
  if (!Number.isInteger(shift) || shift < 0 || shift > 12) {
    throw new GatewayError('INVALID_PARAMETER', `tile width ${tileWidth} is not a power of two in [1, 4096]`);
  }
  return shift;
}

/** The pixels of a HiPS at a tile order: HEALPix at pixel order K + log2(width). */
export function hipsLattice(frame: Frame, order: number, tileWidth: Pixels): Lattice {
  return healpixLattice(frame, order + tileShift(tileWidth));
}

/**
 * The pixels of one tile: chart N >> 2K, corner = the de-interleaved N times the width (HiPS 1.0, sections 4.1, 4.2.1).
 * @throws TILE_OUT_OF_RANGE
 */
export function hipsGrid(frame: Frame, { order, npix }: HipsAddress, tileWidth: Pixels): PixelGrid {
  if (!(Number.isInteger(order) && order >= 0 && order <= MAX_ORDER)) {
    throw new GatewayError('TILE_OUT_OF_RANGE', `order ${order} is outside 0..${MAX_ORDER}`, { locator: 'order' });
  }
  if (!(Number.isSafeInteger(npix) && npix >= 0 && npix < cellCount(order))) {
    throw new GatewayError('TILE_OUT_OF_RANGE', `npix ${npix} is outside 0..${cellCount(order) - 1} of order ${order}`, { locator: 'npix' });
  }
  const { face, x, y } = cellOf(order, npix);
  return {
    lattice: hipsLattice(frame, order, tileWidth),
    chart: face,
    col: y * tileWidth,
    row: x * tileWidth,
    width: tileWidth,
    height: tileWidth,
  };
}

/** The tile at a tile position of a base cell; the inverse of hipsGrid's corner. */
export function hipsAddressAt(order: number, face: number, tileCol: number, tileRow: number): HipsAddress {
  return { order, npix: npixOf(order, face, tileRow, tileCol) };
}

/** The shallowest order whose pixels are no larger than `pixelAngle` radians; at least 0, at most MAX_ORDER. */
export function orderOfResolution(pixelAngle: number, tileWidth: Pixels): number {
  const ratio = healpixPixelAngle(tileShift(tileWidth)) / pixelAngle;
  // A source that matches an order to within rounding stays at that order.
  return Math.min(MAX_ORDER, Math.max(0, Math.ceil(Math.log2(ratio) - 1e-6)));
}
