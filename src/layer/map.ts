import { DEGREE, type Radians } from '../geometry/angles.ts';
import { globeCrs } from '../geometry/crs/globe.ts';
import type { Frame } from '../geometry/frame/frame.ts';
import { npixOf } from '../geometry/healpix/morton.ts';
import { crsLatticeOfBbox } from '../geometry/lattice/crsLattice.ts';
import { healpixLattice } from '../geometry/lattice/healpixLattice.ts';
import { latticePoints } from '../geometry/lattice/points.ts';
import type { PixelGrid } from '../geometry/lattice/types.ts';
import type { RasterSource } from '../io/source/types.ts';
import { NO_VALUES, type Dimension, type Values } from '../protocol/dimensions.ts';
import type { ReprojectOptions } from '../raster/reproject/types.ts';
import { type DirectPicture, drawPieces, type Piece } from './pieces.ts';
import { renderSource } from './render.ts';
import type { Variants } from './variants.ts';
import type { AskInfo, DegreesBbox, Layer, MapLayer, PointInfo } from './types.ts';

/** One source of a map and how it is drawn. */
export interface MapPart {
  readonly source: RasterSource;
  /** The same source as it is best read for a grid; null or absent = as it is. */
  readonly sourceFor?: (grid: PixelGrid) => RasterSource | null;
  readonly reproject: ReprojectOptions;
  /** (0, 1] */
  readonly opacity: number;
  /** No data: it does not count where one asks what is under a pixel. Absent = it does. */
  readonly isMark?: true;
  /** Asks the source for the very grid; null where it has to be drawn by the engine. */
  readonly direct?: (grid: PixelGrid) => DirectPicture | null;
}

export interface MapLayerOptions extends Pick<Layer, 'name' | 'title' | 'abstract' | 'frame'> {
  /** Bottom first. */
  readonly parts: readonly MapPart[];
  readonly bbox: DegreesBbox;
  readonly queryable: boolean;
  readonly modified: Date;
  /** Order of the HiPS tile that a place is said to lie in; null = none fits, or none is known yet. */
  hipsOrder(): number | null;
  /** The upstreams that are asked what is under a pixel, bottom first; none = the pixel itself says it. */
  readonly askInfo?: readonly AskInfo[];
}

/** A pixel larger than this says nothing about a place; radians. */
const LARGEST_PIXEL: Radians = 0.5;

/** A layer as maps: every part straight from its source to the map, at most one resampling, then laid over each other. */
export function createMapLayer(options: MapLayerOptions): MapLayer {
  const { name, title, abstract, frame, parts, bbox, queryable, modified, askInfo = [] } = options;
  const pieces = (grid: PixelGrid): readonly Piece[] => parts.map((part) => pieceOf(name, part, grid));
  const map: MapLayer = {
    name, title, abstract, frame, bbox, queryable, modified, pieces,
    render: (grid, signal) => drawPieces(pieces(grid), grid, signal),
    dimensions: [],
    forwards: [],
    values: NO_VALUES,
    at: () => map,
    opaque: false,
    info: (lon, lat, pixelAngle, signal) => infoAt(options, lon, lat, pixelAngle, signal),
    ...(askInfo.length === 0 ? {} : { askInfo: askAll(askInfo) }),
  };
  return map;
}

/** A layer that looks different for other values. */
export interface VariedMap {
  readonly dimensions: readonly Dimension[];
  /** Names in lower case. */
  readonly forwards: readonly string[];
  /** The one for the default values first. */
  readonly variants: Variants<MapLayer>;
}

/** A map for some values of its dimensions, and for others; what does not show is that of `map`. */
export function variedMapLayer(map: MapLayer, varied: VariedMap, values: Values): MapLayer {
  const { pieces: _ofTheDefaults, ...same } = map;
  const { dimensions, forwards, variants } = varied;
  const askInfo: AskInfo = (question, signal) => variants.use(values, (one) => one.askInfo!(question, signal));
  return {
    ...same, dimensions, forwards, values,
    at: (others) => variedMapLayer(map, varied, others),
    render: (grid, signal) => variants.use(values, (one) => one.render(grid, signal)),
    info: (lon, lat, pixelAngle, signal) => variants.use(values, (one) => one.info(lon, lat, pixelAngle, signal)),
    ...(map.askInfo === undefined ? {} : { askInfo }),
  };
}

/** What each of several upstreams says, side by side. */
function askAll(all: readonly AskInfo[]): AskInfo {
  return async (question, signal) => (await Promise.all(all.map((ask) => ask(question, signal)))).flat();
}

function pieceOf(name: string, { source, sourceFor, reproject, opacity, direct }: MapPart, grid: PixelGrid): Piece {
  return { name, opacity, direct: direct?.(grid) ?? null, draw: (signal) => renderSource(grid, sourceFor?.(grid) ?? source, reproject, signal) };
}

async function infoAt(options: MapLayerOptions, lon: Radians, lat: Radians, pixelAngle: Radians, signal: AbortSignal): Promise<PointInfo> {
  const place = { lon: eastDegrees(lon), lat: lat / DEGREE, unit: null };
  if (Number.isNaN(lon) || Number.isNaN(lat)) return { ...place, value: [], hips: null };
  const grid = pixelAround(options.frame, lon, lat, pixelAngle);
  const parts = options.parts.filter(({ isMark }) => isMark !== true).map(({ sourceFor: _anyPlane, ...part }): MapPart => ({ ...part, reproject: { ...part.reproject, kernel: 'nearest' } }));
  const pixel = await createMapLayer({ ...options, parts }).render(grid, signal);
  return { ...place, value: straightColour(pixel.data), hips: cellAt(options, lon, lat) };
}

/** Degrees in [-180, 180). */
function eastDegrees(lon: Radians): number {
  const degrees = lon / DEGREE;
  return degrees - 360 * Math.floor((degrees + 180) / 360);
}

/** One pixel whose centre is the place. */
function pixelAround(frame: Frame, lon: Radians, lat: Radians, pixelAngle: Radians): PixelGrid {
  const half = Math.min(pixelAngle, LARGEST_PIXEL) / 2;
  const lattice = crsLatticeOfBbox(globeCrs(frame, lon, lat), [-half, -half, half, half], 1, 1);
  return { lattice, chart: 0, col: 0, row: 0, width: 1, height: 1 };
}

/** Red, green, blue, alpha without premultiplication; [] for a transparent pixel. */
function straightColour([r = 0, g = 0, b = 0, alpha = 0]: Uint8Array): readonly number[] {
  if (alpha === 0) return [];
  const straight = (channel: number): number => Math.min(255, Math.round((channel * 255) / alpha));
  return [straight(r), straight(g), straight(b), alpha];
}

function cellAt(options: MapLayerOptions, lon: Radians, lat: Radians): PointInfo['hips'] {
  const order = options.hipsOrder();
  if (order === null) return null;
  const lattice = healpixLattice(options.frame, order);
  const at = latticePoints(1);
  lattice.toPixels(1, { lon: Float64Array.of(lon), lat: Float64Array.of(lat) }, at);
  const [face, col, row] = [at.chart[0]!, at.col[0]!, at.row[0]!];
  if (face < 0) return null;
  const inside = (coordinate: number): number => Math.min(Math.max(Math.floor(coordinate), 0), lattice.width - 1);
  return { order, npix: npixOf(order, face, inside(row), inside(col)) };
}
