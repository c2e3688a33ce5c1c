import { metaTileOf, type MetaOptions } from '../geometry/pyramid/metaTile.ts';
import type { TileAddress, TileMatrixSet } from '../geometry/pyramid/tileMatrixSet.ts';
import type { SingleFlight } from '../io/net/singleFlight.ts';
import { keyOfValues } from '../protocol/dimensions.ts';
import type { MetaJob } from './meta.ts';
import type { Painter } from './painter.ts';

/** Tiles that are asked for as one picture: how a cache over map servers makes them, as MapProxy does. */
export interface MetaTiles {
  /** All tiles of the meta tile around a tile, encoded in the cache's format. One picture is asked for, however many callers want it. */
  make(address: TileAddress, signal: AbortSignal): Promise<readonly MadeTile[]>;
}

export interface MadeTile {
  readonly address: TileAddress;
  readonly bytes: Uint8Array;
}

export interface MetaTilesOptions extends Pick<MetaJob, 'drawer' | 'values' | 'format' | 'encoding'> {
  readonly set: TileMatrixSet;
  readonly meta: MetaOptions;
  readonly painter: Painter;
  /** Those of all values of one cache's grid. */
  readonly flights: SingleFlight<readonly MadeTile[]>;
  /** False for tiles that are not to be made. */
  isWanted(address: TileAddress): boolean;
}

export function createMetaTiles({ set, meta, painter, drawer, values, format, encoding, flights, isWanted }: MetaTilesOptions): MetaTiles {
  return {
    async make({ matrix, col, row }, signal) {
      const { main, bbox, width, height, parts } = metaTileOf(set, matrix, { col, row }, meta);
      return flights.run(`${keyOfValues(values)} ${matrix.id}/${main.col}/${main.row}`, signal, async (shared) => {
        const wanted = parts.filter((part) => isWanted({ matrix, col: part.col, row: part.row }));
        const { tileWidth, tileHeight } = matrix;
        const job: MetaJob = {
          kind: 'meta', drawer, values, bbox, width, height, format, encoding,
          parts: wanted.map((part) => ({ x: part.x, y: part.y, width: tileWidth, height: tileHeight, col: part.col, row: part.row })),
        };
        const bytes = await painter.paint(job, { priority: 'interactive', signal: shared });
        return wanted.map((part, i) => ({ address: { matrix, col: part.col, row: part.row }, bytes: bytes[i]! }));
      });
    },
  };
}
