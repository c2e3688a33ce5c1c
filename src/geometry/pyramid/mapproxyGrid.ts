import { GatewayError } from '../../errors.ts';
import type { Bbox } from '../crs/axis.ts';
import type { Crs } from '../crs/types.ts';
import type { Pixels } from '../lattice/types.ts';
import type { TileMatrix, TileMatrixSet } from './tileMatrixSet.ts';

/** What a grid of a MapProxy configuration says, names in camel case. Absent = MapProxy's default. */
export interface GridOptions {
  readonly name: string;
  readonly crs: Crs;
  /** CRS units, x/y order; default the whole domain of the CRS. */
  readonly bbox?: Bbox;
  /** Where tile (0, 0) lies; default 'sw'. 'll' = 'sw', 'ul' = 'nw'. */
  readonly origin?: 'sw' | 'nw' | 'll' | 'ul';
  /** Default 256 x 256. */
  readonly tileSize?: readonly [Pixels, Pixels];
  /** Cell sizes in any order; pairs give the matrices their names. Excludes minRes, maxRes and alignResolutionsWith. */
  readonly res?: readonly number[] | readonly (readonly [string, number])[];
  /** Coarsest cell size (the larger number); default: the bbox is one tile. */
  readonly minRes?: number;
  /** Finest cell size, exclusive unless numLevels is given too. */
  readonly maxRes?: number;
  /** Quotient of neighbouring cell sizes; default 2. */
  readonly resFactor?: number | 'sqrt2';
  /** Default 20, or 40 for 'sqrt2'. With maxRes the levels are spread evenly (logarithmically) from minRes to maxRes. */
  readonly numLevels?: number;
  /** Take the cell sizes of this set, as far as minRes, maxRes and numLevels allow. */
  readonly alignResolutionsWith?: TileMatrixSet;
}

interface NamedCell {
  readonly id: string;
  readonly cellSize: number;
}

const DEFAULT_TILE_SIZE = [256, 256] as const;
const DEFAULT_LEVELS = 20;
const DEFAULT_LEVELS_SQRT2 = 40;

/** More levels than any address can use: a wish for more is a slip of the pen. */
const MOST_LEVELS = 100;

function invalid(name: string, key: string, message: string): GatewayError {
  return new GatewayError('CONFIG_INVALID', `grid '${name}': ${message}`, { locator: `grids.${name}.${key}` });
}

function requirePositive(options: GridOptions, key: 'minRes' | 'maxRes' | 'numLevels'): void {
  const value = options[key];
  if (value === undefined || (Number.isFinite(value) && value > 0)) return;
  throw invalid(options.name, key, `${key} is ${value}, expected a positive number`);
}

function checkedBbox(options: GridOptions): Bbox {
  const bbox = options.bbox ?? options.crs.extent;
  if (bbox.every(Number.isFinite) && bbox[0] < bbox[2] && bbox[1] < bbox[3]) return bbox;
  throw invalid(options.name, 'bbox', `bbox is [${bbox.join(', ')}], expected finite minX < maxX and minY < maxY in units of ${options.crs.id}`);
}

function checkedTileSize(options: GridOptions): readonly [Pixels, Pixels] {
  const size = options.tileSize ?? DEFAULT_TILE_SIZE;
  if (size.every((side) => Number.isInteger(side) && side > 0)) return size;
  throw invalid(options.name, 'tile_size', `tile_size is [${size.join(', ')}], expected two positive whole numbers`);
}

function factorOf(options: GridOptions): number {
  const factor = options.resFactor === 'sqrt2' ? Math.SQRT2 : (options.resFactor ?? 2);
  if (Number.isFinite(factor) && factor > 1) return factor;
  throw invalid(options.name, 'res_factor', `res_factor is ${factor}, expected a number above 1 or 'sqrt2'`);
}

/** The cell size at which the larger side of the bbox fills one tile. */
function cellOfOneTile(bbox: Bbox, [tileWidth, tileHeight]: readonly [Pixels, Pixels]): number {
  return Math.max((bbox[2] - bbox[0]) / tileWidth, (bbox[3] - bbox[1]) / tileHeight);
}

function byFactor(coarsest: number, factor: number, goOn: (next: number, count: number) => boolean): readonly number[] {
  const cells = [coarsest];
  for (let next = coarsest / factor; goOn(next, cells.length) && cells.length < MOST_LEVELS; next /= factor) cells.push(next);
  return cells;
}

function evenly(coarsest: number, finest: number, count: number): readonly number[] {
  if (count === 1) return [coarsest];
  const step = (Math.log10(coarsest) - Math.log10(finest)) / (count - 1);
  return Array.from({ length: count }, (_, level) => 10 ** (Math.log10(coarsest) - step * level));
}

function regularCells(options: GridOptions, coarsest: number): readonly number[] {
  const { maxRes, numLevels } = options;
  if (maxRes !== undefined && numLevels !== undefined) return evenly(coarsest, maxRes, numLevels);
  const factor = factorOf(options);
  if (maxRes !== undefined) return byFactor(coarsest, factor, (next) => next > maxRes);
  const levels = numLevels ?? (options.resFactor === 'sqrt2' ? DEFAULT_LEVELS_SQRT2 : DEFAULT_LEVELS);
  return byFactor(coarsest, factor, (_next, count) => count < levels);
}

