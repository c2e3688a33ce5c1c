import type { IncomingMessage } from 'node:http';
import type { Crs } from '../../src/geometry/crs/types.ts';
import { createCrsLattice, crsLatticeOfBbox } from '../../src/geometry/lattice/crsLattice.ts';
import { matrixOf, tileBbox, type TileMatrixSet } from '../../src/geometry/pyramid/tileMatrixSet.ts';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { fieldPicture } from './smoothField.ts';

const codec = createSharpCodec({ maxPixels: 1e7 });
const ENCODING = { quality: 90, background: 0 };

/** The smooth field on a tile of a set, as PNG. */
export async function fieldTile(set: TileMatrixSet, matrixId: string, col: number, row: number): Promise<Uint8Array> {
  const matrix = matrixOf(set, matrixId);
  if (matrix === null) throw new Error(`the test's upstream has no matrix '${matrixId}'`);
  const [x0, , , y0] = tileBbox(matrix, col, row);
  const { cellSize, tileWidth: width, tileHeight: height } = matrix;
  const lattice = createCrsLattice({ crs: set.crs, x0, y0, cellX: cellSize, cellY: cellSize, width, height });
  return codec.encode(fieldPicture(lattice, { col: 0, row: 0, width, height }), 'image/png', ENCODING);
}

/** The smooth field on a rectangle of a CRS, as PNG. @param bbox x/y order */
export async function fieldMap(crs: Crs, bbox: readonly [number, number, number, number], width: number, height: number): Promise<Uint8Array> {
  return codec.encode(fieldPicture(crsLatticeOfBbox(crs, bbox, width, height), { col: 0, row: 0, width, height }), 'image/png', ENCODING);
}

/** What an upstream answers: bytes, a text, a status, or undefined = 404. */
export type FieldAnswer = Uint8Array | string | number | undefined;

/** An upstream that answers by path and query. */
export function startFieldUpstream(answer: (path: string, query: URLSearchParams, request: IncomingMessage) => FieldAnswer | Promise<FieldAnswer>): Promise<Upstream> {
  return startUpstream(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://upstream');
    const found = (await answer(decodeURIComponent(url.pathname), url.searchParams, request)) ?? 404;
    if (typeof found === 'number') response.writeHead(found).end();
    else response.end(found);
  });
}
