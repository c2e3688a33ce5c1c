import { RGBA, type Raster } from '../../raster/raster.ts';
import { textRaster } from '../../raster/text.ts';
import type { MatrixTiling } from './matrixTiling.ts';
import { tilesAsSource } from './tiledSource.ts';
import type { Patch, RasterSource } from './types.ts';

/** Tiles that say their own address, with their outline: shows which level is read, where tiles lie and how they are numbered. */
export function debugSource(id: string, tiling: MatrixTiling): RasterSource {
  return tilesAsSource(id, tiling, (tile) => Promise.resolve(drawn(tile, tiling)));
}

function drawn(tile: Patch, tiling: MatrixTiling): Raster {
  const { matrix, col, row } = tiling.addressOf(tile);
  const raster = textRaster(`${matrix.id}/${col}/${row} ${matrix.cellSize}`, tile.grid.width, tile.grid.height);
  outline(raster);
  return raster;
}

/** One pixel at the left and at the top in red: neighbours make the other two. */
function outline({ width, height, data }: Raster): void {
  const red = [255, 0, 0, 255];
  for (let col = 0; col < width; col++) data.set(red, col * RGBA);
  for (let row = 0; row < height; row++) data.set(red, row * width * RGBA);
}
