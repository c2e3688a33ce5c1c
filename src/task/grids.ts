import type { GridContext } from '../config/build/grids.ts';
import { matrixSetOf } from '../config/build/grids.ts';
import { registryOf } from '../config/build/registry.ts';
import type { LoadedConfig } from '../config/types.ts';
import { GatewayError } from '../errors.ts';
import { crsOnFrame, degreesOnBody } from '../geometry/crs/alias.ts';
import type { Bbox } from '../geometry/crs/axis.ts';
import type { Crs } from '../geometry/crs/types.ts';
import { projectBbox } from '../geometry/pyramid/projectBbox.ts';
import { standardGrid, standardSetNames } from '../geometry/pyramid/standardSets.ts';
import { setLimits, type TileLimits, type TileMatrixSet } from '../geometry/pyramid/tileMatrixSet.ts';

/** One level of a grid. */
export interface GridLevel {
  /** Identifier in addresses: '0', '1', or the name of a named `res`. */
  readonly level: string;
  /** Units of the reference system per pixel. */
  readonly resolution: number;
  readonly columns: number;
  readonly rows: number;
  readonly tiles: number;
  /** Tiles that the coverage touches; absent where none was asked about. */
  readonly covered?: number;
}

/** A grid with everything that follows from its options. */
export interface GridListing {
  readonly name: string;
  readonly srs: string;
  readonly unit: 'degree' | 'metre';
  /** Units of `srs`, x before y. */
  readonly bbox: Bbox;
  /** Corner from which tiles are counted. */
  readonly origin: 'sw' | 'nw';
  /** Pixels. */
  readonly tile_size: readonly [number, number];
  /** Caches that are cut by it. */
  readonly caches: readonly string[];
  /** Coarsest first. */
  readonly levels: readonly GridLevel[];
}

/** Which part of the world tiles are counted in. */
export interface Coverage {
  readonly bbox: Bbox;
  /** null = degrees of the grid's body, longitude before latitude. */
  readonly srs: string | null;
}

/**
 * Names of the grids of a configuration: its own, then the predefined ones that its caches use; as `mapproxy-util grids --list`.
 */
export function gridNames({ config }: LoadedConfig): readonly string[] {
  const used = [...config.caches.values()].flatMap(({ grids }) => grids.map(({ grid }) => grid));
  return [...new Set([...config.grids.keys(), ...used])];
}

/** Names of the predefined grids of every body that the configuration has a grid of; on the sky and for what has none, none. */
export function predefinedNames(loaded: LoadedConfig): readonly string[] {
  const registry = registryOf(loaded.config);
  const bodies = gridNames(loaded).flatMap((name) => {
    const srs = loaded.config.grids.get(name)?.srs ?? standardGrid(name)?.srs;
    return srs === undefined ? [] : [registry.crsOf(srs).frame.id];
  });
  return [...new Set(bodies)].flatMap(standardSetNames).filter((name) => standardGrid(name) !== null);
}

/**
 * A grid, by the name of a configuration or a predefined one.
 * @throws GatewayError CONFIG_INVALID for a name that there is not and a coverage of another body; ConfigError for options that contradict
 */
export function describeGrid(name: string, coverage: Coverage | null, loaded: LoadedConfig): GridListing {
  const context: GridContext = { loaded, registry: registryOf(loaded.config) };
  const srs = loaded.config.grids.get(name)?.srs ?? standardGrid(name)?.srs;
  if (srs === undefined) throw new GatewayError('CONFIG_INVALID', `there is no grid '${name}': ${gridNames(loaded).join(', ')}, or a predefined one`);
  const set = matrixSetOf(name, context.registry.crsOf(srs).frame, ['grids', name], context);
  const touched = coverage === null ? null : touchedBy(coverage, set, context);
  const [first] = set.tileMatrices;
  return {
    name, srs, unit: set.crs.unit, bbox: set.bbox,
    origin: first!.cornerOfOrigin === 'topLeft' ? 'nw' : 'sw',
    tile_size: [first!.tileWidth, first!.tileHeight],
    caches: [...loaded.config.caches.values()].filter(({ grids }) => grids.some(({ grid }) => grid === name)).map((cache) => cache.name),
    levels: set.tileMatrices.map((matrix) => ({
      level: matrix.id,
      resolution: matrix.cellSize,
      columns: matrix.matrixWidth,
      rows: matrix.matrixHeight,
      tiles: matrix.matrixWidth * matrix.matrixHeight,
      ...(touched === null ? {} : { covered: countOf(touched.get(matrix.id)) }),
    })),
  };
}

function touchedBy({ bbox, srs }: Coverage, set: TileMatrixSet, { registry }: GridContext): ReadonlyMap<string, TileLimits> {
  const from: Crs | null = srs === null ? degreesOnBody(set.crs.frame, 'CRS:84') : crsOnFrame(registry.crsOf(srs), set.crs.frame);
  if (from === null) throw new GatewayError('CONFIG_INVALID', `${srs} does not show '${set.crs.frame.id}', for which the grid '${set.id}' is`);
  const projected = projectBbox(from, bbox, set.crs);
  return projected === null ? new Map() : setLimits(set, projected);
}

function countOf(limits: TileLimits | undefined): number {
  return limits === undefined ? 0 : (limits.maxCol - limits.minCol + 1) * (limits.maxRow - limits.minRow + 1);
}
