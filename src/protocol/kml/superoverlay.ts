import {
  flipRow, tileBbox, tileLimits, tileOfPoint, type TileAddress, type TileLimits, type TileMatrix, type TileMatrixSet,
} from '../../geometry/pyramid/tileMatrixSet.ts';
import { offeredMatrices, type TileNumbers } from '../tms/profile.ts';

/** What is there of a set: tiles by matrix, in the set's own numbers. A matrix without entry has none. */
export type Shown = ReadonlyMap<string, TileLimits>;

/** Share of a tile that is surely inside it. */
const INSIDE = 1e-3;

/** Whether a tile begins in another of a coarser matrix: each tile does in one, so that it stands in one document. */
function beginsIn({ matrix, col, row }: TileAddress, parent: TileAddress): boolean {
  const [minX, minY, , maxY] = tileBbox(matrix, col, row);
  const inset = INSIDE * matrix.cellSize * matrix.tileWidth;
  const y = matrix.cornerOfOrigin === 'topLeft' ? maxY - inset : minY + inset;
  const found = tileOfPoint(parent.matrix, minX + inset, y);
  return found.col === parent.col && found.row === parent.row;
}

function tilesOf(matrix: TileMatrix, limits: TileLimits | null | undefined, shown: Shown): readonly TileAddress[] {
  const there = shown.get(matrix.id);
  if (limits === null || limits === undefined || there === undefined) return [];
  const [minCol, maxCol] = [Math.max(limits.minCol, there.minCol), Math.min(limits.maxCol, there.maxCol)];
  const [minRow, maxRow] = [Math.max(limits.minRow, there.minRow), Math.min(limits.maxRow, there.maxRow)];
  const tiles: TileAddress[] = [];
  for (let row = minRow; row <= maxRow; row++) for (let col = minCol; col <= maxCol; col++) tiles.push({ matrix, col, row });
  return tiles;
}

/** The tiles of the next level that the document of a tile leads to. */
export function childrenOf(set: TileMatrixSet, parent: TileAddress, shown: Shown): readonly TileAddress[] {
  const matrices = offeredMatrices(set, false);
  const next = matrices[matrices.indexOf(parent.matrix) + 1];
  if (next === undefined) return [];
  return tilesOf(next, tileLimits(next, tileBbox(parent.matrix, parent.col, parent.row)), shown).filter((tile) => beginsIn(tile, parent));
}

/** The tiles that the first document leads to: those below the one tile of the first level, as in MapProxy, or the tiles of that level where it has several. */
export function firstTiles(set: TileMatrixSet, shown: Shown): readonly TileAddress[] {
  const [first] = offeredMatrices(set, false) as [TileMatrix];
  if (first.matrixWidth * first.matrixHeight === 1) return childrenOf(set, { matrix: first, col: 0, row: 0 }, shown);
  return tilesOf(first, shown.get(first.id), shown);
}

/** The numbers of a tile in addresses: levels from 0, rows from below. */
export function kmlNumbers(set: TileMatrixSet, { matrix, col, row }: TileAddress): TileNumbers {
  return { z: offeredMatrices(set, false).indexOf(matrix), x: col, y: matrix.cornerOfOrigin === 'topLeft' ? flipRow(matrix, row) : row };
}

/** Whether the tiles of a level have others below them. */
export function hasChildren(set: TileMatrixSet, { matrix }: TileAddress): boolean {
  return offeredMatrices(set, false).at(-1) !== matrix;
}