function isRatio(ratio: number, wanted: number): boolean {
  return ratio.toFixed(8) === wanted.toFixed(8);
}

/** Cell sizes of another set, thinned or filled when one of the two counts in steps of the square root of two. */
function alignedCells(options: GridOptions, base: TileMatrixSet, coarsest: number): readonly number[] {
  const { maxRes = 0, numLevels = Infinity } = options;
  const cells = base.tileMatrices
    .map((matrix) => matrix.cellSize)
    .filter((cell) => cell <= coarsest && cell >= maxRes)
    .slice(0, numLevels);
  if (cells.length < 2) {
    throw invalid(options.name, 'align_resolutions_with', `fewer than two cell sizes of '${base.id}' lie between ${coarsest} and ${maxRes}`);
  }
  const ratio = (cells[0] as number) / (cells[1] as number);
  if (options.resFactor === 'sqrt2' && isRatio(ratio, 2)) return cells.flatMap((cell) => [cell, cell / Math.SQRT2]);
  if ((options.resFactor ?? 2) === 2 && isRatio(ratio, Math.SQRT2)) return cells.filter((_, index) => index % 2 === 0);
  return cells;
}

/** Cells of a `res` key: coarsest first, named by themselves or by their place. */
function explicitCells(options: GridOptions, res: readonly (number | readonly [string, number])[]): readonly NamedCell[] {
  if (options.minRes !== undefined || options.maxRes !== undefined || options.alignResolutionsWith !== undefined) {
    throw invalid(options.name, 'res', 'res excludes min_res, max_res and align_resolutions_with');
  }
  const pairs = res.map((entry) => (typeof entry === 'number' ? { id: null, cellSize: entry } : { id: entry[0], cellSize: entry[1] }));
  if (pairs.length === 0 || pairs.some(({ cellSize }) => !(Number.isFinite(cellSize) && cellSize > 0))) {
    throw invalid(options.name, 'res', 'res is not a list of positive numbers');
  }
  if (new Set(pairs.map(({ cellSize }) => cellSize)).size < pairs.length) throw invalid(options.name, 'res', 'res holds the same number twice');
  return pairs.toSorted((a, b) => b.cellSize - a.cellSize).map(({ id, cellSize }, level) => ({ id: id ?? String(level), cellSize }));
}

function cellsOf(options: GridOptions, bbox: Bbox, tileSize: readonly [Pixels, Pixels]): readonly NamedCell[] {
  if (options.res !== undefined) return explicitCells(options, options.res);
  const coarsest = options.minRes ?? cellOfOneTile(bbox, tileSize);
  if (options.maxRes !== undefined && options.maxRes > coarsest) {
    throw invalid(options.name, 'max_res', `max_res ${options.maxRes} is coarser than min_res ${coarsest}; min_res is the larger number`);
  }
  const cells = options.alignResolutionsWith ? alignedCells(options, options.alignResolutionsWith, coarsest) : regularCells(options, coarsest);
  return cells.map((cellSize, level) => ({ id: String(level), cellSize }));
}

/**
 * Whole times that b goes into a, both positive: floor of the exact quotient, not of the rounded one (what Python's `//`
 * does), so that 25.7 holds 0.1 256 times and a grid gets as many tiles as in MapProxy.
 */
function floorDivide(a: number, b: number): number {
  return Math.round((a - (a % b)) / b);
}

function tileCount(length: number, cellSize: number, tileSide: Pixels): number {
  return Math.max(1, Math.ceil(floorDivide(length, cellSize) / tileSide));
}

/**
 * The tile matrix set of a MapProxy grid, with MapProxy's own numbers: cell sizes, matrix sizes (parts of a pixel do not earn
 * a tile) and corner of origin. Identifiers are '0', '1', ... or the names of a named `res`.
 * @throws CONFIG_INVALID naming the grid, the value and what is allowed
 */
export function createGrid(options: GridOptions): TileMatrixSet {
  for (const key of ['minRes', 'maxRes', 'numLevels'] as const) requirePositive(options, key);
  if (options.numLevels !== undefined && !(Number.isInteger(options.numLevels) && options.numLevels <= MOST_LEVELS)) {
    throw invalid(options.name, 'num_levels', `num_levels is ${options.numLevels}, expected a whole number up to ${MOST_LEVELS}`);
  }
  const bbox = checkedBbox(options);
  const tileSize = checkedTileSize(options);
  const fromTop = options.origin === 'nw' || options.origin === 'ul';
  const matrix = ({ id, cellSize }: NamedCell): TileMatrix => ({
    id,
    cellSize,
    cornerOfOrigin: fromTop ? 'topLeft' : 'bottomLeft',
    pointOfOrigin: [bbox[0], fromTop ? bbox[3] : bbox[1]],
    tileWidth: tileSize[0],
    tileHeight: tileSize[1],
    matrixWidth: tileCount(bbox[2] - bbox[0], cellSize, tileSize[0]),
    matrixHeight: tileCount(bbox[3] - bbox[1], cellSize, tileSize[1]),
  });
  return { id: options.name, crs: options.crs, bbox, tileMatrices: cellsOf(options, bbox, tileSize).map(matrix) };
}
