import { GatewayError } from '../../errors.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { standardGrid } from '../../geometry/pyramid/standardSets.ts';
import { setLimits, type TileLimits, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import type { HttpClient } from '../../io/net/http.ts';
import { debugSource } from '../../io/source/debug.ts';
import { withErrorAnswers } from '../../io/source/errorAnswers.ts';
import { matrixSetTiling, type MatrixTiling } from '../../io/source/matrixTiling.ts';
import { tileBytes } from '../../io/source/tile.ts';
import { tiledSource } from '../../io/source/tiledSource.ts';
import { tileTemplate, tmsTemplate, xyzTemplate, type NamedTile } from '../../io/source/tileTemplate.ts';
import type { Patch } from '../../io/source/types.ts';
import type { CommonSourceConfig, DebugSourceConfig, RemoteSourceConfig, TileSourceConfig, TmsSourceConfig, XyzSourceConfig } from '../types.ts';
import { configError, type BuildContext } from './context.ts';
import { matrixSetOf, saysHowDeep } from './grids.ts';
import { versionOf } from './names.ts';
import { coverageOfSource, crsOfSource, frameOfSource } from './sourceCrs.ts';
import type { BuiltSource } from './sources.ts';
import { clientFor, keptBytes } from './upstream.ts';

/** Tiles of an upstream, ready to be asked for. */
export interface TilePlan {
  readonly set: TileMatrixSet;
  /** Tiles that the upstream says it has, by matrix; null = it does not say. */
  readonly limits: ReadonlyMap<string, TileLimits> | null;
  addressOf(tiling: MatrixTiling): (tile: Patch) => string;
  /** What the tiles depend on, beside the set. */
  readonly parts: readonly unknown[];
  /** Whether the finest matrix is one that the upstream has, not just one that a grid could have. */
  readonly hasResolution: boolean;
}

/** A source of tiles, kept as they come. */
export function tilesSource(config: RemoteSourceConfig, plan: TilePlan, http: HttpClient, context: BuildContext): BuiltSource {
  const { set, parts, hasResolution } = plan;
  const tiling = tilingOf(config, set, plan.limits, context);
  const identity = versionOf([...parts, set.crs.id, set.tileMatrices, config.on_error]);
  const bytes = tileBytes({ http, addressOf: plan.addressOf(tiling) });
  const kept = keptBytes(config, { tiling: tiling.tiles, bytes, otherSize: 'resize', identity }, context);
  const source = tiledSource({ id: config.name, tiling, bytes: kept, codec: context.codec, decodedCacheBytes: context.decodedBytes, remember: context.remember });
  const version = versionOf([identity, config.coverage]);
  const raw = withErrorAnswers(bytes, config.on_error, context.codec);
  return { source, tiles: { tiling, bytes: raw }, modified: null, hasResolution, version, close: () => http.close() };
}

/** The tiling of a set within the coverage of a source and what the upstream has. @throws ConfigError where nothing is left */
export function tilingOf(config: CommonSourceConfig, set: TileMatrixSet, limits: TilePlan['limits'], context: BuildContext): MatrixTiling {
  const bbox = coverageOfSource(config, set.crs, context);
  const covered = bbox === null ? null : setLimits(set, bbox);
  if (covered?.size === 0) throw configError(context, [...config.path, 'coverage'], 'the coverage lies outside of the tiles of the source');
  return matrixSetTiling(set, { limits: common(limits, covered) });
}

function common(a: TilePlan['limits'], b: TilePlan['limits']): TilePlan['limits'] {
  if (a === null || b === null) return a ?? b;
  return new Map([...a].flatMap(([id, one]) => {
    const other = b.get(id);
    if (other === undefined) return [];
    const both = {
      minCol: Math.max(one.minCol, other.minCol),
      maxCol: Math.min(one.maxCol, other.maxCol),
      minRow: Math.max(one.minRow, other.minRow),
      maxRow: Math.min(one.maxRow, other.maxRow),
    };
    return both.minCol <= both.maxCol && both.minRow <= both.maxRow ? [[id, both] as const] : [];
  }));
}

/** The set of a source's own grid, in the CRS that is meant. */
export function setOfGrid(config: CommonSourceConfig & { readonly grid: string; readonly srs_override?: string | null }, frame: Frame | null, context: BuildContext): TileMatrixSet {
  const { grid, srs_override = null, path } = config;
  const srs = srsOfGrid(grid, context);
  const shown = srs_override === null ? frameOfSource(config, frame) : null;
  const set = matrixSetOf(grid, shown ?? context.registry.crsOf(srs).frame, [...path, 'grid'], context);
  return { ...set, crs: crsOfSource(srs_override ?? set.crs.id, config, frame, context) };
}

function srsOfGrid(grid: string, { loaded }: BuildContext): string {
  return loaded.config.grids.get(grid)?.srs ?? standardGrid(grid)?.srs ?? 'EPSG:4326';
}

type GridSourceConfig = TileSourceConfig | XyzSourceConfig | TmsSourceConfig;

/** `type: tile`, `xyz` and `tms`. @throws ConfigError */
export function buildTile(config: GridSourceConfig, frame: Frame | null, context: BuildContext): BuiltSource {
  const set = setOfGrid(config, frame, context);
  const address = addressIn(config, context);
  const format = extensionOf('request_format' in config ? config.request_format : 'image/png');
  const plan: TilePlan = {
    set,
    limits: null,
    addressOf: (tiling) => (tile) => address({ address: tiling.addressOf(tile), z: tiling.zOf(tile), format }),
    parts: [config.url, config.type, format],
    hasResolution: saysHowDeep(config.grid, context),
  };
  return tilesSource(config, plan, clientFor(config, context), context);
}

function addressIn(config: GridSourceConfig, context: BuildContext): (tile: NamedTile) => string {
  try {
    if (config.type === 'tile') return tileTemplate(config.url);
    return config.type === 'tms' ? tmsTemplate(config.url) : xyzTemplate(config.url, config.subdomains);
  } catch (error) {
    if (error instanceof GatewayError) throw configError(context, [...config.path, 'url'], error.message);
    throw error;
  }
}

/** What follows the slash of the media type, as in MapProxy: 'jpeg' of 'image/jpeg'. */
function extensionOf(format: string): string {
  return format.replace(/;.*$/, '').replace(/^.*\//, '').trim();
}

/** `type: debug`. */
export function buildDebug(config: DebugSourceConfig, frame: Frame | null, context: BuildContext): BuiltSource {
  const set = setOfGrid(config, frame, context);
  const source = debugSource(config.name, tilingOf(config, set, null, context));
  const version = versionOf([set.crs.id, set.tileMatrices, config.coverage]);
  return { source, modified: null, hasResolution: false, version, close: () => Promise.resolve() };
}
