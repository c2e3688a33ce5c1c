import type { Bbox } from '../crs/axis.ts';
import { BODIES, type Body } from '../crs/bodyTable.ts';
import type { Crs } from '../crs/types.ts';
import { createGrid, type GridOptions } from './mapproxyGrid.ts';
import type { TileMatrixSet } from './tileMatrixSet.ts';

/** A predefined grid as a configuration would write it, so that `base:` can inherit from it. */
export interface GridDefinition extends Pick<GridOptions, 'bbox' | 'origin' | 'minRes' | 'numLevels'> {
  /** Identifier of the CRS. */
  readonly srs: string;
}

type KindOfSet = 'EQUIRECTANGULAR' | 'GEOGRAPHIC' | 'NORTH_POLAR' | 'SOUTH_POLAR' | 'MERCATOR';

const TILE = 256;
const WORLD: Bbox = Object.freeze([-180, -90, 180, 90] as const);
/** Degrees per pixel of a world of 2 x 1 tiles. */
const TWO_TILE_DEGREES = 180 / TILE;

/** MapProxy's own names, OGC's (17-083r4, annex D) and the sky. Without bbox: the whole domain of the CRS. */
const NAMED: { readonly [name: string]: GridDefinition } = Object.freeze({
  GLOBAL_GEODETIC: { srs: 'EPSG:4326', origin: 'sw' },
  GLOBAL_MERCATOR: { srs: 'EPSG:900913', origin: 'sw' },
  GLOBAL_WEBMERCATOR: { srs: 'EPSG:3857', origin: 'nw' },
  WebMercatorQuad: { srs: 'EPSG:3857', origin: 'nw', numLevels: 25 },
  WorldCRS84Quad: { srs: 'CRS:84', origin: 'nw', bbox: WORLD, minRes: TWO_TILE_DEGREES, numLevels: 18 },
  ICRS_GEOGRAPHIC: { srs: 'HIPS:ICRS', origin: 'nw', bbox: WORLD, minRes: TWO_TILE_DEGREES },
  GALACTIC_GEOGRAPHIC: { srs: 'HIPS:GAL', origin: 'nw', bbox: WORLD, minRes: TWO_TILE_DEGREES },
  ECLIPTIC_GEOGRAPHIC: { srs: 'HIPS:ECL', origin: 'nw', bbox: WORLD, minRes: TWO_TILE_DEGREES },
} satisfies Record<string, GridDefinition>);

function square(half: number): Bbox {
  return [-half, -half, half, half];
}

function iauSet({ naif }: Body, suffix: number, bbox: Bbox, minRes: number): GridDefinition {
  return { srs: `IAU_2015:${naif * 100 + suffix}`, origin: 'nw', bbox, minRes };
}

/** Half a turn of the equator of the body's IAU sphere, metres. */
function halfTurn(body: Body): number {
  return Math.PI * body.radius;
}

/**
 * What each kind means on a body. The polar sets reach the equator, at 2 R from the pole in the stereographic projection;
 * the Mercator square has one tile at level 0, the cylindrical worlds have 2 x 1 (GDAL and QGIS read the metre set right).
 */
const KINDS: { readonly [kind in KindOfSet]: (body: Body) => GridDefinition } = Object.freeze({
  EQUIRECTANGULAR: (body) => {
    const half = halfTurn(body);
    return iauSet(body, 10, [-half, -half / 2, half, half / 2], half / TILE);
  },
  GEOGRAPHIC: (body) => iauSet(body, 0, WORLD, TWO_TILE_DEGREES),
  NORTH_POLAR: (body) => iauSet(body, 30, square(2 * body.radius), (4 * body.radius) / TILE),
  SOUTH_POLAR: (body) => iauSet(body, 35, square(2 * body.radius), (4 * body.radius) / TILE),
  MERCATOR: (body) => iauSet(body, 90, square(halfTurn(body)), (2 * halfTurn(body)) / TILE),
});

const KIND_NAMES = Object.keys(KINDS) as readonly KindOfSet[];

/** 'MARS', 'CHURYUMOV_GERASIMENKO', '52_EUROPA'. */
function setPrefix(bodyName: string): string {
  return bodyName.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
}

/**
 * The definition behind a predefined name: MapProxy's three, WebMercatorQuad, WorldCRS84Quad, {ICRS,GALACTIC,ECLIPTIC}_GEOGRAPHIC,
 * or BODY_KIND for each body of the IAU table and the kinds EQUIRECTANGULAR, GEOGRAPHIC, NORTH_POLAR, SOUTH_POLAR, MERCATOR.
 * null where there is none of that name.
 */
export function standardGrid(name: string): GridDefinition | null {
  if (Object.hasOwn(NAMED, name)) return NAMED[name] ?? null;
  const kind = KIND_NAMES.find((candidate) => name.endsWith(`_${candidate}`));
  if (kind === undefined) return null;
  const prefix = name.slice(0, -kind.length - 1);
  const body = BODIES.find((candidate) => setPrefix(candidate.name) === prefix);
  return body === undefined ? null : KINDS[kind](body);
}

/** Names of the predefined sets of a body, those in metres first; meaningful for bodies of the IAU table. */
export function standardSetNames(bodyName: string): readonly string[] {
  return KIND_NAMES.map((kind) => `${setPrefix(bodyName)}_${kind}`);
}

/**
 * The tile matrix set of a predefined name, or null. @param crsOf how identifiers become CRSs; throws CRS_NOT_SUPPORTED
 */
export function standardSet(name: string, crsOf: (identifier: string) => Crs): TileMatrixSet | null {
  const definition = standardGrid(name);
  if (definition === null) return null;
  const { srs, ...rest } = definition;
  return createGrid({ name, crs: crsOf(srs), ...rest });
}
