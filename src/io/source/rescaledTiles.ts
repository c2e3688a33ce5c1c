import type { Bbox } from '../../geometry/crs/axis.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { fullLimits, tileLimits, type TileLimits } from '../../geometry/pyramid/tileMatrixSet.ts';
import { emptyRaster, RGBA, wordsOf, type Raster } from '../../raster/raster.ts';
import { KERNEL_REACH } from '../../raster/reproject/types.ts';
import { matrixSetTiling, type MatrixTiling } from './matrixTiling.ts';
import { tilesAsSource } from './tiledSource.ts';
import type { Patch, RasterSource } from './types.ts';

export interface RescaledTilesOptions {
  readonly id: string;
  readonly tiling: MatrixTiling;
  /** A patch of `tiling.tiles` as it is; null = there is none. Asked for the same ones again and again. */
  readonly fetch: RasterSource['fetch'];
  /** How many levels away a missing tile may be made from: negative = of coarser ones, positive = of finer ones. May be infinite. */
  readonly levels: number;
  /** A level is not looked at where one tile would need more of its tiles. */
  readonly maxTiles: number;
  /** The picture of a grid from a source. */
  draw(grid: PixelGrid, source: RasterSource, signal: AbortSignal): Promise<Raster>;
}

/** What is known of the tiles of one request: by key and levels left. */
type Known = Map<string, Promise<Raster | null>>;

/**
 * The same fetch, in which a missing tile is made from the nearest level that has any of the tiles in its place, in one resampling; those
 * that are missing there are made the same way, so that neighbours meet. Beside tiles that cannot be made their neighbours end as they are,
 * without fading. null where no level within reach has any. MapProxy's `_scaled_tile`, which goes level by level and resamples at each.
 */
export function rescaledTiles({ id, tiling, fetch, levels, maxTiles, draw }: RescaledTilesOptions): RasterSource['fetch'] {
  const { set } = tiling;
  const step = Math.sign(levels);
  /** Finest first, as those of the tiling. */
  const single = tiling.tiles.levels.map((_, level) => {
    const matrix = tiling.matrixOf(level);
    return { matrix, tiling: matrixSetTiling(set, { limits: new Map([[matrix.id, fullLimits(matrix)]]) }) };
  });

  function tilesUnder({ grid }: Patch, level: number): readonly Patch[] {
    const { matrix } = single[level]!;
    const limits = tileLimits(matrix, bboxOf(grid));
    return limits === null || countOf(limits) > maxTiles ? [] : addressesOf(limits).flatMap(([col, row]) => tiling.tileAt(matrix.id, col, row) ?? []);
  }

  function found(tile: Patch, left: number, signal: AbortSignal, known: Known): Promise<Raster | null> {
    const key = `${tile.key} ${left}`;
    const one = known.get(key) ?? make(tile, left, signal, known);
    known.set(key, one);
    return one;
  }

  async function make(tile: Patch, left: number, signal: AbortSignal, known: Known): Promise<Raster | null> {
    const own = await fetch(tile, signal);
    if (own !== null) return own;
    for (let away = 1; away <= left; away++) {
      const level = tile.level - step * away;
      if (single[level] === undefined) return null;
      const under = tilesUnder(tile, level);
      const there = await Promise.all(under.map((each) => fetch(each, signal)));
      if (there.some((raster) => raster !== null)) return drawFrom(tile, under, left - away, signal, known);
    }
    return null;
  }

  async function drawFrom(tile: Patch, under: readonly Patch[], left: number, signal: AbortSignal, known: Known): Promise<Raster> {
    const picture = await draw(tile.grid, levelSource(under[0]!.level, left, known), signal);
    const there = await Promise.all(under.map((each) => found(each, left, signal, known)));
    return under.filter((_, i) => there[i] === null).reduce((shown, { grid }) => without(shown, tile.grid, bboxOf(grid)), picture);
  }

  function levelSource(level: number, left: number, known: Known): RasterSource {
    const { matrix, tiling: one } = single[level]!;
    return tilesAsSource(id, one, async (patch, signal) => {
      const { col, row } = one.addressOf(patch);
      const tile = tiling.tileAt(matrix.id, col, row);
      return tile === null ? null : (await found(tile, left, signal, known)) ?? continued(tile, left, signal, known);
    });
  }

  /** In the place of a missing tile: the edges of its neighbours, repeated as far as a kernel reads; null = there are none. */
  async function continued(tile: Patch, left: number, signal: AbortSignal, known: Known): Promise<Raster | null> {
    const { grid, level } = tile;
    const beside = SIDES.flatMap(([right, down]) => {
      const col = grid.col / grid.width + right;
      const turn = (grid.lattice.periodCols ?? 0) / grid.width;
      const there = tiling.tiles.patchAt(level, 0, turn > 0 && Number.isInteger(turn) ? (col + turn) % turn : col, grid.row / grid.height + down);
      return there === null ? [] : [{ there, right, down }];
    });
    const rasters = await Promise.all(beside.map(({ there }) => found(there, left, signal, known)));
    if (rasters.every((raster) => raster === null)) return null;
    const out = emptyRaster(grid.width, grid.height);
    beside.forEach(({ right, down }, i) => {
      if (rasters[i] !== null) repeatEdge(out, rasters[i]!, right, down);
    });
    return { ...out, opaque: false };
  }

  return (tile, signal) => make(tile, Math.abs(levels), signal, new Map());
}

