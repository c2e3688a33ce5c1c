import type { GridContext } from '../config/build/grids.ts';
import { matrixSetOf } from '../config/build/grids.ts';
import { registryOf } from '../config/build/registry.ts';
import type { LoadedConfig } from '../config/types.ts';
import { GatewayError } from '../errors.ts';
import type { Bbox } from '../geometry/crs/axis.ts';
import { standardGrid, standardSetNames } from '../geometry/pyramid/standardSets.ts';
import { setLimits, type TileLimits, type TileMatrixSet } from '../geometry/pyramid/tileMatrixSet.ts';
import { type Coverage, type Part, readCoverage } from './coverage.ts';
import { countCovered, tilesIn } from './coveredTiles.ts';

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
  /** `covered` follows from the level above: counting would take too long. Somewhat too many, by tiles along the border. */
  readonly approximate?: true;
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

/** The part of the world that is asked about. @throws GatewayError CONFIG_INVALID for a file that cannot be read */
export async function partOf(coverage: Coverage | null, loaded: LoadedConfig): Promise<Part | null> {
  return coverage === null ? null : readCoverage(coverage, { loaded, registry: registryOf(loaded.config) });
}

/**
 * A grid, by the name of a configuration or a predefined one.
 * @throws GatewayError CONFIG_INVALID for a name that there is not and a coverage of another body; ConfigError for options that contradict
 */
export function describeGrid(name: string, part: Part | null, loaded: LoadedConfig): GridListing {
  const context: GridContext = { loaded, registry: registryOf(loaded.config) };
  const srs = loaded.config.grids.get(name)?.srs ?? standardGrid(name)?.srs;
  if (srs === undefined) throw new GatewayError('CONFIG_INVALID', `there is no grid '${name}': ${gridNames(loaded).join(', ')}, or a predefined one`);
  const set = matrixSetOf(name, context.registry.crsOf(srs).frame, ['grids', name], context);
  const covered = part === null ? null : coveredBy(part, set);
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
      ...covered?.get(matrix.id),
    })),
  };
}

type Covered = Pick<GridLevel, 'covered' | 'approximate'>;

/** Looks at a region that are worth a number: less than a second. */
const MOST_LOOKS = 10_000;

function coveredBy(part: Part, set: TileMatrixSet): ReadonlyMap<string, Covered> {
  const bbox = part.bboxOn(set.crs);
  const region = part.regionOn(set.crs.frame);
  const limits = bbox === null ? new Map<string, TileLimits>() : setLimits(set, bbox);
  const found = new Map<string, Covered>();
  /** Of the last level that was counted: tiles, and units of the plane that each is large. */
  let counted: { readonly tiles: number; readonly area: number } | null = null;
  let isTooFine = false;
  for (const matrix of set.tileMatrices) {
    const within = limits.get(matrix.id);
    const area = (matrix.cellSize * matrix.tileWidth) * (matrix.cellSize * matrix.tileHeight);
    const tiles: number | null = within === undefined ? 0 : isTooFine ? null : countCovered({ crs: set.crs, matrix, limits: within, region }, MOST_LOOKS);
    isTooFine ||= tiles === null;
    if (tiles === null) found.set(matrix.id, { covered: Math.min(tilesIn(within!), Math.round((counted?.tiles ?? 0) * ((counted?.area ?? 0) / area))), approximate: true });
    else {
      found.set(matrix.id, { covered: tiles });
      counted = { tiles, area };
    }
  }
  return found;
}
