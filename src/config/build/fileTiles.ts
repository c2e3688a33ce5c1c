import { GatewayError } from '../../errors.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { flipRow, type TileLimits, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { openGeopackage } from '../../io/source/geopackage.ts';
import { openMbtiles, type FirstRow } from '../../io/source/mbtiles.ts';
import type { TileDatabase } from '../../io/source/tileDatabase.ts';
import { tiledSource } from '../../io/source/tiledSource.ts';
import type { PatchBytes } from '../../io/source/types.ts';
import type { GeopackageSourceConfig, MbtilesSourceConfig } from '../types.ts';
import { meantCrs } from './chosenCrs.ts';
import { configError, type BuildContext } from './context.ts';
import { versionOf } from './names.ts';
import type { BuiltSource } from './sources.ts';
import { setOfGrid, tilingOf } from './tileSources.ts';

type FileSourceConfig = MbtilesSourceConfig | GeopackageSourceConfig;

/** `type: mbtiles`: tiles of a grid, the level of which is their zoom. @throws ConfigError */
export async function buildMbtiles(config: MbtilesSourceConfig, frame: Frame | null, context: BuildContext): Promise<BuiltSource> {
  const set = setOfGrid(config, frame, context);
  const { database, firstRow } = await opened(config, () => openMbtiles(config.filename), context);
  return fileTiles(config, { set, database, firstRow: config.origin ?? firstRow, zoomOf: (id) => set.tileMatrices.findIndex((matrix) => matrix.id === id) }, context);
}

/** `type: geopackage`: tiles of the matrices that the file describes. @throws ConfigError */
export async function buildGeopackage(config: GeopackageSourceConfig, frame: Frame | null, context: BuildContext): Promise<BuiltSource> {
  const { database, srs, bbox, matrices, firstRow } = await opened(config, () => openGeopackage(config.filename, config.table_name), context);
  if (srs === null && config.srs_override === null) {
    throw configError(context, [...config.path, 'filename'], 'the file names no reference system that others know: give srs_override');
  }
  const crs = meantCrs(config, srs ?? config.srs_override!, 'filename', frame, context);
  const set: TileMatrixSet = { id: config.name, crs, bbox, tileMatrices: matrices };
  return fileTiles(config, { set, database, firstRow: config.origin ?? firstRow, zoomOf: Number }, context);
}

async function opened<T>(config: FileSourceConfig, open: () => Promise<T>, context: BuildContext): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof GatewayError) throw configError(context, [...config.path, 'filename'], error.message);
    throw error;
  }
}

interface FileTiles {
  readonly set: TileMatrixSet;
  readonly database: TileDatabase;
  readonly firstRow: FirstRow;
  zoomOf(matrix: string): number;
}

function fileTiles(config: FileSourceConfig, { set, database, firstRow, zoomOf }: FileTiles, context: BuildContext): BuiltSource {
  const limits = new Map(set.tileMatrices.flatMap((matrix): [string, TileLimits][] => {
    const found = database.zooms.find(({ zoom }) => zoom === zoomOf(matrix.id));
    if (found === undefined) return [];
    return [[matrix.id, { minCol: Math.max(0, found.minCol), maxCol: Math.min(found.maxCol, matrix.matrixWidth - 1), minRow: 0, maxRow: matrix.matrixHeight - 1 }]];
  }));
  if (limits.size === 0) throw configError(context, [...config.path, 'filename'], 'the file has no tiles at the levels of the grid');
  const tiling = tilingOf(config, set, limits, context);
  const bytes: PatchBytes = {
    async fetch(tile) {
      const { matrix, col, row } = tiling.addressOf(tile);
      const isSame = (matrix.cornerOfOrigin === 'topLeft') === (firstRow === 'nw');
      return database.tile(zoomOf(matrix.id), col, isSame ? row : flipRow(matrix, row));
    },
  };
  const source = tiledSource({ id: config.name, tiling, bytes, codec: context.codec, decodedCacheBytes: context.decodedBytes, remember: context.remember });
  const version = versionOf([database.path, database.modified.getTime(), set.crs.id, firstRow, config.coverage]);
  return { source, tiles: { tiling, bytes }, modified: database.modified, hasResolution: true, version, close: async () => database.close() };
}
