import type { Bbox } from '../../geometry/crs/axis.ts';
import { tileBbox, type TileMatrix, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { EXTENSION_OF, type ImageFormat } from '../../raster/format.ts';
import { offeredMatrices } from './profile.ts';

/** What a TileJSON document is made from. */
export interface TileJsonSource {
  readonly title: string;
  readonly abstract: string;
  /** HTML or text; '' = none. */
  readonly attribution: string;
  readonly set: TileMatrixSet;
  readonly format: ImageFormat;
  /** Degrees of the layer's own body, east-positive, inside [-180, 180] x [-90, 90]. */
  readonly geographicBbox: Bbox;
  /** Public address of the layer on this grid, without trailing slash: 'https://host/tiles/moon/geodetic'. */
  readonly url: string;
  /** What the /tiles service counts from when the address does not say: the configuration's, or null = the grid's own. */
  readonly origin: 'sw' | 'nw' | null;
}

/** Where row 0 begins when rows are counted from the top. */
function topOf(matrix: TileMatrix): number {
  return tileBbox(matrix, 0, matrix.cornerOfOrigin === 'topLeft' ? 0 : matrix.matrixHeight - 1)[3];
}

/** First level from which on all levels begin at the same height, which is what map libraries take for granted. */
function firstAligned(matrices: readonly TileMatrix[]): number {
  const top = topOf(matrices.at(-1) as TileMatrix);
  return matrices.findLastIndex((matrix) => Math.abs(topOf(matrix) - top) > ALIGNED * matrix.cellSize) + 1;
}

/** Part of a pixel by which rounding may move the top of a level. */
const ALIGNED = 1e-3;

/**
 * A TileJSON 3.0.0 document as an object to be written as JSON. Rows always count from the top ('xyz', what map libraries
 * expect); grids that count from below get '?origin=nw' in the address, and their levels that do not begin at the common top (level
 * 0 of GLOBAL_GEODETIC) lie below minzoom. `crs`, `origin` (top left corner, x/y), `tile_size`, `resolutions` (from level 0) and
 * `bbox` are additions that the standard allows: it knows the Earth in web Mercator only.
 */
export function tileJson(source: TileJsonSource): Readonly<Record<string, unknown>> {
  const { set, geographicBbox: box } = source;
  const matrices = offeredMatrices(set, false);
  const fromTop = (source.origin ?? (set.tileMatrices[0]?.cornerOfOrigin === 'topLeft' ? 'nw' : 'sw')) === 'nw';
  return {
    tilejson: '3.0.0',
    name: source.title,
    ...(source.abstract === '' ? {} : { description: source.abstract }),
    ...(source.attribution === '' ? {} : { attribution: source.attribution }),
    version: '1.0.0',
    scheme: 'xyz',
    tiles: [`${source.url}/{z}/{x}/{y}.${EXTENSION_OF[source.format]}${fromTop ? '' : '?origin=nw'}`],
    minzoom: firstAligned(matrices),
    maxzoom: matrices.length - 1,
    bounds: box,
    center: [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, firstAligned(matrices)],
    crs: set.crs.id,
    origin: [set.bbox[0], topOf(matrices.at(-1) as TileMatrix)],
    tile_size: [matrices[0]?.tileWidth, matrices[0]?.tileHeight],
    resolutions: matrices.map((matrix) => matrix.cellSize),
    bbox: set.bbox,
  };
}
