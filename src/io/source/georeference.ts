import type { Crs } from '../../geometry/crs/types.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import type { Bbox } from './crsTiling.ts';
import type { TiffTags } from './tiffTags.ts';

/** Where the pixels of a picture lie: north up, no rotation. */
export interface Georeference {
  /** Plane coordinates of the outer corner of the top left pixel, CRS units. */
  readonly x0: number;
  readonly y0: number;
  /** Size of a pixel, CRS units, positive. */
  readonly cellX: number;
  readonly cellY: number;
}

/** Key of GeoTIFF that says what a tie point ties: 2 = the centre of a pixel (PixelIsPoint), else its corner (OGC 19-008r4, 7.4). */
const RASTER_TYPE_KEY = 1025;
const PIXEL_IS_POINT = 2;

/**
 * A world file: six numbers, x per column, y per column, x per row, y per row, and x, y of the CENTRE of the top left pixel.
 * @throws Error for other text and for rotated or south-up pictures
 */
export function parseWorldFile(text: string): Georeference {
  const numbers = text.trim().split(/\s+/).map(Number);
  const [a, d, b, e, c, f] = numbers;
  if (numbers.length < 6 || !numbers.slice(0, 6).every(Number.isFinite)) throw new Error('a world file must hold six numbers');
  return northUp({ xPerCol: a!, yPerCol: d!, xPerRow: b!, yPerRow: e!, x0: c! - a! / 2, y0: f! - e! / 2 });
}

/**
 * What the tags of a GeoTIFF say, or null if they say nothing.
 * @throws Error for rotated or south-up pictures
 */
export function georeferenceOfTags(tags: TiffTags): Georeference | null {
  const shift = tags.geoKeys.get(RASTER_TYPE_KEY) === PIXEL_IS_POINT ? 0.5 : 0;
  const m = tags.transformation;
  if (m !== null && m.length >= 8) {
    const [a, b, d, e, f, h] = [m[0]!, m[1]!, m[3]!, m[4]!, m[5]!, m[7]!];
    return northUp({ xPerCol: a, xPerRow: b, yPerCol: e, yPerRow: f, x0: d - shift * a, y0: h - shift * f });
  }
  if (tags.pixelScale === null || tags.tiepoint === null || tags.tiepoint.length < 6) return null;
  const [cellX, cellY] = [tags.pixelScale[0] ?? NaN, tags.pixelScale[1] ?? NaN];
  const [col, row, , x, y] = tags.tiepoint as [number, number, number, number, number];
  const corner = { x0: x - (col + shift) * cellX, y0: y + (row + shift) * cellY };
  return northUp({ xPerCol: cellX, xPerRow: 0, yPerCol: 0, yPerRow: -cellY, ...corner });
}

interface Affine {
  readonly xPerCol: number;
  readonly xPerRow: number;
  readonly yPerCol: number;
  readonly yPerRow: number;
  readonly x0: number;
  readonly y0: number;
}

function northUp({ xPerCol, xPerRow, yPerCol, yPerRow, x0, y0 }: Affine): Georeference {
  if (xPerRow !== 0 || yPerCol !== 0) throw new Error('the picture is rotated against its CRS; resample it first');
  if (!(xPerCol > 0 && yPerRow < 0)) throw new Error(`pixels of ${xPerCol} x ${-yPerRow}: expected columns to the right and rows downwards`);
  return { x0, y0, cellX: xPerCol, cellY: -yPerRow };
}

/**
 * The bbox of a picture. Cells written with few digits miss the full circle or the poles by a little: an edge within half a
 * pixel of them is set there, so that the map closes.
 */
export function bboxOfGeoreference({ x0, y0, cellX, cellY }: Georeference, crs: Crs, width: Pixels, height: Pixels): Bbox {
  const [, south, , north] = crs.extent;
  const near = (value: number, wanted: number, cell: number) => (Math.abs(value - wanted) <= cell / 2 ? wanted : value);
  const spanX = crs.periodX === null ? width * cellX : near(width * cellX, crs.periodX, cellX);
  const top = crs.poleLines ? near(y0, north, cellY) : y0;
  const bottom = crs.poleLines ? near(y0 - height * cellY, south, cellY) : y0 - height * cellY;
  return [x0, bottom, x0 + spanX, top];
}
