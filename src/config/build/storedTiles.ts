import { degreesOnBody } from '../../geometry/crs/alias.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { isTooSmall, type LevelChoice } from '../../geometry/pyramid/levelChoice.ts';
import { metresPerPixel } from '../../geometry/pyramid/resolutionRange.ts';
import type { TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { matrixSetTiling } from '../../io/source/matrixTiling.ts';
import { tiledSource } from '../../io/source/tiledSource.ts';
import type { PatchBytes } from '../../io/source/types.ts';
import { metresPerUnit } from '../../protocol/scale.ts';
import type { CacheConfig } from '../types.ts';
import type { BuildContext } from './context.ts';
import { frameOfGrids, matrixSetOf, saysHowDeep } from './grids.ts';
import { versionOf } from './names.ts';
import type { BuiltSource } from './sources.ts';

/** Whoever fills the cache may change its tiles at any time: what was read, and that nothing was there, is believed this long. */
const BELIEVED_MS = 60_000;

/**
 * The stored tiles of a cache without sources, as a source: those of its first grid, at the level that MapProxy would choose. Where no
 * tile is stored there is nothing.
 * @param frame the one that the layer names; null = that of the grid
 * @throws ConfigError
 */
export function buildStoredTiles(cache: CacheConfig, frame: Frame | null, context: BuildContext): BuiltSource {
  const grid = cache.grids[0]!;
  const set = matrixSetOf(grid.grid, frame ?? frameOfGrids(cache, context), [...cache.path, 'grids', 0], context);
  const choice = choiceOf(grid.grid, context);
  const tiling = matrixSetTiling(set, { choice });
  const own = context.cacheStores.ofCache({ cache, grid, set });
  const read: PatchBytes = {
    async fetch(tile) {
      const { matrix, col, row } = tiling.addressOf(tile);
      const found = await own.store.get(own.key({ level: set.tileMatrices.indexOf(matrix), col, row }));
      return found === undefined || found.bytes.length === 0 ? null : { bytes: found.bytes, contentType: cache.format };
    },
  };
  const version = versionOf([cache.path, set.crs.id, set.bbox, set.tileMatrices, grid.store]);
  const bytes = context.shared.bytes(`cache ${cache.name} ${version}`, tiling.tiles, read);
  const { codec, decodedBytes: decodedCacheBytes } = context;
  const tiles = tiledSource({ id: cache.name, tiling, bytes, codec, decodedCacheBytes, ttlMs: BELIEVED_MS, missingTtlMs: BELIEVED_MS });
  const source = { ...tiles, isShownAt: (target: PixelGrid) => !isShownTooSmall(target, set, choice) };
  return { source, tiles: { tiling, bytes }, modified: null, hasResolution: saysHowDeep(grid.grid, context), version, close: () => Promise.resolve() };
}

function choiceOf(grid: string, { loaded: { config } }: BuildContext): LevelChoice {
  const { image } = config.globals;
  const { stretch_factor, max_shrink_factor, threshold_res } = config.grids.get(grid) ?? { ...image, threshold_res: null };
  return { stretchFactor: stretch_factor, maxShrinkFactor: max_shrink_factor, thresholdRes: threshold_res ?? [] };
}

/** Maps that would reduce the coarsest level by more than max_shrink_factor stay blank, as in MapProxy. The tiles of a HiPS do not: its first orders show the whole sphere. */
function isShownTooSmall(target: PixelGrid, { crs, tileMatrices }: TileMatrixSet, choice: LevelChoice): boolean {
  if (target.lattice.spec.kind === 'healpix') return false;
  const cells = tileMatrices.map(({ cellSize }) => cellSize * metresPerUnit(crs, 'body')).toSorted((a, b) => b - a);
  return isTooSmall(cells, Math.min(...metresPerPixel(target, radiusOf(crs))), choice);
}

function radiusOf({ frame }: Crs): number {
  return (metresPerUnit(degreesOnBody(frame, 'CRS:84'), 'body') * 180) / Math.PI;
}