/** Steps to the right and down to the tiles around one; those that share a corner only come first. */
const SIDES: readonly (readonly [right: number, down: number])[] = Object.freeze([[-1, -1], [1, -1], [-1, 1], [1, 1], [-1, 0], [1, 0], [0, -1], [0, 1]]);
const REACH = Math.max(...Object.values(KERNEL_REACH));

/** Writes the outermost pixels of a neighbour, of the same size, along the side of a picture where it lies. */
function repeatEdge(out: Raster, neighbour: Raster, right: number, down: number): void {
  const [to, from] = [wordsOf(out.data), wordsOf(neighbour.data)];
  const [first, last] = [reachOf(right, out.width), reachOf(down, out.height)];
  for (let y = last[0]; y < last[1]; y++) {
    const fromY = down === 0 ? y : down < 0 ? out.height - 1 : 0;
    for (let x = first[0]; x < first[1]; x++) to[y * out.width + x] = from[fromY * out.width + (right === 0 ? x : right < 0 ? out.width - 1 : 0)]!;
  }
}

/** Pixels along one side that border on a neighbour which lies before (-1), beside (0) or behind (1). */
function reachOf(side: number, size: number): readonly [from: number, to: number] {
  if (side === 0) return [0, size];
  return side < 0 ? [0, Math.min(REACH, size)] : [Math.max(0, size - REACH), size];
}

/** A picture without the pixels whose centres lie in a rectangle. */
function without(picture: Raster, { lattice: { spec }, col, row }: PixelGrid, [minX, minY, maxX, maxY]: Bbox): Raster {
  if (spec.kind === 'healpix') throw new TypeError('tiles of a matrix lie in a plane');
  const data = picture.data.slice();
  const first = (edge: number, size: number): number => Math.min(Math.max(Math.ceil(edge - 0.5), 0), size);
  const [left, right] = [minX, maxX].map((x) => first((x - spec.x0) / spec.cellX - col, picture.width));
  const [top, bottom] = [maxY, minY].map((y) => first((spec.y0 - y) / spec.cellY - row, picture.height));
  for (let y = top!; y < bottom!; y++) data.fill(0, (y * picture.width + left!) * RGBA, (y * picture.width + right!) * RGBA);
  return { ...picture, data, opaque: false };
}

function bboxOf({ lattice: { spec }, col, row, width, height }: PixelGrid): Bbox {
  if (spec.kind === 'healpix') throw new TypeError('tiles of a matrix lie in a plane');
  const { x0, y0, cellX, cellY } = spec;
  return [x0 + col * cellX, y0 - (row + height) * cellY, x0 + (col + width) * cellX, y0 - row * cellY];
}

function countOf({ minCol, maxCol, minRow, maxRow }: TileLimits): number {
  return (maxCol - minCol + 1) * (maxRow - minRow + 1);
}

function addressesOf({ minCol, maxCol, minRow, maxRow }: TileLimits): (readonly [col: number, row: number])[] {
  const cols = Array.from({ length: maxCol - minCol + 1 }, (_, i) => minCol + i);
  return Array.from({ length: maxRow - minRow + 1 }, (_, i) => minRow + i).flatMap((row) => cols.map((col) => [col, row] as const));
}
