import { describe, expect, it } from 'vitest';
import { GEODETIC, wmtsOffer } from '../../../test/conformance/services.ts';
import { tileBbox } from '../../geometry/pyramid/tileMatrixSet.ts';
import { parseKvp } from '../params.ts';
import { parseWmtsKvp } from './parseKvp.ts';
import type { WmtsTileRequest } from './types.ts';

const TILE = 'SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=moon&STYLE=default&FORMAT=image/png&TILEMATRIXSET=MOON_GEOGRAPHIC&TILEMATRIX=2&TILEROW=1&TILECOL=5';

function getTile(changes: string): WmtsTileRequest {
  return parseWmtsKvp(parseKvp(`${changes}&${TILE}`), wmtsOffer) as WmtsTileRequest;
}

describe('resolveTile', () => {
  it('finds the tile', () => {
    const { layer, style, format, tile } = getTile('');
    expect({ layer, style, format, col: tile.col, row: tile.row }).toEqual({ layer: 'moon', style: 'default', format: 'image/png', col: 5, row: 1 });
    expect(tileBbox(tile.matrix, tile.col, tile.row)).toEqual([45, 0, 90, 45]);
  });

  it("numbers a grid that counts from below by its own rows, under the same ground: the cache's tile 1/0/0 is WMTS row 0 of matrix 1", () => {
    const { set, tile } = getTile('LAYER=blue+marble&TILEMATRIXSET=GLOBAL_GEODETIC&TILEMATRIX=2&TILEROW=0&TILECOL=0');
    expect(set).toBe(GEODETIC);
    expect(tile).toMatchObject({ col: 0, row: 1, matrix: { cornerOfOrigin: 'bottomLeft' } });
    expect(tileBbox(tile.matrix, tile.col, tile.row)).toEqual([-180, 0, -90, 90]);
  });

  it("does not know the matrix that was not advertised, and reads MapProxy's '02'", () => {
    expect(() => getTile('LAYER=blue+marble&TILEMATRIXSET=GLOBAL_GEODETIC&TILEMATRIX=0')).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER', locator: 'TileMatrix' }),
    );
    expect(getTile('TILEMATRIX=02').tile.matrix.id).toBe('2');
  });

  it('takes an empty STYLE for the default and refuses a wrong one', () => {
    expect(getTile('STYLE=').style).toBe('default');
    expect(() => getTile('STYLE=relief')).toThrow(expect.objectContaining({ locator: 'Style' }));
  });

  it('keeps to the limits of the layer', () => {
    const europe = 'LAYER=europe&TILEMATRIXSET=GLOBAL_GEODETIC&TILEMATRIX=4';
    expect(getTile(`${europe}&TILEROW=1&TILECOL=7`).tile.col).toBe(7);
    expect(() => getTile(`${europe}&TILEROW=1&TILECOL=6`)).toThrow(expect.objectContaining({ code: 'TILE_OUT_OF_RANGE', locator: 'TileCol' }));
    expect(() => getTile(`${europe}&TILEROW=3&TILECOL=7`)).toThrow(expect.objectContaining({ code: 'TILE_OUT_OF_RANGE', locator: 'TileRow' }));
  });
});
