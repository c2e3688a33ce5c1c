import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { TileMatrix, TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { cellSizeOfScale, type DegreeScale } from '../scale.ts';
import type { WmtsUpstreamMatrix, WmtsUpstreamSet } from './readCapabilities.ts';

/** How the numbers of a set are to be read; null = as fits best. */
export interface MatrixSetReading {
  /** Order of TopLeftCorner. */
  readonly axisOrder: 'xy' | 'yx' | null;
  /** What a degree measures in scale denominators. */
  readonly degreeScale: DegreeScale | null;
}

/**
 * The tile matrix set that a document means. Two things differ between servers whatever the standard says: the order of
 * TopLeftCorner (the registry's in the standard; x before y on many servers of planets), and the length of a degree in scale
 * denominators (that of the CRS's own body in the standard; that of the Earth on most servers). Of each pair, the reading counts
 * by which the tiles lie on the CRS's domain and fill whole circles; where both do, order as in the registry and degrees of the Earth.
 */
export function readMatrixSet({ id, matrices }: WmtsUpstreamSet, crs: Crs, { axisOrder, degreeScale }: MatrixSetReading): TileMatrixSet {
  const degrees = degreeScale ?? scaleThatFits(matrices, crs);
  const sized = matrices.map((matrix) => ({ matrix, cellSize: matrix.cellSize ?? cellSizeOfScale(crs, matrix.scaleDenominator, degrees) }));
  const order = axisOrder ?? orderThatFits(sized, crs);
  const tileMatrices = sized.map((one) => wholeTurn(matrixOf(one, order), crs)).sort((a, b) => b.cellSize - a.cellSize);
  return { id, crs, bbox: tileMatrices.map(rectangleOf).reduce(around), tileMatrices };
}

interface Sized {
  readonly matrix: WmtsUpstreamMatrix;
  readonly cellSize: number;
}

function matrixOf({ matrix, cellSize }: Sized, order: 'xy' | 'yx'): TileMatrix {
  const { id, fromBelow = false, corner: [first, second], tileWidth, tileHeight, matrixWidth, matrixHeight } = matrix;
  const pointOfOrigin = order === 'xy' ? ([first, second] as const) : ([second, first] as const);
  return { id, cellSize, cornerOfOrigin: fromBelow ? 'bottomLeft' : 'topLeft', pointOfOrigin, tileWidth, tileHeight, matrixWidth, matrixHeight };
}

/** Tiles that are enough for a whole turn, and none too many, in how many matrices. */
function wholeTurns(matrices: readonly WmtsUpstreamMatrix[], crs: Crs, period: number, degrees: DegreeScale): number {
  const isWhole = ({ scaleDenominator, tileWidth, matrixWidth }: WmtsUpstreamMatrix): boolean =>
    matrixWidth === Math.ceil(period / (cellSizeOfScale(crs, scaleDenominator, degrees) * tileWidth) - ROUNDING);
  return matrices.filter(isWhole).length;
}

/** How near to a power of two a turn over the cells is, on average: sets that are no whole world still halve one. */
function roundness(matrices: readonly WmtsUpstreamMatrix[], crs: Crs, period: number, degrees: DegreeScale): number {
  const misses = matrices.map(({ scaleDenominator }) => {
    const halvings = Math.log2(period / cellSizeOfScale(crs, scaleDenominator, degrees));
    return Math.abs(halvings - Math.round(halvings));
  });
  return -misses.reduce((sum, miss) => sum + miss, 0) / misses.length;
}

/** Share of a tile that documents round away. */
const ROUNDING = 1e-3;

function scaleThatFits(matrices: readonly WmtsUpstreamMatrix[], crs: Crs): DegreeScale {
  const { periodX } = crs;
  if (crs.unit !== 'degree' || periodX === null) return 'earth';
  const better = wholeTurns(matrices, crs, periodX, 'body') - wholeTurns(matrices, crs, periodX, 'earth');
  if (better !== 0) return better > 0 ? 'body' : 'earth';
  return roundness(matrices, crs, periodX, 'body') > roundness(matrices, crs, periodX, 'earth') + ROUNDING ? 'body' : 'earth';
}

function orderThatFits(sized: readonly Sized[], crs: Crs): 'xy' | 'yx' {
  const other = crs.axes === 'xy' ? 'yx' : 'xy';
  const shown = (order: 'xy' | 'yx'): number => sized.reduce((sum, one) => sum + areaOf(within(rectangleOf(matrixOf(one, order)), crs.extent)), 0);
  return shown(other) > shown(crs.axes) * (1 + ROUNDING) ? other : crs.axes;
}

/** Parts of a turn by which documents miss one. */
const TURN_SLACK = 1e-6;

/** A matrix that is a whole turn up to rounding is one exactly, so that its left and right edges are the same line. */
function wholeTurn(matrix: TileMatrix, { periodX, extent }: Crs): TileMatrix {
  if (periodX === null) return matrix;
  const { cellSize, matrixWidth, tileWidth, pointOfOrigin: [x, y] } = matrix;
  const pixels = matrixWidth * tileWidth;
  const isTurn = Math.abs(pixels * cellSize - periodX) < TURN_SLACK * periodX;
  const snapped = (value: number, edge: number): number => (Math.abs(value - edge) < TURN_SLACK * periodX ? edge : value);
  const pointOfOrigin = [snapped(x, extent[0]), snapped(y, extent[matrix.cornerOfOrigin === 'topLeft' ? 3 : 1])] as const;
  return isTurn ? { ...matrix, cellSize: periodX / pixels, pointOfOrigin } : matrix;
}

function rectangleOf(matrix: TileMatrix): Bbox {
  const { cellSize, pointOfOrigin: [x, y], cornerOfOrigin, tileWidth, tileHeight, matrixWidth, matrixHeight } = matrix;
  const height = cellSize * tileHeight * matrixHeight;
  const top = cornerOfOrigin === 'topLeft' ? y : y + height;
  return [x, top - height, x + cellSize * tileWidth * matrixWidth, top];
}

function around(a: Bbox, b: Bbox): Bbox {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

function within([minX, minY, maxX, maxY]: Bbox, [west, south, east, north]: Crs['extent']): Bbox {
  return [Math.max(minX, west), Math.max(minY, south), Math.min(maxX, east), Math.min(maxY, north)];
}

function areaOf([minX, minY, maxX, maxY]: Bbox): number {
  return Math.max(0, maxX - minX) * Math.max(0, maxY - minY);
}
