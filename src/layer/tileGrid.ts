import { createCrsLattice } from '../geometry/lattice/crsLattice.ts';
import type { PixelGrid } from '../geometry/lattice/types.ts';
import { flipRow, matrixOf, requireTile, type TileAddress, type TileMatrixSet } from '../geometry/pyramid/tileMatrixSet.ts';
import { GatewayError } from '../errors.ts';

/**
 * The pixels of one tile, on the lattice of its whole matrix: the engine anchors its approximation in the lattice, so
 * neighbouring tiles match to the last bit.
 * @param scale pixels per pixel of the set: 2 draws the same rectangle with twice the pixels along each side
 */
export function tileGrid({ crs }: Pick<TileMatrixSet, 'crs'>, { matrix, col, row }: TileAddress, scale: 1 | 2): PixelGrid {
  const { cellSize, pointOfOrigin, matrixWidth, matrixHeight } = matrix;
  const [tileWidth, tileHeight] = [matrix.tileWidth * scale, matrix.tileHeight * scale];
  const fromTop = matrix.cornerOfOrigin === 'topLeft';
  const lattice = createCrsLattice({
    crs,
    x0: pointOfOrigin[0],
    y0: fromTop ? pointOfOrigin[1] : pointOfOrigin[1] + matrixHeight * (cellSize * matrix.tileHeight),
    cellX: cellSize / scale,
    cellY: cellSize / scale,
    width: matrixWidth * tileWidth,
    height: matrixHeight * tileHeight,
  });
  const fromAbove = fromTop ? row : flipRow(matrix, row);
  return { lattice, chart: 0, col: col * tileWidth, row: fromAbove * tileHeight, width: tileWidth, height: tileHeight };
}

/**
 * The same tile in a set's own numbers: services may have turned the set's matrices round (asTopLeft).
 * @throws TILE_OUT_OF_RANGE
 */
export function ownAddress(set: TileMatrixSet, { matrix, col, row }: TileAddress): TileAddress {
  const own = matrixOf(set, matrix.id);
  if (own === null) throw new GatewayError('TILE_OUT_OF_RANGE', `the grid '${set.id}' has no level '${matrix.id}'`, { locator: 'TileMatrix' });
  return requireTile(own, col, own.cornerOfOrigin === matrix.cornerOfOrigin ? row : flipRow(own, row));
}
