import type { Bbox } from '../../geometry/crs/axis.ts';
import { flipRow, isInMatrix, type TileAddress, type TileMatrix, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { GatewayError } from '../../errors.ts';

/** What TMS 1.0.0 calls a grid, and how its levels count. */
export interface TmsProfile {
  readonly name: 'global-mercator' | 'global-geodetic' | 'local';
  /** Identifier of the CRS as the profile wants it. */
  readonly srs: string;
  /** The profile starts at 2 x 2 (2 x 1) tiles, where MapProxy's grids have one more level above. */
  readonly skipsFirst: boolean;
  /** Grids in steps of the square root of two: every second level is offered. */
  readonly skipsOdd: boolean;
}

/** A tile as an address says it: level, column, row. */
export interface TileNumbers {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** How an address counts. */
export interface TileCounting {
  /** Where row 0 lies; null = as the grid has it. */
  readonly origin: 'sw' | 'nw' | null;
  /** True under /tms, whose levels follow the profile; false under /tiles and /kml, which start at the first level. */
  readonly useProfile: boolean;
}

const WORLD_DEGREES: Bbox = Object.freeze([-180, -90, 180, 90] as const);
const WORLD_MERCATOR = 20037508.342789244;

/** Metres or degrees by which a world may differ from the world. */
const SAME = 1e-6;

function isBbox(a: Bbox, b: Bbox): boolean {
  return a.every((value, i) => Math.abs(value - (b[i] as number)) < SAME);
}

/**
 * The profile of a grid, by MapProxy's rule: only the exact world in EPSG:4326 or in the web Mercator is global; grids of other
 * bodies are local and skip no level.
 */
export function tmsProfile(set: TileMatrixSet): TmsProfile {
  const [first, second] = set.tileMatrices;
  const skipsOdd = first !== undefined && second !== undefined && Math.abs(first.cellSize / second.cellSize - Math.SQRT2) < 1e-12;
  const half = WORLD_MERCATOR;
  if (set.crs.id === 'EPSG:3857' && isBbox(set.bbox, [-half, -half, half, half])) {
    return { name: 'global-mercator', srs: 'OSGEO:41001', skipsFirst: true, skipsOdd };
  }
  if (set.crs.id === 'EPSG:4326' && isBbox(set.bbox, WORLD_DEGREES)) {
    return { name: 'global-geodetic', srs: 'EPSG:4326', skipsFirst: true, skipsOdd };
  }
  return { name: 'local', srs: set.crs.id, skipsFirst: false, skipsOdd };
}

/** Index of the matrix of a public level. */
function levelOf(z: number, profile: TmsProfile, useProfile: boolean): number {
  return (z + (useProfile && profile.skipsFirst ? 1 : 0)) * (profile.skipsOdd ? 2 : 1);
}

/** The matrices that an address can name, at the place of their public level. */
export function offeredMatrices(set: TileMatrixSet, useProfile: boolean): readonly TileMatrix[] {
  const profile = tmsProfile(set);
  return set.tileMatrices.filter((_, index) => index >= levelOf(0, profile, useProfile) && (!profile.skipsOdd || index % 2 === 0));
}

/**
 * The tile of an address in the grid's own numbers. @throws TILE_OUT_OF_RANGE where there is none
 */
export function resolveTileNumbers(set: TileMatrixSet, { z, x, y }: TileNumbers, { origin, useProfile }: TileCounting): TileAddress {
  const matrix = offeredMatrices(set, useProfile)[z];
  if (matrix === undefined || !isInMatrix(matrix, x, y)) {
    throw new GatewayError('TILE_OUT_OF_RANGE', `tile ${z}/${x}/${y} is outside the grid '${set.id}'`, { locator: 'tile' });
  }
  const own = matrix.cornerOfOrigin === 'topLeft' ? 'nw' : 'sw';
  return { matrix, col: x, row: origin === null || origin === own ? y : flipRow(matrix, y) };
}
