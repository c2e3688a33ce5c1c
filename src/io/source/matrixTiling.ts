import { createCrsLattice } from '../../geometry/lattice/crsLattice.ts';
import type { Lattice, PixelGrid, Pixels } from '../../geometry/lattice/types.ts';
import { closestLevel, type LevelChoice } from '../../geometry/pyramid/levelChoice.ts';
import { isInMatrix, type TileAddress, type TileLimits, type TileMatrix, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { matrixWindows, type MatrixWindow } from './matrixWindow.ts';
import type { Level, Patch, Tiling } from './types.ts';

/**
 * The tiles of a tile matrix set as levels, finest first, one per matrix. The lattice of a level is the rectangle of the set, cut to
 * whole pixels of its matrix: what sticks out of the rectangle (or over a pole) is not part of it, so that whole circles close and
 * poles join although tiles do not end there. Matrices whose corners lie elsewhere than the finest one's, as in every grid that
 * counts from below, have offsets. A patch is a tile's size and may therefore need parts of up to four tiles; where tiles begin
 * at the rectangle's corner, a patch is a tile and has its key.
 */
export interface MatrixTiling extends Tiling {
  readonly set: TileMatrixSet;
  /** What is asked for: one patch for each tile, 'z/x/y' in the set's own numbers. Its levels do not share a corner: never plan with it. */
  readonly tiles: Tiling;
  /** The patch of `tiles` of a tile in the set's own numbers; null where there is none. */
  tileAt(matrix: string, col: number, row: number): Patch | null;
  /** The matrix of a level. */
  matrixOf(level: number): TileMatrix;
  /** The tile of a patch of `tiles`. */
  addressOf(tile: Patch): TileAddress;
  /** Number of the tile's matrix, 0 = the coarsest: the z of addresses without names. */
  zOf(tile: Patch): number;
  /** The parts of tiles that make a patch of this tiling; never empty for a patch from patchAt. */
  partsOf(patch: Patch): readonly TilePart[];
}

/** Where a tile lies in a patch. It may stick out on all sides. */
export interface TilePart {
  /** A patch of `tiles`. */
  readonly tile: Patch;
  /** Column and row of the tile's top left pixel in the patch. */
  readonly col: number;
  readonly row: number;
}

export interface MatrixTilingOptions {
  /** Tiles that there are, by matrix; a matrix without entry has none and is no level. null (default) = all. */
  readonly limits?: ReadonlyMap<string, TileLimits> | null;
  /** How levels are chosen; absent = the coarsest that is no coarser than the target. */
  readonly choice?: LevelChoice;
}

/** A target on the very pixels of a level must get that level, whatever rounding says. */
const SLACK = 1.001;

/** One matrix as a level. */
interface Storey {
  readonly matrix: TileMatrix;
  readonly z: number;
  /** First part of the keys of its tiles. */
  readonly name: string;
  readonly limits: TileLimits | null;
  readonly window: MatrixWindow;
  readonly level: Level;
  /** Of the whole matrix. */
  readonly tiles: Level;
}

/** @throws GatewayError CONFIG_INVALID where the limits leave no matrix */
export function matrixSetTiling(set: TileMatrixSet, options: MatrixTilingOptions = {}): MatrixTiling {
  const { limits = null, choice } = options;
  const storeys = storeysOf(set, limits);
  const levels = storeys.map(({ level }) => level);
  const cells = storeys.map(({ matrix }) => matrix.cellSize);
  const coarsestFirst = cells.toReversed();
  const tileAt = (level: number, tileCol: number, tileRow: number): Patch | null => tileOf(storeys[level]!, level, tileCol, tileRow);
  return {
    set,
    frame: set.crs.frame,
    levels,
    levelFor(cols, rows) {
      if (choice !== undefined) return cells.length - 1 - closestLevel(coarsestFirst, cells[0]! * Math.min(cols, rows), choice);
      let level = cells.length - 1;
      while (level > 0 && cells[level]! > cells[0]! * Math.min(cols, rows) * SLACK) level--;
      return level;
    },
    patchAt: (level, chart, patchCol, patchRow) => (chart === 0 ? patchOf(storeys[level]!, level, patchCol, patchRow, tileAt) : null),
    tiles: {
      frame: set.crs.frame,
      levels: storeys.map(({ tiles }) => tiles),
      levelFor: () => 0,
      patchAt: (level, chart, patchCol, patchRow) => (chart === 0 ? tileAt(level, patchCol, patchRow) : null),
    },
    tileAt(matrix, col, row) {
      const level = storeys.findIndex((storey) => storey.matrix.id === matrix);
      return level < 0 ? null : tileOf(storeys[level]!, level, col, ownRow(storeys[level]!.matrix, row));
    },
    matrixOf: (level) => storeys[level]!.matrix,
    addressOf: ({ level, grid }) => addressOf(storeys[level]!.matrix, grid),
    zOf: ({ level }) => storeys[level]!.z,
    partsOf: ({ level, grid }) => partsOf(storeys[level]!, grid, (col, row) => tileAt(level, col, row)),
  };
}

function storeysOf(set: TileMatrixSet, limits: ReadonlyMap<string, TileLimits> | null): readonly Storey[] {
  const windows = matrixWindows(set, limits === null ? set.tileMatrices : set.tileMatrices.filter(({ id }) => limits.has(id)));
  const finest = windows[0]!;
  const nameOf = namesOf(set.tileMatrices);
  const coarsestFirst = [...set.tileMatrices].sort((a, b) => b.cellSize - a.cellSize);
  return windows.map((window) => {
    const { matrix } = window;
    const z = coarsestFirst.indexOf(matrix);
    const tiles = levelOf(wholeLattice(set, window), window, finest);
    return { matrix, z, name: nameOf(matrix, z), limits: limits?.get(matrix.id) ?? null, window, level: levelOf(windowLattice(set, window), window, finest), tiles };
  });
}

/** Identifiers that can be part of a key as they are, else the matrices' numbers. */
function namesOf(matrices: readonly TileMatrix[]): (matrix: TileMatrix, z: number) => string {
  const isPlain = matrices.every(({ id }) => /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/.test(id));
  return isPlain ? ({ id }) => id : (_, z) => String(z);
}

function wholeLattice({ crs }: TileMatrixSet, { matrix, left, top }: MatrixWindow): Lattice {
  const { cellSize: cell, tileWidth, tileHeight, matrixWidth, matrixHeight } = matrix;
  return createCrsLattice({ crs, x0: left, y0: top, cellX: cell, cellY: cell, width: matrixWidth * tileWidth, height: matrixHeight * tileHeight });
}

function windowLattice({ crs }: TileMatrixSet, { matrix, x0, y0, width, height }: MatrixWindow): Lattice {
  return createCrsLattice({ crs, x0, y0, cellX: matrix.cellSize, cellY: matrix.cellSize, width, height });
}

/** How far apart corners may lie and still be one, pixels: documents round their numbers. */
const SAME_CORNER: Pixels = 1e-3;

function levelOf(lattice: Lattice, { matrix, x0, y0 }: MatrixWindow, finest: MatrixWindow): Level {
  const scale = finest.matrix.cellSize / matrix.cellSize;
  const colOffset = (finest.x0 - x0) / matrix.cellSize;
  const rowOffset = (y0 - finest.y0) / matrix.cellSize;
  return {
    lattice,
    colScale: scale,
    rowScale: scale,
    patchWidth: matrix.tileWidth,
    patchHeight: matrix.tileHeight,
    ...(Math.abs(colOffset) < SAME_CORNER ? {} : { colOffset }),
    ...(Math.abs(rowOffset) < SAME_CORNER ? {} : { rowOffset }),
  };
}

/** Numbers from the top left, and back: its own inverse. */
function ownRow({ cornerOfOrigin, matrixHeight }: TileMatrix, row: number): number {
  return cornerOfOrigin === 'topLeft' ? row : matrixHeight - 1 - row;
}

/** @param tileCol from the left @param tileRow from the top */
function tileOf({ matrix, name, limits, tiles }: Storey, level: number, tileCol: number, tileRow: number): Patch | null {
  const row = ownRow(matrix, tileRow);
  if (!isInMatrix(matrix, tileCol, row) || (limits !== null && !isWithin(limits, tileCol, row))) return null;
  const { tileWidth: width, tileHeight: height } = matrix;
  const grid = { lattice: tiles.lattice, chart: 0, col: tileCol * width, row: tileRow * height, width, height };
  return { key: `${name}/${tileCol}/${row}`, level, grid };
}

function isWithin({ minCol, maxCol, minRow, maxRow }: TileLimits, col: number, row: number): boolean {
  return col >= minCol && col <= maxCol && row >= minRow && row <= maxRow;
}

function addressOf(matrix: TileMatrix, { col, row }: PixelGrid): TileAddress {
  return { matrix, col: col / matrix.tileWidth, row: ownRow(matrix, row / matrix.tileHeight) };
}

type TileAt = (tileCol: number, tileRow: number) => Patch | null;

function patchOf(storey: Storey, level: number, patchCol: number, patchRow: number, tileAt: (level: number, col: number, row: number) => Patch | null): Patch | null {
  const { lattice, patchWidth, patchHeight } = storey.level;
  const [col, row] = [patchCol * patchWidth, patchRow * patchHeight];
  if (col < 0 || row < 0 || col >= lattice.width || row >= lattice.height) return null;
  const grid = { lattice, chart: 0, col, row, width: Math.min(patchWidth, lattice.width - col), height: Math.min(patchHeight, lattice.height - row) };
  const [first, ...more] = partsOf(storey, grid, (tileCol, tileRow) => tileAt(level, tileCol, tileRow));
  if (first === undefined) return null;
  const isTile = more.length === 0 && first.col === 0 && first.row === 0;
  return { key: isTile ? first.tile.key : `${storey.name}/at/${patchCol}/${patchRow}`, level, grid };
}

/** The tiles that a rectangle of a level's lattice meets. */
function partsOf({ window, matrix }: Storey, { col, row, width, height }: PixelGrid, tileAt: TileAt): readonly TilePart[] {
  const { tileWidth, tileHeight } = matrix;
  const left = col + window.col;
  const top = row + window.row;
  const parts: TilePart[] = [];
  for (let tileRow = Math.floor(top / tileHeight); tileRow * tileHeight < top + height; tileRow++) {
    for (let tileCol = Math.floor(left / tileWidth); tileCol * tileWidth < left + width; tileCol++) {
      const tile = tileAt(tileCol, tileRow);
      if (tile !== null) parts.push({ tile, col: tileCol * tileWidth - left, row: tileRow * tileHeight - top });
    }
  }
  return parts;
}
